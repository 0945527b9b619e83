//! The lock: what is composed from it is what is composed of Cargo's answer, byte by byte, at every point; and one that is not of
//! this package, as it is now, composes nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::files::{Scratch, write_if_changed};
use crate::front::composed::Composed;
use crate::front::composer::Composer;

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// A host with a plugin that is always there, one behind a feature, one that another brings, entries behind features and for other
/// platforms, and a contract that two of them share.
const FILES: &[(&str, &str)] = &[
    (
        "desk/Cargo.toml",
        r#"[package]
name = "desk"
version = "1.0.0"
edition = "2024"
[features]
default = ["mail"]
mail = ["dep:acme-mail"]
fax = ["mail", "acme-mail/fax"]
gzip = ["dep:gzip"]
[dependencies]
desk-api = { path = "../api" }
acme-mail = { path = "../mail", version = "0.3", optional = true }
suite = { path = "../suite", features = ["chat"] }
gzip = { path = "../gzip", optional = true }
lone = { path = "../lone" }
[target.'cfg(windows)'.dependencies]
registry-keys = { path = "../keys" }
"#,
    ),
    ("desk/src/lib.rs", ""),
    (
        "desk/plugins.toml",
        r#"treenail = 1
[host]
api = "1.4.0"
[lock]
features = [["gzip", "mail"]]
targets = ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc"]
[bind]
"dyn desk_api::Notify" = { value = "suite:Chat", when = { feature = "gzip" } }
[registry."desk_api::Codecs"]
gzip = { value = "gzip::CODEC" }
plain = { value = "crate::PLAIN", description = "as \"it\" is \\ \"\"\"three\"\"\"" }
keys = { value = "registry_keys::CODEC" }
[[component]]
type = "crate::Desk"
requires = { notify = { service = "dyn desk_api::Notify", all = true }, codecs = { registry = "desk_api::Codecs" } }
[overlay.quiet.plugins]
suite = { enabled = false }
"#,
    ),
    (
        "api/Cargo.toml",
        "[package]\nname = \"desk-api\"\nversion = \"1.4.2\"\nedition = \"2024\"\n",
    ),
    ("api/src/lib.rs", ""),
    (
        "gzip/Cargo.toml",
        "[package]\nname = \"gzip\"\nversion = \"2.0.0\"\nedition = \"2024\"\n",
    ),
    ("gzip/src/lib.rs", ""),
    (
        "lone/Cargo.toml",
        "[package]\nname = \"lone\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    ),
    ("lone/src/lib.rs", ""),
    (
        "keys/Cargo.toml",
        "[package]\nname = \"registry-keys\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    ),
    ("keys/src/lib.rs", ""),
    (
        "mail/Cargo.toml",
        r#"[package]
name = "acme-mail"
version = "0.3.1"
edition = "2024"
[package.metadata.treenail]
manifest = "manifests/plugin.toml"
[features]
fax = []
[dependencies]
contracts = { package = "desk-api", path = "../api" }
"#,
    ),
    ("mail/src/lib.rs", ""),
    (
        "mail/manifests/plugin.toml",
        r#"treenail = 1
[plugin]
id = "mail"
api = { desk-api = "^1.4" }
[[component]]
type = "crate::Mailer"
provides = ["dyn contracts::Notify"]
[[component]]
type = "crate::Fax"
provides = ["dyn contracts::Notify"]
scope = "instance"
when = { feature = "fax" }
[registry."contracts::Codecs"]
fax = { value = "crate::FAX", when = { feature = "fax" } }
mime = { value = "crate::MIME" }
"#,
    ),
    (
        "suite/Cargo.toml",
        r#"[package]
name = "suite"
version = "2.1.0"
edition = "2024"
[package.metadata.treenail]
manifest = "plugins.toml"
[features]
chat = []
[dependencies]
desk-api = { path = "../api" }
hidden = { path = "../hidden" }
"#,
    ),
    ("suite/src/lib.rs", ""),
    (
        "suite/plugins.toml",
        r#"treenail = 1
[plugin]
id = "suite"
[[component]]
type = "crate::Chat"
provides = ["dyn desk_api::Notify"]
when = { feature = "chat" }
"#,
    ),
    (
        "hidden/Cargo.toml",
        r#"[package]
name = "hidden"
version = "0.0.7"
edition = "2024"
[package.metadata.treenail]
manifest = "plugins.toml"
"#,
    ),
    ("hidden/src/lib.rs", ""),
    (
        "hidden/plugins.toml",
        "treenail = 1\n[plugin]\nid = \"hidden\"\n",
    ),
];

/// The packages on disk.
struct Tree(Scratch);

impl Tree {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("treenail-lock-{}-{number}", std::process::id());
        let tree = Self(Scratch(std::env::temp_dir().join(name)));
        for (path, text) in FILES {
            tree.write(path, text);
        }
        // As the first build writes it.
        let composed = tree.composer().compose();
        assert!(!composed.has_errors(), "{:?}", composed.messages());
        tree
    }

    /// One whose lock is written.
    fn locked() -> Self {
        let tree = Self::new();
        tree.write("desk/plugins.lock", &tree.lock(false));
        tree
    }

    fn root(&self) -> &Path {
        &self.0.0
    }

    fn write(&self, path: &str, text: &str) {
        write_if_changed(&self.root().join(path), text.as_bytes()).expect("written");
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).expect("a text")
    }

    /// Changes a file where it says the first to say the second.
    fn change(&self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replace(from, to));
    }

    fn remove(&self, path: &str) {
        let path = self.root().join(path);
        let removed = match path.is_dir() {
            true => fs::remove_dir_all(path),
            false => fs::remove_file(path),
        };
        removed.expect("removed");
    }

    fn composer(&self) -> Composer {
        Composer::new(self.root().join("desk")).target(TARGET)
    }

    fn lock(&self, hermetic: bool) -> String {
        match self.composer().lock(hermetic) {
            Ok(text) => text.expect("a host"),
            Err(composed) => panic!("{:?}", composed.messages()),
        }
    }

    fn from_lock(&self) -> Composed {
        self.composer().locked().compose()
    }

    /// What is said of a composition from the lock.
    fn told(&self) -> String {
        told(&self.from_lock())
    }
}

fn told(composed: &Composed) -> String {
    let messages = composed.messages().iter();
    let texts = messages.map(|message| {
        let notes = message
            .notes
            .iter()
            .map(|note| format!("\n  {}", note.text));
        format!(
            "{}: {}{}\n",
            message.code,
            message.title,
            notes.collect::<String>()
        )
    });
    texts.collect()
}

/// Compares two texts, and shows the first line that differs.
#[track_caller]
fn assert_same(one: &str, other: &str) {
    let both = one.lines().zip(other.lines());
    let other_lines = both.filter(|(one, other)| one != other).take(1);
    assert!(one == other, "{:?}", other_lines.collect::<Vec<_>>());
}

fn features(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Every build that the lock of the packages knows.
fn builds() -> Vec<(BTreeSet<String>, &'static str)> {
    let sets: [&[&str]; 7] = [
        &["default"],
        &[],
        &["default", "mail", "fax", "gzip"],
        &["mail"],
        &["fax"],
        &["gzip"],
        &["gzip", "mail"],
    ];
    let targets = [TARGET, "x86_64-pc-windows-msvc"];
    let all = sets
        .iter()
        .flat_map(|set| targets.map(|target| (features(set), target)));
    all.collect()
}

#[test]
fn a_lock_composes_what_cargo_does_at_every_point() {
    let tree = Tree::locked();
    for (features, target) in builds() {
        for overlay in [None, Some("quiet")] {
            let composer = tree.composer().only_features(&features).target(target);
            let composer = overlay.into_iter().fold(composer, Composer::overlay);
            let (asked, locked) = (composer.compose(), composer.clone().locked().compose());
            assert_eq!(
                told(&asked),
                told(&locked),
                "{features:?} {target} {overlay:?}"
            );
            assert_same(asked.rust(), locked.rust());
            assert_eq!(asked.digest(), locked.digest());
            assert!(overlay.is_some() || locked.digest().is_some());
        }
    }
}

#[test]
fn a_lock_needs_neither_cargo_nor_the_files_of_others() {
    let tree = Tree::locked();
    let before = tree.composer().compose();
    for folder in [
        "api",
        "gzip",
        "hidden",
        "keys",
        "lone",
        "mail",
        "suite",
        "desk/Cargo.lock",
    ] {
        tree.remove(folder);
    }
    let locked = tree.from_lock();
    assert_eq!(told(&locked), "");
    assert_same(locked.rust(), before.rust());
    // Cargo has no answer without them.
    let fallen_back = tree.composer().compose();
    assert!(
        told(&fallen_back).starts_with("TN0609: "),
        "{}",
        told(&fallen_back)
    );
    assert_same(fallen_back.rust(), before.rust());
}

#[test]
fn the_members_of_a_workspace_are_read_or_in_a_hermetic_lock() {
    let tree = Tree::new();
    tree.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"desk\"]\nresolver = \"3\"\n",
    );
    tree.remove("desk/Cargo.lock");
    let before = tree.composer().compose();
    let (lock, hermetic) = (tree.lock(false), tree.lock(true));
    assert!(!lock.contains("manifest-text"), "{lock}");
    tree.write("desk/plugins.lock", &lock);
    assert_same(tree.from_lock().rust(), before.rust());
    // Elsewhere, and alone.
    fs::rename(tree.root().join("desk"), tree.root().join("alone")).expect("moved");
    for folder in ["suite", "mail", "Cargo.toml", "Cargo.lock"] {
        tree.remove(folder);
    }
    let alone = || {
        Composer::new(tree.root().join("alone"))
            .target(TARGET)
            .locked()
            .compose()
    };
    let refused = told(&alone());
    assert_eq!(refused.matches("TN0607").count(), 2, "{refused}");
    tree.write("alone/plugins.lock", &hermetic);
    let found = alone();
    assert_eq!(told(&found), "");
    assert_same(found.rust(), before.rust());
}

#[test]
fn a_lock_is_the_same_wherever_it_is_written() {
    let (one, other) = (Tree::new(), Tree::new());
    assert_eq!(one.lock(false), other.lock(false));
    assert_eq!(one.lock(false), Tree::locked().lock(false));
    let root = one.root().to_string_lossy().into_owned();
    assert!(!one.lock(true).contains(&root));
}

#[test]
fn a_lock_with_other_ends_of_lines_is_the_same() {
    let tree = Tree::locked();
    let before = tree.from_lock();
    tree.write(
        "desk/plugins.lock",
        &tree.text("desk/plugins.lock").replace('\n', "\r\n"),
    );
    assert_eq!(told(&tree.from_lock()), "");
    assert_same(tree.from_lock().rust(), before.rust());
}

#[test]
fn a_lock_that_is_not_as_it_was_written_is_refused() {
    let whole = Tree::locked().text("desk/plugins.lock");
    let tree = Tree::new();
    let refused = |text: &str, expected: &str| {
        tree.write("desk/plugins.lock", text);
        let told = tree.told();
        assert!(told.starts_with(expected), "{told}");
        assert_eq!(told.matches("TN0").count(), 1, "{told}");
    };
    for line in 0..whole.lines().count() {
        let cut: String = whole
            .lines()
            .take(line)
            .map(|line| format!("{line}\n"))
            .collect();
        refused(&cut, "TN0602: ");
    }
    refused(&whole.replace("1.4.2", "1.4.3"), "TN0602: ");
    refused(&whole.replace("id = \"mail\"", "id = \"post\""), "TN0602: ");
    refused(&whole.replace("version = 1\n", "version = 2\n"), "TN0603: ");
    let conflict = whole.replacen(
        "\n[[package]]",
        "\n<<<<<<< HEAD\n=======\n>>>>>>> other\n[[package]]",
        1,
    );
    refused(
        &conflict,
        "TN0602: `plugins.lock` has both sides of a merge",
    );
}

/// A change to the packages, and what is then said of the lock.
type Change = (fn(&Tree), &'static str);

#[test]
fn a_lock_that_is_behind_composes_nothing_and_says_why() {
    let changes: &[Change] = &[
        (
            |tree| tree.remove("desk/plugins.lock"),
            "TN0601: there is no `plugins.lock`",
        ),
        (
            |tree| tree.change("desk/Cargo.toml", "name = \"desk\"", "name = \"bureau\""),
            "TN0604: `plugins.lock` is of package `desk`, and not of `bureau`",
        ),
        (
            |tree| tree.change("desk/plugins.toml", "\"suite:Chat\"", "\"mail:Mailer\""),
            "TN0605: `plugins.lock` is behind: `plugins.toml` has changed since",
        ),
        (
            |tree| tree.change("mail/manifests/plugin.toml", "crate::MIME", "crate::MULTI"),
            "TN0605: `plugins.lock` is behind: the manifest of package `acme-mail` has changed since",
        ),
        (
            |tree| {
                tree.change(
                    "desk/Cargo.toml",
                    "[dependencies]",
                    "[dependencies]\nsms = \"1\"",
                )
            },
            "TN0605: `plugins.lock` is behind: Cargo.toml has a new dependency `sms`",
        ),
        (
            |tree| tree.change("desk/Cargo.toml", "lone = { path = \"../lone\" }", ""),
            "TN0605: `plugins.lock` is behind: Cargo.toml has no dependency `lone` any more",
        ),
        (
            |tree| {
                tree.change(
                    "desk/Cargo.toml",
                    "features = [\"chat\"]",
                    "default-features = false",
                )
            },
            "TN0605: `plugins.lock` is behind: Cargo.toml says something else of features",
        ),
        (
            |tree| {
                tree.change(
                    "desk/Cargo.toml",
                    "default = [\"mail\"]",
                    "default = [\"fax\"]",
                )
            },
            "TN0605: `plugins.lock` is behind: Cargo.toml says something else of features",
        ),
        (
            |tree| tree.change("desk/Cargo.lock", "1.4.2", "1.5.0"),
            "TN0605: `plugins.lock` is behind: package `desk-api` was 1.4.2, and is 1.5.0 in Cargo.lock",
        ),
        (
            |tree| {
                let second = "[[package]]\nname = \"desk-api\"\nversion = \"2.0.0\"\n";
                tree.write("desk/Cargo.lock", &(tree.text("desk/Cargo.lock") + second));
            },
            "TN0605: `plugins.lock` is behind: package `desk-api` was 1.4.2, and is 1.4.2 and 2.0.0 in Cargo.lock",
        ),
    ];
    for (change, expected) in changes {
        let tree = Tree::locked();
        change(&tree);
        let composed = tree.from_lock();
        let told = told(&composed);
        assert!(told.starts_with(expected), "{told}");
        assert_eq!(told.matches("TN0").count(), 1, "{told}");
        assert!(told.contains("cargo treenail lock"), "{told}");
        assert_eq!(composed.digest(), None);
    }
}

#[test]
fn several_reasons_why_a_lock_is_behind_are_one_message() {
    let tree = Tree::locked();
    tree.change("desk/plugins.toml", "1.4.0", "1.5.0");
    tree.change("desk/Cargo.lock", "0.3.1", "0.3.2");
    let told = tree.told();
    assert_eq!(told.matches("TN0605").count(), 1, "{told}");
    assert!(
        told.contains("`acme-mail` was 0.3.1, and is 0.3.2 in Cargo.lock"),
        "{told}"
    );
}

#[test]
fn a_build_that_the_lock_does_not_know_is_told_how_it_would() {
    let tree = Tree::locked();
    let locked = |composer: Composer| told(&composer.locked().compose());
    let both = tree.composer().only_features(&features(&["fax", "gzip"]));
    let told = locked(both);
    assert!(
        told.starts_with(
            "TN0606: `plugins.lock` knows nothing of a build with the features `fax` and `gzip`"
        ),
        "{told}"
    );
    assert!(told.contains("features = [[\"fax\", \"gzip\"]]"), "{told}");
    let told = locked(tree.composer().target("aarch64-apple-darwin"));
    assert!(
        told.starts_with(
            "TN0606: `plugins.lock` knows nothing of the target `aarch64-apple-darwin`"
        ),
        "{told}"
    );
}

#[test]
fn a_build_that_asks_cargo_says_in_one_message_that_the_lock_is_behind() {
    let tree = Tree::locked();
    assert_eq!(told(&tree.composer().compose()), "");
    tree.change("desk/plugins.toml", "\"suite:Chat\"", "\"mail:Mailer\"");
    let composed = tree.composer().compose();
    assert!(
        told(&composed).starts_with("TN0608: "),
        "{}",
        told(&composed)
    );
    assert!(!composed.has_errors());
    tree.write("desk/plugins.lock", "<<<<<<< HEAD\n");
    assert!(told(&tree.composer().compose()).starts_with("TN0608: "));
    tree.change(
        "desk/plugins.toml",
        "[bind]",
        "[lints]\nlock_behind = \"allow\"\n[bind]",
    );
    assert_eq!(told(&tree.composer().compose()), "");
}

#[test]
fn a_host_that_says_locked_is_composed_from_its_lock() {
    let tree = Tree::new();
    tree.change("desk/plugins.toml", "[host]", "[host]\nlocked = true");
    assert!(told(&tree.composer().compose()).starts_with("TN0601: "));
    tree.write("desk/plugins.lock", &tree.lock(false));
    assert_eq!(told(&tree.composer().compose()), "");
    tree.change("desk/Cargo.lock", "0.3.1", "0.3.2");
    assert!(told(&tree.composer().compose()).starts_with("TN0605: "));
}

#[test]
fn a_composition_with_mistakes_is_not_locked() {
    let tree = Tree::new();
    tree.change(
        "desk/plugins.toml",
        "{ feature = \"gzip\" }",
        "{ feature = \"gzip\" }, priority = 1.5",
    );
    assert!(tree.composer().lock(false).is_err());
    let tree = Tree::new();
    tree.change(
        "desk/plugins.toml",
        "[[\"gzip\", \"mail\"]]",
        "[[\"gzip\", \"male\"]]",
    );
    let refused = tree
        .composer()
        .lock(false)
        .expect_err("there is no such feature");
    assert!(told(&refused).contains("`male`"), "{}", told(&refused));
}

#[test]
fn a_manifest_of_any_text_comes_back() {
    let texts = [
        "\"",
        "\"\"\"\"\"\"",
        "\\",
        "\\\"",
        "\t\tb",
        "'''",
        "x\"",
        "é\u{feff}\u{2028}",
        "\\u0041 \\n",
        "\"\"\"",
    ];
    let tree = Tree::new();
    let comments = texts.map(|text| format!("# {text}\n")).concat();
    let manifest = tree.text("suite/plugins.toml") + &comments + "\r\n# \"";
    tree.write("suite/plugins.toml", &manifest);
    let before = tree.composer().compose();
    tree.write("desk/plugins.lock", &tree.lock(true));
    tree.remove("suite");
    assert_eq!(tree.told(), "");
    assert_same(tree.from_lock().rust(), before.rust());
}

#[test]
fn the_lock_keeps_what_manifests_can_name_and_no_more() {
    let lock = Tree::new().lock(false);
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = "));
    let names: BTreeSet<&str> = names.collect();
    let expected = [
        "acme-mail",
        "desk",
        "desk-api",
        "gzip",
        "hidden",
        "registry-keys",
        "suite",
    ];
    let expected: Vec<String> = expected.iter().map(|name| format!("{name:?}")).collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
}
