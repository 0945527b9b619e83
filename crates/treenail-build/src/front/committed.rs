//! Files that are made of a package and committed with it: its lock, and generated code that it ships.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;
use std::path::PathBuf;

use crate::files;
use crate::front::composed::Composed;

/// A file that is made of a package and committed with it, as it should be now.
#[derive(Debug)]
#[non_exhaustive]
pub struct Committed {
    /// What came of composing the package.
    pub composed: Composed,
    /// Where the file lies.
    pub file: PathBuf,
    /// What is to stand in it; `None` with mistakes, or where the package has none.
    pub text: Option<String>,
}

impl Committed {
    /// How the file differs from its text, in lines; `None` where it does not, or where there are mistakes.
    #[must_use]
    pub fn difference(&self) -> Option<String> {
        let text = self.text.as_ref()?;
        let Ok(found) = files::read(&self.file) else {
            return Some("it is not there".to_owned());
        };
        let found = String::from_utf8_lossy(&found);
        difference(&found, text)
    }

    /// Writes the file, where it has another text; says whether it did.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self) -> io::Result<bool> {
        match &self.text {
            Some(text) if self.difference().is_some() => {
                let written = files::write_if_changed(&self.file, text.as_bytes());
                written.map_err(|error| io::Error::other(error.to_string()))?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

/// So many lines of a difference are shown of either text.
const SHOWN: usize = 8;

/// How two texts differ: the lines that only one of them has. How lines end does not count: Git writes them as Windows has them there.
pub(super) fn difference(found: &str, expected: &str) -> Option<String> {
    let (found, expected): (Vec<&str>, Vec<&str>) =
        (found.lines().collect(), expected.lines().collect());
    if found == expected {
        return None;
    }
    let both = found.iter().zip(&expected);
    let same = both.take_while(|(one, other)| one == other).count();
    let mut lines = format!("from line {}:", same + 1);
    let (mut gone, mut new) = (without(&found, &expected), without(&expected, &found));
    if gone.is_empty() && new.is_empty() {
        // All that differs is their order.
        gone.extend(found.get(same));
        new.extend(expected.get(same));
    }
    for (sign, all) in [('-', gone), ('+', new)] {
        for line in all.iter().take(SHOWN) {
            let _ = write!(lines, "\n  {sign} {line}");
        }
        if all.len() > SHOWN {
            let _ = write!(lines, "\n  {sign} … {} more", all.len() - SHOWN);
        }
    }
    Some(lines)
}

/// The lines that others do not have, or not as often.
fn without<'t>(lines: &[&'t str], others: &[&str]) -> Vec<&'t str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for other in others {
        *counts.entry(other).or_default() += 1;
    }
    let is_new = |line: &&&str| match counts.get_mut(**line) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    lines.iter().filter(is_new).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn a_difference_is_the_lines_that_one_text_has_alone() {
        let expected = "a\nb\nc\nd\n";
        assert_eq!(difference(expected, expected), None);
        assert_eq!(difference("a\r\nb\r\nc\r\nd\r\n", expected), None);
        assert_eq!(
            difference("a\nx\nd\n", expected).as_deref(),
            Some("from line 2:\n  - x\n  + b\n  + c")
        );
        assert_eq!(
            difference("1\na\nb\nc\nd\n2\n", "3\na\nb\nc\nd\n").as_deref(),
            Some("from line 1:\n  - 1\n  - 2\n  + 3")
        );
        assert_eq!(
            difference("b\na\n", "a\nb\n").as_deref(),
            Some("from line 1:\n  - b\n  + a")
        );
        let numbers: String = (1..=10).map(|number| format!("{number}\n")).collect();
        assert!(
            difference("", &numbers).is_some_and(|told| told.ends_with("\n  + 8\n  + … 2 more"))
        );
    }
}
