//! What a manifest and its overlays may both state: `[plugins]`, `[bind]`, `[alias]`, `[override]`, `[lifecycle]`,
//! `[[component]]`, `[registry]`, `[[assert]]` and `[lints]`.

use toml::de::DeValue;

use super::keys::{self, KeyTable};
use super::reader::Reader;
use super::section::is_component_id;
use super::value::{Entry, Table};
use super::words::LEVELS;
use crate::diagnostic::mistake::{
    AliasFault, AliasMistake, BindAmongPlugins, BindReversed, NameFault, NameOf,
};
use crate::model::{
    Alias, Bind, Layer, LintLine, Mention, Override, PluginRule, Setting, type_path,
};
use crate::source::Located;

/// Reads a line of a table whose keys are the author's.
type ReadLine<'r> = fn(&mut Reader<'r>, &Entry<'_>, &mut Layer);

impl Reader<'_> {
    /// Reads the layer's part of a table. `prefix` is what its headers start with: empty, or `overlay.NAME.`.
    pub(super) fn layer(&mut self, table: &mut Table<'_>, layer: &mut Layer, prefix: &str) {
        if let Some(entry) = table.take("component") {
            self.components(&entry, layer, prefix);
        }
        if let Some(entry) = table.take("assert") {
            self.assertions(&entry, layer, prefix);
        }
        let lines: [(&str, ReadLine<'_>); 7] = [
            ("plugins", Self::rule),
            ("bind", Self::bind),
            ("alias", Self::alias),
            ("lifecycle", Self::tuning),
            ("override", Self::switch),
            ("registry", Self::registry),
            ("lints", Self::lint),
        ];
        for (key, read) in lines {
            let Some(entry) = table.take(key) else {
                continue;
            };
            let title = format!("[{prefix}{key}]");
            let line = table.keys.line(key);
            let expected = format!("a table, `{title}`, with lines like `{line}`");
            match self.lines(&entry, &title, &expected) {
                Some(lines) => lines.iter().for_each(|line| read(self, line, layer)),
                None => entry.absorb_into(&mut layer.poison),
            }
        }
    }

    /// `id = "^0.3"` or `id = { version, enabled, optional }`
    fn rule(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        if is_binding(entry) {
            let line = format!("{:?} = {:?}", entry.key, entry.strings().concat());
            let service = entry.key.to_owned();
            let problem = BindAmongPlugins { service, line };
            self.problems.report(problem, entry.key_at);
            self.bind(entry, layer);
            return;
        }
        let id = self.plugin_id(entry.name());
        let nothing = PluginRule {
            id: entry.name(),
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
        let place = |key| table.get(key).map(|entry| entry.key_at);
        let (off_at, when_at) = (place("enabled"), place("when"));
        let enabled = self.stated(table, "enabled", "false", Self::boolean);
        let optional = self.stated(table, "optional", "true", Self::boolean);
        let version = self.stated(table, "version", "\"^1.2\"", Self::requirement);
        let when = self.when(table).ok()?;
        let is_off = enabled.as_ref().is_some_and(|enabled| !enabled.value.value);
        if let (true, Some(off_at), Some(when_at)) = (is_off, off_at, when_at) {
            // "Off where …" and "on where …": nobody could tell which of the two is meant.
            self.excluding(vec![(off_at, "enabled = false"), (when_at, "when")]);
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
        if let Some(bind) = self.reversed(entry) {
            layer.binds.push(bind);
            return;
        }
        let service = self.service_in(entry.key, entry.key_at);
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

    /// A binding with its sides in the wrong order, which is reported.
    fn reversed(&mut self, entry: &Entry<'_>) -> Option<Bind> {
        let text = entry.value.as_str()?;
        let is_reversed = is_component_id(entry.key) && !is_component_id(text);
        let service = type_path::parse(text).ok().filter(|_| is_reversed)?;
        let provider = entry.name();
        let problem = BindReversed {
            provider: provider.value.clone(),
            service: text.to_owned(),
        };
        self.problems.report(problem, provider.origin);
        Some(Bind {
            service: Located {
                value: service,
                origin: entry.at,
            },
            provider: Setting::plain(provider),
        })
    }

    /// `"old:Name" = "plugin:Name"` or `old = "plugin"`. `"old:*" = "plugin:*"` is told where the components of the plugin are
    /// known.
    fn alias(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        let from = self.named(entry.name(), NameOf::Alias);
        let to = self.setting_or_value(entry, "\"plugin:Name\"", |reader, entry| {
            reader.name(entry, NameOf::Alias)
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
        if let Some(id) = self.split_id(entry, &keys::OVERRIDE) {
            layer.poison.overrides.insert(id);
            return;
        }
        let Some(id) = self.named(entry.name(), NameOf::ComponentId) else {
            // What a plugin can be told has other keys.
            entry.absorb_into(&mut layer.poison);
            return;
        };
        let before = self.problems.len();
        let title = format!("[override] {:?}", entry.key);
        let table = self.table(entry, &keys::OVERRIDE, &title, "a table with `enabled`");
        let mut table = table.unwrap_or_else(|| Table::unread(entry, &keys::OVERRIDE));
        let enabled = self.stated(&mut table, "enabled", "false", Self::boolean);
        let when = self.when(&mut table);
        self.finish(&table);
        let is_whole = !table.broken && self.problems.len() == before;
        if !is_whole {
            layer.poison.overrides.insert(entry.key.to_owned());
        }
        // Where a condition could not be read it is not known whether anything is said.
        let (Ok(when), false) = (when, table.broken) else {
            return;
        };
        if is_whole && enabled.is_none() {
            layer.idle.push(Located {
                value: title,
                origin: id.origin,
            });
        }
        layer.overrides.push(Override { id, enabled, when });
    }

    /// A component id that is written as two keys, like `[override.mail.Mailer]`, which is reported.
    pub(super) fn split_id(&mut self, entry: &Entry<'_>, keys: &KeyTable) -> Option<String> {
        let DeValue::Table(inner) = entry.value else {
            return None;
        };
        let mut inner = inner.iter();
        let (name, value) = inner.next().filter(|_| inner.len() == 0)?;
        let is_unknown = keys.key(name.get_ref()).is_none();
        let id = format!("{}:{}", entry.key, name.get_ref());
        if !is_unknown || !matches!(value.get_ref(), DeValue::Table(_)) || !is_component_id(&id) {
            return None;
        }
        let text = format!("{}.{}", entry.key, name.get_ref());
        self.not_a_name(&text, NameOf::ComponentId, NameFault::Split, entry.key_at)
            .or(Some(id))
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
            name: entry.name(),
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

/// Whether a line binds a service to a component.
fn is_binding(entry: &Entry<'_>) -> bool {
    let is_service = entry.key.starts_with("dyn ") || entry.key.contains("::");
    is_service && entry.value.as_str().is_some_and(is_component_id)
}
