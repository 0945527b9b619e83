//! The packages whose lock is looked at.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::files::{Scratch, write_if_changed};
use crate::front::composed::Composed;
use crate::front::composer::Composer;

pub(super) const TARGET: &str = "x86_64-unknown-linux-gnu";

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
pub(super) struct Tree(Scratch);

impl Tree {
    pub(super) fn new() -> Self {
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

    /// One whose lock is written; it is the same wherever that is done.
    pub(super) fn locked() -> Self {
        static LOCK: OnceLock<String> = OnceLock::new();
        let tree = Self::new();
        tree.write("desk/plugins.lock", LOCK.get_or_init(|| tree.lock(false)));
        tree
    }

    pub(super) fn root(&self) -> &Path {
        &self.0.0
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        write_if_changed(&self.root().join(path), text.as_bytes()).expect("written");
    }

    pub(super) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).expect("a text")
    }

    /// Changes a file where it says the first to say the second.
    pub(super) fn change(&self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replace(from, to));
    }

    pub(super) fn remove(&self, path: &str) {
        let path = self.root().join(path);
        let removed = match path.is_dir() {
            true => fs::remove_dir_all(path),
            false => fs::remove_file(path),
        };
        removed.expect("removed");
    }

    pub(super) fn composer(&self) -> Composer {
        Composer::new(self.root().join("desk")).target(TARGET)
    }

    pub(super) fn lock(&self, hermetic: bool) -> String {
        let lock = self.composer().lock(hermetic);
        let text = lock.text;
        text.unwrap_or_else(|| panic!("{}", told(&lock.composed)))
    }

    pub(super) fn locked_composition(&self) -> Composed {
        self.composer().locked().compose()
    }

    /// What is said of a composition from the lock.
    pub(super) fn told(&self) -> String {
        told(&self.locked_composition())
    }
}

/// What is said of a composition, each message with its notes.
pub(super) fn told(composed: &Composed) -> String {
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
pub(super) fn assert_same(one: &str, other: &str) {
    let both = one.lines().zip(other.lines());
    let other_lines = both.filter(|(one, other)| one != other).take(1);
    assert!(one == other, "{:?}", other_lines.collect::<Vec<_>>());
}

/// Features by their names.
pub(super) fn features(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Every build that the lock of the packages knows.
pub(super) fn builds() -> Vec<(BTreeSet<String>, &'static str)> {
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
