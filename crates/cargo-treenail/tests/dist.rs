//! `cargo treenail dist`: the package of an edition, and what is said where none comes of it.

mod packages;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use packages::{Packages, text};

/// What is written.
const FILES: [&str; 3] = ["Cargo.toml", "build.rs", "src/main.rs"];

const EDITION: &str = "\
treenail = 1
host = { root = \"desk\" }

[distribution]
name = \"desk-mail\"
host = { package = \"desk-host\", path = \"../../host\" }
plugins.mail = { path = \"../../mail\" }
";

/// A host library, its contract, two plugins, and an edition.
fn desk() -> Packages {
    let packages = Packages::none();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let treenail = format!(
        "treenail = {{ path = {:?}, default-features = false, features = [\"lifecycle\"] }}\n",
        root.canonicalize().expect("the checkout")
    );
    let cargo = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"1.4.0\"\nedition = \"2024\"\n{rest}")
    };
    let depends = format!("[dependencies]\n{treenail}desk-api = {{ path = \"../api\" }}\n");
    packages.write("api/Cargo.toml", &cargo("desk-api", ""));
    packages.write("api/src/lib.rs", "");
    packages.write("host/Cargo.toml", &cargo("desk-host", &depends));
    packages.write("host/src/lib.rs", "");
    for name in ["mail", "chat"] {
        let plugin = format!("{depends}[package.metadata.treenail]\nmanifest = \"plugins.toml\"\n");
        packages.write(&format!("{name}/Cargo.toml"), &cargo(name, &plugin));
        packages.write(&format!("{name}/src/lib.rs"), "");
        let manifest = format!(
            "treenail = 1\n[plugin]\nid = \"{name}\"\nhost = \"^1.4\"\n[[component]]\ntype = \"crate::Post\"\nprovides = [\"dyn desk_api::Post\"]\n"
        );
        packages.write(&format!("{name}/plugins.toml"), &manifest);
    }
    packages.write("editions/mail/plugins.toml", EDITION);
    packages
}

fn emit(packages: &Packages) -> Output {
    packages.run("editions/mail", &["dist", "--emit-only", "--", "--offline"])
}

/// The files of the edition that are there.
fn written(packages: &Packages) -> BTreeMap<&'static str, String> {
    let folder = packages.0.join("editions/mail");
    let files = FILES.iter().filter_map(|file| {
        let text = fs::read_to_string(folder.join(file)).ok()?;
        Some((*file, text))
    });
    files.collect()
}

#[test]
fn a_package_is_written_and_then_current_with_the_same_bytes() {
    let packages = desk();
    let output = emit(&packages);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let first = written(&packages);
    let cargo_toml = &first["Cargo.toml"];
    for line in [
        "name = \"desk-mail\"",
        "desk-host = { path = \"../../host\" }",
        "mail = { path = \"../../mail\" }",
        "desk-api = { path = \"../../api\", default-features = false }",
    ] {
        assert!(cargo_toml.lines().any(|one| one == line), "{cargo_toml}");
    }
    assert!(!cargo_toml.contains("[workspace]"), "{cargo_toml}");
    assert!(first["src/main.rs"].contains("desk_host::main::<App>().await"));
    let check = || packages.run("", &["dist", "editions/mail", "--check"]);
    let output = check();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(
        text(&output.stderr),
        "editions/mail/Cargo.toml is current\n"
    );
    let lock = packages.0.join("editions/mail/Cargo.lock");
    let locked = fs::read(&lock).expect("Cargo wrote it");
    assert_eq!(emit(&packages).status.code(), Some(0));
    assert_eq!(written(&packages), first);
    assert_eq!(fs::read(&lock).expect("it is there"), locked);

    let more = format!("{EDITION}plugins.chat = {{ path = \"../../chat\" }}\n");
    packages.write("editions/mail/plugins.toml", &more);
    let output = check();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "error: editions/mail/Cargo.toml is not what `cargo treenail dist` writes: from line 13:\n  \
         + chat = { path = \"../../chat\" }\n  \
         = help: write it anew: `cargo treenail dist --emit-only editions/mail`\n"
    );
    assert_eq!(written(&packages), first);
}

#[test]
fn a_file_that_somebody_wrote_is_not_written_over() {
    let packages = desk();
    packages.write("editions/mail/src/main.rs", "fn main() {}\n");
    let output = emit(&packages);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        text(&output.stderr),
        "error: `src/main.rs` would be written over, and `cargo treenail dist` did not write it: move the plugins.toml into a \
         folder of its own, or remove what stands in the way\n"
    );
    assert_eq!(written(&packages).len(), 1);
}

#[test]
fn where_cargo_does_not_find_all_everything_is_as_it_was() {
    let packages = desk();
    let nowhere = EDITION.replace("../../mail", "../../male");
    packages.write("editions/mail/plugins.toml", &nowhere);
    let refused = || {
        let output = emit(&packages);
        let told = text(&output.stderr).to_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        let place = "error[TN0101]: not all that this distribution is made of is found\n --> plugins.toml:7:9\n";
        assert!(told.starts_with(place), "{told}");
        assert!(
            told.contains("failed to load source for dependency `mail`"),
            "{told}"
        );
    };
    refused();
    assert!(written(&packages).is_empty());
    assert!(!packages.0.join("editions/mail/src").exists());
    packages.write("editions/mail/plugins.toml", EDITION);
    assert_eq!(emit(&packages).status.code(), Some(0));
    let first = written(&packages);
    packages.write("editions/mail/plugins.toml", &nowhere);
    refused();
    assert_eq!(written(&packages), first);
}

#[test]
fn an_edition_below_a_workspace_is_a_member_or_has_one_of_its_own() {
    for (members, is_member) in [
        ("members = [\"host\", \"editions/*\"]", true),
        ("members = [\"host\", \"editions/mail\"]", true),
        ("members = [\"host\"]", false),
        (
            "members = [\"host\", \"editions/*\"]\nexclude = [\"editions\"]",
            false,
        ),
    ] {
        let packages = desk();
        let root = format!("[workspace]\nresolver = \"3\"\n{members}\n");
        packages.write("Cargo.toml", &root);
        let output = emit(&packages);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{members}: {}",
            text(&output.stderr)
        );
        let cargo_toml = written(&packages)["Cargo.toml"].clone();
        assert_eq!(
            cargo_toml.contains("\n[workspace]\n"),
            !is_member,
            "{members}"
        );
        let lock = packages.0.join("editions/mail/Cargo.lock");
        assert_eq!(lock.is_file(), !is_member, "{members}");
        let output = packages.run("editions/mail", &["dist", "--check"]);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{members}: {}",
            text(&output.stderr)
        );
    }
}

#[test]
fn a_host_that_is_no_library_is_told_before_anything_is_written() {
    let packages = desk();
    fs::rename(
        packages.0.join("host/src/lib.rs"),
        packages.0.join("host/src/main.rs"),
    )
    .expect("renamed");
    let output = emit(&packages);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    let title = "error[TN0112]: package `desk-host` is not the host of a distribution: it has no library\n --> plugins.toml:6:8\n";
    assert!(told.starts_with(title), "{told}");
    assert!(written(&packages).is_empty());
    let packages = desk();
    let alone = "[package]\nname = \"desk-host\"\nversion = \"1.4.0\"\nedition = \"2024\"\n";
    packages.write("host/Cargo.toml", alone);
    let output = emit(&packages);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(told.contains("it does not depend on `treenail`"), "{told}");
    assert!(written(&packages).is_empty());
}

#[test]
fn mistakes_of_the_composition_are_told_and_nothing_is_built() {
    let packages = desk();
    let bound = format!("bind = {{ \"dyn desk_api::Post\" = \"chat:Post\" }}\n{EDITION}");
    packages.write("editions/mail/plugins.toml", &bound);
    let output = packages.run("editions/mail", &["dist", "--", "--offline"]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(told.contains("--> plugins.toml:1:33"), "{told}");
    assert_eq!(written(&packages).len(), 3);
    assert!(!packages.0.join("editions/mail/target").exists());
}

#[test]
fn a_manifest_without_an_edition_is_told_what_it_lacks() {
    let packages = desk();
    packages.write("editions/mail/plugins.toml", "treenail = 1\n[host]\n");
    let output = emit(&packages);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(
        told.starts_with("error[TN0004]: `distribution` is missing in the manifest\n"),
        "{told}"
    );
    let output = packages.run("", &["dist", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("error: there is no folder `"));
}

#[test]
fn what_stands_after_two_dashes_is_cargos_and_so_is_the_exit_status() {
    let packages = desk();
    let output = packages.run(
        "editions/mail",
        &["dist", "--", "--offline", "--profile", "of-nobody"],
    );
    assert_eq!(output.status.code(), Some(101), "{}", text(&output.stderr));
    let told = text(&output.stderr);
    assert!(
        told.contains("profile `of-nobody` is not defined"),
        "{told}"
    );
}
