//! What a Cargo.toml says of dependencies and features, apart from how it is written: a lock remembers it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::cargo_toml::{platforms, table, texts};
use super::declared::{features, text, workspace_of};
use crate::digest::digest;
use crate::model::HostFeature;

/// What a Cargo.toml says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DependencyFacts {
    /// Version of the package, its own or that of its workspace.
    pub(crate) version: Option<String>,
    /// The dependencies of its library, by their names there.
    pub(crate) dependencies: BTreeSet<String>,
    /// Which features each brings.
    features: BTreeMap<String, BTreeSet<String>>,
    /// The package of each dependency, by its name there.
    packages: BTreeMap<String, String>,
    /// Digest of all that is said of them, versions and places aside: these are in the Cargo.lock. `None` where part of it stands
    /// in the Cargo.toml of a workspace that is not there.
    pub(crate) digest: Option<String>,
}

impl DependencyFacts {
    /// Of the package in this folder; `None` where its Cargo.toml cannot be read.
    pub(crate) fn of(package: &Path) -> Option<Self> {
        let workspace = workspace_of(package);
        let workspace = text(&workspace).unwrap_or_default();
        Some(stated(&text(package)?, &workspace))
    }

    /// The features that the package has.
    pub(crate) fn features(&self) -> impl Iterator<Item = &String> {
        self.features.keys()
    }

    /// These features, and those that they bring along.
    pub(crate) fn with_implied<'a>(&'a self, features: &'a BTreeSet<String>) -> BTreeSet<String> {
        let mut pending: Vec<&str> = features.iter().map(String::as_str).collect();
        let mut all = BTreeSet::new();
        while let Some(feature) = pending.pop() {
            let Some(brought) = self.features.get(feature) else {
                continue;
            };
            if all.insert(feature.to_owned()) {
                let whole = |name: &'a String| {
                    // `name/feature` brings a dependency, and the feature of its name with it.
                    let dependency = name.split_once('/').map(|(name, _)| name);
                    dependency.map_or(Some(name.as_str()), |name| {
                        (!name.ends_with('?')).then_some(name)
                    })
                };
                pending.extend(brought.iter().filter_map(whole));
            }
        }
        all
    }

    /// Each feature with the packages that it brings, by itself or by others that it switches on.
    pub(crate) fn bringing(&self) -> Vec<HostFeature> {
        let default = self.features.get("default");
        let features = self.features.keys().filter(|name| *name != "default");
        let bringing = features.map(|name| {
            let on = self.with_implied(&BTreeSet::from([name.clone()]));
            let entries = on.iter().filter_map(|one| self.features.get(one));
            let brought = entries.flatten().filter_map(|entry| {
                let dependency = entry.strip_prefix("dep:");
                let key = dependency.or_else(|| Some(entry.split_once('/')?.0));
                self.packages.get(key?)
            });
            // A feature of the name of an optional dependency brings it, unless another one does so by `dep:`.
            let named = on.iter().filter(|one| self.features[*one].is_empty());
            let named = named.filter_map(|one| self.packages.get(one));
            HostFeature {
                name: name.clone(),
                packages: brought.chain(named).cloned().collect(),
                default: default.is_some_and(|default| default.contains(name)),
            }
        });
        bringing.collect()
    }

    /// Of these features those that no other of them brings along.
    pub(crate) fn without_implied(&self, features: &BTreeSet<String>) -> Vec<String> {
        let is_implied = |name: &String| {
            let mut others = features.iter().filter(|other| *other != name);
            others.any(|other| {
                self.with_implied(&BTreeSet::from([other.clone()]))
                    .contains(name)
            })
        };
        let own = features.iter().filter(|name| !is_implied(name));
        own.cloned().collect()
    }
}

fn stated(text: &str, workspace: &str) -> DependencyFacts {
    let (tree, _) = DeTable::parse_recoverable(text);
    let (workspace, _) = DeTable::parse_recoverable(workspace);
    let workspace = table(workspace.get_ref(), "workspace");
    let shared = workspace.and_then(|workspace| table(workspace, "dependencies"));
    let (mut facts, mut is_whole) = (BTreeSet::new(), true);
    let version = |table: &DeTable<'_>| Some(table.get("version")?.get_ref().as_str()?.to_owned());
    let package = table(tree.get_ref(), "package");
    let of_workspace = workspace.and_then(|workspace| table(workspace, "package"));
    let mut found = DependencyFacts {
        version: package
            .and_then(version)
            .or_else(|| of_workspace.and_then(version)),
        ..DependencyFacts::default()
    };
    let names = features(tree.get_ref()).into_iter();
    found.features = names.map(|name| (name, BTreeSet::new())).collect();
    for (platform, tables) in platforms(tree.get_ref()) {
        for (key, own) in table(tables, "dependencies").into_iter().flatten() {
            let (key, own) = (key.get_ref().as_ref(), own.get_ref());
            let inherits = own.get("workspace").is_some();
            let shared = shared.filter(|_| inherits).and_then(|all| all.get(key));
            is_whole &= !inherits || shared.is_some();
            found.dependencies.insert(key.to_owned());
            let package = package_of(key, own, shared.map(Spanned::get_ref));
            found.packages.insert(key.to_owned(), package.to_owned());
            let platform = platform.unwrap_or_default().replace(' ', "");
            facts.insert(format!(
                "{platform}|{key}|{}",
                dependency(key, own, shared.map(Spanned::get_ref))
            ));
        }
    }
    for (name, brought) in table(tree.get_ref(), "features").into_iter().flatten() {
        let brought = texts(Some(brought.get_ref())).map(str::to_owned);
        let brought: BTreeSet<String> = brought.collect();
        facts.insert(format!("{} = {brought:?}", name.get_ref()));
        found.features.insert(name.get_ref().to_string(), brought);
    }
    let facts: String = facts.into_iter().map(|fact| fact + "\n").collect();
    found.digest = is_whole.then(|| digest(facts.as_bytes()));
    found
}

/// What a line says of a dependency, with what the workspace says of it.
fn dependency(key: &str, own: &DeValue<'_>, shared: Option<&DeValue<'_>>) -> String {
    let both = || [Some(own), shared].into_iter().flatten();
    let mut on: BTreeSet<&str> = BTreeSet::new();
    for one in both() {
        on.extend(texts(one.get("features").map(Spanned::get_ref)));
    }
    let is_off = |one: &DeValue<'_>| {
        one.get("default-features")
            .is_some_and(|value| !is_true(value))
    };
    let with_default = match shared {
        // A line that says `true` has them, whatever the workspace says.
        Some(shared) if is_off(shared) => own.get("default-features").is_some_and(is_true),
        Some(_) => true,
        None => !is_off(own),
    };
    let optional = own.get("optional").is_some_and(is_true);
    format!(
        "{}|{optional}|{with_default}|{on:?}",
        package_of(key, own, shared)
    )
}

/// The package that a line means, with what the workspace says of it.
fn package_of<'t>(key: &'t str, own: &'t DeValue<'_>, shared: Option<&'t DeValue<'_>>) -> &'t str {
    let both = [Some(own), shared].into_iter().flatten();
    let mut named = both.filter_map(|one| one.get("package")?.get_ref().as_str());
    named.next().unwrap_or(key)
}

fn is_true(value: &Spanned<DeValue<'_>>) -> bool {
    matches!(value.get_ref(), DeValue::Boolean(true))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::stated;

    const SHARED: &str = r#"
        [workspace.dependencies]
        api = { version = "1", package = "desk-api", features = ["json"] }
    "#;

    #[test]
    fn the_form_of_a_cargo_toml_does_not_count_and_what_it_says_does() {
        let inherited = r#"
            [dependencies]
            api = { workspace = true, features = ["http"] }
            mail = { path = "../mail", optional = true }
        "#;
        // As Cargo writes it into a published package.
        let published = r#"
            [dependencies.mail]
            version = "0.3"
            optional = true
            [dependencies.api]
            package = "desk-api"
            features = ["http", "json"]
            version = "1"
        "#;
        let (one, other) = (stated(inherited, SHARED), stated(published, ""));
        assert!(one.digest.is_some());
        assert_eq!(one, other);
        let versioned =
            |text: &str| stated(text, "[workspace.package]\nversion = \"2.0.0\"\n").version;
        assert_eq!(
            versioned("[package]\nversion = \"1.0.0\"\n").as_deref(),
            Some("1.0.0")
        );
        assert_eq!(
            versioned("[package]\nversion.workspace = true\n").as_deref(),
            Some("2.0.0")
        );
        for (from, to) in [
            ("\"http\"", "\"tls\""),
            ("true }", "false }"),
            ("mail", "male"),
        ] {
            let changed = stated(&inherited.replacen(from, to, 2), SHARED);
            assert_ne!(changed.digest, one.digest, "{from}");
        }
    }

    #[test]
    fn what_a_missing_workspace_says_is_not_known() {
        let found = stated("[dependencies]\napi.workspace = true\n", "");
        assert_eq!(found.digest, None);
        assert_eq!(found.dependencies.iter().collect::<Vec<_>>(), ["api"]);
    }

    #[test]
    fn features_bring_others_along() {
        let found = stated(
            "[features]\ndefault = [\"mail\"]\nmail = [\"dep:lettre\", \"tls\", \"api/json\"]\ntls = []\nother = []\n",
            "",
        );
        let all = found.with_implied(&BTreeSet::from(["default".to_owned()]));
        assert_eq!(all.iter().collect::<Vec<_>>(), ["default", "mail", "tls"]);
    }
}
