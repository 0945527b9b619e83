//! The house rules for the sources of a crate, as one function that a test calls.
//!
//! - Folders name each other in one order, which the test states.
//! - Inside a folder, no files and folders are in a circle: what one names of others, by `use` or by a path in the code,
//!   leads down only.
//! - A file of more than 400 lines says in its first paragraph why it is longer than others.
//! - No doc comment begins with words that lean on what stands before it.
//! - A type name means one thing in the crate.
//!
//! What is compiled for tests alone may name whatever it tests, and is left out of the first two and of the last.

mod imports;
mod prose;
mod syntax;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use imports::{Segments, Source};
use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

/// What one module names of another, in words: the first of it.
type Imports<'a> = BTreeMap<(&'a Segments, &'a Segments), String>;

/// Files of more lines have to say why.
const LONG: usize = 400;

/// What no doc comment begins with: it means something only as long as nothing is inserted before it.
const LEANING: [&str; 7] = [
    "The same",
    "Such a",
    "That of ",
    "Those of ",
    "Likewise",
    "As for ",
    "Also for",
];

/// What declares a type.
const TYPES: [&str; 5] = ["struct", "enum", "trait", "type", "union"];

/// Types of one name of which a program has one: under another feature of the runtime, or the package of a test's composition.
const ALTERNATIVES: [&str; 2] = ["Settings", "Package"];

/// Checks the sources below `root`, a crate's `src`.
///
/// `order` names the folders and the single files beside them, without `.rs`, from the face of the crate down to what
/// knows of nothing else.
///
/// # Panics
/// If a rule is broken, with every place; and if the sources cannot be read.
pub fn check(root: &Path, order: &[&str]) {
    let mut sources = BTreeMap::new();
    read(root, "", &mut sources);
    let faults = faults(&sources, order);
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Checks that what is said to people is said in one place: below `root` no text outside these files and folders holds a sentence.
/// Folders end in `/`. Files of tests alone, called `tests.rs` or in a folder `tests`, are not looked at.
///
/// # Panics
/// If one does, with every place; and if the sources cannot be read.
pub fn words_stand_in(root: &Path, places: &[&str]) {
    let mut sources = BTreeMap::new();
    read(root, "", &mut sources);
    let is_test = |file: &str| {
        file.split('/')
            .any(|part| part.trim_end_matches(".rs") == "tests")
    };
    sources.retain(|file, _| !is_test(file) && !places.iter().any(|place| file.starts_with(place)));
    let mut faults = Vec::new();
    for (file, text) in &sources {
        for sentence in prose::sentences(text) {
            faults.push(format!("{file}: {sentence}"));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Checks that no source below `root` has syntax that Rust 1.88 does not have: a `let` in the guard of a pattern, an array
/// whose length is left out.
///
/// # Panics
/// If one does, with every place; and if the sources cannot be read.
pub fn syntax_is_old(root: &Path) {
    let mut sources = BTreeMap::new();
    read(root, "", &mut sources);
    let faults = sources.iter().flat_map(|(file, text)| {
        let found = syntax::newer(text).into_iter();
        found.map(move |found| format!("{file}: {found}"))
    });
    let faults: Vec<String> = faults.collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Reads every source in a folder, by its path below the root.
fn read(folder: &Path, above: &str, sources: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let below = format!("{above}{name}");
        if path.is_dir() {
            read(&path, &format!("{below}/"), sources);
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(&path).expect("a readable source");
            sources.insert(below, text);
        }
    }
}

/// The module that a file is.
fn module_of(file: &str) -> Segments {
    let path = file.strip_suffix(".rs").unwrap_or(file);
    match path.strip_suffix("/mod").unwrap_or(path) {
        "lib" => Vec::new(),
        path => path.split('/').map(str::to_owned).collect(),
    }
}

fn faults(sources: &BTreeMap<String, String>, order: &[&str]) -> Vec<String> {
    let mut modules = BTreeMap::new();
    for (file, text) in sources {
        let module = module_of(file);
        modules.insert(module.clone(), Source::read(file, &module, text));
    }
    let tests: Vec<Segments> = modules.values().flat_map(|it| it.tests.clone()).collect();
    modules.retain(|module, _| !tests.iter().any(|tests| module.starts_with(tests)));

    let imports = imports(&modules);
    let mut faults = out_of_order(&modules, &imports, order);
    faults.extend(circles(&imports));
    faults.extend(names_of_several_types(sources, &modules));
    for (file, text) in sources {
        let lines = text.lines().count();
        let first = text.lines().take_while(|line| line.len() > "//!".len());
        if lines > LONG && !first.collect::<String>().to_lowercase().contains("long") {
            faults.push(format!(
                "{file} has {lines} lines: split it, or say in its first paragraph why it is longer than others"
            ));
        }
        faults.extend(leaning_comments(file, text));
    }
    faults
}

/// Files that the order does not have, and imports against it.
fn out_of_order(
    modules: &BTreeMap<Segments, Source>,
    imports: &Imports<'_>,
    order: &[&str],
) -> Vec<String> {
    let rank = |module: &Segments| {
        let folder = module.first().map_or("lib", String::as_str);
        order.iter().position(|name| *name == folder)
    };
    let unplaced = modules.iter().filter(|(module, _)| rank(module).is_none());
    let unplaced =
        unplaced.map(|(_, it)| format!("{} has no place in the order of folders", it.file));
    let upwards = imports
        .iter()
        .filter(|((from, to), _)| rank(from) > rank(to));
    let upwards =
        upwards.map(|(_, told)| format!("{told}, which is above it in the order of folders"));
    unplaced.chain(upwards).collect()
}

/// Circles of files and folders that stand beside each other. An import counts in the innermost folder that has both.
fn circles(imports: &Imports<'_>) -> Vec<String> {
    let mut graph: DiGraphMap<_, &str> = DiGraphMap::new();
    for ((from, to), told) in imports {
        let both = from.iter().zip(*to);
        let common = both.take_while(|(from, to)| from == to).count();
        let from = (common, &from[..from.len().min(common + 1)]);
        let to = (common, &to[..to.len().min(common + 1)]);
        graph.add_edge(from, to, told);
    }
    let components = tarjan_scc(&graph).into_iter();
    let circles = components.filter(|component| component.len() > 1);
    circles
        .map(|circle| {
            let inside = |one: &_| circle.contains(one);
            let edges = graph.all_edges();
            let edges = edges.filter(|(from, to, _)| inside(from) && inside(to));
            let told: Vec<&str> = edges.map(|(.., told)| *told).collect();
            format!("a circle: {}", told.join(", "))
        })
        .collect()
}

/// Which module names items of which other.
fn imports(modules: &BTreeMap<Segments, Source>) -> Imports<'_> {
    let mut imports = BTreeMap::new();
    for (from, source) in modules {
        for mention in &source.mentions {
            let Some(to) = declared_in(&mention.path, modules) else {
                continue;
            };
            // A module that only lists what it has inside does not need it.
            let is_list = mention.is_handed_on && to.starts_with(from);
            let is_used = |name| source.words.contains(name);
            if from == to || is_list && !mention.path.last().is_some_and(is_used) {
                continue;
            }
            let told = || format!("{} names `{}`", source.file, mention.path.join("::"));
            imports.entry((from, to)).or_insert_with(told);
        }
    }
    imports
}

/// The module that declares what a path leads to. A name that a module has from elsewhere leads on to there.
fn declared_in<'a>(
    path: &[String],
    modules: &'a BTreeMap<Segments, Source>,
) -> Option<&'a Segments> {
    let mut starts = (0..=path.len()).rev().map(|end| &path[..end]);
    let (module, source) = starts.find_map(|start| modules.get_key_value(start))?;
    let name = path.get(module.len());
    match name.and_then(|name| source.handed_on(name)) {
        Some(origin) if !path.starts_with(origin) => {
            let path = [origin, &path[module.len() + 1..]].concat();
            declared_in(&path, modules)
        }
        _ => Some(module),
    }
}

/// Names of types that are declared in several modules, each time for something else. Of two that are alternatives under a `cfg`
/// there is only ever one.
fn names_of_several_types(
    sources: &BTreeMap<String, String>,
    modules: &BTreeMap<Segments, Source>,
) -> Vec<String> {
    let mut declared: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let counted = |file: &&String| modules.contains_key(&module_of(file));
    for file in sources.keys().filter(counted) {
        for line in sources[file].lines() {
            if let Some(name) = declared_type(line) {
                declared.entry(name).or_default().push(file);
            }
        }
    }
    let several = declared.into_iter().filter(|(_, files)| files.len() > 1);
    several
        .filter(|(name, _)| !ALTERNATIVES.contains(name))
        .map(|(name, files)| format!("`{name}` is a type in {}", files.join(" and in ")))
        .collect()
}

/// The type that a line at the left margin declares.
fn declared_type(line: &str) -> Option<&str> {
    let mut words = line.split([' ', '<', '(', ';', ':', '{']);
    let mut word = words.next()?;
    if word == "pub" {
        word = words.find(|word| TYPES.contains(word))?;
    }
    TYPES.contains(&word).then(|| words.next()).flatten()
}

fn leaning_comments(file: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        let comment = line
            .strip_prefix("/// ")
            .or_else(|| line.strip_prefix("//! "));
        if let Some(words) = comment.filter(|_| !inside)
            && LEANING.iter().any(|start| words.starts_with(start))
        {
            faults.push(format!(
                "{file}:{}: `{words}` leans on what stands before it: say what it is",
                number + 1
            ));
        }
        inside = comment.is_some();
    }
    faults
}
