//! Places in a Cargo.toml: of the lines that name dependencies, and of `[package.metadata.treenail]`.

use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::files;
use crate::index::IndexMap;
use crate::model::PackageIx;
use crate::source::{Origin, SourceId, Sources};

/// A direct dependency of the host.
#[derive(Debug)]
pub(crate) struct HostDependency {
    /// The package that it was resolved to.
    pub(crate) package: PackageIx,
    /// Its name in Cargo.toml.
    pub(crate) key: String,
    /// For tests only.
    pub(crate) development: bool,
    /// The platform that it is for, as Cargo says it.
    pub(crate) target: Option<String>,
}

/// Where the host's Cargo.toml names its dependencies. Of several lines for one package the first counts.
pub(crate) fn lines(
    file: &Path,
    dependencies: &[HostDependency],
    sources: &mut Sources,
) -> IndexMap<PackageIx, Origin> {
    let mut lines = IndexMap::new();
    let Some(source) = source(file, "Cargo.toml", sources) else {
        return lines;
    };
    let (tree, _) = DeTable::parse_recoverable(&sources.get(source).text);
    for one in dependencies {
        if let Some(range) = dependency(tree.get_ref(), one) {
            let line = lines.entry(one.package);
            line.get_or_insert(Origin::new(source, range));
        }
    }
    lines
}

/// The key of a dependency: in the table that Cargo says it is from, or else in the first that has it.
fn dependency(root: &DeTable<'_>, wanted: &HostDependency) -> Option<Range<usize>> {
    let target = wanted.target.as_deref().map(bare);
    let is_from = |platform: &Option<&str>| platform.map(bare) == target;
    let all = platforms(root);
    let (from, others): (Vec<_>, Vec<_>) = all.partition(|(platform, _)| is_from(platform));
    let mut found = from.iter().chain(&others).flat_map(|(_, tables)| {
        let kinds = kinds(wanted.development).iter();
        let tables = kinds.filter_map(|kind| table(tables, kind));
        tables.filter_map(|named| named.get_key_value(wanted.key.as_str()))
    });
    found.next().map(|(key, _)| key.span())
}

/// The tables that have dependencies: the whole file, and one for each platform, after its name.
pub(super) fn platforms<'t, 'v>(
    root: &'t DeTable<'v>,
) -> impl Iterator<Item = (Option<&'t str>, &'t DeTable<'v>)> {
    let platforms = table(root, "target").into_iter().flatten();
    let platforms = platforms.filter_map(|(name, platform)| match platform.get_ref() {
        DeValue::Table(platform) => Some((Some(name.get_ref().as_ref()), platform)),
        _ => None,
    });
    std::iter::once((None, root)).chain(platforms)
}

/// The names of the tables whose dependencies a library can name, or a test of it.
pub(super) fn kinds(development: bool) -> &'static [&'static str] {
    match development {
        true => &["dev-dependencies", "dev_dependencies", "dependencies"],
        false => &["dependencies"],
    }
}

/// The table that is the value of a key.
pub(super) fn table<'t, 'v>(tree: &'t DeTable<'v>, key: &str) -> Option<&'t DeTable<'v>> {
    match tree.get(key)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// The texts of a list; what is none is passed over.
pub(crate) fn texts<'t>(list: Option<&'t DeValue<'_>>) -> impl Iterator<Item = &'t str> {
    let list = match list {
        Some(DeValue::Array(values)) => &values[..],
        _ => &[],
    };
    list.iter().filter_map(|value| value.get_ref().as_str())
}

/// A target as it is compared: Cargo says it with other spaces than its author.
fn bare(target: &str) -> String {
    target.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The text of a file, added once however often it is asked for.
pub(super) fn source(file: &Path, name: &str, sources: &mut Sources) -> Option<SourceId> {
    if let Some(known) = sources.lying_at(file) {
        return Some(known);
    }
    let text = String::from_utf8(files::read(file).ok()?).ok()?;
    let source = sources.add(name, text);
    sources.lies_at(source, file);
    Some(source)
}

/// The place of what nested keys lead to, or of as much of it as is there: the value, or the key for `KeyOrValue::Key`.
pub(super) fn place(
    file: &Path,
    name: &str,
    keys: &[&str],
    part: KeyOrValue,
    sources: &mut Sources,
) -> Option<Origin> {
    let source = source(file, name, sources)?;
    let (tree, _) = DeTable::parse_recoverable(&sources.get(source).text);
    let range = span(tree.get_ref(), keys, part)?;
    Some(Origin::new(source, range))
}

/// Which side of the equals sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyOrValue {
    /// The left one.
    Key,
    /// The right one; of a table, what it starts with.
    Value,
}

fn span(table: &DeTable<'_>, keys: &[&str], part: KeyOrValue) -> Option<Range<usize>> {
    let (first, rest) = keys.split_first()?;
    let (key, value) = table.get_key_value(*first)?;
    match value.get_ref() {
        DeValue::Table(inner) if !rest.is_empty() => {
            Some(span(inner, rest, part).unwrap_or_else(|| value.span()))
        }
        _ if part == KeyOrValue::Key => Some(key.span()),
        _ => Some(value.span()),
    }
}

/// The package that Rust code knows by this name, in the words of its own Cargo.toml and that of the workspace.
pub(super) fn package_called(
    own: &DeTable<'_>,
    workspace: &DeTable<'_>,
    name: &str,
) -> Option<String> {
    let field = |value: &DeValue<'_>, key: &str| value.get(key).map(|value| plain(value.get_ref()));
    let named = own.get("dependencies")?.get_ref();
    let DeValue::Table(named) = named else {
        return None;
    };
    let is_it = |key: &str| key.replace('-', "_") == name;
    let (key, value) = named.iter().find(|(key, _)| is_it(key.get_ref()))?;
    let key = key.get_ref().as_ref();
    let shared = || {
        let all = workspace.get("workspace")?.get_ref().get("dependencies")?;
        field(all.get_ref().get(key)?.get_ref(), "package")?
    };
    let inherited = value.get_ref().get("workspace").is_some();
    let renamed = match inherited {
        true => shared(),
        false => field(value.get_ref(), "package").flatten(),
    };
    Some(renamed.unwrap_or_else(|| key.to_owned()))
}

fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Whether the package in this folder has a library.
pub(super) fn has_library(folder: &Path) -> bool {
    let text = files::read(&folder.join("Cargo.toml")).unwrap_or_default();
    let text = String::from_utf8(text).unwrap_or_default();
    let (tree, _) = DeTable::parse_recoverable(&text);
    tree.get_ref().get("lib").is_some() || folder.join("src/lib.rs").is_file()
}
