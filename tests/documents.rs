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

/// The longest that a page of the manual may be, but for the references that are generated.
const MANUAL_LIMIT: usize = 300;
const GENERATED: [&str; 2] = ["docs/codes.md", "docs/manifest.md"];

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

fn manual() -> Vec<Document> {
    let mut pages = documents();
    pages.retain(|document| document.path.starts_with(root().join("docs")));
    pages
}

/// A page: its prose, and its blocks of code.
struct Document {
    path: PathBuf,
    prose: Vec<String>,
    blocks: Vec<Block>,
}

struct Block {
    language: String,
    code: String,
    /// Whoever follows the page has it as a file: `crates/cargo-treenail/tests/manual.rs` builds that.
    is_file: bool,
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
                    let above = prose.iter().rev().find(|line: &&String| !line.is_empty());
                    let is_file = above.is_some_and(|line| line.contains("<!-- file: "));
                    blocks.push(Block {
                        language: language.to_owned(),
                        code,
                        is_file,
                    });
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

    /// Places that a generated page marks by themselves: `<a id="name"></a>`.
    fn marked(&self) -> impl Iterator<Item = String> {
        let marks = self.prose.iter();
        let marks = marks.flat_map(|line| line.split("<a id=\"").skip(1));
        marks.filter_map(|rest| Some(rest.split_once("\"></a>")?.0.to_owned()))
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
            .chain(self.marked())
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
    let manual = manual();
    let names = manual.iter().map(Document::name);
    let pages = names.filter(|name| !GENERATED.contains(&name.as_str()));
    let limits = LIMITS
        .iter()
        .map(|(name, limit)| ((*name).to_owned(), *limit));
    for (name, limit) in limits.chain(pages.map(|name| (name, MANUAL_LIMIT))) {
        let lines = read(&root().join(&name)).lines().count();
        assert!(
            lines <= limit,
            "{name} has {lines} lines, and may have {limit}"
        );
    }
}

/// Every page of the manual is a module of `treenail::docs`. There a link to another page leads to its module, because `src/docs.rs`
/// says so of the link's name.
#[test]
fn every_page_of_the_manual_is_in_rustdoc_with_links_that_lead_somewhere() {
    let modules = read(&root().join("src/docs.rs"));
    for page in manual() {
        let name = page.name();
        if name == "docs/README.md" {
            continue;
        }
        let included = format!("include_str!(\"../{name}\")");
        assert!(modules.contains(&included), "{name} is in no module");
        for line in page.prose.iter().filter(|line| line.starts_with('[')) {
            let Some((label, target)) = line.split_once("]: ") else {
                continue;
            };
            let Some((file, anchor)) = target.split_once(".md") else {
                continue;
            };
            let module = format!("crate::docs::{}{anchor}", file.replace('-', "_"));
            let defined = format!("\n{label}]: {module}\n");
            assert!(modules.contains(&defined), "src/docs.rs has no {defined}");
        }
        let text = page.prose.join("\n");
        let mut inline = text.split("](").skip(1);
        let inline = inline.find(|link| {
            let target = link.split(')').next().unwrap_or_default();
            !target.contains("://") && !target.starts_with('#')
        });
        assert!(
            inline.is_none(),
            "{name} leads nowhere in rustdoc: {inline:?}"
        );
    }
}

#[test]
fn every_block_of_code_says_what_it_is() {
    for document in documents() {
        for Block { language, code, .. } in &document.blocks {
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
        let blocks = blocks.filter(|block| block.language == language);
        blocks.map(|block| block.code.clone()).collect()
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

/// A block that rustdoc does not compile, `rust,ignore`, is a file that a test builds, or a part of one.
#[test]
fn code_that_is_not_compiled_here_is_compiled_elsewhere() {
    let mut sources = files(".rs");
    let is_compiled = |path: &PathBuf| {
        let mut folders = ["examples", "tests/embedding", "tests/manual"].into_iter();
        folders.any(|folder| path.starts_with(root().join(folder)))
    };
    sources.retain(is_compiled);
    let sources: Vec<String> = sources.iter().map(|path| read(path)).collect();
    for document in manual() {
        let is_elsewhere = |block: &&Block| block.language == "rust,ignore" && !block.is_file;
        for Block { code, .. } in document.blocks.iter().filter(is_elsewhere) {
            let found = sources.iter().any(|source| source.contains(code.as_str()));
            assert!(
                found,
                "{} shows what neither an example nor a test has:\n{code}",
                document.name()
            );
        }
    }
}
