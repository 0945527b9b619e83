//! What is written for people keeps its promises: nothing is left open, every link leads somewhere, the Rust that is shown
//! is compiled elsewhere, and the pages that everybody reads first stay short.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The longest that a page may be, in lines.
const LIMITS: &[(&str, usize)] = &[
    ("README.md", 220),
    ("ARCHITECTURE.md", 250),
    ("CONTRIBUTING.md", 120),
];

/// What a block of code may be: anything else is a doc test in rustdoc without being meant as one.
const LANGUAGES: &[&str] = &[
    "console",
    "json",
    "rust",
    "rust,ignore",
    "text",
    "toml",
    "yaml",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of the repository whose names end so, without what Cargo and Git keep there.
fn files(ending: &str) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or("");
            if path.is_dir() && !name.starts_with('.') && name != "target" {
                folders.push(path);
            } else if name.ends_with(ending) {
                found.insert(path);
            }
        }
    }
    found
}

fn documents() -> Vec<Document> {
    let documents: Vec<Document> = files(".md").into_iter().map(Document::read).collect();
    assert!(
        documents.len() > 10,
        "the documents are not where they were"
    );
    documents
}

/// A page: its prose, and its blocks of code with what they are in.
struct Document {
    path: PathBuf,
    prose: Vec<String>,
    blocks: Vec<(String, String)>,
}

impl Document {
    fn read(path: PathBuf) -> Self {
        let (mut prose, mut blocks) = (Vec::new(), Vec::new());
        let text = read(&path);
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            match line.trim_start().strip_prefix("```") {
                Some(language) => {
                    let inside = lines.by_ref().take_while(|line| line.trim() != "```");
                    let code: String = inside.map(|line| format!("{line}\n")).collect();
                    blocks.push((language.to_owned(), code));
                }
                None => prose.push(line.to_owned()),
            }
        }
        Self {
            path,
            prose,
            blocks,
        }
    }

    /// Below the root of the repository.
    fn name(&self) -> String {
        let path = self.path.strip_prefix(root()).unwrap_or(&self.path);
        path.display().to_string()
    }

    /// What its links lead to, both `[text](target)` and `[text]: target`.
    fn links(&self) -> Vec<String> {
        let mut links = Vec::new();
        for line in &self.prose {
            if let Some((_, target)) = line.split_once("]: ").filter(|_| line.starts_with('[')) {
                links.push(target.to_owned());
            }
            // What stands between backticks is code, and every second part of the line.
            let words: String = line.split('`').step_by(2).collect();
            for part in words.split("](").skip(1) {
                links.extend(part.split_once(')').map(|(target, _)| target.to_owned()));
            }
        }
        links
    }

    /// What its headings are called in links.
    fn anchors(&self) -> BTreeSet<String> {
        let headings = self.prose.iter().filter(|line| line.starts_with('#'));
        headings
            .map(|line| {
                let title = line.trim_start_matches('#').trim().to_lowercase();
                let kept = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
                title
                    .chars()
                    .filter(kept)
                    .collect::<String>()
                    .replace(' ', "-")
            })
            .collect()
    }
}

/// Why a link leads nowhere.
fn broken(document: &Document, link: &str) -> Option<String> {
    if link.contains("://") {
        return None;
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() {
        document.path.clone()
    } else {
        document.path.parent().expect("a folder").join(file)
    };
    if !target.exists() {
        return Some(format!("{}: no file `{file}`", document.name()));
    }
    let there = anchor.is_empty() || Document::read(target).anchors().contains(anchor);
    (!there).then(|| format!("{}: no heading for `{link}`", document.name()))
}

#[test]
fn nothing_is_left_open() {
    for document in documents() {
        let text = read(&document.path);
        for mark in ["TODO", "FIXME", "XXX"] {
            assert!(!text.contains(mark), "{} has a {mark}", document.name());
        }
    }
}

#[test]
fn every_link_within_the_repository_leads_somewhere() {
    let documents = documents();
    let links: Vec<_> = documents
        .iter()
        .flat_map(|document| {
            document
                .links()
                .into_iter()
                .map(move |link| (document, link))
        })
        .collect();
    assert!(links.len() > 20, "the links are not found any more");
    let broken: Vec<String> = links
        .iter()
        .filter_map(|(document, link)| broken(document, link))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_first_pages_are_short() {
    for (name, limit) in LIMITS {
        let lines = read(&root().join(name)).lines().count();
        assert!(
            lines <= *limit,
            "{name} has {lines} lines, and may have {limit}"
        );
    }
}

#[test]
fn every_block_of_code_says_what_it_is() {
    for document in documents() {
        for (language, code) in &document.blocks {
            let known = LANGUAGES.contains(&language.as_str());
            assert!(known, "{}: `{language}` before\n{code}", document.name());
        }
    }
}

#[test]
fn the_readme_shows_the_smallest_example_as_it_is() {
    let readme = Document::read(root().join("README.md"));
    let hello = root().join("examples/hello");
    let shown = |language: &str| -> BTreeSet<String> {
        let blocks = readme.blocks.iter();
        let blocks = blocks.filter(|(of, _)| of == language);
        blocks.map(|(_, code)| code.clone()).collect()
    };
    let rust = ["greeter/src/lib.rs", "build.rs", "src/main.rs"];
    let rust: BTreeSet<String> = rust.map(|file| read(&hello.join(file))).into();
    assert_eq!(shown("rust"), rust);
    let toml = shown("toml");
    for file in ["greeter/plugins.toml", "plugins.toml"] {
        assert!(
            toml.contains(&read(&hello.join(file))),
            "{file} is not shown"
        );
    }
}

/// A block that rustdoc does not compile, `rust,ignore`, is a part of a file that a test compiles.
#[test]
fn code_that_is_not_compiled_here_is_compiled_elsewhere() {
    let mut sources = files(".rs");
    let is_compiled = |path: &PathBuf| {
        let mut folders = ["examples", "tests/embedding"].into_iter();
        folders.any(|folder| path.starts_with(root().join(folder)))
    };
    sources.retain(is_compiled);
    let sources: Vec<String> = sources.iter().map(|path| read(path)).collect();
    let mut pages = documents();
    pages.retain(|document| document.path.starts_with(root().join("docs")));
    for document in pages {
        for (_, code) in document.blocks.iter().filter(|(of, _)| of == "rust,ignore") {
            let found = sources.iter().any(|source| source.contains(code.as_str()));
            assert!(
                found,
                "{} shows what neither an example nor a test has:\n{code}",
                document.name()
            );
        }
    }
}
