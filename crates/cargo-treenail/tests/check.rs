//! `cargo treenail check` of several packages, features and overlays.

mod packages;

use std::fs;

use packages::{MAIL, Packages, QUIET, text, workspace};
use serde_json::Value;

/// A host with a feature for each letter, and an overlay of each kind; what it says is wrong only at some points.
fn at_points() -> Packages {
    let desk = "treenail = 1\n[host]\n[lints]\nunused_plugin = \"allow\"\n[plugins]\nlate = { enabled = true, when = { feature = \"a\" } }\n\
                [overlay.good.plugins]\nmail = { enabled = false }\n[overlay.bad.plugins]\nnobody = \"1\"\n";
    let packages = Packages::new(desk, MAIL);
    let path = packages.0.join("desk/Cargo.toml");
    let cargo_toml = fs::read_to_string(&path).expect("a text");
    let features = "[features]\ndefault = [\"b\"]\na = []\nb = []\n";
    fs::write(path, cargo_toml + features).expect("written");
    packages
}

#[test]
fn what_is_wrong_at_some_points_is_told_once_with_those() {
    let packages = at_points();
    let short = ["check", "--message-format", "short"];
    let check = |more: &[&str]| {
        let output = packages.run("desk", &[&short[..], more].concat());
        (output.status.code(), text(&output.stderr).to_owned())
    };
    let (status, told) = check(&["--all-overlays"]);
    assert_eq!(status, Some(1));
    assert_eq!(told.matches("`nobody`").count(), 1, "{told}");
    assert!(told.contains("(only with overlay `bad`)"), "{told}");
    let (_, told) = check(&["--each-feature"]);
    assert!(!told.contains("`nobody`"), "{told}");
    let (_, told) = check(&["--each-feature", "--all-overlays"]);
    assert!(told.contains("(only with overlay `bad`)"), "{told}");
    assert!(
        told.contains("5 choices of features, each without an overlay and with 2 overlays alone"),
        "{told}"
    );
}

#[test]
fn packages_are_chosen_several_at_a_time_or_left_out() {
    let packages = workspace(QUIET, MAIL);
    let told = |arguments: &[&str]| {
        let output = packages.run("desk", &[&["check"], arguments].concat());
        let last = text(&output.stderr).lines().last().unwrap_or_default();
        (output.status.code(), last.to_owned())
    };
    let looked = |into: &str| (Some(0), format!("looked into {into}"));
    assert_eq!(
        told(&["-p", "kiosk", "-p", "desk"]),
        looked("3 manifests: `desk`, `kiosk`, `mail`")
    );
    assert_eq!(told(&["-p", "mail"]), looked("1 manifest: `mail`"));
    assert_eq!(
        told(&["--workspace", "--exclude", "kiosk"]),
        looked("2 manifests: `desk`, `mail`")
    );
    let (status, words) = told(&["--workspace", "--exclude", "kisok"]);
    assert_eq!(status, Some(2));
    assert!(words.starts_with("error: there is no package `kisok` in this workspace"));
    for conflict in [&["--workspace", "-p", "desk"][..], &["--exclude", "desk"]] {
        assert_eq!(told(conflict).0, Some(2), "{conflict:?}");
    }
}

#[test]
fn editors_and_workflows_get_what_several_hosts_say_once() {
    let packages = workspace(QUIET, "treenail = 1\n[plugin]\nid = 7\n");
    let output = packages.run("", &["check", "--message-format", "json"]);
    let lines = text(&output.stdout).lines();
    let lines = lines.map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let messages = lines.filter(|line| line["reason"] == "compiler-message");
    assert_eq!(messages.count(), 1);
    let output = packages.run("", &["check", "--message-format", "github"]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stdout);
    assert!(
        told.starts_with("::error file=mail/plugins.toml,line=3,col=6,endLine=3,endColumn=7,title=TN0003::`id` cannot be an integer"),
        "{told}"
    );
    assert_eq!(told.lines().count(), 1, "{told}");
}

#[test]
fn cargo_lock_is_never_written() {
    let packages = Packages::new(QUIET, MAIL);
    let lock = packages.0.join("desk/Cargo.lock");
    assert_eq!(packages.run("desk", &["check"]).status.code(), Some(0));
    assert!(!lock.exists());
    let output = packages.run("desk", &["check", "--locked"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--locked"));
    assert!(!lock.exists());
    // One that is not up to date is left as it is.
    let behind = "version = 4\n\n[[package]]\nname = \"desk\"\nversion = \"1.0.0\"\n";
    fs::write(&lock, behind).expect("written");
    assert_eq!(
        packages.run("desk", &["check", "--offline"]).status.code(),
        Some(0)
    );
    assert_eq!(
        packages.run("desk", &["check", "--frozen"]).status.code(),
        Some(2)
    );
    assert_eq!(fs::read_to_string(&lock).expect("a text"), behind);
}

#[test]
fn where_cargo_has_no_answer_the_question_was_not_asked() {
    let packages = Packages::new(QUIET, MAIL);
    fs::write(packages.0.join("desk/Cargo.toml"), "[package]\nname =\n").expect("written");
    let output = packages.run("desk", &["check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("error[TN0101]"));
}
