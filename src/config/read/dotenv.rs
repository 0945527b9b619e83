//! `.env` files: `KEY=value` lines, as Docker Compose and python-dotenv read them.

use std::collections::BTreeMap;

/// What a variable is set to.
#[derive(Clone)]
pub(super) struct Variable {
    pub(super) value: String,
    /// The line that sets it.
    pub(super) line: u32,
}

/// Reads the assignments of a `.env` file. Lines that assign nothing are skipped, because such a file serves other
/// programs too.
pub(super) fn parse(text: &str) -> BTreeMap<String, Variable> {
    let mut found = BTreeMap::new();
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim();
        let text = text.strip_prefix("export ").map_or(text, str::trim_start);
        if text.starts_with('#') {
            continue;
        }
        let Some((key, value)) = text.split_once('=') else {
            continue;
        };
        let key = key.trim();
        if !key.is_empty() && !key.contains(char::is_whitespace) {
            let value = unquote(value.trim());
            found.insert(key.to_owned(), Variable { value, line });
        }
    }
    found
}

fn unquote(value: &str) -> String {
    if let Some(rest) = value.strip_prefix('\'')
        && let Some(end) = rest.find('\'')
    {
        return rest[..end].to_owned();
    }
    if let Some(rest) = value.strip_prefix('"')
        && let Some(inside) = double_quoted(rest)
    {
        return inside;
    }
    // A comment needs a blank before it: `a#b` is a value.
    let end = value.find(" #").unwrap_or(value.len());
    value[..end].trim_end().to_owned()
}

fn double_quoted(rest: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = rest.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return Some(text),
            '\\' => match characters.next()? {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn assignments_are_read_and_other_lines_are_left_alone() {
        let text = "# comment\nA=1\n export B = two words # why\nC='#x' y\nD=\"a\\nb\"\nnonsense\nE=\nF=a#b\n";
        let found = parse(text);
        let values: Vec<(&str, &str)> = found
            .iter()
            .map(|(key, variable)| (key.as_str(), variable.value.as_str()))
            .collect();
        assert_eq!(
            values,
            [
                ("A", "1"),
                ("B", "two words"),
                ("C", "#x"),
                ("D", "a\nb"),
                ("E", ""),
                ("F", "a#b")
            ]
        );
        assert_eq!(found["D"].line, 5);
    }
}
