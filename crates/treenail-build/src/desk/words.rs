//! Rust's text as words and signs, for those who look for a few of them in a row.

/// The words and signs of a text, without comments. What is quoted is a quotation mark, and no more.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match is_part_of_word(first) {
            true => rest.find(|c| !is_part_of_word(c)),
            false => Some(first.len_utf8()),
        };
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        match word {
            "/" if after.starts_with('/') => {
                rest = after.find('\n').map_or("", |end| &after[end..]);
            }
            "/" if after.starts_with('*') => rest = after_comment(&after[1..]),
            "r" | "br" | "cr" if after_raw(after).is_some() => {
                rest = after_raw(after).unwrap_or_default();
                found.push("\"".to_owned());
            }
            "\"" => {
                rest = after_quoted(after, '"');
                found.push(word.to_owned());
            }
            "'" => {
                rest = after_char(after);
                found.push(word.to_owned());
            }
            _ if first.is_whitespace() => {}
            _ => found.push(word.to_owned()),
        }
    }
    found
}

/// Whether a character belongs to a word.
pub(super) fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The words before the bracket that closes one that is open.
pub(super) fn until_closed<'w>(words: &'w [String], [open, close]: [&str; 2]) -> &'w [String] {
    let mut depth = 1;
    let end = words.iter().position(|word| {
        depth += i32::from(word == open) - i32::from(word == close);
        depth == 0
    });
    &words[..end.unwrap_or(words.len())]
}

/// What follows a comment that is open; others may stand in it.
fn after_comment(text: &str) -> &str {
    let mut depth = 1;
    let mut rest = text;
    while depth > 0 {
        let (open, close) = (rest.find("/*"), rest.find("*/"));
        let Some(close) = close else { return "" };
        let (at, by) = match open.filter(|open| *open < close) {
            Some(open) => (open, 1),
            None => (close, -1),
        };
        depth += by;
        rest = &rest[at + 2..];
    }
    rest
}

fn after_quoted(text: &str, mark: char) -> &str {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == mark {
            break;
        }
    }
    chars.as_str()
}

/// What follows a character; a lifetime has none.
fn after_char(text: &str) -> &str {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some('\\'), _) => after_quoted(text, '\''),
        (Some(_), Some('\'')) => chars.as_str(),
        _ => text,
    }
}

/// What follows a raw string, of which the letter is read; `None` where none starts.
fn after_raw(text: &str) -> Option<&str> {
    let body = text.trim_start_matches('#');
    let end = format!("\"{}", &text[..text.len() - body.len()]);
    let body = body.strip_prefix('"')?;
    Some(body.split_once(&end).map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn what_is_quoted_or_a_comment_is_not_read() {
        for text in [
            "a // {\n b",
            "a /* { /* { */ \" */ b",
            "a/**/b",
            "a /// it's\n b",
        ] {
            assert_eq!(words(text), ["a", "b"], "{text}");
        }
        for text in [
            r#"a "http://x {" b"#,
            r#"a "\" {" b"#,
            "a r\"\\\" b",
            "a br##\"\"# {\"## b",
        ] {
            assert_eq!(words(text), ["a", "\"", "b"], "{text}");
        }
        for text in ["a '{' b", r"a '\'' b", r"a '\u{7b}' b"] {
            assert_eq!(words(text), ["a", "'", "b"], "{text}");
        }
        assert_eq!(words("<'a> r#try"), ["<", "'", "a", ">", "r", "#", "try"]);
        assert_eq!(words("\"never closed"), ["\""]);
        assert_eq!(words("/* never closed"), [""; 0]);
    }
}
