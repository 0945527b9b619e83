//! What `[package.metadata.treenail]` in a Cargo.toml says, of a dependency's as of the composing package's own.

use std::path::{Component, Path, PathBuf};

use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};
use treenail_core::nearest::nearest;

use super::cargo_toml::{self, KeyOrValue};
use super::declared::Declared;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{MetadataFault, MetadataMalformed};
use crate::files;
use crate::source::{Origin, Sources};

/// The manifest of a package that does not name one.
pub(super) const DEFAULT: &str = "plugins.toml";

/// The table's name.
const TABLE: &str = "treenail";

/// Its keys.
const KEYS: [&str; 2] = ["manifest", "feature"];

/// Where the table is written by mistake.
const MISPLACED: [&[&str]; 4] = [
    &["package", TABLE],
    &["metadata", TABLE],
    &[TABLE],
    &["workspace", "metadata", TABLE],
];

/// What the table says.
#[derive(Debug, Default)]
pub(super) struct Declaration {
    /// Path of the manifest, relative to the package.
    pub(super) manifest: Option<String>,
    /// The feature of the package that the plugin belongs to.
    pub(super) feature: Option<String>,
    /// What is wrong with it: where, and on which side.
    pub(super) faults: Vec<(MetadataFault, Vec<String>, KeyOrValue)>,
}

impl Declaration {
    /// Reads the table in `[package.metadata]`, with every mistake in it; `None` where there is none. `beside`: there is a
    /// `plugins.toml`, so one was probably meant.
    pub(super) fn read(
        metadata: &Value,
        has_feature: &dyn Fn(&str) -> bool,
        beside: &dyn Fn() -> bool,
    ) -> Option<Self> {
        let mut declaration = Self::default();
        let Some(found) = metadata.get(TABLE) else {
            let keys = metadata.as_object().into_iter().flat_map(Map::keys);
            let mut near = keys.filter(|key| nearest(key, [TABLE]).is_some());
            let key = near.find(|key| metadata[*key].get("manifest").is_some() || beside())?;
            let fault = MetadataFault::Misspelt(key.clone());
            let keys = ["package", "metadata", key.as_str()];
            let keys = keys.map(str::to_owned).to_vec();
            declaration.faults.push((fault, keys, KeyOrValue::Key));
            declaration.manifest = named(&metadata[key]);
            return Some(declaration);
        };
        let Value::Object(table) = found else {
            declaration.fault(MetadataFault::NotATable, None, KeyOrValue::Value);
            return Some(declaration);
        };
        let mut meant = None;
        for key in table.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            let suggestion = nearest(
                key,
                KEYS.into_iter().filter(|known| table.get(*known).is_none()),
            );
            let is_path =
                |value: &Value| value.as_str().is_some_and(|text| text.ends_with(".toml"));
            let path = is_path(&table[key]) && !table.contains_key("manifest");
            let suggestion = suggestion.or_else(|| path.then(|| "manifest".to_owned()));
            if suggestion.as_deref() == Some("manifest") {
                declaration.manifest = text_inside(&table[key]);
            }
            meant = suggestion.clone().or(meant);
            let fault = MetadataFault::UnknownKey {
                key: key.clone(),
                suggestion,
            };
            declaration.fault(fault, Some(key), KeyOrValue::Key);
        }
        declaration.feature = declaration.string(table, "feature");
        if let Some(feature) = declaration.feature.take_if(|feature| !has_feature(feature)) {
            let fault = MetadataFault::UnknownFeature(feature);
            declaration.fault(fault, Some("feature"), KeyOrValue::Value);
        }
        let by_slip = declaration.manifest.take();
        declaration.manifest = declaration.string(table, "manifest").or(by_slip);
        let is_cargos = |path: &mut String| path.trim_start_matches("./") == "Cargo.toml";
        if declaration.manifest.take_if(is_cargos).is_some() {
            let fault = MetadataFault::CargoToml;
            declaration.fault(fault, Some("manifest"), KeyOrValue::Value);
        } else if let Some(path) = declaration.manifest.take_if(|path| !stays_inside(path)) {
            let fault = MetadataFault::Outside(path);
            declaration.fault(fault, Some("manifest"), KeyOrValue::Value);
        } else if table.get("manifest").is_none() && meant.as_deref() != Some("manifest") {
            declaration.fault(MetadataFault::NoManifest, None, KeyOrValue::Value);
        }
        Some(declaration)
    }

    /// The table of a package whose Cargo.toml has it in another place than `[package.metadata]`.
    pub(super) fn misplaced(cargo_toml: &Path) -> Option<Self> {
        let text = String::from_utf8(files::read(cargo_toml).ok()?).ok()?;
        let (tree, _) = DeTable::parse_recoverable(&text);
        let is_there = |keys: &&&[&str]| {
            let mut table = Some(tree.get_ref());
            for key in **keys {
                let value = table.and_then(|table| table.get(*key));
                table = match value.map(toml::Spanned::get_ref) {
                    Some(DeValue::Table(inner)) => Some(inner),
                    _ => None,
                };
            }
            table.is_some_and(|table| table.get("manifest").is_some())
        };
        let keys = MISPLACED.iter().find(is_there)?;
        let fault = MetadataFault::Misplaced(keys.join("."));
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        Some(Self {
            manifest: None,
            feature: None,
            faults: vec![(fault, keys, KeyOrValue::Key)],
        })
    }

    fn string(&mut self, table: &Map<String, Value>, key: &str) -> Option<String> {
        match table.get(key)? {
            Value::String(text) => Some(text.clone()),
            _ => {
                self.fault(
                    MetadataFault::NotAString(key.to_owned()),
                    Some(key),
                    KeyOrValue::Value,
                );
                None
            }
        }
    }

    fn fault(&mut self, fault: MetadataFault, key: Option<&str>, part: KeyOrValue) {
        let keys = ["package", "metadata", TABLE].into_iter().chain(key);
        self.faults
            .push((fault, keys.map(str::to_owned).collect(), part));
    }

    /// Reports what is wrong.
    ///
    /// `name` is that of the Cargo.toml for people.
    pub(super) fn report(
        &self,
        package: &str,
        file: &Path,
        name: &str,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) {
        for (fault, keys, part) in &self.faults {
            let keys = keys.iter().map(String::as_str);
            let keys: Vec<&str> = keys.collect();
            let at = cargo_toml::place(file, name, &keys, *part, sources);
            let (package, fault) = (package.to_owned(), fault.clone());
            problems.report(MetadataMalformed { package, fault }, at);
        }
    }
}

/// The manifest of the composing package.
#[derive(Debug)]
pub(crate) struct Own {
    /// Where it should lie.
    pub(crate) path: PathBuf,
    /// Something is wrong with the table, and has been reported: whether the manifest is meant is not known.
    pub(crate) doubtful: bool,
}

/// The manifest that the package in this folder declares: the one that `[package.metadata.treenail]` names, or
/// `plugins.toml`. This needs no Cargo.
pub(crate) fn own(package: &Path, sources: &mut Sources, problems: &mut Diagnostics) -> Own {
    let file = package.join("Cargo.toml");
    let text = files::read(&file).ok();
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.unwrap_or_default();
    let (tree, _) = DeTable::parse_recoverable(&text);
    let section = tree.get_ref().get("package").map(toml::Spanned::get_ref);
    let metadata = section.and_then(|section| section.get("metadata"));
    let metadata = metadata.map_or(Value::Null, |value| plain(value.get_ref()));
    let beside = || package.join(DEFAULT).is_file();
    let has_feature = |feature: &str| {
        let declared = Declared::of(package, false);
        declared.is_some_and(|declared| declared.features.contains(feature))
    };
    let declared = Declaration::read(&metadata, &has_feature, &beside);
    let declared = declared.unwrap_or_default();
    let doubtful = !declared.faults.is_empty();
    let name = section.and_then(|section| section.get("name"));
    let name = name
        .and_then(|name| name.get_ref().as_str())
        .unwrap_or_default();
    declared.report(name, &file, "Cargo.toml", sources, problems);
    Own {
        path: package.join(declared.manifest.as_deref().unwrap_or(DEFAULT)),
        doubtful,
    }
}

/// Path of the manifest that the package in this folder declares: the one that `[package.metadata.treenail]` names, or
/// `plugins.toml`. Mistakes in the table are reported elsewhere.
pub(super) fn own_manifest(package: &Path) -> PathBuf {
    own(
        package,
        &mut Sources::default(),
        &mut Diagnostics::default(),
    )
    .path
}

/// Where the composing package's Cargo.toml names its manifest.
pub(crate) fn named_at(package: &Path, sources: &mut Sources) -> Option<Origin> {
    let file = package.join("Cargo.toml");
    let source = cargo_toml::source(&file, "Cargo.toml", sources)?;
    let (tree, _) = DeTable::parse_recoverable(&sources.get(source).text);
    let package = tree.get_ref().get("package")?.get_ref();
    let table = package.get("metadata")?.get_ref().get(TABLE)?.get_ref();
    Some(Origin::new(source, table.get("manifest")?.span()))
}

/// As Cargo's own answer has it; what is neither a text nor a table is nothing that anybody asks for.
fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Table(table) => {
            let mut entries = Map::new();
            for (key, value) in table.iter() {
                entries.insert(key.get_ref().to_string(), plain(value.get_ref()));
            }
            Value::Object(entries)
        }
        _ => Value::Null,
    }
}

/// The manifest that a table of another name names.
fn named(table: &Value) -> Option<String> {
    text_inside(table.get("manifest")?)
}

/// A text that is a path within the package.
fn text_inside(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|path| stays_inside(path));
    text.map(str::to_owned)
}

/// Whether a path is relative and does not climb out of its folder.
fn stays_inside(path: &str) -> bool {
    Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
        && !path.is_empty()
}
