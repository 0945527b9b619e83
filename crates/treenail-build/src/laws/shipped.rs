//! What a host ships is what its build script prints.

use std::collections::BTreeSet;

use super::case_folders::{self, folders_in};
use super::cases::tests;
use crate::emit::{Refused, Shipped, Stub};
use crate::model::Manifest;
use crate::source::Sources;

#[test]
fn a_host_ships_what_its_build_script_prints() {
    let mut compared = 0;
    for folder in folders_in(&tests().join("compositions")) {
        let outcome = case_folders::read(&folder).compose();
        let composed = outcome.composed();
        let Some(plan) = composed.composition() else {
            continue;
        };
        let shipped = Shipped {
            manifest: &Manifest::unreadable(Sources::default().next(), ""),
            path: "../plugins.toml",
            digest: "",
            file: "src/treenail.rs",
            refused: &Refused {
                runtime: plan.host.runtime.clone(),
                deps: BTreeSet::new(),
                stub: Stub::App,
                in_editor: Vec::new(),
                rest: None,
            },
        };
        let part = composed.shipped(&shipped).expect("no mistakes");
        let file = shipped.file(vec![(None, part)]);
        // Only how the code is written anew is told otherwise.
        let (_, items) = composed.rust().split_once("\";\n").expect("a format");
        let items = items.replace(
            ": build again, and check",
            ": run `cargo treenail generate`, and check",
        );
        assert!(file.ends_with(&items), "{}", folder.display());
        compared += 1;
    }
    assert!(compared > 20, "{compared} compositions");
}
