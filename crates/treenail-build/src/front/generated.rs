//! Generated code that a package ships, so that its build needs neither a build script nor a macro of treenail's.

use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::digest::digest;
use crate::discover::{self, Declared};
use crate::emit::{Shipped, Stub};
use crate::files;
use crate::front::composed::Composed;
use crate::front::composer::Composer;
use crate::manifest;
use crate::source::{Sources, relative, slashed};

/// The file, in the folder of the package.
const FILE: &str = "src/treenail.rs";

/// What a package ships, and what came of composing it.
#[derive(Debug)]
pub struct Generated {
    /// What came of composing it.
    pub composed: Composed,
    /// The file that it is to stand in, which the package's code includes.
    pub file: PathBuf,
    /// Its text; `None` with mistakes.
    pub text: Option<String>,
}

impl Composer {
    /// Generates what the package may ship in place of its build script, of `plugin!()` or of `registries!()`. Nothing is written.
    #[must_use]
    pub fn generated(&self) -> Generated {
        let composer = match Declared::of(&self.package, false) {
            Some(Declared { runtime, .. }) => self.clone().runtime(format!("::{runtime}")),
            None => self.clone(),
        };
        let composed = composer.compose();
        let text = composer.text_to_ship(&composed);
        Generated {
            composed,
            file: self.generated_file(),
            text,
        }
    }

    /// The file that generated code is shipped in.
    #[must_use]
    pub fn generated_file(&self) -> PathBuf {
        self.package.join(FILE)
    }

    fn text_to_ship(&self, composed: &Composed) -> Option<String> {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let path = discover::own(&self.package, &mut sources, &mut problems).path;
        let bytes = files::read(&path).ok()?;
        let manifest = manifest::read_bytes("plugins.toml", &bytes, &mut sources, &mut problems);
        let stub = match manifest.host {
            Some(_) => Stub::App,
            None if self.is_library(&manifest) => Stub::Registries,
            None => Stub::Nothing,
        };
        let mut refused = self.in_place(Some(&manifest), stub);
        if let Some(plan) = composed.composition() {
            refused.runtime.clone_from(&plan.host.runtime);
        }
        let file = self.generated_file();
        let folder = file.parent().unwrap_or(Path::new(""));
        composed.shipped(&Shipped {
            manifest: &manifest,
            path: &slashed(&relative(&path, folder)),
            digest: &digest(&bytes),
            file: FILE,
            refused: &refused,
        })
    }
}

impl Generated {
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

    /// Writes the file, where it has another text.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self) -> io::Result<()> {
        match &self.text {
            Some(text) if self.difference().is_some() => {
                files::write_if_changed(&self.file, text.as_bytes())
                    .map_err(|error| io::Error::other(error.to_string()))
            }
            _ => Ok(()),
        }
    }
}

/// So many lines of a difference are shown of either text.
const SHOWN: usize = 5;

/// Where two texts differ: the lines that are there, and those that should be. How lines end does not count: Git writes them as Windows
/// has them there.
fn difference(found: &str, expected: &str) -> Option<String> {
    let (found, expected): (Vec<&str>, Vec<&str>) =
        (found.lines().collect(), expected.lines().collect());
    if found == expected {
        return None;
    }
    let before = found.iter().zip(&expected);
    let before = before.take_while(|(one, other)| one == other).count();
    let (found, expected) = (&found[before..], &expected[before..]);
    let after = found.iter().rev().zip(expected.iter().rev());
    let after = after.take_while(|(one, other)| one == other).count();
    let mut lines = format!("from line {}:", before + 1);
    for (sign, all) in [('-', found), ('+', expected)] {
        let all = &all[..all.len() - after];
        for line in all.iter().take(SHOWN) {
            let _ = write!(lines, "\n  {sign} {line}");
        }
        if all.len() > SHOWN {
            let _ = write!(lines, "\n  {sign} … {} more", all.len() - SHOWN);
        }
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn a_difference_is_told_from_its_first_line_to_its_last() {
        let expected = "a\nb\nc\nd\n";
        assert_eq!(difference(expected, expected), None);
        assert_eq!(difference("a\r\nb\r\nc\r\nd\r\n", expected), None);
        assert_eq!(
            difference("a\nx\nd\n", expected).as_deref(),
            Some("from line 2:\n  - x\n  + b\n  + c")
        );
        assert_eq!(
            difference("", "1\n2\n3\n4\n5\n6\n7\n").as_deref(),
            Some("from line 1:\n  + 1\n  + 2\n  + 3\n  + 4\n  + 5\n  + … 2 more")
        );
    }
}
