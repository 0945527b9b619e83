//! What the `Cargo.toml` of a package declares: features that the command line may name, crates that its code may name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::cargo_toml::{kinds, platforms, table, texts};
use crate::files;
use crate::model::cfg_of;
use crate::runtime::RUNTIME;

/// Kinds of dependencies that bring features along.
const KINDS: [&str; 2] = ["dependencies", "build-dependencies"];

/// What stands in a `Cargo.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Declared {
    /// Name of the package.
    pub(crate) package: String,
    /// Crates that its library can name; for a test of the package, those of its development dependencies too, and its own
    /// library.
    pub(crate) externs: BTreeSet<String>,
    /// What its code calls the runtime crate.
    pub(crate) runtime: String,
    /// Its build script can compose.
    pub(crate) composes: bool,
    /// Its Cargo.toml says that it is a plugin, or a host with a manifest of another name.
    pub(crate) has_manifest: bool,
    /// Dependencies that are for a platform, by the names that code has for them; and the platform, as it is written.
    pub(crate) platforms: Vec<(String, String)>,
    /// The features that bring a dependency, or a feature of one, and not only by others that they switch on.
    pub(crate) bringing: BTreeSet<String>,
    /// Features, those that optional dependencies bring along included.
    pub(crate) features: BTreeSet<String>,
    /// Crates that its library can name only where a condition holds, which rustc decides.
    pub(crate) brought: BTreeMap<String, String>,
    /// The feature that brings each optional dependency, by the name that code has for it; of several, the one that says least else.
    pub(crate) features_of: BTreeMap<String, String>,
}

impl Declared {
    /// Of the package in this folder. `None` where its `Cargo.toml` cannot be read: Cargo says why.
    pub(crate) fn of(package: &Path, development: bool) -> Option<Self> {
        Some(parse(&text(package)?, development))
    }
}

/// The Cargo.toml of the package in this folder.
pub(super) fn text(package: &Path) -> Option<String> {
    String::from_utf8(files::read(&package.join("Cargo.toml")).ok()?).ok()
}

/// Root of the workspace that the package in this folder belongs to, as Cargo looks for it: the package itself, the folder that it
/// names, or the nearest one above. Without a workspace, the package.
pub(crate) fn workspace_of(package: &Path) -> PathBuf {
    let named = |folder: &Path| {
        let text = text(folder)?;
        let (tree, _) = DeTable::parse_recoverable(&text);
        let tree = tree.get_ref();
        if tree.contains_key("workspace") {
            return Some(folder.to_owned());
        }
        let root = table(tree, "package")?.get("workspace")?;
        root.get_ref().as_str().map(|root| folder.join(root))
    };
    let found = package.ancestors().find_map(named);
    found.unwrap_or_else(|| package.to_owned())
}

fn parse(text: &str, development: bool) -> Declared {
    let (tree, _) = DeTable::parse_recoverable(text);
    let tree = tree.get_ref();
    let name_in = |section| {
        let name = table(tree, section)?.get("name")?.get_ref().as_str()?;
        Some(name.to_owned())
    };
    let package = name_in("package").unwrap_or_default();
    let mut externs = BTreeSet::new();
    let mut runtime = RUNTIME.to_owned();
    for (_, tables) in platforms(tree) {
        let kinds = kinds(development).iter();
        let tables = kinds.filter_map(|kind| table(tables, kind));
        for (key, value) in tables.flatten() {
            let name = key.get_ref().replace('-', "_");
            if package_of(key.get_ref(), value.get_ref()) == RUNTIME {
                runtime.clone_from(&name);
            }
            externs.insert(name);
        }
    }
    if development {
        let library = name_in("lib").unwrap_or_else(|| package.clone());
        externs.insert(library.replace('-', "_"));
    }
    let builds = table(tree, "build-dependencies").into_iter().flatten();
    let mut builds = builds.map(|(key, value)| package_of(key.get_ref(), value.get_ref()));
    let metadata = table(tree, "package").and_then(|package| table(package, "metadata"));
    Declared {
        composes: builds.any(|package| package == "treenail-build"),
        has_manifest: metadata.is_some_and(|metadata| metadata.get("treenail").is_some()),
        package,
        externs,
        runtime,
        platforms: of_platforms(tree),
        bringing: bringing_any(tree),
        features: features(tree),
        brought: brought(tree),
        features_of: features_of(tree),
    }
}

/// The package that a line asks for.
fn package_of<'t>(key: &'t str, dependency: &'t DeValue<'_>) -> &'t str {
    let package = dependency.get("package");
    let package = package.and_then(|package| package.get_ref().as_str());
    package.unwrap_or(key)
}

/// Under which condition a library can name each of its dependencies: on a platform, with a feature that brings it along. What is always
/// there is left out. A platform that is named by its triple is taken for this one: rustc has no such condition.
fn brought(tree: &DeTable<'_>) -> BTreeMap<String, String> {
    let mut ways: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
    for (platform, tables) in platforms(tree) {
        let named = table(tables, "dependencies").into_iter().flatten();
        for (name, dependency) in named {
            let bare = platform.and_then(|platform| platform.strip_prefix("cfg("));
            let platform = bare.and_then(|platform| platform.strip_suffix(')'));
            let mut all: Vec<String> = platform.map(str::to_owned).into_iter().collect();
            if is_optional(dependency.get_ref()) {
                let features = bringing(tree, name.get_ref());
                let features = features.iter().map(|name| format!("feature = {name:?}"));
                all.push(cfg_of("any", &features.collect::<Vec<_>>()));
            }
            let condition = (!all.is_empty()).then(|| cfg_of("all", &all));
            let code = name.get_ref().replace('-', "_");
            ways.entry(code).or_default().push(condition);
        }
    }
    let brought = ways.into_iter().filter_map(|(name, ways)| {
        let ways: Option<Vec<String>> = ways.into_iter().collect();
        Some((name, cfg_of("any", &ways?)))
    });
    brought.collect()
}

fn features_of(tree: &DeTable<'_>) -> BTreeMap<String, String> {
    let size = |feature: &String| {
        let values = table(tree, "features").and_then(|all| all.get(feature.as_str()));
        values.map_or(0, |values| match values.get_ref() {
            DeValue::Array(values) => values.len(),
            _ => 0,
        })
    };
    let mut found = BTreeMap::new();
    for (_, tables) in platforms(tree) {
        let named = table(tables, "dependencies").into_iter().flatten();
        for (name, _) in named.filter(|(_, dependency)| is_optional(dependency.get_ref())) {
            let features = bringing(tree, name.get_ref());
            let least = features.into_iter().min_by_key(size);
            found.extend(least.map(|feature| (name.get_ref().replace('-', "_"), feature)));
        }
    }
    found
}

/// Dependencies that are for a platform, with the platform.
fn of_platforms(tree: &DeTable<'_>) -> Vec<(String, String)> {
    let all = platforms(tree).filter_map(|(platform, tables)| Some((platform?, tables)));
    let named = all.flat_map(|(platform, tables)| {
        let names = table(tables, "dependencies").into_iter().flatten();
        names.map(move |(name, _)| (name.get_ref().replace('-', "_"), platform.to_owned()))
    });
    named.collect()
}

/// The features that bring a dependency, or a feature of one, and not only by others that they switch on.
fn bringing_any(tree: &DeTable<'_>) -> BTreeSet<String> {
    let brings = |name: &String| {
        let values = table(tree, "features").and_then(|all| all.get(name.as_str()));
        // A feature that no table has is an optional dependency.
        let values = values.map(Spanned::get_ref);
        values.is_none() || texts(values).any(|value| value.contains(['/', ':']))
    };
    features(tree).into_iter().filter(brings).collect()
}

/// The features that bring an optional dependency along, besides those that switch on one of these.
fn bringing(tree: &DeTable<'_>, dependency: &str) -> BTreeSet<String> {
    let (mut found, mut is_hidden) = (BTreeSet::new(), false);
    for (name, values) in table(tree, "features").into_iter().flatten() {
        for value in texts(Some(values.get_ref())) {
            let by_dep = value.strip_prefix("dep:") == Some(dependency);
            let with_feature = value.split_once('/').map(|(name, _)| name) == Some(dependency);
            is_hidden |= by_dep;
            if by_dep || with_feature {
                found.insert(name.get_ref().to_string());
            }
        }
    }
    // `dep:name` hides the feature of that name.
    if !is_hidden {
        found.insert(dependency.to_owned());
    }
    found
}

fn is_optional(dependency: &DeValue<'_>) -> bool {
    let optional = match dependency {
        DeValue::Table(keys) => keys.get("optional"),
        _ => None,
    };
    optional.is_some_and(|value| matches!(value.get_ref(), DeValue::Boolean(true)))
}

/// The features of a package, those that optional dependencies bring along included.
pub(super) fn features(tree: &DeTable<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut by_dep = BTreeSet::new();
    for (name, values) in table(tree, "features").into_iter().flatten() {
        found.insert(name.get_ref().to_string());
        let hidden = texts(Some(values.get_ref())).filter_map(|text| text.strip_prefix("dep:"));
        by_dep.extend(hidden);
    }
    for (_, tables) in platforms(tree) {
        let kinds = KINDS.iter().filter_map(|kind| table(tables, kind));
        for (name, dependency) in kinds.flatten() {
            // `dep:name` hides the feature of that name.
            if is_optional(dependency.get_ref()) && !by_dep.contains(name.get_ref().as_ref()) {
                found.insert(name.get_ref().to_string());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn optional_dependencies_are_features_unless_they_are_hidden() {
        let text = r#"
            [features]
            default = ["mail"]
            mail = ["dep:acme-mail"]
            [dependencies]
            acme-mail = { version = "1", optional = true }
            clock = { version = "1", optional = true }
            always = "1"
            [target.'cfg(unix)'.dependencies]
            signals = { version = "1", optional = true }
        "#;
        let parsed = parse(text, false);
        assert_eq!(
            parsed.features.into_iter().collect::<Vec<_>>(),
            ["clock", "default", "mail", "signals"]
        );
        assert_eq!(
            parsed.bringing.into_iter().collect::<Vec<_>>(),
            ["clock", "mail", "signals"]
        );
    }

    #[test]
    fn a_library_can_name_its_dependencies_and_a_test_some_more() {
        let text = r#"
            [package]
            name = "acme-mail"
            [dependencies]
            helpdesk-api.workspace = true
            time = { package = "clock", version = "1" }
            peg = { package = "treenail", version = "0.1" }
            [dev-dependencies]
            doubles = "1"
            [target.'cfg(unix)'.dependencies]
            signals = "1"
        "#;
        let of_library = ["helpdesk_api", "peg", "signals", "time"];
        let library = parse(text, false);
        assert_eq!(library.package, "acme-mail");
        assert_eq!(library.runtime, "peg");
        assert_eq!(library.externs.iter().collect::<Vec<_>>(), of_library);
        let test = parse(text, true);
        let of_tests = test.externs.iter().collect::<Vec<_>>();
        assert_eq!(
            of_tests,
            [
                "acme_mail",
                "doubles",
                "helpdesk_api",
                "peg",
                "signals",
                "time"
            ]
        );
    }

    #[test]
    fn a_dependency_is_brought_by_features_and_platforms() {
        let text = r#"
            [features]
            compression = ["dep:gzip"]
            all = ["compression", "dep:gzip", "tls/native"]
            [dependencies]
            gzip = { version = "1", optional = true }
            tls = { version = "1", optional = true }
            acme-clock = { version = "1", optional = true }
            always = { version = "1", optional = false }
            [target.'cfg(unix)'.dependencies]
            signals = { version = "1", optional = true }
            always = "1"
            pipes = "1"
            [target.'cfg(windows)'.dependencies]
            pipes = "1"
            [target.x86_64-unknown-linux-gnu.dependencies]
            local = "1"
        "#;
        let parsed = parse(text, false);
        assert_eq!(parsed.features_of["gzip"], "compression");
        let brought = parsed.brought;
        let brought: Vec<(&str, &str)> = brought
            .iter()
            .map(|(name, condition)| (name.as_str(), condition.as_str()))
            .collect();
        assert_eq!(
            brought,
            [
                ("acme_clock", r#"feature = "acme-clock""#),
                ("gzip", r#"any(feature = "all", feature = "compression")"#),
                ("pipes", "any(unix, windows)"),
                ("signals", r#"all(unix, feature = "signals")"#),
                ("tls", r#"any(feature = "all", feature = "tls")"#),
            ]
        );
    }

    #[test]
    fn what_is_not_toml_has_no_features() {
        assert!(parse("[features\n]]", false).features.is_empty());
    }
}
