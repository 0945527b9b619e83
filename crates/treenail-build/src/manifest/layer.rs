//! What a manifest and its overlays may both state: `[plugins]`, `[bind]`, `[alias]`, `[lifecycle]`, `[[component]]`.

use super::reader::Reader;
use super::section::key;
use super::value::{Entry, Table};
use crate::diagnostic::{AliasFault, NameFault, NameOf, Problem};
use crate::model::{Alias, Bind, Layer, PluginRule};

/// Keys of an entry in `[plugins]`.
pub(super) const RULE_KEYS: &[&str] = &["version", "enabled", "optional"];

impl Reader<'_> {
    /// Reads the layer's part of a table. `prefix` is what its headers start with: empty, or `overlay.NAME.`.
    pub(super) fn layer(&mut self, table: &mut Table<'_>, layer: &mut Layer, prefix: &str) {
        for entry in self.lines(table.take("plugins"), prefix, "id = \"^1.2\"", layer) {
            self.rule(&entry, layer);
        }
        for entry in self.lines(
            table.take("bind"),
            prefix,
            "\"dyn path::Trait\" = \"plugin:Name\"",
            layer,
        ) {
            self.bind(&entry, layer);
        }
        for entry in self.lines(
            table.take("alias"),
            prefix,
            "\"old:Name\" = \"plugin:Name\"",
            layer,
        ) {
            self.alias(&entry, layer);
        }
        for entry in self.lines(
            table.take("lifecycle"),
            prefix,
            "\"plugin:Name\" = { deadline = { start = \"5s\" } }",
            layer,
        ) {
            self.tuning(&entry, layer);
        }
        if let Some(entry) = table.take("component") {
            self.components(&entry, layer, prefix);
        }
    }

    /// The entries of a table whose keys are the user's.
    fn lines<'t>(
        &mut self,
        entry: Option<Entry<'t>>,
        prefix: &str,
        example: &str,
        layer: &mut Layer,
    ) -> Vec<Entry<'t>> {
        let Some(entry) = entry else {
            return Vec::new();
        };
        let title = format!("[{prefix}{}]", entry.key);
        let Some(table) = self.table(
            &entry,
            &title,
            &format!("a table, `{title}`, with lines like `{example}`"),
        ) else {
            layer.poison.anything = true;
            return Vec::new();
        };
        table.in_order().into_iter().cloned().collect()
    }

    /// `id = "^0.3"` or `id = { version, enabled, optional }`
    fn rule(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        let id = if entry.key == "app" {
            self.not_a_name(entry.key, NameOf::Plugin, NameFault::Reserved, entry.key_at)
        } else {
            self.named(key(entry), NameOf::Plugin)
        };
        let mut rule = None;
        let mut whole = true;
        if matches!(entry.value, toml::de::DeValue::Table(_)) {
            let title = format!("[plugins] {}", entry.key);
            if let Some(mut table) = self.table(entry, &title, "a table") {
                let mut read = |key: &str, reader: &mut Self| {
                    let entry = table.take(key)?;
                    let value = reader.boolean(&entry);
                    whole &= value.is_some();
                    value
                };
                let (enabled, optional) = (read("enabled", self), read("optional", self));
                let version = table
                    .take("version")
                    .and_then(|entry| self.requirement(&entry));
                whole &= !self.finish(&table, RULE_KEYS) && !table.broken;
                rule = Some((version, enabled, optional));
            }
        } else if matches!(entry.value, toml::de::DeValue::String(_)) {
            rule = self
                .requirement(entry)
                .map(|version| (Some(version), None, None));
        } else {
            let expected = "a version requirement like `\"^1.2\"`, or a table with `version`, `enabled` or `optional`";
            self.wrong_type::<()>(entry, expected);
        }
        if rule.is_none() || !whole {
            layer.poison.rules.insert(entry.key.to_owned());
        }
        if let (Some(id), Some((version, enabled, optional))) = (id, rule) {
            layer.rules.push(PluginRule {
                id,
                version,
                enabled,
                optional,
            });
        }
    }

    /// `"dyn path::Trait" = "plugin:Name"`
    fn bind(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        let service = self.type_in(entry.key, entry.key_at);
        let provider = self.component_id(entry);
        match (service, provider) {
            (Some(service), Some(provider)) => layer.binds.push(Bind { service, provider }),
            _ => layer.poison.binds.push(entry.key.to_owned()),
        }
    }

    /// `"old:Name" = "plugin:Name"`, `"old:*" = "plugin:*"` or `old = "plugin"`
    fn alias(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        let from = self.named(key(entry), NameOf::Alias);
        let to = self
            .string(entry)
            .and_then(|to| self.named(to, NameOf::Alias));
        if let (Some(from), Some(to)) = (from, to) {
            if shape(&from.value) == shape(&to.value) {
                layer.aliases.push(Alias { from, to });
                return;
            }
            let problem = Problem::Alias {
                from: from.value,
                to: to.value,
                fault: AliasFault::Mixed,
            };
            self.problems.report(problem, from.origin);
        }
        layer.poison.aliases.insert(entry.key.to_owned());
    }
}

/// Both sides of an alias have to be of one shape: a plugin, all of a plugin's components, or one component.
fn shape(name: &str) -> u8 {
    match name.split_once(':') {
        None => 0,
        Some((_, "*")) => 1,
        Some(_) => 2,
    }
}
