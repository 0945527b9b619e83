//! Every command of the manual is run as it stands, in the order of its page, and says what the page shows.
//!
//! A page is followed in a folder of its own, beside a link `treenail` to this checkout. Comments say what its readers do by themselves,
//! each at the end of a line above the block that it is about:
//!
//! | comment | means |
//! |---|---|
//! | `<!-- file: PATH -->` | the block is this file |
//! | `<!-- end of file: PATH -->` | the block is put at the end of this file |
//! | `<!-- in: FOLDER -->` | what follows is run there |
//! | `<!-- after: PAGE -->` | that page has been followed before |
//! | `<!-- first: COMMAND -->` | this is run before, and not shown |
//! | `<!-- not run: WHY -->` | the block is not run |
//!
//! Lines of a block below a command are lines of what it says, in their order, with others between them. A command that shows an error
//! fails; one that shows `^C` goes on until then.
//!
//! Built code is kept in `target/tmp`, so a second run takes seconds.
#![cfg(unix)]

mod manual {
    pub(crate) mod page;
    pub(crate) mod session;
}
mod packages;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use manual::page::{Page, Step};
use manual::session::Session;

/// What is shown and not run, with its first command.
const NOT_RUN: [(&str, &str); 3] = [
    ("README.md", "cargo run -p helpdesk"),
    (
        "docs/command-line.md",
        "cargo install --path crates/cargo-treenail",
    ),
    (
        "docs/lock.md",
        "TREENAIL_LOCKED=1 cargo build --offline --frozen",
    ),
];

macro_rules! followed {
    ($($test:ident $page:literal)*) => {
        const FOLLOWED: &[&str] = &[$($page),*];
        $(
            #[test]
            fn $test() {
                Session::begin().follow(&Page::read($page));
            }
        )*
    };
}

followed! {
    the_commands_of_the_readme_do_what_it_shows "README.md"
    the_commands_about_the_reference_do_what_their_page_shows "docs/reference-pages.md"
    the_commands_about_changes_do_what_their_page_shows "docs/changes.md"
    the_commands_about_ci_do_what_their_page_shows "docs/ci.md"
    the_commands_of_the_command_line_do_what_its_page_shows "docs/command-line.md"
    the_commands_of_a_configuration_do_what_its_page_shows "docs/configuration.md"
    the_commands_about_distributions_do_what_their_page_shows "docs/distributions.md"
    the_first_plugin_runs "docs/first-plugin.md"
    the_commands_about_generated_code_do_what_their_page_shows "docs/generate.md"
    the_commands_about_graphs_do_what_their_page_shows "docs/graph.md"
    the_commands_about_locks_do_what_their_page_shows "docs/lock.md"
}

/// The pages of the manual, and the one that everybody reads first.
fn pages() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let entries = fs::read_dir(root.join("docs")).expect("the manual");
    let names = entries.map(|entry| entry.expect("a page").file_name());
    let mut names: Vec<String> = names
        .map(|name| format!("docs/{}", name.to_string_lossy()))
        .collect();
    names.push("README.md".to_owned());
    names.sort();
    names.iter().map(|name| Page::read(name)).collect()
}

#[test]
fn every_page_with_commands_is_followed() {
    let pages = pages();
    let with_commands = pages.iter().filter(|page| page.has_commands());
    let names: BTreeSet<&str> = with_commands.map(|page| page.name.as_str()).collect();
    assert_eq!(names, FOLLOWED.iter().copied().collect());
}

#[test]
fn what_is_not_run_is_listed() {
    let pages = pages();
    let mut found = Vec::new();
    for page in &pages {
        for step in &page.steps {
            if let Step::NotRun { command, why } = step {
                assert!(!why.is_empty(), "{}: {command}", page.name);
                found.push((page.name.as_str(), command.as_str()));
            }
        }
    }
    assert_eq!(found, NOT_RUN);
}
