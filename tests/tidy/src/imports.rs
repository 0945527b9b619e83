//! Which file names items of which other, read from the tokens of the sources. A name that a module only hands on leads to
//! the file that declares it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path, segment by segment.
type Segments = Vec<String>;

/// What every file names of others.
pub(crate) struct Imports {
    /// By the file that names and the one that is named: one of the names.
    names: BTreeMap<String, BTreeMap<String, String>>,
}

/// The modules of a crate.
struct Modules {
    /// The file of each.
    files: BTreeMap<Segments, String>,
    /// What a name that a module brings in or hands on stands for, by module and name.
    uses: BTreeMap<(Segments, String), Segments>,
}

/// A path that a file names.
struct Mention {
    /// The module it stands in.
    module: Segments,
    path: Segments,
    /// The name that it brings into the module, if it is a `use`.
    name: Option<String>,
    /// It is a `pub use`, which hands the name on.
    hands_on: bool,
}

/// What is read from a file.
#[derive(Default)]
struct Source {
    mentions: Vec<Mention>,
    /// Every word of the code outside `use`.
    words: BTreeSet<String>,
    /// Modules that are compiled for tests alone.
    tests: BTreeSet<Segments>,
}

impl Imports {
    /// Reads the sources, by file.
    pub(crate) fn of(sources: &BTreeMap<String, String>) -> Self {
        let mut read = BTreeMap::new();
        for (file, text) in sources {
            let tokens = text.parse::<TokenStream>().expect("a source that parses");
            let mut source = Source::default();
            source.read(&module_of(file), &tokens.into_iter().collect::<Vec<_>>());
            read.insert(file, source);
        }
        let tests: BTreeSet<Segments> = read.values().flat_map(|s| s.tests.clone()).collect();
        read.retain(|file, _| {
            let module = module_of(file);
            !(0..=module.len()).any(|depth| tests.contains(&module[..depth]))
        });
        let mut modules = Modules {
            files: read
                .keys()
                .map(|file| (module_of(file), (*file).clone()))
                .collect(),
            uses: BTreeMap::new(),
        };
        for mention in read.values().flat_map(|source| &source.mentions) {
            if let Some(name) = &mention.name {
                let key = (mention.module.clone(), name.clone());
                modules.uses.insert(key, mention.path.clone());
            }
        }
        let mut names = BTreeMap::new();
        for (file, source) in read {
            let found = source.names(file, &modules);
            names.insert(file.clone(), found);
        }
        Self { names }
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Every file with one that it names, and one of the names.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.names.iter().flat_map(|(from, named)| {
            let named = named.iter();
            named.map(|(to, name)| (from.as_str(), to.as_str(), name.as_str()))
        })
    }

    /// Circles of files, each from a file back to it by the shortest way. A file is in one of them at most.
    pub(crate) fn circles(&self) -> Vec<Vec<&str>> {
        let mut circles: Vec<Vec<&str>> = Vec::new();
        for file in self.files() {
            let told = circles.iter().any(|circle| circle.contains(&file));
            if let Some(circle) = self.circle_from(file).filter(|_| !told) {
                circles.push(circle);
            }
        }
        circles
    }

    fn circle_from<'a>(&'a self, file: &'a str) -> Option<Vec<&'a str>> {
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut next = VecDeque::from([file]);
        while let Some(here) = next.pop_front() {
            for there in self.names[here].keys() {
                if there == file {
                    let mut circle = vec![file, here];
                    while let Some(before) = came_from.get(circle[circle.len() - 1]) {
                        circle.push(before);
                    }
                    circle.reverse();
                    return Some(circle);
                }
                if !came_from.contains_key(there.as_str()) {
                    came_from.insert(there, here);
                    next.push_back(there);
                }
            }
        }
        None
    }
}

/// The module that a file is.
fn module_of(file: &str) -> Segments {
    let path = file.strip_suffix(".rs").unwrap_or(file);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    match path {
        "lib" | "main" => Vec::new(),
        path => path.split('/').map(str::to_owned).collect(),
    }
}

impl Modules {
    /// The file that declares what a path leads to; `None` if that is not in this crate.
    fn file_of(&self, module: &[String], path: &[String]) -> Option<&String> {
        let mut path = self.absolute(module, path)?;
        // A name may be handed on several times, but never back to where it comes from.
        for _ in 0..=self.uses.len() {
            let depth = self.depth_of_module(&path)?;
            let Some(target) = self.handed_on(&path, depth) else {
                return self.files.get(&path[..depth]);
            };
            let mut further = self.absolute(&path[..depth], target)?;
            further.extend_from_slice(&path[depth + 1..]);
            path = further;
        }
        None
    }

    /// How many of the first segments of a path are those of a module.
    fn depth_of_module(&self, path: &[String]) -> Option<usize> {
        let mut depths = (0..=path.len()).rev();
        depths.find(|depth| self.files.contains_key(&path[..*depth]))
    }

    /// What the name behind a module's segments stands for, if the module has it from elsewhere.
    fn handed_on(&self, path: &[String], depth: usize) -> Option<&Segments> {
        let name = path.get(depth)?.clone();
        self.uses.get(&(path[..depth].to_vec(), name))
    }

    /// A path as it is from the root of the crate.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Segments> {
        let (first, rest) = path.split_first()?;
        let mut start = module.to_vec();
        match first.as_str() {
            "crate" => start.clear(),
            "self" => {}
            "super" => {
                start.pop();
                if rest.first().is_some_and(|next| next == "super") {
                    return self.absolute(&start, rest);
                }
            }
            _ => {
                start.push(first.clone());
                let in_use = self.uses.get(&(module.to_vec(), first.clone()));
                if !self.files.contains_key(&start) {
                    // Of another crate, unless the module has brought it in.
                    start = match in_use {
                        Some(target) if target != path => self.absolute(module, target)?,
                        _ => return None,
                    };
                }
            }
        }
        start.extend_from_slice(rest);
        Some(start)
    }
}

impl Source {
    /// The other files that this one names, each with one of the names.
    fn names(&self, file: &str, modules: &Modules) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for mention in &self.mentions {
            let Some(to) = modules.file_of(&mention.module, &mention.path) else {
                continue;
            };
            let name = mention.path.last().cloned().unwrap_or_default();
            let own = modules
                .absolute(&mention.module, &mention.path)
                .is_some_and(|path| path.starts_with(&module_of(file)));
            // A module that only lists what it has inside does not need it.
            let lists = mention.hands_on && own && !self.words.contains(&name);
            if to != file && !lists {
                found.entry(to.clone()).or_insert(name);
            }
        }
        found
    }

    fn read(&mut self, module: &Segments, tokens: &[TokenTree]) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at = match token {
                TokenTree::Punct(sign)
                    if sign.as_char() == '#' && is_for_tests(tokens.get(at + 1)) =>
                {
                    self.skip(module, tokens, at + 2)
                }
                TokenTree::Ident(word) if word == "use" => self.read_use(module, tokens, at),
                TokenTree::Ident(word) if word == "mod" => self.read_module(module, tokens, at),
                TokenTree::Ident(_) => self.read_path(module, tokens, at),
                TokenTree::Group(group) => {
                    self.read(module, &group.stream().into_iter().collect::<Vec<_>>());
                    at + 1
                }
                _ => at + 1,
            };
        }
    }

    /// Passes over an item that is compiled for tests alone.
    fn skip(&mut self, module: &Segments, tokens: &[TokenTree], mut at: usize) -> usize {
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Ident(word) if word == "mod" => {
                    let name = tokens.get(at).map(ToString::to_string).unwrap_or_default();
                    self.tests.insert(inside(module, &name));
                }
                TokenTree::Punct(sign) if sign.as_char() == ';' => break,
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => break,
                _ => {}
            }
        }
        at
    }

    /// A module in the file itself, which is a module of its own; one in another file is read there.
    fn read_module(&mut self, module: &Segments, tokens: &[TokenTree], at: usize) -> usize {
        let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) =
            (tokens.get(at + 1), tokens.get(at + 2))
        else {
            return at + 1;
        };
        let tokens: Vec<_> = body.stream().into_iter().collect();
        self.read(&inside(module, &name.to_string()), &tokens);
        at + 3
    }

    fn read_use(&mut self, module: &Segments, tokens: &[TokenTree], at: usize) -> usize {
        let is_end =
            |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';');
        let length = tokens[at..]
            .iter()
            .position(is_end)
            .unwrap_or(tokens.len() - at);
        let hands_on = match at.checked_sub(1).map(|before| &tokens[before]) {
            Some(TokenTree::Ident(word)) => word == "pub",
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
            _ => false,
        };
        let mut leaves = Vec::new();
        // One after `$` is of the crate where a macro is used.
        if tokens
            .get(at + 1)
            .is_some_and(|first| first.to_string() == "$")
        {
            return at + length;
        }
        read_tree(&[], &tokens[at + 1..at + length], &mut leaves);
        for (mut path, name) in leaves {
            let glob = path.last().is_some_and(|last| last == "*");
            if glob
                || path
                    .last()
                    .is_some_and(|last| last == "self" && path.len() > 1)
            {
                path.pop();
            }
            let name = name.or_else(|| path.last().cloned()).filter(|_| !glob);
            self.mentions.push(Mention {
                module: module.clone(),
                path,
                name,
                hands_on,
            });
        }
        at + length
    }

    /// A path in the code. One after `$` is of the crate where a macro is used.
    fn read_path(&mut self, module: &Segments, tokens: &[TokenTree], at: usize) -> usize {
        let before = at.checked_sub(1).map(|before| tokens[before].to_string());
        let goes_on = at >= 2 && is_colons(tokens, at - 2);
        let (mut path, mut end) = (Vec::new(), at);
        while let Some(TokenTree::Ident(word)) = tokens.get(end) {
            path.push(word.to_string());
            self.words.insert(word.to_string());
            end += 1;
            if !is_colons(tokens, end) {
                break;
            }
            end += 2;
        }
        let is_macro = tokens.get(end).is_some_and(|next| next.to_string() == "!");
        if path.len() > 1 && !is_macro && !goes_on && before.as_deref() != Some("$") {
            self.mentions.push(Mention {
                module: module.clone(),
                path,
                name: None,
                hands_on: false,
            });
        }
        end
    }
}

/// The paths of a `use`, each with the name that it gets, if that is another one than its last.
fn read_tree(above: &[String], tokens: &[TokenTree], leaves: &mut Vec<(Segments, Option<String>)>) {
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ',');
    for tree in tokens.split(is_comma).filter(|tree| !tree.is_empty()) {
        let (mut path, mut name) = (above.to_vec(), None);
        let mut words = tree.iter();
        while let Some(token) = words.next() {
            match token {
                TokenTree::Ident(word) if word == "as" => {
                    name = words.next().map(ToString::to_string);
                }
                TokenTree::Ident(word) => path.push(word.to_string()),
                TokenTree::Punct(sign) if sign.as_char() == '*' => path.push("*".to_owned()),
                TokenTree::Group(group) => {
                    let inner: Vec<_> = group.stream().into_iter().collect();
                    read_tree(&path, &inner, leaves);
                    path.clear();
                }
                _ => {}
            }
        }
        if !path.is_empty() {
            leaves.push((path, name));
        }
    }
}

fn inside(module: &Segments, name: &str) -> Segments {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

/// Whether an attribute is `cfg(test)`, or asks for more besides.
fn is_for_tests(attribute: Option<&TokenTree>) -> bool {
    let text = attribute.map(ToString::to_string).unwrap_or_default();
    let text = text.replace(char::is_whitespace, "");
    text == "[cfg(test)]" || text.starts_with("[cfg(all(test,")
}

fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    let is_colon =
        |at| matches!(tokens.get(at), Some(TokenTree::Punct(sign)) if sign.as_char() == ':');
    is_colon(at) && is_colon(at + 1)
}
