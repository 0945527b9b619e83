//! What a manifest and its overlays may both state: `[plugins]`, `[bind]`, `[alias]`, `[override]`, `[lifecycle]`,
//! `[[component]]`, `[[assert]]` and `[lints]`.

use toml::de::DeValue;

use super::keys;
use super::reader::Reader;
use super::section::key;
use super::value::{Entry, Table};
use super::words::LEVELS;
use crate::diagnostic::mistake::{AliasFault, AliasMistake, Excluding, NameOf};
use crate::model::{Alias, Bind, Layer, LintLine, Mention, Override, PluginRule, Setting};
use crate::source::Located;

impl Reader<'_> {
    /// Reads the layer's part of a table. `prefix` is what its headers start with: empty, or `overlay.NAME.`.
    pub(super) fn layer(&mut self, table: &mut Table<'_>, layer: &mut Layer, prefix: &str) {
        for entry in self.lines(table, "plugins", prefix, layer) {
            self.rule(&entry, layer);
        }
        for entry in self.lines(table, "bind", prefix, layer) {
            self.bind(&entry, layer);
        }
        for entry in self.lines(table, "alias", prefix, layer) {
            self.alias(&entry, layer);
        }
        for entry in self.lines(table, "lifecycle", prefix, layer) {
            self.tuning(&entry, layer);
        }
        for entry in self.lines(table, "override", prefix, layer) {
            self.switch(&entry, layer);
        }
        if let Some(entry) = table.take("component") {
            self.components(&entry, layer, prefix);
        }
        if let Some(entry) = table.take("assert") {
            self.assertions(&entry, layer, prefix);
        }
        for entry in self.lines(table, "lints", prefix, layer) {
            self.lint(&entry, layer);
        }
    }

    /// The entries of a table whose keys are the author's.
    fn lines<'t>(
        &mut self,
        table: &mut Table<'t>,
        key: &str,
        prefix: &str,
        layer: &mut Layer,
    ) -> Vec<Entry<'t>> {
        let Some(entry) = table.take(key) else {
            return Vec::new();
        };
        let title = format!("[{prefix}{key}]");
        let line = table.keys.line(key);
        let expected = format!("a table, `{title}`, with lines like `{line}`");
        let Some(table) = self.table(&entry, &keys::LINES, &title, &expected) else {
            entry.absorb_into(&mut layer.poison);
            return Vec::new();
        };
        table.in_order().into_iter().cloned().collect()
    }

    /// `id = "^0.3"` or `id = { version, enabled, optional }`
    fn rule(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        let id = self.plugin_id(key(entry));
        let nothing = PluginRule {
            id: key(entry),
            version: None,
            enabled: None,
            optional: None,
            when: None,
        };
        let mut rule = None;
        let before = self.problems.len();
        if matches!(entry.value, DeValue::Table(_)) {
            let title = format!("[plugins] {}", entry.key);
            if let Some(mut table) = self.table(entry, &keys::RULE, &title, "a table") {
                rule = self.rule_table(&mut table, nothing);
                self.finish(&table);
                if table.broken {
                    layer.poison.rules.insert(entry.key.to_owned());
                }
            }
        } else {
            let version = if matches!(entry.value, DeValue::String(_)) {
                self.requirement(entry)
            } else {
                let expected = "a version requirement like `\"^1.2\"`, or a table with `version`, `enabled`, `optional` or `when`";
                self.wrong_type(entry, expected)
            };
            // The plugin has to be there, whatever is said about it.
            rule = (!entry.broken).then_some(PluginRule {
                version: version.map(Setting::plain),
                ..nothing
            });
        }
        if rule.is_none() || self.problems.len() > before {
            layer.poison.rules.insert(entry.key.to_owned());
        }
        layer.rules.extend(rule.filter(|_| id.is_some()));
    }

    fn rule_table(&mut self, table: &mut Table<'_>, nothing: PluginRule) -> Option<PluginRule> {
        let enabled = table.take("enabled");
        let (off_at, when_at) = (
            enabled.as_ref().map(|entry| entry.key_at),
            table.entries.get("when").map(|entry| entry.key_at),
        );
        let enabled = enabled.and_then(|entry| self.setting(&entry, "false", Self::boolean));
        let optional = table.take("optional");
        let optional = optional.and_then(|entry| self.setting(&entry, "true", Self::boolean));
        let version = table.take("version");
        let version = version.and_then(|entry| self.setting(&entry, "\"^1.2\"", Self::requirement));
        let when = self.when(table.take("when"));
        if when_at.is_some() && when.is_none() {
            return None;
        }
        let is_off = enabled.as_ref().is_some_and(|enabled| !enabled.value.value);
        if let (true, Some(off_at), Some(when_at)) = (is_off, off_at, when_at) {
            // "Off where …" and "on where …": nobody could tell which of the two is meant.
            let (first_at, second_at) = (off_at.min(when_at), off_at.max(when_at));
            let [first, second] = if off_at < when_at {
                ["enabled = false", "when"]
            } else {
                ["when", "enabled = false"]
            }
            .map(str::to_owned);
            let problem = Excluding {
                first,
                second,
                first_at,
            };
            self.problems.report(problem, second_at);
            return None;
        }
        Some(PluginRule {
            version,
            enabled,
            optional,
            when,
            ..nothing
        })
    }

    /// `"dyn path::Trait" = "plugin:Name"`
    fn bind(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        let service = self.type_in(entry.key, entry.key_at);
        let provider = self.setting_or_value(entry, "\"plugin:Name\"", Self::component_id);
        match (service, provider) {
            (Some(service), Ok(provider)) => layer.binds.push(Bind { service, provider }),
            (_, provider) => {
                layer.poison.binds.absorb([entry.key]);
                let provider = provider.map_or_else(|lost| lost, Some);
                layer.mentions.extend(provider.map(Mention::Bind));
            }
        }
    }

    /// `"old:Name" = "plugin:Name"` or `old = "plugin"`. `"old:*" = "plugin:*"` is told where the components of the plugin are
    /// known.
    fn alias(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        let from = self.named(key(entry), NameOf::Alias);
        let to = self.setting_or_value(entry, "\"plugin:Name\"", |reader, entry| {
            let to = reader.string(entry)?;
            reader.named(to, NameOf::Alias)
        });
        let to = match (&from, to) {
            (Some(_), Ok(to)) => Some(to),
            (_, to) => {
                let to = to.map_or_else(|lost| lost, Some);
                let to = to.filter(|to| shape(&to.value.value) == 2);
                layer.mentions.extend(to.map(Mention::Alias));
                None
            }
        };
        if let (Some(from), Some(to)) = (from, to) {
            if shape(&from.value) == shape(&to.value.value) {
                layer.aliases.push(Alias { from, to });
                return;
            }
            let problem = AliasMistake {
                from: from.value,
                to: to.value.value,
                fault: AliasFault::Mixed,
            };
            self.problems.report(problem, from.origin);
        }
        layer.poison.aliases.insert(entry.key.to_owned());
    }

    /// `"plugin:Name" = { enabled, when }`. What can be read of one with a mistake is kept: its component has to be there all the
    /// same.
    fn switch(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        let id = self.named(key(entry), NameOf::ComponentId);
        let before = self.problems.len();
        let title = format!("[override] {:?}", entry.key);
        let expected = "a table with `enabled`";
        let table = self.table(entry, &keys::OVERRIDE, &title, expected);
        let states = table.as_ref().is_none_or(|table| table.states(&["when"]));
        let mut table = table.unwrap_or_else(|| Table::unread(entry, &keys::OVERRIDE));
        let enabled = table.take("enabled");
        let enabled = enabled.and_then(|entry| self.setting(&entry, "false", Self::boolean));
        let has_when = table.entries.contains_key("when");
        let when = self.when(table.take("when"));
        self.finish(&table);
        // Where a condition could not be read it is not known whether anything is said.
        let may_count = !table.broken && (when.is_some() || !has_when);
        if !may_count || self.problems.len() > before {
            layer.poison.overrides.insert(entry.key.to_owned());
        }
        if let Some(id) = id.filter(|_| may_count) {
            layer.idle.extend((!states).then_some(Located {
                value: title,
                origin: id.origin,
            }));
            layer.overrides.push(Override { id, enabled, when });
        }
    }

    /// The lines of `[lints]`: `name = "allow"`.
    pub(super) fn lint(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        let level = self.setting(entry, "\"allow\"", |reader, entry| {
            if !matches!(entry.value, DeValue::String(_)) {
                return reader.wrong_type(entry, "`\"allow\"`, `\"warn\"` or `\"deny\"`");
            }
            let named = Entry {
                key: "level",
                ..entry.clone()
            };
            let level = reader.choice(&named, LEVELS)?;
            Some(Located {
                value: level,
                origin: entry.at,
            })
        });
        layer.lints.extend(level.map(|level| LintLine {
            name: key(entry),
            level,
        }));
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
