//! What the `Cargo.toml` of a package declares: features that the command line may name, crates that its code may name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use crate::files;

/// Kinds of dependencies that bring features along.
const KINDS: [&str; 2] = ["dependencies", "build-dependencies"];

/// What stands in a `Cargo.toml`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Declared {
    /// Name of the package.
    pub(crate) package: String,
    /// Crates that its library can name; for a test of the package, those of its development dependencies too, and its own
    /// library. With each, where the file says that it is.
    pub(crate) externs: BTreeMap<String, Place>,
    /// Features, those that optional dependencies bring along included.
    pub(crate) features: BTreeSet<String>,
}

/// Where the package of a dependency is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// In this folder, seen from the package.
    Path(String),
    /// Where the workspace says under this name.
    Workspace(String),
    /// Somewhere else.
    Unknown,
}

impl Declared {
    /// Of the package in this folder. `None` where its `Cargo.toml` cannot be read: Cargo says why.
    pub(crate) fn of(package: &Path, development: bool) -> Option<Self> {
        Some(parse(&text(package)?, development))
    }

    /// The folder of a dependency, if it is one beside the package.
    pub(crate) fn folder(&self, package: &Path, name: &str) -> Option<PathBuf> {
        match self.externs.get(name)? {
            Place::Path(path) => Some(package.join(path)),
            Place::Workspace(name) => package.ancestors().find_map(|folder| {
                let text = text(folder)?;
                let (tree, _) = DeTable::parse_recoverable(&text);
                let dependencies = table(table(tree.get_ref(), "workspace")?, "dependencies")?;
                match place(name, dependencies.get(name.as_str())?.get_ref()) {
                    Place::Path(path) => Some(folder.join(path)),
                    _ => None,
                }
            }),
            Place::Unknown => None,
        }
    }
}

/// Whether the `Cargo.toml` of the package in this folder says in which file its library or a program is, or cannot be read.
pub(crate) fn is_elsewhere(package: &Path) -> bool {
    text(package).is_none_or(|text| names_a_file(&text))
}

fn names_a_file(text: &str) -> bool {
    let (tree, _) = DeTable::parse_recoverable(text);
    let has_path = |target: &DeValue<'_>| match target {
        DeValue::Table(keys) => keys.contains_key("path"),
        _ => false,
    };
    let targets = ["lib", "bin"]
        .into_iter()
        .filter_map(|key| tree.get_ref().get(key));
    targets
        .map(toml::Spanned::get_ref)
        .any(|target| match target {
            DeValue::Array(all) => all.iter().any(|one| has_path(one.get_ref())),
            one => has_path(one),
        })
}

fn text(package: &Path) -> Option<String> {
    String::from_utf8(files::read(&package.join("Cargo.toml")).ok()?).ok()
}

fn parse(text: &str, development: bool) -> Declared {
    let (tree, _) = DeTable::parse_recoverable(text);
    let tree = tree.get_ref();
    let name_in = |section| {
        let name = table(tree, section)?.get("name")?.get_ref().as_str()?;
        Some(name.to_owned())
    };
    let package = name_in("package").unwrap_or_default();
    let kinds: &[&str] = match development {
        true => &["dependencies", "dev-dependencies", "dev_dependencies"],
        false => &["dependencies"],
    };
    let mut externs = BTreeMap::new();
    for tables in places(tree) {
        let tables = kinds.iter().filter_map(|kind| table(tables, kind));
        externs.extend(tables.flatten().map(|(key, value)| {
            let name = key.get_ref();
            (name.replace('-', "_"), place(name, value.get_ref()))
        }));
    }
    if development {
        let library = name_in("lib").unwrap_or_else(|| package.clone());
        externs.insert(library.replace('-', "_"), Place::Path(String::new()));
    }
    Declared {
        package,
        externs,
        features: features(tree),
    }
}

/// Where a dependency of this name is.
fn place(name: &str, dependency: &DeValue<'_>) -> Place {
    let DeValue::Table(keys) = dependency else {
        return Place::Unknown;
    };
    let key = |key| keys.get(key).map(toml::Spanned::get_ref);
    match (key("path"), key("workspace")) {
        (Some(DeValue::String(path)), _) => Place::Path(path.to_string()),
        (_, Some(DeValue::Boolean(true))) => Place::Workspace(name.to_owned()),
        _ => Place::Unknown,
    }
}

fn features(tree: &DeTable<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut by_dep = BTreeSet::new();
    for (name, values) in table(tree, "features").into_iter().flatten() {
        found.insert(name.get_ref().to_string());
        if let DeValue::Array(values) = values.get_ref() {
            let texts = values.iter().filter_map(|value| value.get_ref().as_str());
            by_dep.extend(
                texts
                    .filter_map(|text| text.strip_prefix("dep:"))
                    .map(str::to_owned),
            );
        }
    }
    for place in places(tree) {
        for (name, dependency) in KINDS.iter().filter_map(|kind| table(place, kind)).flatten() {
            let is_optional = match dependency.get_ref() {
                DeValue::Table(keys) => keys
                    .get("optional")
                    .is_some_and(|value| matches!(value.get_ref(), DeValue::Boolean(true))),
                _ => false,
            };
            // `dep:name` hides the feature of that name.
            if is_optional && !by_dep.contains(name.get_ref().as_ref()) {
                found.insert(name.get_ref().to_string());
            }
        }
    }
    found
}

/// The tables that have dependencies: the whole file, and one for each platform.
fn places<'t, 'v>(tree: &'t DeTable<'v>) -> impl Iterator<Item = &'t DeTable<'v>> {
    let platforms = table(tree, "target")
        .into_iter()
        .flat_map(|all| all.values());
    let platforms = platforms.filter_map(|platform| match platform.get_ref() {
        DeValue::Table(platform) => Some(platform),
        _ => None,
    });
    std::iter::once(tree).chain(platforms)
}

fn table<'t, 'v>(tree: &'t DeTable<'v>, key: &str) -> Option<&'t DeTable<'v>> {
    match tree.get(key)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, names_a_file, parse};

    #[test]
    fn a_library_or_a_program_may_be_in_any_file() {
        for target in ["[lib]", "[[bin]]\nname = \"one\"\n[[bin]]"] {
            assert!(names_a_file(&format!("{target}\npath = \"any.rs\"")));
            assert!(!names_a_file(&format!("{target}\nname = \"two\"")));
        }
        assert!(!names_a_file("[dependencies]\nlib.path = \"../lib\""));
    }

    #[test]
    fn optional_dependencies_are_features_unless_they_are_hidden() {
        let text = r#"
            [features]
            default = ["mail"]
            mail = ["dep:otai-mail"]
            [dependencies]
            otai-mail = { version = "1", optional = true }
            clock = { version = "1", optional = true }
            always = "1"
            [target.'cfg(unix)'.dependencies]
            signals = { version = "1", optional = true }
        "#;
        assert_eq!(
            parse(text, false).features.into_iter().collect::<Vec<_>>(),
            ["clock", "default", "mail", "signals"]
        );
    }

    #[test]
    fn a_library_can_name_its_dependencies_and_a_test_some_more() {
        let text = r#"
            [package]
            name = "otai-mail"
            [dependencies]
            helpdesk-api.workspace = true
            time = { package = "clock", version = "1" }
            [dev-dependencies]
            doubles = "1"
            [target.'cfg(unix)'.dependencies]
            signals = "1"
        "#;
        let of_library = ["helpdesk_api", "signals", "time"];
        let library = parse(text, false);
        assert_eq!(library.package, "otai-mail");
        assert_eq!(library.externs.keys().collect::<Vec<_>>(), of_library);
        let test = parse(text, true);
        let of_tests = test.externs.keys().collect::<Vec<_>>();
        assert_eq!(
            of_tests,
            ["doubles", "helpdesk_api", "otai_mail", "signals", "time"]
        );
    }

    #[test]
    fn a_dependency_is_where_the_file_or_the_workspace_says() {
        let text = r#"
            [dependencies]
            helpdesk-api.workspace = true
            http = { path = "../http" }
            time = "1"
        "#;
        let places = parse(text, false).externs.into_values();
        let expected = [
            Place::Workspace("helpdesk-api".to_owned()),
            Place::Path("../http".to_owned()),
            Place::Unknown,
        ];
        assert_eq!(places.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_not_toml_has_no_features() {
        assert!(parse("[features\n]]", false).features.is_empty());
    }
}
