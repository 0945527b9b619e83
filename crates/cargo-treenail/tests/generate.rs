//! `cargo treenail generate`

mod packages;

use std::fs;
use std::path::Path;

use packages::{HOST, MAIL, Packages, QUIET, resolved, text, workspace};

/// A plugin with a component of which the crate has the inputs.
const MAILER: &str =
    "treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Mailer\"\n";

#[test]
fn generated_code_is_written_and_then_current() {
    let packages = Packages::new(HOST, MAILER);
    let output = packages.run("mail", &["generate"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).starts_with("src/treenail.rs is written"));
    let file = packages.0.join("mail/src/treenail.rs");
    let code = fs::read_to_string(&file).expect("written");
    assert!(
        code.contains("\nin place of [] [MailerDeps];\nneeds [];\n"),
        "{code}"
    );
    let check = || packages.run("mail", &["generate", "--check"]);
    let output = check();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "src/treenail.rs is current\n");
    fs::write(
        &file,
        code.replace("pub struct MailerDeps", "struct MailerDeps"),
    )
    .expect("written");
    let output = check();
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(
        told.starts_with(
            "error: src/treenail.rs is not what `cargo treenail generate` writes: from line "
        ) && told.ends_with("\n  - struct MailerDeps {}\n  + pub struct MailerDeps {}\n"),
        "{told}"
    );
}

#[test]
fn generated_code_is_the_same_wherever_it_is_asked_for() {
    let packages = workspace(QUIET, MAIL);
    let code = |folder: &str, arguments: &[&str]| {
        let output = packages.run(folder, arguments);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        fs::read_to_string(packages.0.join("desk/src/treenail.rs")).expect("written")
    };
    let first = code("desk", &["generate"]);
    assert!(
        first.contains("// plugin       mail = mail 1.0.0 (mail/plugins.toml)"),
        "{first}"
    );
    fs::remove_file(packages.0.join("desk/src/treenail.rs")).expect("removed");
    assert_eq!(code("other", &["generate", "-p", "desk"]), first);
    let output = packages.run("", &["generate", "--check"]);
    assert_eq!(text(&output.stderr), "desk/src/treenail.rs is current\n");
}

#[test]
fn nothing_is_generated_where_there_are_mistakes() {
    let packages = Packages::new(HOST, "treenail = 1\n[plugin]\nid = 7\n");
    let output = packages.run("mail", &["generate"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("error[TN0003]"));
    assert!(!packages.0.join("mail/src/treenail.rs").exists());
}

#[test]
fn where_no_package_has_generated_code_the_first_is_named() {
    let output = workspace(QUIET, MAIL).run("", &["generate"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        text(&output.stderr),
        "error: no package of this workspace has a src/treenail.rs: choose the first with `-p NAME`\n"
    );
}

#[test]
fn generated_code_is_for_the_features_and_the_target_that_decided_it() {
    let host = "treenail = 1\n[host]\n[plugins]\nmail = { when = { feature = \"named\" } }\n[lints]\nunused_plugin = \"allow\"\n";
    let packages = Packages::new(host, MAIL);
    let cargo_toml = packages.0.join("desk/Cargo.toml");
    let text_of = |path: &Path| fs::read_to_string(path).expect("a text");
    let features = "[target.'cfg(treenail_nowhere)'.dependencies]\nother = { path = \"../other\" }\n\
                    [features]\ndefault = [\"on\"]\non = [\"mail/x\"]\noff = [\"mail/x\"]\nmore = [\"off\"]\nnamed = []\nunrelated = []\n";
    fs::write(
        &cargo_toml,
        text_of(&cargo_toml).replace("[features]\n", "") + features,
    )
    .expect("written");
    let mail = packages.0.join("mail/Cargo.toml");
    fs::write(&mail, text_of(&mail) + "[features]\nx = []\n").expect("written");
    let other = packages.0.join("other");
    fs::create_dir_all(other.join("src")).expect("created");
    fs::write(other.join("src/lib.rs"), "").expect("written");
    fs::write(
        other.join("Cargo.toml"),
        "[package]\nname = \"other\"\nversion = \"1.0.0\"\n",
    )
    .expect("written");
    let output = packages.run("desk", &["generate"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let code = text_of(&packages.0.join("desk/src/treenail.rs"));
    let condition = "all(not(feature = \"named\"), not(feature = \"off\"), feature = \"on\", not(treenail_nowhere))";
    assert!(
        code.contains(&format!("\n#[cfg({condition})]\n"))
            && code.contains(&format!("\n#[cfg(not({condition}))]\n")),
        "{code}"
    );
    let packages = resolved(packages, "desk");
    let output = packages.run("desk", &["lock"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let output = packages.run("desk", &["generate"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let code = text_of(&packages.0.join("desk/src/treenail.rs"));
    // Two texts, of which one is the same whatever is on besides `named`.
    assert_eq!(code.matches("\n::treenail::__generated! {\n").count(), 2);
    assert!(
        code.contains("\n#[cfg(any(all(not(feature = \"named\"), "),
        "{code}"
    );
    assert!(code.contains(" was generated for 5 builds, "), "{code}");
}
