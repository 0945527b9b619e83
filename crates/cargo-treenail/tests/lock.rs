//! `cargo treenail lock`

mod packages;

use std::fs;
use std::path::Path;
use std::process::Output;

use packages::{HOST, MAIL, Packages, QUIET, resolved, text, workspace};

fn told(output: &Output) -> (Option<i32>, &str) {
    (output.status.code(), text(&output.stderr))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a text")
}

#[test]
fn a_lock_is_written_once_and_then_as_it_should_be() {
    let packages = resolved(Packages::new(QUIET, MAIL), "desk");
    let file = packages.0.join("desk/plugins.lock");
    let (status, message) = (
        Some(1),
        "error: plugins.lock is not what Cargo says now: it is not there\n",
    );
    let output = packages.run("desk", &["lock", "--check"]);
    assert_eq!(told(&output).0, status);
    assert!(told(&output).1.starts_with(message), "{:?}", told(&output));
    assert!(!file.exists());
    let output = packages.run("desk", &["lock"]);
    assert_eq!(told(&output), (Some(0), "plugins.lock is written\n"));
    let written = read(&file);
    assert!(written.contains("\nname = \"mail\"\n"), "{written}");
    for arguments in [&["lock", "--check"][..], &["lock"]] {
        assert_eq!(told(&packages.run("desk", arguments)), (Some(0), ""));
        assert_eq!(read(&file), written);
    }
}

#[test]
fn a_lock_that_is_behind_is_shown_with_what_would_be_written() {
    let packages = resolved(Packages::new(QUIET, MAIL), "desk");
    packages.run("desk", &["lock"]);
    fs::write(
        packages.0.join("mail/plugins.toml"),
        format!("{MAIL}# more\n"),
    )
    .expect("written");
    let output = packages.run("desk", &["lock", "--check"]);
    let (status, message) = told(&output);
    assert_eq!(status, Some(1));
    assert!(
        message.starts_with("error: plugins.lock is not what Cargo says now: from line "),
        "{message}"
    );
    assert!(
        message.ends_with("= help: write it anew: `cargo treenail lock`\n"),
        "{message}"
    );
    assert!(message.contains("\n  + # more\n"), "{message}");
}

#[test]
fn a_hermetic_lock_is_compared_with_one() {
    let packages = resolved(workspace(QUIET, MAIL), "desk");
    let file = packages.0.join("desk/plugins.lock");
    packages.run("desk", &["lock"]);
    assert!(!read(&file).contains("manifest-text"));
    packages.run("desk", &["lock", "--hermetic"]);
    assert!(read(&file).contains("id = \"mail\""));
    assert_eq!(
        told(&packages.run("desk", &["lock", "--check"])),
        (Some(0), "")
    );
}

#[test]
fn of_several_hosts_one_is_chosen_and_all_that_have_a_lock_are_compared() {
    let packages = resolved(workspace(QUIET, MAIL), ".");
    let output = packages.run(".", &["lock"]);
    let several = "error: several packages of this workspace compose; choose one with `-p NAME`, of `desk`, `kiosk`\n";
    assert_eq!(told(&output), (Some(2), several));
    let output = packages.run(".", &["lock", "--check"]);
    let (status, message) = told(&output);
    assert_eq!(status, Some(2));
    assert!(
        message.contains("no package of this workspace has a plugins.lock"),
        "{message}"
    );
    let output = packages.run(".", &["lock", "-p", "kiosk"]);
    assert_eq!(told(&output), (Some(0), "kiosk/plugins.lock is written\n"));
    assert_eq!(
        told(&packages.run(".", &["lock", "--check"])),
        (Some(0), "")
    );
    let output = packages.run(".", &["lock", "--check", "-p", "desk"]);
    assert!(
        told(&output)
            .1
            .starts_with("error: desk/plugins.lock is not what Cargo says now: it is not there")
    );
}

#[test]
fn what_has_mistakes_or_composes_nothing_is_not_locked() {
    let packages = resolved(
        Packages::new(&format!("{HOST}[plugins]\nmale = \"1\"\n"), MAIL),
        "desk",
    );
    let output = packages.run("desk", &["lock"]);
    let (status, message) = told(&output);
    assert_eq!(status, Some(1));
    assert!(message.contains("`male`"), "{message}");
    assert!(!packages.0.join("desk/plugins.lock").exists());
    let output = packages.run("mail", &["lock"]);
    let alone = "error: a plugin alone has no lock: its manifest has no [host]\n";
    assert_eq!(told(&output), (Some(2), alone));
}

#[test]
fn without_a_cargo_lock_nothing_is_pinned_and_none_is_written() {
    let packages = Packages::new(QUIET, MAIL);
    let output = packages.run("desk", &["lock"]);
    let (status, message) = told(&output);
    assert_eq!(status, Some(1));
    assert!(
        message.contains("bring Cargo.lock up to date: `cargo update --workspace`"),
        "{message}"
    );
    assert!(!packages.0.join("desk/Cargo.lock").exists());
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let packages = resolved(Packages::new(QUIET, MAIL), "desk");
    // A folder is in the way, for whoever this runs as.
    fs::create_dir(packages.0.join("desk/plugins.lock")).expect("created");
    let output = packages.run("desk", &["lock"]);
    let (status, message) = told(&output);
    assert_eq!(status, Some(2));
    assert!(message.starts_with("error: cannot write "), "{message}");
}
