//! The procedural macros of treenail. Use them through the `treenail` crate, which passes its own path along.

use std::path::PathBuf;

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// Stands for the runtime crate in the text that the compiler prints, until its tokens are put in.
const RUNTIME: &str = "__treenail_runtime";

/// The plugin's side of the crate's manifest: `plugin! { $crate ; config pipes }`, with the features of the runtime that are on.
#[proc_macro]
pub fn plugin(input: TokenStream) -> TokenStream {
    let Some(package) = package() else {
        return error("CARGO_MANIFEST_DIR is not set: build with Cargo");
    };
    let mut tokens = input.into_iter();
    let runtime = until_semicolon(&mut tokens);
    let features = tokens.map(|feature| feature.to_string());
    let features = features.collect::<Vec<_>>();
    let text = treenail_build::expand_plugin(&package, RUNTIME, &features);
    with_runtime(&text, runtime)
}

/// The registries of the crate's manifest: `registries! { $crate ; }`.
#[proc_macro]
pub fn registries(input: TokenStream) -> TokenStream {
    let Some(package) = package() else {
        return error("CARGO_MANIFEST_DIR is not set: build with Cargo");
    };
    let runtime = until_semicolon(&mut input.into_iter());
    let text = treenail_build::expand_registries(&package, RUNTIME);
    with_runtime(&text, runtime)
}

/// A composition from a file: `compose! { $crate ; "file.toml" , overlay = "name" }`.
#[proc_macro]
pub fn compose(input: TokenStream) -> TokenStream {
    let Some(package) = package() else {
        return error("CARGO_MANIFEST_DIR is not set: build with Cargo");
    };
    let mut tokens = input.into_iter();
    let runtime = until_semicolon(&mut tokens);
    let arguments = tokens.collect::<Vec<_>>();
    let Some(Arguments { file, overlays }) = Arguments::of(&arguments) else {
        return error(
            "expected a file, and perhaps overlays: `compose!(\"plugins.toml\", overlay = \"test\")`",
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
    let text = treenail_build::expand_composition(&package, &folder.join(file), &overlays, RUNTIME);
    with_runtime(&text, runtime)
}

fn until_semicolon(tokens: &mut impl Iterator<Item = TokenTree>) -> TokenStream {
    tokens
        .take_while(|token| token.to_string() != ";")
        .collect()
}

fn package() -> Option<PathBuf> {
    std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from)
}

/// What a composition in place is asked with.
struct Arguments {
    file: String,
    overlays: Vec<String>,
}

impl Arguments {
    fn of(tokens: &[TokenTree]) -> Option<Self> {
        let is_comma = |token: &TokenTree| token.to_string() == ",";
        let mut parts = tokens.split(is_comma).map(|part| {
            let texts = part.iter().map(ToString::to_string);
            texts.collect::<Vec<_>>()
        });
        let mut arguments = Self {
            file: match parts.next()?.as_slice() {
                [file] => string(file)?,
                _ => return None,
            },
            overlays: Vec::new(),
        };
        let mut parts = parts.peekable();
        while let Some(part) = parts.next() {
            match part.as_slice() {
                [] if parts.peek().is_none() => {}
                [key, equals, overlay] if key == "overlay" && equals == "=" => {
                    arguments.overlays.push(string(overlay)?);
                }
                _ => return None,
            }
        }
        Some(arguments)
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
