//! `cargo treenail add`

mod packages;

use std::path::Path;
use std::process::Output;

use packages::{Packages, download, text};

const MAIL: &str = "treenail = 1\n[plugin]\nid = \"mail\"\n[[component]]\ntype = \"crate::Mailer\"\nprovides = [\"dyn crate::Post\"]\n\
     requires = { clock = \"dyn treenail::Clock\", rules = { service = \"dyn crate::Rule\", all = true }, handle = \"treenail::Handle\" }\n\
     config = \"crate::MailerConfig\"\n";

/// Needs what nobody has.
const NEEDY: &str = "treenail = 1\n[plugin]\nid = \"needy\"\n[[component]]\ntype = \"crate::Reader\"\n\
     requires = { post = \"dyn crate::Post\" }\n";

/// A host, `desk`, beside a plugin, `mail`, one that lacks something, `needy`, and a package that is no plugin, `paper`.
fn desk() -> Packages {
    download();
    let packages = Packages::none();
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let checkout = checkout.to_str().expect("its path");
    for arguments in [
        ["desk", "--host"],
        ["mail", "--plugin"],
        ["needy", "--plugin"],
    ] {
        let path = ["--path", checkout];
        let output = packages.run(".", &[&["new"], &arguments[..], &path].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    packages.run(".", &["new", "paper", "--contract"]);
    packages.write("mail/plugins.toml", MAIL);
    packages.write("needy/plugins.toml", NEEDY);
    packages
}

/// Adds one to the host, and asks nothing of the network.
fn add(packages: &Packages, arguments: &[&str]) -> Output {
    packages.run("desk", &[&["add", "--offline"], arguments].concat())
}

fn told(output: &Output) -> (Option<i32>, &str) {
    (output.status.code(), text(&output.stderr))
}

/// What the host states and what is locked, as texts.
fn state(packages: &Packages) -> [Option<String>; 3] {
    let files = ["desk/Cargo.toml", "desk/Cargo.lock", "desk/plugins.lock"];
    files.map(|file| std::fs::read_to_string(packages.0.join(file)).ok())
}

#[test]
fn a_plugin_is_added_and_what_it_brings_and_needs_is_told() {
    let packages = desk();
    let check = packages.run("desk", &["check"]);
    assert!(check.status.success(), "{}", text(&check.stderr));
    let expected = "plugin `mail` 0.1.0 is a dependency now\nnew:\n  plugin `mail`: none → 0.1.0\n      with `mail:Mailer`\n\
         provides:\n  `dyn mail::Post` by `mail:Mailer`: `mail:Mailer` answers\n\
         needs:\n  `dyn treenail::Clock` as `clock` of `mail:Mailer`: the runtime answers\n  \
         `dyn mail::Rule` as `rules` of `mail:Mailer`: nobody answers\n\
         configured:\n  `mail:Mailer`, under `desk.components`\n";
    assert_eq!(
        told(&add(&packages, &["--path", "../mail"])),
        (Some(0), expected)
    );
    let cargo_toml = packages.read("desk/Cargo.toml");
    assert!(
        cargo_toml.contains("\nmail = { version = \"0.1.0\", path = \"../mail\" }\n"),
        "{cargo_toml}"
    );
    assert!(packages.read("desk/Cargo.lock").contains("name = \"mail\""));
}

#[test]
fn a_plugin_that_is_there_already_is_said_to_be_and_nothing_is_changed() {
    let packages = desk();
    add(&packages, &["--path", "../mail"]);
    // Cargo would write the line in another way.
    let cargo_toml = packages.read("desk/Cargo.toml");
    let other = cargo_toml.replace("{ version = \"0.1.0\", path", "{path");
    packages.write("desk/Cargo.toml", &other);
    let before = state(&packages);
    for (arguments, what) in [(&["mail"][..], "mail"), (&["--path", "../mail"], "../mail")] {
        let said = format!("`{what}` is a dependency already: nothing is changed\n");
        assert_eq!(told(&add(&packages, arguments)), (Some(0), said.as_str()));
        assert_eq!(state(&packages), before);
    }
}

#[test]
fn what_is_no_plugin_is_not_added_and_all_is_as_it_was() {
    let packages = desk();
    for locked in [false, true] {
        if locked {
            add(&packages, &["--path", "../mail"]);
        }
        let before = state(&packages);
        assert_eq!(before[1].is_some(), locked);
        let no_plugin = "error: `paper` is no plugin, its Cargo.toml has no `[package.metadata.treenail]`: nothing is changed; \
             `cargo add` adds it all the same\n";
        assert_eq!(
            told(&add(&packages, &["--path", "../paper"])),
            (Some(2), no_plugin)
        );
        assert_eq!(state(&packages), before);
    }
}

#[test]
fn a_feature_of_the_application_brings_a_plugin_that_is_optional() {
    let packages = desk();
    let output = add(&packages, &["--path", "../mail", "--optional"]);
    let (status, said) = told(&output);
    let start = "plugin `mail` 0.1.0 is a dependency now\n  switched on by feature `mail`: `cargo build --features mail`\n";
    assert!(
        said.starts_with(start) && said.contains("\nneeds:\n"),
        "{said}"
    );
    assert_eq!(status, Some(0));
}

#[test]
fn the_feature_that_makes_a_package_a_plugin_is_switched_on() {
    let packages = desk();
    let named = "manifest = \"plugins.toml\"\n";
    let cargo_toml = packages.read("mail/Cargo.toml");
    let cargo_toml = cargo_toml.replace(named, &format!("{named}feature = \"treenail\"\n"));
    packages.write(
        "mail/Cargo.toml",
        &format!("{cargo_toml}\n[features]\ntreenail = []\n"),
    );
    let output = add(&packages, &["--path", "../mail"]);
    let (status, said) = told(&output);
    let start = "plugin `mail` 0.1.0 is a dependency now\n  with its feature `treenail`, which makes it a plugin\n";
    assert!(
        said.starts_with(start) && said.contains("\nneeds:\n"),
        "{said}"
    );
    assert_eq!(status, Some(0));
    let line = "mail = { version = \"0.1.0\", path = \"../mail\", features = [\"treenail\"] }";
    assert!(packages.read("desk/Cargo.toml").contains(line));
}

#[test]
fn a_lock_is_written_anew() {
    let packages = desk();
    // Writes the Cargo.lock that is locked.
    add(&packages, &["--path", "../mail", "--optional"]);
    assert!(packages.run("desk", &["lock"]).status.success());
    let before = state(&packages);
    let output = add(&packages, &["--path", "../mail", "--no-default-features"]);
    assert_eq!(told(&output).0, Some(0), "{output:?}");
    assert_ne!(state(&packages)[2], before[2]);
    assert_eq!(
        told(&packages.run("desk", &["lock", "--check"])),
        (Some(0), "")
    );
}

#[test]
fn mistakes_that_come_with_a_plugin_are_shown_and_the_way_back_is_told() {
    let packages = desk();
    for (folder, path, way) in [
        ("desk", "../needy", "cargo remove needy"),
        (
            ".",
            "needy",
            "cargo remove needy --manifest-path desk/Cargo.toml",
        ),
    ] {
        let manifest = ["--manifest-path", "desk/Cargo.toml"];
        let manifest = if folder == "." { &manifest[..] } else { &[] };
        let output = packages.run(
            folder,
            &[&["add", "--offline", "--path", path], manifest].concat(),
        );
        let (status, said) = told(&output);
        let mistake = "error[TN0301]: nothing provides `dyn needy::Post`, which `needy:Reader` needs as `post`\n";
        let end =
            format!("plugin `needy` 0.1.0 is a dependency now\n  `{way}` takes it out again\n");
        assert!(said.starts_with(mistake) && said.ends_with(&end), "{said}");
        assert_eq!(status, Some(1));
        packages.write(
            "desk/Cargo.toml",
            &packages.read("desk/Cargo.toml").replace("needy = ", "# "),
        );
    }
}

#[test]
fn what_cannot_be_added_is_told_with_the_reason_and_nothing_is_changed() {
    let packages = desk();
    let before = state(&packages);
    let cases: [(&[&str], &str); 6] = [
        (
            &["--path", "../nowhere"],
            "error: cannot add `../nowhere`: failed to read `",
        ),
        (
            &["--path", "../mail", "-F", "loud"],
            "error: cannot add `../mail`: unrecognized feature for crate mail: loud, no features available for crate mail\n",
        ),
        (
            &["letters", "--path", "../mail"],
            "error: cannot add `letters`: the crate `letters@",
        ),
        (
            &["--path", "../desk"],
            "error: cannot add `../desk`: cannot add `desk` as a dependency to itself\n",
        ),
        (
            &["no-such-plugin"],
            "could not be found in registry index; one that is in no registry is named by `--path FOLDER` or `--git URL`\n",
        ),
        (
            &["-p", "kiosk", "mail"],
            "error: there is no package `kiosk` in this workspace; choose one with `-p NAME`, of `desk`\n",
        ),
    ];
    for (arguments, told_of_it) in cases {
        let output = add(&packages, arguments);
        let (status, said) = told(&output);
        assert!(
            said.starts_with("error: ") && said.contains(told_of_it),
            "{said}"
        );
        assert_eq!(status, Some(2));
        assert_eq!(state(&packages), before, "{arguments:?}");
    }
    let output = packages.run("mail", &["add", "--path", "../needy"]);
    let (status, said) = told(&output);
    let no_host = "/mail` has no plugins.toml with `[host]`, and so composes no plugins: choose an application with `-p NAME`\n";
    assert!(said.ends_with(no_host), "{said}");
    assert_eq!(status, Some(2));
}
