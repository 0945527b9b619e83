//! Features that a package declares: what the command line may name.

use std::collections::BTreeSet;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::files;

/// Kinds of dependencies that bring features along.
const KINDS: [&str; 2] = ["dependencies", "build-dependencies"];

/// Features in the `Cargo.toml` of this folder, those that optional dependencies bring along included. None where it cannot be
/// read: Cargo says why.
pub(crate) fn features(package: &Path) -> BTreeSet<String> {
    let bytes = files::read(&package.join("Cargo.toml")).unwrap_or_default();
    read(&String::from_utf8_lossy(&bytes))
}

fn read(text: &str) -> BTreeSet<String> {
    let (tree, _) = DeTable::parse_recoverable(text);
    let tree = tree.get_ref();
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
    let platforms = table(tree, "target")
        .into_iter()
        .flat_map(|platforms| platforms.values());
    let platforms = platforms.filter_map(|platform| match platform.get_ref() {
        DeValue::Table(platform) => Some(platform),
        _ => None,
    });
    for place in std::iter::once(tree).chain(platforms) {
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

fn table<'t, 'v>(tree: &'t DeTable<'v>, key: &str) -> Option<&'t DeTable<'v>> {
    match tree.get(key)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::read;

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
            read(text).into_iter().collect::<Vec<_>>(),
            ["clock", "default", "mail", "signals"]
        );
    }

    #[test]
    fn what_is_not_toml_has_no_features() {
        assert!(read("[features\n]]").is_empty());
    }
}
