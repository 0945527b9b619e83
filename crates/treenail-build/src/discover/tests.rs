//! Discovery among real packages, written to a temporary folder and asked about with the real cargo.
//! One test for every way in which packages can lie to each other, and so longer than other files.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::declaration::own_manifest;
use super::{Discovery, Found, Request, discover};
use crate::diagnostic::Diagnostics;
use crate::index::Ix;
use crate::manifest;
use crate::model::PackageIx;
use crate::report;
use crate::source::Sources;

/// A folder of packages that is removed in the end.
struct Tree(PathBuf);

impl Tree {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let root =
            std::env::temp_dir().join(format!("treenail-discover-{}-{number}", std::process::id()));
        fs::create_dir_all(&root).expect("a folder");
        Self(root.canonicalize().expect("its path"))
    }

    /// Writes a file; `lines` are joined.
    fn file(&self, path: &str, lines: &[&str]) -> &Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, lines.join("\n") + "\n").expect("written");
        self
    }

    /// Writes a package with a library, in the folder of its name.
    fn package(&self, name: &str, lines: &[&str]) -> &Self {
        let header = [
            "[package]",
            &format!("name = \"{name}\""),
            "version = \"0.3.1\"",
            "edition = \"2021\"",
        ];
        self.file(&format!("{name}/Cargo.toml"), &[&header, lines].concat());
        self.file(&format!("{name}/src/lib.rs"), &[""])
    }

    /// Writes a package that is a plugin of the same name.
    fn plugin(&self, name: &str, lines: &[&str]) -> &Self {
        let metadata = ["[package.metadata.treenail]", "manifest = \"plugins.toml\""];
        self.package(name, &[&metadata, lines].concat());
        self.file(
            &format!("{name}/plugins.toml"),
            &["treenail = 1", "[plugin]", &format!("id = \"{name}\"")],
        )
    }

    fn discover_with(&self, package: &str, features: &[&str]) -> Answer {
        let features: BTreeSet<String> = features.iter().map(|&name| name.to_owned()).collect();
        self.ask(package, Some(&features), |_| {})
    }

    fn discover(&self, package: &str, change: impl FnOnce(&mut Request<'_>)) -> Answer {
        self.ask(package, None, change)
    }

    fn ask(
        &self,
        package: &str,
        features: Option<&BTreeSet<String>>,
        change: impl FnOnce(&mut Request<'_>),
    ) -> Answer {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let host = manifest::read_bytes(
            "plugins.toml",
            b"treenail = 1\n[host]\n",
            &mut sources,
            &mut problems,
        );
        let folder = self.0.join(package);
        let mut request = Request {
            features,
            scratch: self.0.clone(),
            ..Request::new(&folder, &host)
        };
        change(&mut request);
        let discovery = discover(&request, &mut sources, &mut problems);
        Answer {
            discovery,
            text: report::render(&problems, &sources),
        }
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Answer {
    discovery: Option<Discovery>,
    text: String,
}

impl Answer {
    fn found(&self) -> &Discovery {
        assert_eq!(self.text, "");
        self.discovery.as_ref().expect("an answer")
    }

    /// The direct plugins, by id.
    fn plugins(&self) -> Vec<&str> {
        ids(&self.found().direct)
    }

    /// The names the host has for packages: `name = package`.
    fn externs(&self) -> Vec<String> {
        let universe = &self.found().universe;
        let externs = universe.packages[universe.host].externs.iter();
        externs
            .map(|(name, number)| format!("{name} = {}", universe.packages[*number].name))
            .collect()
    }
}

fn ids(found: &[Found]) -> Vec<&str> {
    found
        .iter()
        .filter_map(|found| found.manifest.plugin.as_ref())
        .map(|plugin| plugin.id.value.as_str())
        .collect()
}

#[test]
fn path_dependencies_with_a_manifest_are_plugins() {
    let tree = Tree::new();
    tree.plugin("mailer", &[])
        .plugin("http", &[])
        .package("plain", &[]);
    tree.package(
        "host",
        &[
            "[dependencies]",
            "mailer.path = \"../mailer\"",
            "http.path = \"../http\"",
            "plain.path = \"../plain\"",
        ],
    );
    let answer = tree.discover("host", |_| {});
    assert_eq!(answer.plugins(), ["http", "mailer"]);
    assert_eq!(
        answer.externs(),
        ["http = http", "mailer = mailer", "plain = plain"]
    );
    let found = answer.found();
    assert_eq!(found.direct[1].name, "mailer/plugins.toml");
    assert_eq!(
        found.direct[1].digest,
        crate::digest::digest(b"treenail = 1\n[plugin]\nid = \"mailer\"\n")
    );
    let package = &found.universe.packages[found.direct[1].package];
    assert_eq!(
        (
            package.version.to_string().as_str(),
            package.lib.as_deref(),
            package.manifest
        ),
        ("0.3.1", Some("mailer"), Some(1))
    );
    let files: BTreeSet<_> = found
        .files
        .iter()
        .filter_map(|file| file.strip_prefix(&tree.0).ok()?.to_str())
        .collect();
    let expected = BTreeSet::from([
        "host/Cargo.lock",
        "host/Cargo.toml",
        "http/Cargo.toml",
        "http/plugins.toml",
        "plain/Cargo.toml",
        "mailer/Cargo.toml",
        "mailer/plugins.toml",
    ]);
    assert_eq!(files, expected);
}

#[test]
fn a_renamed_dependency_has_the_name_that_the_host_has_for_it() {
    let tree = Tree::new();
    tree.plugin("acme-mailer", &["[lib]", "name = \"mailer_lib\""]);
    tree.package(
        "host",
        &[
            "[dependencies]",
            "my-tickets = { path = \"../acme-mailer\", package = \"acme-mailer\" }",
        ],
    );
    tree.package(
        "other",
        &["[dependencies]", "acme-mailer.path = \"../acme-mailer\""],
    );
    assert_eq!(
        tree.discover("host", |_| {}).externs(),
        ["my_tickets = acme-mailer"]
    );
    assert_eq!(
        tree.discover("other", |_| {}).externs(),
        ["mailer_lib = acme-mailer"]
    );
}

#[test]
fn an_optional_dependency_follows_this_builds_features() {
    let tree = Tree::new();
    tree.plugin("mailer", &[])
        .plugin("http", &[])
        .plugin("implied", &[]);
    tree.package("host", &["[dependencies]"]);
    let optional = |name: &str| format!("{name} = {{ path = \"../{name}\", optional = true }}");
    let [mailer, http, implied] = ["mailer", "http", "implied"].map(optional);
    let features = [
        "[features]",
        "default = [\"with-http\"]",
        "with-http = [\"dep:http\"]",
        "tickets = [\"dep:mailer\", \"with-http\"]",
    ];
    tree.package(
        "host",
        &[&["[dependencies]", &mailer, &http, &implied], &features[..]].concat(),
    );
    assert_eq!(tree.discover("host", |_| {}).plugins(), ["http"]);
    let with = |on: &[&str]| {
        let answer = tree.discover_with("host", on);
        answer.plugins().join(" ")
    };
    assert_eq!(with(&[]), "");
    assert_eq!(with(&["DEFAULT", "WITH_HTTP"]), "http");
    assert_eq!(with(&["TICKETS", "WITH_HTTP"]), "http mailer");
    assert_eq!(with(&["IMPLIED"]), "implied");
}

#[test]
fn features_that_only_another_member_asks_for_do_not_count() {
    let tree = Tree::new();
    tree.file(
        "Cargo.toml",
        &[
            "[workspace]",
            "members = [\"host\", \"other\", \"lib\", \"extra\"]",
            "resolver = \"2\"",
        ],
    );
    tree.plugin("extra", &[]);
    let features = [
        "[features]",
        "more = [\"dep:extra\"]",
        "[dependencies]",
        "extra = { path = \"../extra\", optional = true }",
    ];
    tree.plugin("lib", &features);
    tree.package(
        "host",
        &[
            "[features]",
            "all = [\"lib/more\"]",
            "[dependencies]",
            "lib.path = \"../lib\"",
        ],
    );
    tree.package(
        "other",
        &[
            "[dependencies]",
            "lib = { path = \"../lib\", features = [\"more\"] }",
            "host = { path = \"../host\", features = [\"all\"] }",
        ],
    );
    let answer = tree.discover("host", |_| {});
    let found = answer.found();
    assert_eq!(
        found
            .universe
            .packages
            .iter()
            .map(|package| package.name.as_str())
            .collect::<Vec<_>>(),
        ["host", "lib"]
    );
    assert!(
        found.universe.packages[PackageIx::new(1)]
            .features
            .is_empty()
    );
    assert!(
        found.files.contains(&tree.0.join("Cargo.lock"))
            && found.files.contains(&tree.0.join("Cargo.toml"))
    );
    let answer = tree.discover_with("host", &["ALL"]);
    assert_eq!(ids(&answer.found().indirect), ["extra"]);
}

#[test]
fn development_dependencies_and_the_own_library_count_for_tests_only() {
    let tree = Tree::new();
    tree.plugin("fakes", &["[dev-dependencies]", "deep.path = \"../deep\""])
        .plugin("deep", &[]);
    tree.plugin("host", &["[dev-dependencies]", "fakes.path = \"../fakes\""]);
    assert_eq!(tree.discover("host", |_| {}).externs(), [""; 0]);
    let answer = tree.discover("host", |request| request.development = true);
    assert_eq!(answer.externs(), ["fakes = fakes", "host = host"]);
    assert_eq!(answer.plugins(), ["fakes", "host"]);
    assert_eq!(answer.found().direct[1].name, "plugins.toml");
    assert!(answer.found().indirect.is_empty());
}

#[test]
fn a_plugin_behind_another_dependency_is_remembered_with_its_way() {
    let tree = Tree::new();
    tree.plugin("deep", &[])
        .package("middle", &["[dependencies]", "deep.path = \"../deep\""]);
    tree.package("host", &["[dependencies]", "middle.path = \"../middle\""]);
    let answer = tree.discover("host", |_| {});
    assert!(answer.plugins().is_empty());
    let (found, packages) = (
        &answer.found().indirect[0],
        &answer.found().universe.packages,
    );
    assert_eq!(
        (
            packages[found.package].name.as_str(),
            packages[found.via].name.as_str()
        ),
        ("deep", "middle")
    );
}

#[test]
fn a_manifest_may_belong_to_a_feature_of_its_package() {
    let tree = Tree::new();
    tree.package(
        "mailer",
        &[
            "[package.metadata.treenail]",
            "manifest = \"deep/p.toml\"",
            "feature = \"treenail\"",
            "[features]",
            "treenail = []",
        ],
    );
    tree.file(
        "mailer/deep/p.toml",
        &["treenail = 1", "[plugin]", "id = \"mailer\""],
    );
    tree.package(
        "without",
        &["[dependencies]", "mailer.path = \"../mailer\""],
    );
    tree.package(
        "with",
        &[
            "[dependencies]",
            "mailer = { path = \"../mailer\", features = [\"treenail\"] }",
        ],
    );
    assert!(tree.discover("without", |_| {}).plugins().is_empty());
    assert_eq!(
        tree.discover("with", |_| {}).found().direct[0].name,
        "mailer/deep/p.toml"
    );
    assert_eq!(
        own_manifest(&tree.0.join("mailer")),
        tree.0.join("mailer/deep/p.toml")
    );
    assert_eq!(
        own_manifest(&tree.0.join("with")),
        tree.0.join("with/plugins.toml")
    );
}

#[test]
fn two_versions_of_one_package_are_told_apart() {
    let tree = Tree::new();
    tree.plugin("mailer", &[]).plugin("old/mailer", &[]);
    let metadata = ["[package.metadata.treenail]", "manifest = \"plugins.toml\""];
    tree.file(
        "old/mailer/Cargo.toml",
        &[
            &["[package]", "name = \"mailer\"", "version = \"0.2.0\""],
            &metadata[..],
        ]
        .concat(),
    );
    tree.file(
        "old/mailer/plugins.toml",
        &["treenail = 1", "[plugin]", "id = \"mailer\""],
    );
    tree.package(
        "host",
        &[
            "[dependencies]",
            "mailer.path = \"../mailer\"",
            "old = { path = \"../old/mailer\", package = \"mailer\" }",
        ],
    );
    let expected = r#"
packages `mailer 0.2.0` and `mailer 0.3.1` are both plugin `mailer` [TN0104]
 --> mailer@0.3.1/plugins.toml:3:6
  |
3 | id = "mailer"
  |      ^^^^^^^^ in `mailer 0.3.1`
  |
 ::: mailer@0.2.0/plugins.toml:3:6
  |
3 | id = "mailer"
  |      -------- in `mailer 0.2.0`
  |
  = help: depend on one of the two"#;
    let answer = tree.discover("host", |_| {});
    assert_eq!(answer.text, expected.trim_start());
}

#[test]
fn mistakes_in_a_packages_metadata_are_shown_in_its_cargo_toml() {
    let tree = Tree::new();
    tree.package(
        "absent",
        &["[package.metadata.treenail]", "manifest = \"plugins.toml\""],
    );
    tree.package(
        "climbs",
        &[
            "[package.metadata]",
            "treenail.manifest = \"../plugins.toml\"",
        ],
    );
    tree.package("empty", &["[package.metadata.treenail]"]);
    tree.package(
        "number",
        &["[package.metadata]", "treenail = { manifest = 7 }"],
    );
    tree.package("table", &["[package.metadata]", "treenail = true"]);
    tree.package(
        "unknown",
        &["[package.metadata.treenail]", "manifets = \"plugins.toml\""],
    );
    tree.file(
        "feature/plugins.toml",
        &["treenail = 1", "plugin.id = \"feature\""],
    )
    .package(
        "feature",
        &[
            "[package.metadata.treenail]",
            "manifest = \"plugins.toml\"",
            "feature = \"on\"",
        ],
    );
    let all = [
        "absent", "climbs", "empty", "number", "table", "unknown", "feature",
    ];
    let lines: Vec<String> = all
        .iter()
        .map(|name| format!("{name}.path = \"../{name}\""))
        .collect();
    let lines: Vec<&str> = ["[dependencies]"]
        .into_iter()
        .chain(lines.iter().map(String::as_str))
        .collect();
    tree.package("host", &lines);
    let answer = tree.discover("host", |_| {});
    let expected = include_str!("tests/mistakes_in_metadata.txt");
    assert!(answer.discovery.expect("an answer").poison.any_plugin);
    assert_eq!(answer.text + "\n", expected);
}

#[test]
fn a_plugin_without_a_library_cannot_be_used() {
    let tree = Tree::new();
    tree.plugin("tool", &[]);
    fs::rename(
        tree.0.join("tool/src/lib.rs"),
        tree.0.join("tool/src/main.rs"),
    )
    .expect("renamed");
    tree.file("tool/src/main.rs", &["fn main() {}"]);
    tree.package("host", &["[dependencies]", "tool.path = \"../tool\""]);
    tree.package(
        "off",
        &[
            "[dependencies]",
            "tool = { path = \"../tool\", optional = true }",
        ],
    );
    assert_eq!(tree.discover("off", |_| {}).text, "");
    let answer = tree.discover("host", |_| {});
    assert!(
        answer
            .text
            .starts_with("plugin `tool` cannot be used: package `tool` has no library [TN0107]"),
        "{}",
        answer.text
    );
}

#[test]
fn a_failing_cargo_is_a_diagnosis_in_its_own_words() {
    let tree = Tree::new();
    tree.package("host", &["[dependencies]", "absent.path = \"../absent\""]);
    let answer = tree.discover("host", |_| {});
    assert!(answer.discovery.is_none());
    assert!(
        answer.text.starts_with(
            "cannot find the plugins of this package: `cargo metadata` failed [TN0101]\n"
        ),
        "{}",
        answer.text
    );
    assert!(
        answer.text.contains("= cargo says:") && answer.text.contains("absent"),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("= help: "), "{}", answer.text);
    assert!(
        !answer.text.contains("treenail-discover-") && answer.text.contains("../absent"),
        "{}",
        answer.text
    );
}

#[test]
fn a_registry_that_cannot_be_asked_is_a_diagnosis() {
    let tree = Tree::new();
    tree.package(
        "host",
        &[
            "[dependencies]",
            "a-package-that-nobody-has-published-yet = \"1\"",
        ],
    );
    let answer = tree.discover("host", |_| {});
    assert!(answer.discovery.is_none());
    assert!(
        answer.text.contains("[TN0101]")
            && answer
                .text
                .contains("a-package-that-nobody-has-published-yet"),
        "{}",
        answer.text
    );
}

#[test]
fn a_cargo_that_does_not_start_or_answer_is_a_diagnosis() {
    let tree = Tree::new();
    tree.package("host", &[]);
    let answer = tree.discover("host", |request| request.cargo = "no-such-cargo".into());
    assert!(
        answer
            .text
            .contains("`cargo` could not be started [TN0101]"),
        "{}",
        answer.text
    );
    let answer = tree.discover("host", |request| request.cargo = "true".into());
    assert!(
        answer
            .text
            .contains("the output of `cargo metadata` is not understood [TN0101]"),
        "{}",
        answer.text
    );
}

#[test]
fn a_workspace_without_a_package_composes_nothing() {
    let tree = Tree::new();
    tree.file("Cargo.toml", &["[workspace]", "members = [\"host\"]"])
        .package("host", &[]);
    let answer = tree.discover("", |_| {});
    assert!(
        answer
            .text
            .contains("`cargo metadata` does not know the package [TN0101]"),
        "{}",
        answer.text
    );
}

#[test]
fn the_answer_is_the_same_wherever_the_packages_lie() {
    let look = || {
        let tree = Tree::new();
        tree.plugin("b", &[])
            .plugin("a", &["[dependencies]", "b.path = \"../b\""]);
        tree.package(
            "host",
            &["[dependencies]", "a.path = \"../a\"", "b.path = \"../b\""],
        );
        let answer = tree.discover("host", |_| {});
        let found = answer.found();
        let text = format!(
            "{:?} {:?} {:?}",
            found.universe, found.direct, found.indirect
        );
        // Where a package lies is known, but only to say how one leads to another.
        text.replace(&*tree.0.to_string_lossy(), "")
    };
    assert_eq!(look(), look());
}

#[test]
fn development_dependencies_that_are_not_on_disk_do_no_harm() {
    let tree = Tree::new();
    let nobody = "a-package-that-nobody-has-published-yet = \"1\"";
    let members = "members = [\"host\", \"other\", \"mailer\", \"patched\"]";
    tree.file(
        "Cargo.toml",
        &[
            "[workspace]",
            members,
            "[workspace.dependencies]",
            "mailer.path = \"mailer\"",
            "[patch.crates-io]",
            "patched.path = \"patched\"",
        ],
    );
    tree.plugin("mailer", &["[dev-dependencies]", nobody])
        .plugin("patched", &[]);
    tree.package("other", &["[dev-dependencies]", nobody]);
    let on = "[target.'cfg(any(unix, windows))'.dependencies]";
    let features = ["[features]", "default = []", "on = [\"dep:my-tickets\"]"];
    let dependencies = [
        "[dependencies]",
        "mailer.workspace = true",
        on,
        "my-tickets = { package = \"patched\", version = \"0.3\", optional = true }",
    ];
    tree.package(
        "host",
        &[
            &features[..],
            &dependencies,
            &["[dev-dependencies]", nobody],
        ]
        .concat(),
    );
    assert_eq!(tree.discover("host", |_| {}).plugins(), ["mailer"]);
    let answer = tree.discover_with("host", &["ON"]);
    assert_eq!(answer.plugins(), ["mailer", "patched"]);
    assert_eq!(
        answer.externs(),
        ["mailer = mailer", "my_tickets = patched"]
    );
    assert!(
        answer
            .found()
            .files
            .contains(&tree.0.join("host/Cargo.toml"))
    );
    let left: Vec<_> = fs::read_dir(&tree.0).expect("the folder").collect();
    assert_eq!(left.len(), 5, "{left:?}");
}
