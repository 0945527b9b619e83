//! The procedural macros of treenail. Use them through the `treenail` crate, which passes its own path along.

use std::path::PathBuf;

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// Stands for the runtime crate in the text that the compiler prints, until its tokens are put in.
const RUNTIME: &str = "__treenail_runtime";

/// The plugin's side of the crate's manifest: `plugin! { $crate }`.
#[proc_macro]
pub fn plugin(input: TokenStream) -> TokenStream {
    let Some(package) = package() else {
        return error("CARGO_MANIFEST_DIR is not set: build with Cargo");
    };
    with_runtime(&treenail_build::expand_plugin(&package, RUNTIME), input)
}

/// A composition from a file: `compose! { $crate ; "file.toml" , overlay = "name" }`.
#[proc_macro]
pub fn compose(input: TokenStream) -> TokenStream {
    let Some(package) = package() else {
        return error("CARGO_MANIFEST_DIR is not set: build with Cargo");
    };
    let mut tokens = input.into_iter();
    let runtime = tokens
        .by_ref()
        .take_while(|token| token.to_string() != ";")
        .collect::<TokenStream>();
    let arguments = tokens.collect::<Vec<_>>();
    let Some((file, overlay)) = arguments_of(&arguments) else {
        return error(
            "expected a file and perhaps an overlay: `compose!(\"plugins.toml\", overlay = \"test\")`",
        );
    };
    // As with `include_str!`, the path starts at the calling source file.
    let called_from = arguments[0]
        .span()
        .local_file()
        .and_then(|file| Some(file.parent()?.to_owned()));
    let folder = called_from.unwrap_or_else(|| package.clone());
    let folder = if folder.is_absolute() {
        folder
    } else {
        std::env::current_dir().unwrap_or_default().join(folder)
    };
    let text = treenail_build::expand_composition(
        &package,
        &folder.join(file),
        overlay.as_deref(),
        RUNTIME,
    );
    with_runtime(&text, runtime)
}

fn package() -> Option<PathBuf> {
    std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from)
}

fn arguments_of(arguments: &[TokenTree]) -> Option<(String, Option<String>)> {
    let texts = arguments
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    let texts = texts.iter().map(String::as_str).collect::<Vec<_>>();
    match texts[..] {
        [file] | [file, ","] => Some((string(file)?, None)),
        [file, ",", "overlay", "=", overlay] | [file, ",", "overlay", "=", overlay, ","] => {
            Some((string(file)?, Some(string(overlay)?)))
        }
        _ => None,
    }
}

/// The value of a plain string literal. Paths and names need no escapes.
fn string(literal: &str) -> Option<String> {
    let text = literal.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('\\')).then(|| text.to_owned())
}

fn with_runtime(text: &str, runtime: TokenStream) -> TokenStream {
    let runtime = runtime.into_iter().collect::<Vec<_>>();
    match text.parse::<TokenStream>() {
        Ok(tokens) => replaced(tokens, &runtime),
        Err(fault) => error(&format!(
            "treenail generated something that is not Rust: {fault}"
        )),
    }
}

fn replaced(tokens: TokenStream, runtime: &[TokenTree]) -> TokenStream {
    let replace = |token: TokenTree| match token {
        TokenTree::Ident(ident) if is_runtime(&ident) => runtime.to_vec(),
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), replaced(group.stream(), runtime));
            inner.set_span(group.span());
            vec![TokenTree::Group(inner)]
        }
        other => vec![other],
    };
    tokens.into_iter().flat_map(replace).collect()
}

fn is_runtime(ident: &Ident) -> bool {
    ident.to_string() == RUNTIME
}

fn error(message: &str) -> TokenStream {
    let literal = TokenTree::Literal(proc_macro::Literal::string(message));
    let arguments = TokenTree::Group(Group::new(Delimiter::Parenthesis, literal.into()));
    let mut tokens = "::core::compile_error!"
        .parse::<TokenStream>()
        .unwrap_or_default();
    tokens.extend([arguments]);
    tokens.extend(";".parse::<TokenStream>().unwrap_or_default());
    tokens
        .into_iter()
        .map(|mut token| {
            token.set_span(Span::call_site());
            token
        })
        .collect()
}
