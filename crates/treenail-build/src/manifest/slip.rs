//! `[plugin]` where `[plugins]` was meant: one mistake, and not one for each line.

use semver::VersionReq;
use toml::de::DeValue;
use treenail_core::nearest::nearest;

use super::keys;
use super::reader::Reader;
use super::value::{Entry, Table};
use crate::diagnostic::mistake::{KeyCure, PluginMeant, PluginsMeant};
use crate::model::Poison;

impl Reader<'_> {
    /// Takes `[plugin]` of a host for `[plugins]`, and says so, where everything in it can stand there and nothing can stand
    /// here, not even with a slip.
    pub(super) fn plugins_meant(&mut self, manifest: &mut Table<'_>) {
        self.plugin_meant(manifest);
        let has = |key| manifest.get(key).is_some();
        let is_meant = has("host") && !has("plugins");
        let Some(entry) = manifest.get("plugin").filter(|_| is_meant) else {
            return;
        };
        if !self.lists_plugins(entry) {
            return;
        }
        self.problems.report(PluginsMeant, entry.key_at);
        let mut entries = manifest.entries.iter_mut();
        if let Some(entry) = entries.find(|entry| entry.key == "plugin") {
            entry.key = "plugins";
        }
    }

    /// Reads `[plugin]` written as `[plugins]` as what it is, and says so: it states an id, and nothing that stands only there.
    fn plugin_meant(&mut self, manifest: &mut Table<'_>) {
        let has = |key| manifest.get(key).is_some();
        let may_be_meant = !has("host") && !has("plugin");
        let Some(entry) = manifest.get("plugins").filter(|_| may_be_meant) else {
            return;
        };
        let DeValue::Table(lines) = entry.value else {
            return;
        };
        let is_id = |value: &DeValue<'_>| {
            let text = value.as_str();
            text.is_some_and(|text| VersionReq::parse(text).is_err())
        };
        let has_id = lines.get("id").is_some_and(|id| is_id(id.get_ref()));
        let mut all = lines.keys();
        if !has_id || !all.all(|key| keys::PLUGIN.key(key.get_ref()).is_some()) {
            return;
        }
        self.problems.report(PluginMeant, entry.key_at);
        let mut entries = manifest.entries.iter_mut();
        if let Some(entry) = entries.find(|entry| entry.key == "plugins") {
            entry.key = "plugin";
        }
    }

    /// Reads what stands in `[plugin]` or `[host]`, and belongs one level higher, where it belongs. That it stands there is told by
    /// who reads that table.
    pub(super) fn raise(&mut self, manifest: &mut Table<'_>, poison: &mut Poison) {
        let tables = [("plugin", &keys::PLUGIN), ("host", &keys::HOST)];
        for (name, keys) in tables {
            let is_table = |entry: &&Entry<'_>| matches!(entry.value, DeValue::Table(_));
            let Some(entry) = manifest.get(name).filter(is_table).cloned() else {
                continue;
            };
            let inner = self.table(&entry, keys, name, "a table");
            for inner in inner.into_iter().flat_map(|table| table.entries) {
                let is_higher = matches!(keys.cure(inner.key), KeyCure::Header(_));
                if keys.key(inner.key).is_some() || !is_higher {
                    continue;
                }
                if manifest.get(inner.key).is_some() {
                    inner.absorb_into(poison);
                } else {
                    manifest.entries.push(Entry {
                        meant: None,
                        ..inner
                    });
                }
            }
        }
    }

    fn lists_plugins(&mut self, entry: &Entry<'_>) -> bool {
        let DeValue::Table(lines) = entry.value else {
            return false;
        };
        let table = self.table(entry, &keys::LINES, "[plugin]", "a table");
        let is_whole = table.is_some_and(|table| !table.broken);
        let mut lines = lines.iter();
        is_whole
            && lines.len() > 0
            && lines.all(|(key, value)| is_a_rule(key.get_ref(), value.get_ref()))
    }
}

/// Whether a line states something about a plugin, as in `[plugins]`, and nothing of one.
fn is_a_rule(key: &str, value: &DeValue<'_>) -> bool {
    let known = keys::PLUGIN.names().chain(keys::RULE.names());
    let mut known = known.chain(["name"]);
    let of_one = known.any(|known| known == key || nearest(key, [known]).is_some());
    let states = match value {
        DeValue::String(text) => VersionReq::parse(text).is_ok(),
        DeValue::Table(keys) => {
            let mut written = keys.keys();
            !keys.is_empty() && written.all(|key| keys::RULE.key(key.get_ref()).is_some())
        }
        _ => false,
    };
    states && !of_one
}
