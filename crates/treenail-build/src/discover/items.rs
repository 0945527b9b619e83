//! Whether the sources of a package have an item of some name: evidence for which of two spellings is the slip.
//!
//! It is a search of the text and no parser, and is asked only where there is a mistake to explain. What it finds decides whom a
//! message accuses and what it suggests. Without sources both sides are shown.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use treenail_core::nearest::nearest;

use crate::files;
use crate::index::IndexMap;
use crate::model::PackageIx;

/// More files and bytes than the sources of a contract have: those of a package with more are not read.
const MOST: (usize, u64) = (4096, 8 << 20);

/// The names in the sources of one package.
#[derive(Debug, Default)]
pub(crate) struct Items {
    traits: BTreeSet<String>,
    types: BTreeSet<String>,
    modules: BTreeSet<String>,
    /// All words, whatever they are.
    words: BTreeSet<String>,
}

impl Items {
    /// Adds the names in a text.
    fn scan(&mut self, text: &str) {
        let mut before = "";
        for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
            if word.is_empty() {
                continue;
            }
            match before {
                "trait" => self.traits.insert(word.to_owned()),
                "struct" | "enum" | "union" | "type" => self.types.insert(word.to_owned()),
                "mod" => self.modules.insert(word.to_owned()),
                _ => !self.words.contains(word) && self.words.insert(word.to_owned()),
            };
            before = word;
        }
    }

    fn kind(&self, is_trait: bool) -> &BTreeSet<String> {
        match is_trait {
            true => &self.traits,
            false => &self.types,
        }
    }

    /// Whether there is a trait, or else a type, of this name; `None` where the name occurs and may be anything.
    pub(crate) fn have(&self, name: &str, is_trait: bool) -> Option<bool> {
        let is_another = self.kind(!is_trait).contains(name) || self.is_module(name);
        match self.kind(is_trait).contains(name) {
            true => Some(true),
            false if is_another || !self.words.contains(name) => Some(false),
            false => None,
        }
    }

    /// Whether a module has this name.
    pub(crate) fn is_module(&self, name: &str) -> bool {
        self.modules.contains(name)
    }

    /// Whether a module may have this name: where the name occurs, it may be anything.
    pub(crate) fn may_be_module(&self, name: &str) -> bool {
        self.is_module(name) || self.words.contains(name)
    }

    /// The trait, or else the type, whose name comes closest.
    pub(crate) fn nearest(&self, name: &str, is_trait: bool) -> Option<String> {
        nearest(name, self.kind(is_trait).iter().map(String::as_str))
    }
}

/// What was read so far.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    read: RefCell<IndexMap<PackageIx, PackageSources>>,
}

/// The sources of one package.
#[derive(Debug, Clone)]
struct PackageSources {
    /// What they have; `None` where they are not at hand, or too many.
    items: Option<Rc<Items>>,
    files: Vec<PathBuf>,
}

impl Evidence {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            read: RefCell::new(IndexMap::new()),
        }
    }

    /// Of the package whose sources are in this folder.
    pub(super) fn of(&self, package: PackageIx, folder: Option<&Path>) -> Option<Rc<Items>> {
        let mut read = self.read.borrow_mut();
        let sources = read.entry(package).get_or_insert_with(|| {
            let files = folder.and_then(|folder| files::rust_below(folder, MOST.0, MOST.1));
            let mut items = Items::default();
            for file in files.iter().flatten() {
                let bytes = files::read(file).unwrap_or_default();
                items.scan(&String::from_utf8_lossy(&bytes));
            }
            PackageSources {
                items: files.is_some().then(|| Rc::new(items)),
                files: files.unwrap_or_default(),
            }
        });
        sources.items.clone()
    }

    /// Every file that was read.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let read = self.read.borrow();
        let files = read.values().flat_map(|sources| &sources.files);
        files.cloned().collect()
    }
}
