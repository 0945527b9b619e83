//! `[host]`, `[plugin]`, and the names that identify things.

use super::keys;
use super::reader::Reader;
use super::value::{Entry, Table};
use crate::diagnostic::mistake::{ConflictWithItself, NameFault, NameOf, RequiresItself};
use crate::model::type_path::{is_identifier, is_keyword};
use crate::model::{
    ComponentDecl, Constraint, HostSection, Kind, LockSection, PluginSection, Services,
};
use crate::source::Located;

/// The plugin that a host's own components belong to.
const HOST_PLUGIN: &str = "app";

impl Reader<'_> {
    /// `[host]`. `prefix` is what its header starts with: empty, or `overlay.NAME.`.
    pub(super) fn host(&mut self, entry: &Entry<'_>, prefix: &str) -> Option<HostSection> {
        let title = format!("[{prefix}host]");
        let keys = match prefix {
            "" => &keys::HOST,
            _ => &keys::OVERLAY_HOST,
        };
        let mut table = self.table(entry, keys, &title, &format!("a table, `{title}`"))?;
        let has_api = table.get("api").is_some();
        let api = self.stated(&mut table, "api", "\"1.4.0\"", Self::version);
        let root = self.stated(&mut table, "root", "\"name\"", |reader, entry| {
            reader.name(entry, NameOf::Root)
        });
        let example = "[\"dyn path::Trait\"]";
        let all = self.stated(&mut table, "all", example, Self::services);
        let logging = self.stated(&mut table, "logging", "true", Self::boolean);
        let mut locked = None;
        if prefix.is_empty() {
            locked = self.value(&mut table, "locked", Self::boolean);
        }
        let has_unknown = self.finish(&table);
        Some(HostSection {
            origin: table.at,
            partial: table.broken || has_unknown || has_api && api.is_none(),
            api,
            root,
            all,
            logging,
            locked: locked.is_some_and(|locked| locked.value),
        })
    }

    /// `[lock]`
    pub(super) fn lock(&mut self, entry: &Entry<'_>) -> Option<LockSection> {
        let mut table = self.table(entry, &keys::LOCK, "[lock]", "a table, `[lock]`")?;
        let features = self.value(&mut table, "features", |reader, entry| {
            let sets = reader.array(entry, "a list of lists: `[[\"one\", \"another\"]]`")?;
            let sets = sets.iter().filter_map(|set| {
                reader.texts(set, "a list of features, as in `[[\"one\", \"another\"]]`")
            });
            Some(sets.collect())
        });
        let targets = self.value(&mut table, "targets", |reader, entry| {
            reader.texts(entry, "a list of target triples")
        });
        self.finish(&table);
        Some(LockSection {
            features: features.unwrap_or_default(),
            targets: targets.unwrap_or_default(),
        })
    }

    fn texts(&mut self, entry: &Entry<'_>, expected: &str) -> Option<Vec<Located<String>>> {
        let entries = self.array(entry, expected)?;
        Some(entries.iter().filter_map(|one| self.string(one)).collect())
    }

    /// A list of services. What in it is wrong is reported and left out.
    fn services(&mut self, entry: &Entry<'_>) -> Option<Located<Services>> {
        let entries = self.array(entry, "a list of services")?;
        let mut services: Vec<_> = entries.iter().filter_map(|one| self.service(one)).collect();
        self.once(entry.key, &mut services);
        Some(Located {
            value: Services(services),
            origin: entry.at,
        })
    }

    /// `[plugin]`; `None` where nothing can be known by its id.
    pub(super) fn plugin(&mut self, entry: &Entry<'_>) -> Option<PluginSection> {
        let mut table = self.table(entry, &keys::PLUGIN, "[plugin]", "a table, `[plugin]`")?;
        let id = self.required(&mut table, "id", Self::string);
        let id = id.and_then(|id| self.plugin_id(id));
        let description = self.value(&mut table, "description", Self::text);
        let api = self.constraints(&mut table, "api", NameOf::Package);
        let host = self.value(&mut table, "host", Self::requirement);
        let mut requires = self.constraints(&mut table, "requires", NameOf::Plugin);
        let conflicts = self.constraints(&mut table, "conflicts", NameOf::Plugin);
        let hooks = self.value(&mut table, "hooks", Self::own);
        self.finish(&table);
        let is_own = |one: &Constraint| id.as_ref().is_some_and(|id| one.name.value == id.value);
        for one in conflicts.iter().filter(|one| is_own(one)) {
            let id = one.name.value.clone();
            self.problems
                .report(ConflictWithItself { id }, one.name.origin);
        }
        requires.retain(|one| {
            if is_own(one) {
                let id = one.name.value.clone();
                self.problems.report(RequiresItself { id }, one.name.origin);
            }
            !is_own(one)
        });
        Some(PluginSection {
            id: id?,
            description,
            api,
            host,
            requires,
            conflicts,
            hooks,
        })
    }

    /// `{ name = "requirement", … }`
    fn constraints(&mut self, table: &mut Table<'_>, called: &str, of: NameOf) -> Vec<Constraint> {
        let expected = "a table of names with the versions of each, like `{ name = \"^1.2\" }`";
        let title = format!("`{called}`");
        let lines = self.value(table, called, |reader, entry| {
            reader.lines(entry, &title, expected)
        });
        let mut constraints = Vec::new();
        for line in lines.iter().flatten() {
            let name = self.named(line.name(), of);
            let versions = self.requirement(line);
            let both = name.zip(versions);
            constraints.extend(both.map(|(name, versions)| Constraint { name, versions }));
        }
        constraints
    }

    /// The id of a plugin that is not the host itself.
    pub(super) fn plugin_id(&mut self, id: Located<String>) -> Option<Located<String>> {
        if id.value == HOST_PLUGIN {
            return self.not_a_name(&id.value, NameOf::Plugin, NameFault::Reserved, id.origin);
        }
        self.named(id, NameOf::Plugin)
    }

    /// A component id: `plugin:Name`.
    pub(super) fn component_id(&mut self, entry: &Entry<'_>) -> Option<Located<String>> {
        self.name(entry, NameOf::ComponentId)
    }

    /// A string that is a name of its kind.
    pub(super) fn name(&mut self, entry: &Entry<'_>, of: NameOf) -> Option<Located<String>> {
        let text = self.string(entry)?;
        self.named(text, of)
    }

    /// A name of its kind, or a report.
    pub(super) fn named(&mut self, name: Located<String>, of: NameOf) -> Option<Located<String>> {
        match fault(&name.value, of) {
            None => Some(name),
            Some(fault) => self.not_a_name(&name.value, of, fault, name.origin),
        }
    }
}

impl PluginSection {
    /// The component that the hooks are: a plugin's hooks are named by their type.
    pub(super) fn component(&self) -> Option<ComponentDecl> {
        let ty = self.hooks.clone()?;
        let name = Located {
            value: ty.value.last_ident().to_owned(),
            origin: ty.origin,
        };
        Some(ComponentDecl::of(Kind::Hooks, ty, name))
    }
}

/// What is wrong with a name.
fn fault(name: &str, of: NameOf) -> Option<NameFault> {
    if name.is_empty() {
        return Some(NameFault::Empty);
    }
    let good = match of {
        NameOf::Plugin | NameOf::Overlay => is_dashed(name, |first| first.is_ascii_alphabetic()),
        NameOf::Package | NameOf::Dependency | NameOf::Root => {
            is_dashed(name, |first| first.is_ascii_alphabetic() || first == '_')
        }
        NameOf::Component | NameOf::Field if is_keyword(name) => return Some(NameFault::Keyword),
        NameOf::Component | NameOf::Field => is_identifier(name),
        NameOf::ComponentId if is_dashed(name, |first| first.is_ascii_alphabetic()) => {
            return Some(NameFault::Half);
        }
        NameOf::ComponentId => is_component_id(name),
        NameOf::EntryKey => true,
        NameOf::Alias => {
            is_component_id(name)
                || alias_of_all(name)
                || is_dashed(name, |first| first.is_ascii_alphabetic())
        }
    };
    (!good).then_some(NameFault::Shape)
}

fn is_dashed(name: &str, first: impl Fn(char) -> bool) -> bool {
    name.starts_with(first)
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// Whether a text has the form `plugin:Name`.
pub(super) fn is_component_id(name: &str) -> bool {
    name.split_once(':').is_some_and(|(plugin, name)| {
        is_dashed(plugin, |first| first.is_ascii_alphabetic()) && is_identifier(name)
    })
}

/// `plugin:*`
fn alias_of_all(name: &str) -> bool {
    name.strip_suffix(":*")
        .is_some_and(|plugin| is_dashed(plugin, |first| first.is_ascii_alphabetic()))
}
