//! What an author wrote about a thing, a comment of Rust: paragraphs, codes and links; everything else is text as it stands.

use crate::document::{Inline, code, text};

/// The lines of a description, one paragraph after another.
pub(crate) fn inlines(description: &str) -> Vec<Inline> {
    let mut all: Vec<Vec<Inline>> = Vec::new();
    let (mut paragraph, mut in_fence) = (String::new(), false);
    for line in description.lines().chain([""]) {
        let line = line.trim();
        let is_fence = line.starts_with("```");
        if in_fence && !is_fence {
            all.push(vec![code(line)]);
        } else if !is_fence && !line.is_empty() {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line);
            continue;
        }
        if is_fence {
            in_fence = !in_fence;
        }
        if !paragraph.is_empty() {
            all.push(one_line(&std::mem::take(&mut paragraph)));
        }
    }
    all.retain(|line| !line.is_empty() && *line != [code("")]);
    all.join(&Inline::Break)
}

fn one_line(line: &str) -> Vec<Inline> {
    let (mut found, mut plain, mut rest) = (Vec::new(), String::new(), line);
    while let Some(sign) = rest.chars().next() {
        let special = match sign {
            '`' => code_span(rest),
            '[' => link(rest),
            _ => None,
        };
        if let Some((inline, length)) = special {
            if !plain.is_empty() {
                found.push(text(std::mem::take(&mut plain)));
            }
            found.push(inline);
            rest = &rest[length..];
        } else {
            plain.push(sign);
            rest = &rest[sign.len_utf8()..];
        }
    }
    if !plain.is_empty() {
        found.push(text(plain));
    }
    found
}

/// The code that a text begins with, and how long it is.
fn code_span(at: &str) -> Option<(Inline, usize)> {
    let ticks = at.len() - at.trim_start_matches('`').len();
    let fence = &at[..ticks];
    let end = at[ticks..].find(fence)?;
    let inside = at[ticks..ticks + end].trim();
    (!inside.is_empty()).then(|| (code(inside), ticks + end + ticks))
}

/// The link that a text begins with, and how long it is. One to an item of Rust leads nowhere for people who run a program.
fn link(at: &str) -> Option<(Inline, usize)> {
    let end = at.find(']')?;
    let (label, after) = (&at[1..end], &at[end + 1..]);
    let target = after.strip_prefix('(').and_then(|rest| {
        let close = rest.find(')')?;
        Some((&rest[..close], close + 2))
    });
    let shown = label.trim_matches('`');
    let is_code = label.len() > 1 && label.starts_with('`') && label.ends_with('`');
    if shown.is_empty() || shown.contains(['[', '`']) {
        return None;
    }
    let plain = || match is_code {
        true => code(shown),
        false => text(shown),
    };
    match target {
        Some((address, length)) if is_outside(address) => {
            let (text, address) = (shown.to_owned(), address.to_owned());
            Some((Inline::Outside { text, address }, end + 1 + length))
        }
        Some((_, length)) => Some((plain(), end + 1 + length)),
        None if is_code => Some((plain(), end + 1)),
        None => None,
    }
}

fn is_outside(address: &str) -> bool {
    let scheme = ["https://", "http://"];
    let is_plain = !address.contains(|sign: char| sign.is_whitespace() || sign.is_control());
    is_plain && scheme.iter().any(|scheme| address.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::inlines;
    use crate::document::{Inline, code, text};

    #[test]
    fn codes_links_and_paragraphs_are_found_and_the_rest_is_text() {
        let found = inlines(
            "Of a [`Store`](crate::Store)\nat [its page](https://a.b/c), `a|b`.\n\n*No* [list].",
        );
        let outside = Inline::Outside {
            text: "its page".to_owned(),
            address: "https://a.b/c".to_owned(),
        };
        let expected = vec![
            text("Of a "),
            code("Store"),
            text(" at "),
            outside,
            text(", "),
            code("a|b"),
            text("."),
            Inline::Break,
            text("*No* [list]."),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_address_that_is_no_page_is_no_link() {
        let found = inlines("[run](javascript:alert)");
        assert_eq!(found, [text("run")]);
    }

    #[test]
    fn an_example_is_told_line_by_line() {
        let found = inlines("Like\n```yaml\na: 1\nb: 2\n```");
        let lines = [
            text("Like"),
            Inline::Break,
            code("a: 1"),
            Inline::Break,
            code("b: 2"),
        ];
        assert_eq!(found, lines);
    }
}
