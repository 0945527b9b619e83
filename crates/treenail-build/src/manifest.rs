//! Reads a manifest: TOML text to [`Manifest`], pure, with the place of every value.
//!
//! Every mistake is reported, and a mistake costs only what it touches: the value is left out, the rest is kept, and
//! [`Poison`](crate::model::Poison) tells later stages what is missing, so that nothing reports a consequence.

mod assertion;
mod cfg;
mod component;
mod condition;
mod distribution;
pub(crate) mod keys;
mod layer;
mod lifecycle;
mod need;
mod reader;
mod registry;
mod scalar;
mod schema;
mod section;
mod setting;
mod slip;
mod syntax;
mod value;
mod words;

use std::collections::BTreeSet;

use toml::de::DeValue;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{
    BlankManifest, InvalidToml, KeyCure, NameOf, Role, UnknownFormat,
};
use crate::model::{HostSection, Layer, LockSection, Manifest, Overlay, PluginSection, Poison};
use crate::source::{Origin, SourceId, Sources};
pub(crate) use condition::platform;
use reader::Reader;
pub(crate) use schema::schema;
use value::{Entry, Table};

/// Reads a manifest from the bytes of a file, and adds its text to the sources under this name.
pub(crate) fn read_bytes(
    name: &str,
    bytes: &[u8],
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Manifest {
    let text = String::from_utf8_lossy(bytes);
    let source = sources.add(name, &*text);
    match std::str::from_utf8(bytes) {
        Ok(text) => read(source, text, problems),
        Err(error) => {
            let at = Origin::new(
                source,
                error.valid_up_to()..error.valid_up_to() + char::REPLACEMENT_CHARACTER.len_utf8(),
            );
            problems.report(InvalidToml::NotUtf8, at);
            // Half of the bytes of an ASCII text in UTF-16 are zero.
            Manifest::unreadable(source, &text.replace('\0', ""))
        }
    }
}

/// Reads a manifest from a text, which is this source.
pub(crate) fn read(source: SourceId, text: &str, problems: &mut Diagnostics) -> Manifest {
    let (tree, errors) = toml::de::DeTable::parse_recoverable(text);
    let syntax = syntax::check(source, text, tree.get_ref(), &errors, problems);
    let mut reader = Reader {
        source,
        text,
        syntax,
        lacks_format: false,
        missing: Vec::new(),
        elsewhere: Vec::new(),
        features: Vec::new(),
        target: BTreeSet::new(),
        problems,
    };
    let mut table = reader.root(tree.get_ref());
    if table.entries.is_empty() && !table.broken {
        let mut blank = Manifest::unreadable(source, "");
        blank.is_blank = true;
        return blank;
    }
    reader.lacks_format = table.get(keys::FORMAT_KEY).is_none();
    if !reader.format(&mut table) {
        return Manifest::unreadable(source, text);
    }
    let mut manifest = Manifest::unreadable(source, "");
    for range in &reader.syntax.spoiled {
        manifest
            .layer
            .poison
            .absorb_statements(&text[range.clone()]);
    }
    reader.plugins_meant(&mut table);
    reader.raise(&mut table, &mut manifest.layer.poison);
    if let Some(entry) = table.take("host") {
        manifest.host = reader.host(&entry, "");
        manifest.layer.poison.anything |= manifest.host.is_none() && entry.meant.is_none();
    }
    if let Some(entry) = table.take("distribution") {
        manifest.distribution = reader.distribution(&entry);
        let host = HostSection::silent(entry.at, manifest.layer.poison.anything);
        manifest.host.get_or_insert(host);
    }
    let lost_plugin = table.get("plugin").is_some();
    if let Some(entry) = table.take("plugin") {
        manifest.plugin = reader.plugin(&entry);
        let hooks = manifest.plugin.as_ref().and_then(PluginSection::component);
        manifest.layer.components.extend(hooks);
    }
    reader.layer(&mut table, &mut manifest.layer, "");
    if let Some(entry) = table.take("overlay") {
        manifest.overlays = reader.overlays(&entry, &mut manifest.layer.poison);
    }
    if let Some(entry) = table.take("lock") {
        manifest.lock = reader.lock(&entry).unwrap_or_default();
        let named = manifest.lock.features.iter().flatten();
        reader.features.extend(named.cloned());
    }
    for entry in table.untaken() {
        entry.absorb_into(&mut manifest.layer.poison);
        manifest.layer.poison.absorb(entry.key);
    }
    let unknown = reader.finish(&table);
    reader.report_missing();
    if manifest.plugin.is_none()
        && (manifest.host.is_none() && (unknown || reader.syntax.is_broken()) || lost_plugin)
    {
        // A plugin that nothing can be known by: what it declares is not there.
        manifest.layer.poison.absorb_statements(text);
        manifest.layer.poison.any_plugin = true;
    }
    manifest.features = reader.features;
    manifest.target = reader.target;
    manifest
}

impl Manifest {
    /// Reports a manifest that says nothing. What it should say depends on whose it is.
    pub(crate) fn report_blank(&self, should: Role, problems: &mut Diagnostics) {
        if self.is_blank {
            let start = Origin::new(self.source, 0..0);
            problems.report(BlankManifest { should }, start);
        }
    }

    /// What is known of a manifest that could not be read: that it may be about anything that its text names.
    pub(crate) fn unreadable(source: SourceId, text: &str) -> Self {
        let mut layer = Layer::default();
        layer.poison.absorb_statements(text);
        Self {
            source,
            is_blank: false,
            host: None,
            plugin: None,
            layer,
            overlays: Vec::new(),
            lock: LockSection::default(),
            distribution: None,
            features: Vec::new(),
            target: BTreeSet::new(),
        }
    }
}

impl Reader<'_> {
    /// Whether the manifest is of the format that is read here. A missing number is reported, and taken for it.
    fn format(&mut self, table: &mut Table<'_>) -> bool {
        let Some(entry) = self.require(table, keys::FORMAT_KEY) else {
            return true;
        };
        let other = self.integer(&entry).filter(|found| *found != keys::FORMAT);
        if let Some(found) = other {
            self.problems.report(UnknownFormat { found }, entry.at);
        }
        other.is_none()
    }

    /// `[overlay.NAME]`. One that is left out may be asked for: then nothing that is absent is known to be.
    fn overlays(&mut self, entry: &Entry<'_>, poison: &mut Poison) -> Vec<Overlay> {
        let expected = "a table for each overlay, `[overlay.NAME]`";
        let Some(tables) = self.lines(entry, "[overlay]", expected) else {
            entry.absorb_into(poison);
            return Vec::new();
        };
        let mut overlays = Vec::new();
        for entry in &tables {
            let overlay = self.overlay(entry);
            if overlay.is_none() {
                poison.absorb(entry.key);
                entry.absorb_into(poison);
            }
            overlays.extend(overlay);
        }
        overlays
    }

    fn overlay(&mut self, entry: &Entry<'_>) -> Option<Overlay> {
        if is_nameless(entry) {
            let header = format!("[overlay.NAME.{}]", entry.key);
            let cure = KeyCure::Header(header);
            self.unknown(entry, "[overlay]", Vec::new(), cure);
            return None;
        }
        let name = self.named(entry.name(), NameOf::Overlay);
        let title = format!("[overlay.{}]", entry.key);
        let mut table = self.table(
            entry,
            &keys::OVERLAY,
            &title,
            &format!("a table, `{title}`"),
        )?;
        let mut layer = Layer::default();
        let when = self.when(&mut table);
        let prefix = format!("overlay.{}.", entry.key);
        let stated = table.take("host");
        let host = stated.map(|entry| {
            let read = self.host(&entry, &prefix);
            read.unwrap_or(HostSection::silent(entry.at, true))
        });
        self.layer(&mut table, &mut layer, &prefix);
        for entry in table.untaken() {
            entry.absorb_into(&mut layer.poison);
        }
        self.finish(&table);
        Some(Overlay {
            name: name?,
            unsure: when.is_err(),
            when: when.unwrap_or_default(),
            host,
            layer,
        })
    }
}

/// Whether the name of an overlay was forgotten: what should stand in it has its place, and nothing there is a key of an overlay.
fn is_nameless(entry: &Entry<'_>) -> bool {
    let is_key = |name: &str| keys::OVERLAY.key(name).is_some();
    match entry.value {
        DeValue::Table(table) if !table.is_empty() => {
            is_key(entry.key) && !table.keys().any(|key| is_key(key.get_ref()))
        }
        DeValue::Array(_) => is_key(entry.key),
        _ => false,
    }
}
