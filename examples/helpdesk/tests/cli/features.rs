//! What the program says that a configuration needs. `cargo treenail features` is held to the same list.

use std::path::Path;

use crate::folder::{Folder, text};

#[test]
fn each_configuration_needs_the_features_that_are_listed() {
    let folder = Folder::new("features");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let listed = include_str!("../features.txt");
    assert!(
        listed.contains("--features"),
        "some configuration needs one"
    );
    for line in listed.lines() {
        let (file, needed) = line.split_once(": ").expect("a file and a line");
        let file = tests.join(file);
        let output = folder.run(&["features", "-c", &file.to_string_lossy()]);
        assert_eq!(
            text(&output.stdout),
            format!("{needed}\n"),
            "{}",
            file.display()
        );
        let talk = text(&output.stderr);
        assert!(talk.contains(" needs base, "), "{talk}");
    }
}

#[test]
fn a_configuration_that_names_what_nobody_knows_is_refused_with_every_such_name() {
    let folder = Folder::new("unknown");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes/config.yml");
    let output = folder.run(&["features", "-c", &file.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let talk = text(&output.stderr);
    for name in ["`sqlite:Stone`", "`sqlight`"] {
        assert!(talk.contains(name), "{talk}");
    }
    let nowhere = folder.run(&["features", "-c", "nowhere.yml"]);
    assert_eq!(nowhere.status.code(), Some(1));
}
