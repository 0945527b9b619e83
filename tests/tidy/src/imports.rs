//! Which file names items of which other, read from the tokens of the sources.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A module, or a path to an item, segment by segment.
pub(crate) type Segments = Vec<String>;

/// What is read from a file.
#[derive(Default)]
pub(crate) struct Source {
    /// Its path below the root.
    pub(crate) file: String,
    pub(crate) mentions: Vec<Mention>,
    /// Every word of the code outside `use`.
    pub(crate) words: BTreeSet<String>,
    /// Modules that are compiled for tests alone.
    pub(crate) tests: BTreeSet<Segments>,
}

/// A path that a file names, from the root of the crate.
pub(crate) struct Mention {
    pub(crate) path: Segments,
    /// It stands in a `use`.
    pub(crate) is_use: bool,
    /// It stands in a `pub use`, which hands it on.
    pub(crate) is_handed_on: bool,
}

impl Source {
    /// Reads the file of a module, but for what is compiled for tests alone.
    pub(crate) fn read(file: &str, module: &[String], text: &str) -> Self {
        let tokens = text.parse::<TokenStream>().expect("a source that parses");
        let mut source = Self {
            file: file.to_owned(),
            ..Self::default()
        };
        source.read_tokens(module, &tokens.into_iter().collect::<Vec<_>>());
        source
    }

    /// Where an item of this name comes from, if the file has it from elsewhere.
    pub(crate) fn handed_on(&self, name: &String) -> Option<&Segments> {
        let mut uses = self.mentions.iter().filter(|mention| mention.is_use);
        let mention = uses.find(|mention| mention.path.last() == Some(name))?;
        Some(&mention.path)
    }

    fn read_tokens(&mut self, module: &[String], tokens: &[TokenTree]) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at = match token {
                TokenTree::Group(group) => {
                    self.read_tokens(module, &inside(group));
                    at + 1
                }
                TokenTree::Punct(_) if is_cfg_test(&tokens[at..]) => {
                    self.skip_item(module, tokens, at + 2)
                }
                TokenTree::Ident(word) if word == "mod" => match &tokens[at + 1..] {
                    [TokenTree::Ident(name), TokenTree::Group(body), ..] => {
                        let module = [module, &[name.to_string()]].concat();
                        self.read_tokens(&module, &inside(body));
                        at + 3
                    }
                    _ => at + 1,
                },
                TokenTree::Ident(_) => self.read_paths(module, tokens, at),
                _ => at + 1,
            };
        }
    }

    /// Passes over an item that is compiled for tests alone, and notes it where it is a module.
    fn skip_item(&mut self, module: &[String], tokens: &[TokenTree], start: usize) -> usize {
        let is_end = |token: &TokenTree| match token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            other => other.to_string() == ";",
        };
        let length = tokens[start..].iter().position(is_end);
        let end = length.map_or(tokens.len(), |length| start + length + 1);
        let item = &tokens[start..end];
        if let Some(at) = item.iter().position(|token| token.to_string() == "mod") {
            let name = item[at + 1].to_string();
            self.tests.insert([module, &[name]].concat());
        }
        end
    }

    /// Reads the paths of a `use`, or the one that stands in the code.
    fn read_paths(&mut self, module: &[String], tokens: &[TokenTree], at: usize) -> usize {
        let is_use = tokens[at].to_string() == "use";
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let is_handed_on = is_use
            && before.is_some_and(|before| {
                before.to_string() == "pub" || matches!(before, TokenTree::Group(_))
            });
        let mut paths = Vec::new();
        let end = read_tree(&[], tokens, at + usize::from(is_use), &mut paths);
        if !is_use {
            self.words.extend(paths.iter().flatten().cloned());
        }
        // One after `$` is of the crate where a macro is used, and a macro itself is of no module.
        let is_elsewhere = before.is_some_and(|before| before.to_string() == "$")
            || !is_use && tokens.get(end).is_some_and(|next| next.to_string() == "!");
        paths.retain(|path| !is_elsewhere && (is_use || path.len() > 1));
        self.mentions.extend(paths.into_iter().map(|path| Mention {
            path: from_the_root(module, path),
            is_use,
            is_handed_on,
        }));
        end.max(at + 1)
    }
}

/// The paths that begin at a token, several where there are braces, and where they end.
fn read_tree(
    above: &[String],
    tokens: &[TokenTree],
    mut at: usize,
    paths: &mut Vec<Segments>,
) -> usize {
    let mut path = above.to_vec();
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let tokens = inside(group);
                for tree in tokens.split(|token| token.to_string() == ",") {
                    read_tree(&path, tree, 0, paths);
                }
                return at + 1;
            }
            TokenTree::Ident(word) => path.push(word.to_string()),
            _ => break,
        }
        at += 1;
        match tokens.get(at..at + 2) {
            Some([first, second]) if first.to_string() == ":" && second.to_string() == ":" => {
                at += 2;
            }
            _ => break,
        }
    }
    if path.len() > above.len() {
        paths.push(path);
    }
    at
}

/// A path as it is from the root of the crate. One that begins otherwise than with a keyword may lead into a module below.
fn from_the_root(module: &[String], path: Segments) -> Segments {
    let is_up = |segment: &&String| *segment == "super";
    let ups = path.iter().take_while(is_up).count();
    match path[0].as_str() {
        "crate" => path[1..].to_vec(),
        "self" => [module, &path[1..]].concat(),
        _ => [&module[..module.len().saturating_sub(ups)], &path[ups..]].concat(),
    }
}

fn inside(group: &proc_macro2::Group) -> Vec<TokenTree> {
    group.stream().into_iter().collect()
}

/// Whether an attribute `cfg(test)`, or one that asks for more besides, stands here.
fn is_cfg_test(tokens: &[TokenTree]) -> bool {
    let [hash, attribute, ..] = tokens else {
        return false;
    };
    let attribute = attribute.to_string().replace(char::is_whitespace, "");
    hash.to_string() == "#"
        && (attribute == "[cfg(test)]" || attribute.starts_with("[cfg(all(test,"))
}
