//! The help mends it: of every message of the gallery whose help says what to write, that is written, and the whole is composed
//! again. The message is gone, and no other comes that was not there before.
//!
//! The gallery is every page of an explanation, and every case of a manifest, of a composition and of packages.

mod follow;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::case_folders::{self, folders_in};
use super::cases::{compose_files, files_below, tests};
use crate::diagnostic::Code;
use crate::report::Message;
use crate::report::explain::tests::examples;
use crate::testing::Case;

use follow::followed;

/// What messages are about.
#[derive(Clone)]
enum World {
    Manifest(String),
    Packages(Box<Case>),
    Files(BTreeMap<String, Vec<u8>>),
}

impl World {
    fn messages(&self) -> Vec<Message> {
        match self {
            Self::Manifest(text) => crate::check_manifest("plugins.toml", text.as_bytes()),
            Self::Packages(case) => case.compose().messages().to_vec(),
            Self::Files(files) => compose_files(files).messages().to_vec(),
        }
    }

    /// The text of a file, as messages call it.
    fn text(&mut self, file: &str) -> Option<String> {
        let bytes = match self {
            Self::Manifest(text) => return Some(text.clone()),
            Self::Packages(case) => case.manifest_of(file)?.clone(),
            Self::Files(files) => files[&path(files, file)?].clone(),
        };
        String::from_utf8(bytes).ok()
    }

    fn write(&mut self, file: &str, text: String) {
        match self {
            Self::Manifest(old) => *old = text,
            Self::Packages(case) => *case.manifest_of(file).expect("the file") = text.into(),
            Self::Files(files) => {
                let path = path(files, file).expect("the file");
                files.insert(path, text.into());
            }
        }
    }

    /// The file with the components of a plugin.
    fn manifest(&mut self, plugin: &str) -> Option<String> {
        let declares = |text: &str| text.contains(&format!("id = {plugin:?}"));
        let names: Vec<String> = match self {
            _ if plugin == "app" => return Some("plugins.toml".to_owned()),
            Self::Manifest(_) => return Some("plugins.toml".to_owned()),
            Self::Packages(case) => case.manifests(),
            Self::Files(files) => files.keys().cloned().collect(),
        };
        names
            .into_iter()
            .find(|name| self.text(name).is_some_and(|text| declares(&text)))
    }
}

/// The path of what messages call a file: seen from the host, or one in a package.
fn path(files: &BTreeMap<String, Vec<u8>>, file: &str) -> Option<String> {
    let of_host = format!("desk/{file}");
    let beside = file.trim_start_matches("../").to_owned();
    let mut known = [of_host, beside].into_iter();
    if let Some(known) = known.find(|path| files.contains_key(path)) {
        return Some(known);
    }
    let (package, rest) = file.split_once('/')?;
    let (package, version) = package.split_once('@').unwrap_or((package, ""));
    let declares = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text.contains(&format!("name = {package:?}")) && text.contains(version)
    };
    let mut all = files
        .iter()
        .filter(|(path, _)| path.ends_with("/Cargo.toml"));
    let (cargo_toml, _) = all.find(|(_, bytes)| declares(bytes))?;
    Some(cargo_toml.replace("Cargo.toml", rest))
}

/// Every world of the gallery, with a name.
fn gallery() -> Vec<(String, World)> {
    let mut gallery = Vec::new();
    for code in Code::ALL {
        let example = &examples(*code)["Wrong"];
        let world = match example.starts_with("# file ") {
            true => World::Files(super::super::report::explain::tests::files(example)),
            false => World::Packages(Box::new(Case::parse(example))),
        };
        gallery.push((code.name().to_owned(), world));
    }
    let named = |folder: &Path| {
        folder
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    };
    for folder in folders_in(&tests().join("manifests")) {
        if let Ok(text) = fs::read_to_string(folder.join("plugins.toml")) {
            gallery.push((named(&folder), World::Manifest(text)));
        }
    }
    for folder in folders_in(&tests().join("compositions")) {
        let case = Box::new(case_folders::read(&folder));
        gallery.push((named(&folder), World::Packages(case)));
    }
    for folder in folders_in(&tests().join("packages")) {
        let mut files = BTreeMap::new();
        files_below(&folder, "", &mut files);
        gallery.push((named(&folder), World::Files(files)));
    }
    gallery
}

/// What a mistake of another line hides, and so comes when that is mended: the case, and the code.
const HIDDEN: [(&str, &str); 9] = [
    // What a component or a line with a slip decides is not believed.
    ("a_component_that_cannot_be_read_is_not_missed", "TN0303"),
    ("what_is_overridden_is_there", "TN0301"),
    (
        "what_layers_say_of_lives_and_of_the_host_may_contradict",
        "TN0001",
    ),
    // Of two versions nobody knows who would be chosen.
    (
        "a_host_with_another_version_than_its_plugins_is_told_its_line",
        "TN0302",
    ),
    // What a misspelt service is about is not asked.
    ("a_slip_is_told_where_the_sources_say_it_is", "TN0503"),
    ("a_slip_is_told_where_the_sources_say_it_is", "TN0910"),
    (
        "an_assertion_that_holds_because_of_a_slip_is_told",
        "TN0503",
    ),
    // Another line names it.
    ("what_is_overridden_is_there", "TN0306"),
    // The list has it already.
    (
        "what_the_host_asks_for_by_all_is_there_and_may_lose",
        "TN0016",
    ),
];

/// Whether it is no wonder that a message comes when another one's help was followed.
fn is_expected(case: &str, of: &Message, help: &str, new: &Message) -> bool {
    // What is left out is missed by whoever needs it; the other way is to change a version.
    let leaves_out = help.contains("leave") && help.contains("enabled = false");
    // That nothing is in a plugin yet is said when all else is right.
    let is_afterwards = new.code == "TN0902";
    let is_now_a_warning = new.title.contains(&of.title);
    leaves_out || is_afterwards || is_now_a_warning || HIDDEN.contains(&(case, new.code))
}

#[test]
fn what_a_help_says_to_write_ends_the_mistake_and_makes_no_other() {
    let (mut tried, mut failures) = (BTreeSet::new(), Vec::new());
    for (name, mut world) in gallery() {
        let before = world.messages();
        let line = |one: &Message| {
            let span = one.spans.first();
            (
                one.code,
                span.map(|span| (span.file.clone(), span.start.line)),
            )
        };
        let lines: BTreeSet<_> = before.iter().map(line).collect();
        let titles: BTreeSet<_> = before.iter().map(|one| (one.code, &one.title)).collect();
        for message in &before {
            let Some(mended) = followed(&mut world, message) else {
                continue;
            };
            tried.insert(message.code);
            let after = mended.messages();
            let help = message.notes.last().map_or("", |note| note.text.as_str());
            let is_new = |one: &&Message| {
                !titles.contains(&(one.code, &one.title))
                    && !lines.contains(&line(one))
                    && !is_expected(&name, message, help, one)
            };
            let new = after.iter().filter(is_new);
            let new: Vec<&str> = new.map(|one| one.text.as_str()).collect();
            let is_it =
                |one: &Message| one.title == message.title && one.place() == message.place();
            let still = match after.iter().any(is_it) {
                true => ", still there",
                false => "",
            };
            if !still.is_empty() || !new.is_empty() {
                let (told, new) = (&message.text, new.join("\n"));
                failures.push(format!("## {name}{still}\n{told}\n{new}"));
            }
        }
    }
    let failed = failures.len();
    assert!(failed == 0, "{failed}\n{}", failures.join("\n\n"));
    let expected = [
        "TN0002", "TN0005", "TN0008", "TN0012", "TN0014", "TN0102", "TN0103", "TN0105", "TN0106",
        "TN0110", "TN0202", "TN0203", "TN0204", "TN0205", "TN0206", "TN0207", "TN0208", "TN0301",
        "TN0302", "TN0303", "TN0304", "TN0306", "TN0307", "TN0310", "TN0401", "TN0501", "TN0502",
        "TN0504", "TN0901", "TN0902", "TN0903", "TN0906", "TN0907", "TN0908", "TN0911",
    ];
    let untried = expected.iter().filter(|code| !tried.contains(*code));
    let untried: Vec<_> = untried.collect();
    assert!(
        untried.is_empty(),
        "what the help says to write is not found any more: {untried:?}"
    );
}
