//! `cargo treenail diff` and `cargo treenail why`, as people and workflows use them.

mod packages;

use std::fs;
use std::process::Command;

use packages::{Packages, resolved, text, workspace};
use serde_json::Value;

const DESK: &str = "treenail = 1\n[host]\n[bind]\n\"dyn mail::Outbox\" = \"mail:Smtp\"\n";
const MAIL: &str = "treenail = 1\n[plugin]\nid = \"mail\"\n\
    [[component]]\ntype = \"crate::Smtp\"\nprovides = [\"dyn crate::Outbox\"]\n\
    [[component]]\ntype = \"crate::Disk\"\nprovides = [\"dyn crate::Outbox\"]\n";

/// Packages that have changed since they were described in `old/released.json`.
fn changed() -> Packages {
    let packages = Packages::new(DESK, MAIL);
    let old = packages.run("desk", &["graph", "--format", "json"]);
    assert_eq!(old.status.code(), Some(0));
    fs::create_dir(packages.0.join("old")).expect("created");
    fs::write(packages.0.join("old/released.json"), old.stdout).expect("written");
    let desk = DESK.replace("mail:Smtp", "mail:Disk") + "[alias]\npost = \"mail\"\n";
    fs::write(packages.0.join("desk/plugins.toml"), desk).expect("written");
    packages
}

const FACTS: &str = "changed:\n  \
    service `dyn mail::Outbox`: `mail:Smtp` → `mail:Disk`\n      \
    `[bind]` of the host, plugins.toml:4\n      \
    `mail:Disk` is no longer left out\n      \
    `mail:Smtp` is left out\n\
    new:\n  alias `post`: none → `mail`\n      plugins.toml:6\n";

const DIFF: [&str; 3] = ["diff", "--against", "../old/released.json"];

#[test]
fn what_has_changed_is_told_with_status_0_unless_it_is_denied() {
    let packages = changed();
    let output = packages.run("desk", &DIFF);
    assert_eq!(text(&output.stdout), FACTS);
    assert_eq!(
        text(&output.stderr),
        "configurations were not compared: the old composition has no config.schema.json\n"
    );
    assert_eq!(output.status.code(), Some(0));
    for (deny, status) in [("breaking", 0), ("any", 1)] {
        let output = packages.run("desk", &[&DIFF[..], &["--deny", deny]].concat());
        assert_eq!(output.status.code(), Some(status), "{deny}");
    }
}

#[test]
fn a_composition_with_mistakes_is_not_compared() {
    let packages = changed();
    fs::write(
        packages.0.join("desk/plugins.toml"),
        DESK.replace("mail:Smtp", "mail:Smpt"),
    )
    .expect("written");
    let output = packages.run("desk", &DIFF);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(
        text(&output.stderr).starts_with("error[TN0304]"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn configurations_are_compared_by_the_schemas_beside_both() {
    let packages = changed();
    let schema = |key: &str| {
        let configuration = format!(
            r#"{{ "type": "object", "properties": {{ "{key}": {{}} }}, "additionalProperties": false }}"#
        );
        format!(r##"{{ "properties": {{ "desk": {configuration} }} }}"##)
    };
    fs::write(packages.0.join("old/config.schema.json"), schema("a")).expect("written");
    fs::write(packages.0.join("desk/config.schema.json"), schema("b")).expect("written");
    let output = packages.run("desk", &DIFF);
    let told = text(&output.stdout);
    assert!(
        told.starts_with("breaking:\n  key `a` of the configuration: optional → gone\n"),
        "{told}"
    );
    assert!(told.ends_with("new:\n  key `b` of the configuration: none → optional\n  alias `post`: none → `mail`\n      plugins.toml:6\n"), "{told}");
    assert!(output.stderr.is_empty());
}

#[test]
fn programs_get_one_document_and_workflows_an_annotation_for_each_fact() {
    let packages = changed();
    let output = packages.run("desk", &[&DIFF[..], &["--format", "json"]].concat());
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["configurations_compared"], false);
    let fact = &document["facts"][0];
    assert_eq!(fact["class"], "changed");
    assert_eq!(fact["decided"][0]["at"], "plugins.toml:4");
    let output = packages.run("desk", &[&DIFF[..], &["--format", "github"]].concat());
    let mut lines = text(&output.stdout).lines();
    let first = lines.next().unwrap_or_default();
    assert!(
        first.starts_with("::warning file=plugins.toml,line=4,title=changed::service `dyn mail"),
        "{first}"
    );
    let second =
        "::notice file=plugins.toml,line=6,title=new::alias `post`: none → `mail`%0Aplugins.toml:6";
    assert_eq!(lines.collect::<Vec<_>>(), [second]);
}

#[test]
fn who_decided_is_told_and_a_name_that_is_none_is_status_2() {
    let packages = Packages::new(DESK, MAIL);
    let output = packages.run("desk", &["why", "mail:Disk"]);
    assert_eq!(
        text(&output.stdout),
        "`mail:Disk` is left out: `mail:Smtp` takes its place, plugins.toml:4\n"
    );
    let output = packages.run("desk", &["why", "mail:Dusk"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        text(&output.stderr),
        "error: nothing in this composition is called `mail:Dusk`: did you mean `mail:Disk`?\n"
    );
}

/// Packages in a repository of Git, of which `desk` has a lock.
fn committed() -> Packages {
    let packages = resolved(workspace(DESK, MAIL), "");
    git(&packages, &["init", "--quiet"]);
    let output = packages.run("desk", &["lock"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    commit(&packages);
    packages
}

fn git(packages: &Packages, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args([
        "-c",
        "user.name=Tester",
        "-c",
        "user.email=tester@example.com",
    ]);
    let status = command.args(arguments).current_dir(&packages.0).status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "git {arguments:?}"
    );
}

fn commit(packages: &Packages) {
    git(packages, &["add", "--all"]);
    git(packages, &["commit", "--quiet", "--message", "Change"]);
}

#[test]
fn the_lock_of_the_last_commit_or_of_any_revision_is_compared() {
    let packages = committed();
    let told = |arguments: &[&str]| {
        let output = packages.run("desk", &[&["diff"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout).to_owned()
    };
    assert_eq!(told(&[]), "");
    let mail = MAIL.replace(
        "id = \"mail\"\n",
        "id = \"mail\"\n[[component]]\ntype = \"crate::New\"\n",
    );
    fs::write(packages.0.join("mail/plugins.toml"), mail).expect("written");
    let new = "new:\n  component `mail:New`: none → singleton\n      mail/plugins.toml:4\n";
    assert_eq!(told(&[]), new);
    packages.run("desk", &["lock"]);
    commit(&packages);
    assert_eq!(told(&[]), "");
    assert_eq!(told(&["--against", "HEAD~1"]), new);
    // A lock in this checkout is of the manifests that are here; one with their texts is so anywhere.
    assert_eq!(told(&["--against", "plugins.lock"]), "");
    git(&packages, &["checkout", "--quiet", "HEAD~1"]);
    packages.run("desk", &["lock", "--hermetic"]);
    let (lock, alone) = (
        packages.0.join("desk/plugins.lock"),
        packages.0.join("alone"),
    );
    fs::create_dir(&alone).expect("created");
    fs::rename(lock, alone.join("then.lock")).expect("moved");
    git(&packages, &["checkout", "--quiet", "--force", "-"]);
    assert_eq!(told(&["--against", "../alone/then.lock"]), new);
}

#[test]
fn a_lock_that_is_not_there_or_that_is_damaged_is_told() {
    let packages = committed();
    for (against, told) in [
        (
            "absent",
            "error: `absent` is no file, and no revision with a plugins.lock of this package",
        ),
        ("Cargo.toml", "error[TN0602]"),
    ] {
        let output = packages.run("desk", &["diff", "--against", against]);
        assert!(
            text(&output.stderr).starts_with(told),
            "{}",
            text(&output.stderr)
        );
        assert_ne!(output.status.code(), Some(0));
    }
    fs::remove_file(packages.0.join("desk/plugins.lock")).expect("removed");
    commit(&packages);
    let output = packages.run("desk", &["diff"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr)
            .starts_with("error: the last commit does not have a plugins.lock of this package")
    );
}

#[test]
fn a_plugin_alone_is_no_composition() {
    let packages = changed();
    for arguments in [&DIFF[..], &["why", "mail:Smtp"]] {
        let output = packages.run("mail", arguments);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(
            text(&output.stderr),
            "error: a plugin alone composes nothing: this manifest has no [host]\n"
        );
    }
}
