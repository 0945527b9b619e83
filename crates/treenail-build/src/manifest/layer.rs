//! What a manifest and its overlays may both state: `[plugins]`, `[bind]`, `[alias]`, `[override]`, `[lifecycle]`,
//! `[[component]]`, `[[assert]]` and `[lints]`.

use super::keys;
use super::reader::Reader;
use super::section::key;
use super::value::{Entry, Table};
use crate::diagnostic::{AliasFault, NameFault, NameOf, Problem};
use crate::model::{Alias, Bind, Condition, Layer, Mention, Override, PluginRule, Setting};
use crate::source::Located;

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
        for entry in self.lines(
            table.take("override"),
            prefix,
            "\"plugin:Name\" = { enabled = false }",
            layer,
        ) {
            self.switch(&entry, layer);
        }
        if let Some(entry) = table.take("component") {
            self.components(&entry, layer, prefix);
        }
        if let Some(entry) = table.take("assert") {
            self.assertions(&entry, layer, prefix);
        }
        for entry in self.lines(
            table.take("lints"),
            prefix,
            "unused_bind = \"allow\"",
            layer,
        ) {
            self.lint(&entry, layer);
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
            &keys::LINES,
            &title,
            &format!("a table, `{title}`, with lines like `{example}`"),
        ) else {
            entry.absorb_into(&mut layer.poison);
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
        let before = self.problems.len();
        if matches!(entry.value, toml::de::DeValue::Table(_)) {
            let title = format!("[plugins] {}", entry.key);
            if let Some(mut table) = self.table(entry, &keys::RULE, &title, "a table") {
                rule = self.rule_table(&mut table);
                self.finish(&table);
                if table.broken {
                    layer.poison.rules.insert(entry.key.to_owned());
                }
            }
        } else {
            let version = if matches!(entry.value, toml::de::DeValue::String(_)) {
                self.requirement(entry)
            } else {
                let expected = "a version requirement like `\"^1.2\"`, or a table with `version`, `enabled`, `optional` or `when`";
                self.wrong_type(entry, expected)
            };
            // The plugin has to be there, whatever is said about it.
            rule = (!entry.broken).then(|| Rule {
                version: version.map(Setting::plain),
                ..Rule::default()
            });
        }
        if rule.is_none() || self.problems.len() > before {
            layer.poison.rules.insert(entry.key.to_owned());
        }
        if let (Some(id), Some(rule)) = (id, rule) {
            let Rule {
                version,
                enabled,
                optional,
                when,
            } = rule;
            layer.rules.push(PluginRule {
                id,
                version,
                enabled,
                optional,
                when,
            });
        }
    }

    fn rule_table(&mut self, table: &mut Table<'_>) -> Option<Rule> {
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
            let problem = Problem::Excluding {
                first,
                second,
                first_at,
            };
            self.problems.report(problem, second_at);
            return None;
        }
        Some(Rule {
            version,
            enabled,
            optional,
            when,
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
            let problem = Problem::Alias {
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
}

/// What an entry in `[plugins]` says, apart from whom it is about.
#[derive(Default)]
struct Rule {
    version: Option<Setting<semver::VersionReq>>,
    enabled: Option<Setting<bool>>,
    optional: Option<Setting<bool>>,
    when: Option<Condition>,
}

/// Both sides of an alias have to be of one shape: a plugin, all of a plugin's components, or one component.
fn shape(name: &str) -> u8 {
    match name.split_once(':') {
        None => 0,
        Some((_, "*")) => 1,
        Some(_) => 2,
    }
}
