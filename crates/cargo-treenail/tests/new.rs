//! `cargo treenail new`: what it makes is built and tested as it stands.

mod packages;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use packages::{Packages, text};

fn checkout() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the checkout")
}

/// Runs Cargo in a folder, where what it builds is kept for all tests of this file.
fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_TERM_COLOR", "never")
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("new"),
        )
        .env_remove("RUSTFLAGS")
        .output()
        .expect("it runs");
    let (told, said) = (text(&output.stderr), text(&output.stdout));
    assert!(output.status.success(), "{arguments:?}: {told}\n{said}");
    output
}

fn passed(output: &Output) -> usize {
    let lines = text(&output.stdout).lines();
    lines.filter(|line| line.ends_with(" ... ok")).count()
}

/// A workspace that has treenail without its default features, and forgives nothing.
fn strict() -> String {
    let (root, compiler) = (checkout(), checkout().join("crates/treenail-build"));
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = []\n[workspace.package]\nedition = \"2024\"\n\
         [workspace.lints.rust]\nwarnings = \"deny\"\nunsafe_code = \"forbid\"\nmissing_docs = \"warn\"\n\
         unreachable_pub = \"warn\"\n[workspace.dependencies]\n\
         treenail = {{ path = {root:?}, default-features = false }}\ntreenail-build = {{ path = {compiler:?} }}\n"
    )
}

#[test]
fn each_kind_is_built_and_tested_as_it_is_made_in_a_workspace() {
    let folder = Packages::none();
    folder.write("Cargo.toml", &strict());
    for arguments in [
        ["my-desk", "--host"],
        ["plugins/r2", "--plugin"],
        ["desk-api", "--contract"],
    ] {
        let output = folder.run(".", &[&["new"], &arguments[..]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    let host = folder.read("my-desk/Cargo.toml");
    let inherited =
        "treenail = { workspace = true, features = [\"config\", \"macros\", \"signals\"] }\n";
    assert!(host.contains(inherited), "{host}");
    assert!(
        host.contains("edition.workspace = true") && host.contains("[lints]\nworkspace = true")
    );
    assert_eq!(passed(&cargo(&folder.0, &["test", "--workspace"])), 5);
    let output = cargo(&folder.0, &["run", "--quiet", "-p", "my-desk"]);
    assert_eq!(text(&output.stdout), "hello, world\n");
    cargo(&folder.0, &["fmt", "--all", "--check"]);
    let check = folder.run(".", &["check"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stderr));
}

#[test]
fn a_host_is_made_anywhere_and_does_what_it_is_said_to_do() {
    let folder = Packages::none();
    // The program that makes it was built from a checkout, and knows that.
    let output = folder.run(".", &["new", "desks/Desk"]);
    assert_eq!(
        text(&output.stderr),
        "package `Desk` is a host: Cargo.toml, build.rs, config.yml, plugins.toml, src/main.rs\n\
         next: `cd desks/Desk`, `cargo run`, `cargo test`; `cargo treenail add PLUGIN` there brings a plugin\n"
    );
    let desk = folder.0.join("desks/Desk");
    let output = cargo(&desk, &["run", "--quiet", "--", "config.yml"]);
    assert_eq!(text(&output.stdout), "good morning, world\n");
    assert_eq!(passed(&cargo(&desk, &["test"])), 2);
}

#[test]
fn a_package_has_treenail_from_where_the_others_of_its_workspace_have_it() {
    let folder = Packages::none();
    let root = checkout();
    let path = root.to_str().expect("its path");
    folder.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = []\n",
    );
    folder.run(".", &["new", "desk", "--path", path]);
    folder.run(".", &["new", "--plugin", "plugins/r2"]);
    let from = |file: &str| {
        let text = folder.read(file);
        let mut lines = text.lines().map(str::to_owned);
        lines
            .find(|line| line.starts_with("treenail = "))
            .expect("a line")
    };
    assert_eq!(
        from("plugins/r2/Cargo.toml"),
        from("desk/Cargo.toml").replace("\"../", "\"../../")
    );
}

/// What stands in a folder, with its texts.
fn everything(folder: &Path) -> Vec<(PathBuf, Option<String>)> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut all = Vec::new();
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        match path.is_dir() {
            true => {
                all.extend(everything(&path));
                all.push((path, None));
            }
            false => {
                let text = fs::read_to_string(&path).expect("a text");
                all.push((path, Some(text)));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn where_nothing_can_be_made_the_reason_is_told_and_nothing_is_left_behind() {
    let folder = Packages::none();
    folder.write("there/notes.txt", "mine");
    folder.write("file", "mine");
    folder.write(
        "few/Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = []\n[workspace.dependencies]\ntreenail = \"0.1\"\n",
    );
    let package = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nedition = \"2024\"\n";
    folder.write(
        "full/Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"a\"]\n",
    );
    folder.write("full/a/Cargo.toml", package);
    folder.write("full/a/src/lib.rs", "");
    folder.write("broken/Cargo.toml", "[workspace\n");
    let before = everything(&folder.0);
    let cases: [(&[&str], &str); 15] = [
        (
            &["there"],
            "/there` is there already; choose another name\n",
        ),
        (&["."], "` is there already; choose another name\n"),
        (
            &["/"],
            "error: `/` ends with no name; choose another name\n",
        ),
        (
            &["new/fn"],
            "/new/fn`: invalid package name `fn`: it is a Rust keyword; choose another folder or name\n",
        ),
        (
            &["2x", "--plugin"],
            "the name cannot start with a digit; choose another folder or name\n",
        ),
        (
            &["a.b", "--contract"],
            "(numbers, `-`, `_`, or most letters); choose another folder or name\n",
        ),
        (
            &["tokio"],
            "error: Rust or treenail has a `tokio` already; choose another name\n",
        ),
        (
            &["base", "--plugin"],
            "error: Rust or treenail has a `base` already; choose another name\n",
        ),
        (
            &["größe", "--plugin"],
            "is not a plugin id: expected letters, digits, `-` and `_`, with a letter first; choose another name\n",
        ),
        (
            &["app", "--plugin"],
            "error: `app` cannot be the id of a plugin here: stands for the host's own components; choose another name\n",
        ),
        (
            &["file/x"],
            "Not a directory (os error 20); choose another folder or name\n",
        ),
        (
            &["few/x"],
            "has `treenail` and no `treenail-build`, which a host needs: add it there, or say `--path`\n",
        ),
        (
            &["full/a/x"],
            "/full/a/x` would not build: current package believes it's in a workspace when it's not:",
        ),
        (&["broken/x"], "/broken/x` would not build: unclosed table"),
        (
            &["x", "--path", "there"],
            "/there` is no checkout of treenail: name the folder with its Cargo.toml after `--path`\n",
        ),
    ];
    for (arguments, told) in cases {
        let output = folder.run(".", &[&["new"], arguments].concat());
        let said = text(&output.stderr);
        assert!(
            said.starts_with("error: ") && said.contains(told),
            "{arguments:?}: {said}"
        );
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(everything(&folder.0), before, "{arguments:?}");
    }
}
