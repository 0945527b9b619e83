//! Which paths a file names, read from its words.

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
    pub(crate) tests: Vec<Segments>,
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
        let mut words = Vec::new();
        let tokens = text.parse().expect("a source that parses");
        flatten(tokens, &mut words);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut source = Self {
            file: file.to_owned(),
            ..Self::default()
        };
        source.read_words(module, &words);
        source
    }

    /// Where an item of this name comes from, if the file has it from elsewhere.
    pub(crate) fn handed_on(&self, name: &String) -> Option<&Segments> {
        let mut uses = self.mentions.iter().filter(|mention| mention.is_use);
        let mention = uses.find(|mention| mention.path.last() == Some(name))?;
        Some(&mention.path)
    }

    fn read_words(&mut self, module: &[String], words: &[&str]) {
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let rest = &words[at..];
            at += match rest {
                ["#", "[", "cfg", "(", "test", ")", "]", ..]
                | ["#", "[", "cfg", "(", "all", "(", "test", ..] => {
                    let length = item(rest);
                    let mut names = rest[..length].windows(2).filter(|pair| pair[0] == "mod");
                    let name = names.next().map(|pair| pair[1].to_owned());
                    self.tests
                        .extend(name.map(|name| [module, &[name]].concat()));
                    length
                }
                ["mod", name, "{", ..] => {
                    let length = item(rest);
                    let module = [module, &[(*name).to_owned()]].concat();
                    self.read_words(&module, &rest[3..length]);
                    length
                }
                ["mod", _, ";", ..] => 3,
                _ if is_name(word) => self.read_paths(module, words, at),
                _ => 1,
            };
        }
    }

    /// Reads the paths of a `use`, or the one that stands in the code; returns the number of their words.
    fn read_paths(&mut self, module: &[String], words: &[&str], at: usize) -> usize {
        let before = at.checked_sub(1).map(|before| words[before]);
        let is_use = words[at] == "use";
        let start = at + usize::from(is_use);
        let mut paths = Vec::new();
        let end = start + read_tree(&[], &words[start..], &mut paths);
        if !is_use {
            self.words.extend(paths.iter().flatten().cloned());
            paths.retain(|path| path.len() > 1);
        }
        // One after `$` is of the crate where a macro is used, and a macro itself is of no module.
        if before == Some("$") || !is_use && words.get(end) == Some(&"!") {
            paths.clear();
        }
        self.mentions.extend(paths.into_iter().map(|path| Mention {
            path: from_the_root(module, &path),
            is_use,
            is_handed_on: is_use && matches!(before, Some("pub" | ")")),
        }));
        end.max(at + 1) - at
    }
}

/// Reads the paths that begin here, several where there are braces; returns the number of their words.
fn read_tree(above: &[String], words: &[&str], paths: &mut Vec<Segments>) -> usize {
    let mut path = above.to_vec();
    let mut at = 0;
    loop {
        match words.get(at) {
            Some(&"{") => {
                at += 1;
                while words[at] != "}" {
                    at += match words[at] {
                        "as" => 2,
                        _ => read_tree(&path, &words[at..], paths).max(1),
                    };
                }
                return at + 1;
            }
            Some(word) if is_name(word) => path.push((*word).to_owned()),
            _ => break,
        }
        at += 1;
        if !words[at..].starts_with(&[":", ":"]) {
            break;
        }
        at += 2;
    }
    if path.len() > above.len() {
        paths.push(path);
    }
    at
}

/// A path as it is from the root of the crate. One that begins otherwise than with a keyword may lead into a module below.
fn from_the_root(module: &[String], path: &[String]) -> Segments {
    let ups = path.iter().take_while(|word| *word == "super").count();
    match path[0].as_str() {
        "crate" => path[1..].to_vec(),
        "self" => [module, &path[1..]].concat(),
        _ => [&module[..module.len().saturating_sub(ups)], &path[ups..]].concat(),
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The number of words of an item: up to its semicolon, or to the end of its braces.
fn item(words: &[&str]) -> usize {
    let mut depth = 0;
    for (at, word) in words.iter().enumerate() {
        match *word {
            "{" | "[" | "(" => depth += 1,
            "}" | "]" | ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 && matches!(*word, ";" | "}") {
            return at + 1;
        }
    }
    words.len()
}

/// The words and signs of a source one after the other, brackets included.
fn flatten(tokens: TokenStream, words: &mut Vec<String>) {
    for token in tokens {
        let TokenTree::Group(group) = token else {
            words.push(token.to_string());
            continue;
        };
        let (open, close) = match group.delimiter() {
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            _ => ("(", ")"),
        };
        words.push(open.to_owned());
        flatten(group.stream(), words);
        words.push(close.to_owned());
    }
}
