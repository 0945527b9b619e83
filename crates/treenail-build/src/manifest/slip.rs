//! `[plugin]` where `[plugins]` was meant: one mistake, and not one for each line.

use semver::VersionReq;
use toml::de::DeValue;
use treenail_core::nearest::nearest;

use super::keys;
use super::reader::Reader;
use super::value::{Entry, Table};
use crate::diagnostic::mistake::PluginsMeant;

impl Reader<'_> {
    /// Takes `[plugin]` of a host for `[plugins]`, and says so, where everything in it can stand there and nothing can stand
    /// here, not even with a slip.
    pub(super) fn plugins_meant(&mut self, manifest: &mut Table<'_>) {
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
