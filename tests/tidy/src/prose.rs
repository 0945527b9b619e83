//! Sentences in the texts of a source: what a program says to people, and where.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// So many words in a row are a sentence, or a part of one.
const SENTENCE: usize = 5;

/// What stops the program says why to its author alone.
const STOPS: [&str; 6] = [
    "expect",
    "expect_err",
    "panic",
    "unreachable",
    "assert",
    "assert_eq",
];

/// Every text of a source that holds a sentence. Comments, attributes, tests and what stops the program are left out.
pub(crate) fn sentences(text: &str) -> Vec<String> {
    let tokens = text.parse::<TokenStream>().expect("a source that parses");
    let mut found = Vec::new();
    read(tokens, &mut found);
    found
}

fn read(tokens: TokenStream, found: &mut Vec<String>) {
    let (mut is_attribute, mut is_stop, mut is_test) = (false, false, false);
    for token in tokens {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => is_attribute = true,
            TokenTree::Punct(mark) => {
                is_test &= mark.as_char() != ';';
            }
            TokenTree::Ident(word) => is_stop = STOPS.iter().any(|stop| word == stop),
            TokenTree::Group(group) if is_attribute => {
                is_test |= is_cfg_test(&group);
                is_attribute = false;
            }
            TokenTree::Group(group) => {
                if !is_stop && !is_test {
                    read(group.stream(), found);
                }
                // The body ends what the attribute is for.
                is_test &= group.delimiter() != Delimiter::Brace;
                is_stop = false;
            }
            TokenTree::Literal(literal) => {
                if holds_sentence(&literal.to_string()) {
                    found.push(literal.to_string());
                }
            }
        }
    }
}

fn is_cfg_test(attribute: &Group) -> bool {
    attribute.stream().to_string().replace(' ', "") == "cfg(test)"
}

/// Whether a literal is a text with words enough in a row. What stands in backticks or braces is a word in a sentence.
fn holds_sentence(literal: &str) -> bool {
    if !literal.starts_with(['"', 'r']) {
        return false;
    }
    let text = literal
        .trim_start_matches(['r', '#', '"'])
        .trim_end_matches(['#', '"']);
    let mut row = 0;
    for word in text.split_whitespace() {
        row = if is_word(word) { row + 1 } else { 0 };
        if row >= SENTENCE {
            return true;
        }
    }
    false
}

fn is_word(text: &str) -> bool {
    let text = text.trim_end_matches([',', '.', ':', ';', '?', '!']);
    let quoted = text
        .strip_prefix('`')
        .and_then(|text| text.strip_suffix('`'));
    let filled = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    let is_plain = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, '\'' | '-' | '_'))
    };
    quoted.is_some() || filled.is_some_and(is_plain) || is_plain(text)
}

#[cfg(test)]
mod tests {
    use super::sentences;

    fn found(text: &str) -> Vec<String> {
        sentences(text)
    }

    #[test]
    fn a_sentence_is_found_wherever_it_stands() {
        let text = "fn a() {\n    b(\"plugin `{id}` cannot be used together with another\");\n}\n";
        assert_eq!(
            found(text),
            ["\"plugin `{id}` cannot be used together with another\""]
        );
        assert_eq!(
            found("const A: &str = \"there is nothing to say here\";").len(),
            1
        );
    }

    #[test]
    fn code_names_and_what_is_said_to_authors_are_none() {
        let text = r#"
            //! One two three four five six.
            /// One two three four five six.
            #[deprecated(note = "one two three four five six")]
            fn a() {
                b("pub struct {name} {{ pub {field}: {ty}, }}", "an array of services");
                c.expect("what stands here is always there");
                panic!("{} this belongs into a build script", d);
            }
            #[cfg(test)]
            mod tests { fn e() { f("this is what a test says"); } }
            #[cfg(test)]
            use f::g;
        "#;
        assert_eq!(found(text), [""; 0]);
        let after = "#[cfg(test)] use f::g; fn h() { i(\"this one is said to people\"); }";
        assert_eq!(found(after).len(), 1);
    }
}
