//! What a plugin is told when it is built, and what `cargo treenail check` says of it where a host composes it, is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::case_folders::{self, folders_in};
use super::cases::{files_below, tests};
use crate::front::composer::Composer;
use crate::report::Message;

/// A message about a file: its code, and where it stands.
type Said = (&'static str, String);

/// What is said of the files of one package, whose names begin with this.
fn said(messages: &[Message], called: &str) -> BTreeSet<Said> {
    let places = messages
        .iter()
        .filter_map(|message| Some((message.code, message.place()?)));
    places
        .filter_map(|(code, place)| Some((code, place.strip_prefix(called)?.to_owned())))
        .collect()
}

/// Whether one manifest shows it by itself. Whether a service is the handle (TN0014) is known where the packages are.
fn is_of_one_manifest((code, _): &Said) -> bool {
    code.starts_with("TN00") && *code != "TN0014" || *code == "TN0308"
}

/// Compares what both fronts say of a package, whose files the host calls by names that begin with this.
fn compare(case: &Path, called: &str, alone: &[Message], all: &[Message], wrong: &mut Vec<String>) {
    let (alone, all) = (said(alone, ""), said(all, called));
    let unseen: Vec<&Said> = alone.difference(&all).collect();
    let added: Vec<&Said> = all
        .difference(&alone)
        .filter(|one| is_of_one_manifest(one))
        .collect();
    if !unseen.is_empty() || !added.is_empty() {
        wrong.push(format!(
            "{}, {called}: the plugin is told {unseen:?} besides, the host {added:?}",
            case.display()
        ));
    }
}

#[test]
fn the_host_is_told_of_every_plugin_in_memory_what_the_plugin_is() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for folder in folders_in(&tests().join("compositions")) {
        let case = case_folders::read(&folder);
        let outcome = case.compose();
        for (package, alone) in case.fronts() {
            compared += alone.len();
            let called = format!("{package}/");
            compare(&folder, &called, &alone, outcome.messages(), &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 20, "{compared} messages");
}

#[test]
fn the_host_is_told_of_every_plugin_on_disk_what_the_plugin_is() {
    let runtime = ["config", "pipes"].map(str::to_owned).into();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for folder in folders_in(&tests().join("packages")) {
        let host = fs::read_to_string(folder.join("desk/Cargo.toml")).expect("a host");
        // Of what this build does not have, the host is told nothing.
        if host.contains("optional = true") || host.contains("[target") {
            continue;
        }
        let mut files = BTreeMap::new();
        files_below(&folder, "", &mut files);
        let root = std::env::temp_dir().join(format!("treenail-fronts-{}", std::process::id()));
        for (path, bytes) in &files {
            crate::files::write_if_changed(&root.join(path), bytes).expect("written");
        }
        let check = Composer::new(root.join("desk")).compose();
        for package in folders_in(&root) {
            let name = package.file_name().expect("a name").to_string_lossy();
            let is_direct = host.contains(&format!("../{name}\""));
            let own = fs::read_to_string(package.join("Cargo.toml")).unwrap_or_default();
            if is_direct && own.contains("treenail]") {
                let alone = Composer::new(&package).plugin_side(&runtime);
                compared += alone.messages().len();
                let called = format!("../{name}/");
                compare(
                    &folder,
                    &called,
                    alone.messages(),
                    check.messages(),
                    &mut wrong,
                );
            }
        }
        fs::remove_dir_all(&root).expect("removed");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 10, "{compared} messages");
}
