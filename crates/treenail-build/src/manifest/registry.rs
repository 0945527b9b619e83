//! `[registry."path::Type"]`: entries under keys, and what a host says of the entries of plugins.

use toml::de::DeValue;

use super::keys;
use super::reader::Reader;
use super::value::{Entry, Table};
use crate::diagnostic::mistake::{NameFault, NameOf};
use crate::model::type_path::{PathFault, is_identifier};
use crate::model::{
    ComponentDecl, Condition, EntryChoice, EntryDecl, EntryOf, EntryPath, Kind, Layer, Need, Root,
    Setting, TypeExpr,
};
use crate::source::{Located, Origin};

/// More parts than the path of a registry has.
const LONGEST_PATH: usize = 16;

/// A line as it was read.
enum EntryLine {
    Entry(EntryPath, Details),
    Choice(Setting<EntryOf>),
}

/// What stands in a line beside the entry itself.
#[derive(Default)]
struct Details {
    needs: Option<Vec<Need>>,
    description: Option<String>,
    attributes: Vec<(String, String)>,
    when: Option<Condition>,
}

impl Reader<'_> {
    /// One table of `[registry]`.
    pub(super) fn registry(&mut self, entry: &Entry<'_>, layer: &mut Layer) {
        if let Some(parts) = self.parts(entry) {
            return self.unquoted(entry, &[entry.key], &parts, layer);
        }
        let registry = self.registry_in(entry.key, entry.key_at);
        let title = format!("[registry.{:?}]", entry.key);
        let line = keys::ENTRY.example;
        let expected = format!("a table, `{title}`, with lines like `{line}`");
        let Some(lines) = self.lines(entry, &title, &expected) else {
            layer.poison.registries.absorb([entry.key]);
            layer.poison.needs.absorb(entry.strings());
            return;
        };
        if lines.is_empty() && registry.is_some() && !entry.broken {
            layer.idle.push(Located {
                value: title,
                origin: entry.key_at,
            });
        }
        for line in &lines {
            let before = self.problems.len();
            let kept = self.line(line, registry.as_ref(), layer);
            if kept.is_none() || self.problems.len() > before {
                layer.poison.registries.absorb([entry.key]);
                layer.poison.needs.absorb(line.strings());
            }
            if kept.is_none() {
                leave_out(line, registry.as_ref(), layer);
            }
        }
    }

    /// What goes on with the path of a registry that is written without quotes, as several keys.
    fn parts<'t>(&mut self, entry: &Entry<'t>) -> Option<Vec<Entry<'t>>> {
        let is_segment = is_identifier(entry.key) || entry.key == "crate";
        let is_table = is_segment && matches!(entry.value, DeValue::Table(_));
        let lines = is_table.then(|| self.lines(entry, "", ""))??;
        let is_part = |line: &Entry<'_>| match line.value {
            DeValue::Table(table) => {
                let keys: Vec<&str> = table.keys().map(|key| key.get_ref().as_ref()).collect();
                let has_key = keys.iter().any(|key| keys::ENTRY.key(key).is_some());
                let meant = keys::ENTRY.meant(&keys);
                !keys.is_empty() && !has_key && meant.iter().all(Option::is_none)
            }
            _ => false,
        };
        (!lines.is_empty() && lines.iter().all(is_part)).then_some(lines)
    }

    /// Reads registries whose paths begin with these keys as what they are meant for, and reports each.
    fn unquoted(
        &mut self,
        first: &Entry<'_>,
        path: &[&str],
        parts: &[Entry<'_>],
        layer: &mut Layer,
    ) {
        for part in parts {
            let path = [path, &[part.key]].concat();
            if let Some(parts) = self.parts(part).filter(|_| path.len() < LONGEST_PATH) {
                self.unquoted(first, &path, &parts, layer);
                continue;
            }
            let (start, end) = (first.key_at.start as usize, part.key_at.end as usize);
            let written = self.text.get(start..end);
            let is_one_line = written.is_some_and(|written| !written.contains('\n'));
            let at = match is_one_line {
                true => Origin::new(self.source, start..end),
                false => part.key_at,
            };
            let _: Option<()> = self.not_a_path(&path.join("."), PathFault::Keys, at);
            let key = path.join("::");
            let meant = Entry {
                key: &key,
                ..part.clone()
            };
            self.registry(&meant, layer);
        }
    }

    /// A registry, written at this place.
    pub(super) fn registry_in(&mut self, text: &str, at: Origin) -> Option<Located<TypeExpr>> {
        let ty = self.type_in(text, at)?;
        let fault = match ty.value.root() {
            _ if ty.value.is_dyn => PathFault::UnexpectedDyn,
            Root::Std(_) | Root::Lone(_) => PathFault::NotARegistry,
            Root::Own | Root::Extern(_) => return Some(ty),
        };
        self.not_a_path(text, fault, at)
    }

    /// `key = "crate::Type"`, `key = { value = "crate::path" }`, or `key = false`; `None` where nothing of it is kept.
    fn line(
        &mut self,
        entry: &Entry<'_>,
        registry: Option<&Located<TypeExpr>>,
        layer: &mut Layer,
    ) -> Option<()> {
        let before = self.problems.len();
        let key = self.entry_key(entry.name());
        let line = match entry.value {
            DeValue::String(_) => {
                let ty = self.concrete(entry)?;
                EntryLine::Entry(EntryPath::Type(ty), Details::default())
            }
            DeValue::Boolean(false) => EntryLine::Choice(Setting::plain(Located {
                value: EntryOf::Nobody,
                origin: entry.at,
            })),
            DeValue::Table(_) => {
                let title = format!("entry {:?}", entry.key);
                let mut table = self.table(entry, &keys::ENTRY, &title, "a table")?;
                let line = self.detailed_line(&mut table, layer);
                self.finish(&table);
                line.filter(|_| !table.broken)?
            }
            _ => {
                let expected =
                    "a type like `\"crate::Type\"`, `false`, or a table with `value` or `type`";
                self.wrong_type(entry, expected)?
            }
        };
        let (registry, key) = (registry?.clone(), key?);
        let (what, details) = match line {
            EntryLine::Entry(what, details) => (what, details),
            EntryLine::Choice(of) => {
                layer.choices.push(EntryChoice { registry, key, of });
                return Some(());
            }
        };
        let wired = details.needs.map(|needs| ComponentDecl {
            needs,
            description: details.description.clone(),
            partial: self.problems.len() > before,
            ..ComponentDecl::of(Kind::Entry, what.path().clone(), id(&registry.value, &key))
        });
        layer.entries.push(EntryDecl {
            registry,
            key,
            what,
            wired,
            description: details.description,
            attributes: details.attributes,
            when: details.when,
        });
        Some(())
    }

    /// A line that is a table: an entry, or a choice.
    fn detailed_line(&mut self, table: &mut Table<'_>, layer: &mut Layer) -> Option<EntryLine> {
        let is_fit = self.stand_together(table);
        let value = table.take("value");
        let ty = table.take("type");
        let from = table.take("from");
        let requires = table.take("requires");
        let is_wired = requires.is_some();
        let description = self.value(table, "description", Self::text);
        let attributes = self.value(table, "attributes", Self::attributes);
        let needs = self.needs(requires, false, layer);
        let priority = self.value(table, "priority", Self::priority);
        let when = self.when(table).ok();
        let choice = |of: Located<EntryOf>, when| {
            Some(EntryLine::Choice(Setting {
                value: of,
                priority,
                when,
            }))
        };
        let what = match (value, ty, from) {
            _ if !is_fit => return None,
            (Some(entry), ..) if matches!(entry.value, DeValue::Boolean(false)) => {
                let (value, origin) = (EntryOf::Nobody, entry.at);
                return choice(Located { value, origin }, when?);
            }
            (Some(entry), ..) => EntryPath::Value(self.item(&entry)?),
            (_, Some(entry), _) if is_wired => EntryPath::Type(self.own_entry(&entry)?),
            (_, Some(entry), _) => EntryPath::Type(self.concrete(&entry)?),
            (.., Some(entry)) => {
                let plugin = self.name(&entry, NameOf::Plugin)?;
                let (value, origin) = (EntryOf::Plugin(plugin.value), plugin.origin);
                return choice(Located { value, origin }, when?);
            }
            (None, None, None) => {
                let ways = [
                    ("value", "value = \"crate::path\""),
                    ("type", "type = \"crate::Type\""),
                ];
                self.missing_all(table, &ways);
                return None;
            }
        };
        let details = Details {
            needs: is_wired.then_some(needs),
            description,
            attributes: attributes.unwrap_or_default(),
            when: when?,
        };
        Some(EntryLine::Entry(what, details))
    }

    /// Whether the keys of a line go together: one of `value`, `type` and `from`, and beside it what goes with that.
    fn stand_together(&mut self, table: &Table<'_>) -> bool {
        let before = self.problems.len();
        let placed = |key: &'static str| table.get(key).map(|entry| (entry.key_at, key));
        let of_an_entry = ["requires", "description", "attributes"];
        let ways: Vec<_> = ["value", "type", "from"]
            .into_iter()
            .filter_map(placed)
            .collect();
        let is_path = |entry: &Entry<'_>| !matches!(entry.value, DeValue::Boolean(_));
        let is_choice = !table.get("value").is_some_and(is_path);
        let others: &[&'static str] = match ways[..] {
            [(_, "type")] => &["priority"],
            [(_, "value")] if !is_choice => &["requires", "priority"],
            [_] => &of_an_entry,
            _ => &[],
        };
        match ways[..] {
            [way] => {
                for other in others.iter().copied().filter_map(placed) {
                    self.excluding(vec![way, other]);
                }
            }
            _ => self.excluding(ways),
        }
        self.problems.len() == before
    }

    /// A path to a function, a constant or a static.
    fn item(&mut self, entry: &Entry<'_>) -> Option<Located<TypeExpr>> {
        let text = self.string(entry)?;
        let path = self.path_in(&text.value, text.origin, true)?;
        let fault = match path.value.root() {
            _ if path.value.is_dyn => PathFault::UnexpectedDyn,
            Root::Lone(word) => PathFault::Lone {
                word: word.to_owned(),
                is_dyn: false,
            },
            Root::Own | Root::Extern(_) | Root::Std(_) => return Some(path),
        };
        self.not_this_path(&text.value, fault, text.origin, true)
    }

    /// The type of an entry with services.
    fn own_entry(&mut self, entry: &Entry<'_>) -> Option<Located<TypeExpr>> {
        let ty = self.concrete(entry)?;
        if ty.value.root() != Root::Own {
            return self.not_a_path(&ty.value.to_string(), PathFault::NotOwnEntry, ty.origin);
        }
        Some(ty)
    }

    /// Texts by names.
    fn attributes(&mut self, entry: &Entry<'_>) -> Option<Vec<(String, String)>> {
        let expected = "a table of texts, like `{ port = \"4317\" }`";
        let lines = self.lines(entry, "`attributes`", expected)?;
        let texts = lines.iter().map(|line| (line.key, self.text(line)));
        let texts: Vec<_> = texts.collect();
        let read = texts.into_iter();
        Some(
            read.filter_map(|(name, text)| Some((name.to_owned(), text?)))
                .collect(),
        )
    }

    fn entry_key(&mut self, key: Located<String>) -> Option<Located<String>> {
        let fault = match key.value.len() {
            0 => NameFault::Empty,
            1..=keys::LONGEST_KEY => return Some(key),
            _ => NameFault::Long(keys::LONGEST_KEY),
        };
        self.not_a_name(&key.value, NameOf::EntryKey, fault, key.origin)
    }
}

/// Remembers what a line was to be that could not be read: an entry with services, or a choice.
fn leave_out(line: &Entry<'_>, registry: Option<&Located<TypeExpr>>, layer: &mut Layer) {
    let texts = match line.value {
        DeValue::Table(table) => {
            let texts = ["type", "value"].into_iter();
            let texts = texts.filter_map(|key| table.get(key)?.get_ref().as_str());
            let texts: Vec<&str> = texts.collect();
            if table.contains_key("requires") {
                let names = texts.iter().filter_map(|path| path.rsplit("::").next());
                layer.poison.wired.extend(names.map(str::to_owned));
            }
            texts
        }
        DeValue::String(text) => vec![text.as_ref()],
        _ => Vec::new(),
    };
    if let Some(registry) = registry.filter(|_| texts.is_empty()) {
        let (registry, key) = (registry.clone(), line.name());
        layer.unread_choices.push(EntryChoice {
            of: Setting::plain(Located {
                value: EntryOf::Nobody,
                origin: line.at,
            }),
            registry,
            key,
        });
    }
}

/// Name of the component that makes an entry, for people: `proxy_api::HttpFilters(callout)`. It stays on one line.
fn id(registry: &TypeExpr, key: &Located<String>) -> Located<String> {
    let shown = key.value.chars().map(|c| match c {
        '"' | '\'' => c.to_string(),
        c => c.escape_debug().to_string(),
    });
    Located {
        value: format!("{registry}({})", shown.collect::<String>()),
        origin: key.origin,
    }
}
