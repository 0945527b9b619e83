//! Syntax that is newer than the oldest Rust which the crates build with: no lint of the newer Rust finds it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What a source has of it, each with the words around it.
pub(crate) fn newer(text: &str) -> Vec<String> {
    let tokens = text.parse().expect("a source that parses");
    let mut found = Vec::new();
    read(tokens, &mut found);
    found
}

fn read(tokens: TokenStream, found: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for at in 0..tokens.len() {
        if let Some(guard) = let_guard(&tokens[at..]) {
            found.push(format!("a guard of a pattern has a `let`: `{guard}`"));
        }
        if let TokenTree::Group(group) = &tokens[at] {
            if is_inferred_length(group.delimiter(), group.stream()) {
                found.push(format!("the length of an array is left out: `{group}`"));
            }
            read(group.stream(), found);
        }
    }
}

/// A guard, `if let … =>`: an expression has its block before the next `=>`.
fn let_guard(tokens: &[TokenTree]) -> Option<String> {
    let [TokenTree::Ident(first), TokenTree::Ident(second), ..] = tokens else {
        return None;
    };
    if first != "if" || second != "let" {
        return None;
    }
    let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(it)) if it.as_char() == sign);
    let mut assigned = false;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '=' && is(at + 1, '>') => {
                let guard: TokenStream = tokens[..at].iter().cloned().collect();
                return Some(guard.to_string());
            }
            // Braces before it are part of the pattern.
            TokenTree::Punct(sign) if sign.as_char() == '=' => assigned = true,
            TokenTree::Group(block) if block.delimiter() == Delimiter::Brace && assigned => break,
            _ => {}
        }
    }
    None
}

/// `[0; _]`, as an expression or a type.
fn is_inferred_length(delimiter: Delimiter, inside: TokenStream) -> bool {
    let inside: Vec<String> = inside.into_iter().map(|token| token.to_string()).collect();
    delimiter == Delimiter::Bracket && inside.ends_with(&[";".to_owned(), "_".to_owned()])
}
