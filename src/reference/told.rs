//! What the page tells of a composition, from its table.

use treenail_core::LeftOutEntry as NotListed;
use treenail_core::composed::{Listed, ListedLine};
use treenail_reference as page;

use crate::container::{Absent, Entry, Form, LeftOut, Need, PluginEntry, Reason, Scope, Table};

/// A composition, as the compiler that made it tells it too.
pub(super) fn composition(table: &'static Table, registries: &[Listed]) -> page::Composition {
    let components = table.components.iter().enumerate();
    let components = components.map(|(number, entry)| component(table, number, entry));
    let aliases = table.aliases.iter();
    let aliases = aliases.map(|(from, to)| ((*from).to_owned(), (*to).to_owned()));
    page::Composition {
        host: table.host.to_owned(),
        api: table.api.to_owned(),
        root: table.root.to_owned(),
        plugins: table.plugins.iter().map(plugin).collect(),
        components: components.collect(),
        registries: registries.iter().map(registry).collect(),
        aliases: aliases.collect(),
        left_out: table.left_out.iter().map(left_out).collect(),
        absent: table.absent.iter().map(absent).collect(),
    }
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

fn plugin(entry: &PluginEntry) -> page::Plugin {
    page::Plugin {
        id: entry.id.to_owned(),
        package: entry.package.to_owned(),
        version: entry.version.to_owned(),
        optional: entry.optional,
        description: entry.description.to_owned(),
    }
}

fn component(table: &'static Table, number: usize, entry: &Entry) -> page::Component {
    let needs = entry.needs.iter().map(|one| need(table, one));
    page::Component {
        id: entry.id.to_owned(),
        plugin: table.plugins[entry.plugin].id.to_owned(),
        kind: kind(table, number, entry),
        scope: match entry.scope {
            Scope::Singleton => page::Scope::Singleton,
            Scope::Instance => page::Scope::Instance,
            Scope::Transient => page::Scope::Transient,
            Scope::Decorator => page::Scope::Decorator,
        },
        configured: entry.config.is_some(),
        description: entry.description.to_owned(),
        provides: texts(entry.provides),
        needs: needs.collect(),
    }
}

fn kind(table: &'static Table, number: usize, entry: &Entry) -> page::Kind {
    #[cfg(feature = "pipes")]
    if entry.pipe.is_some() {
        return page::Kind::Pipe;
    }
    match table.plugins[entry.plugin].hooks {
        Some(hooks) if hooks == number => page::Kind::Hooks,
        // What makes an entry is called by its registry and its key, in brackets; no component is.
        _ if entry.id.ends_with(')') => page::Kind::Entry,
        _ => page::Kind::Service,
    }
}

fn need(table: &'static Table, need: &Need) -> page::Need {
    let id = |number: &usize| table.components[*number].id.to_owned();
    page::Need {
        field: need.field.to_owned(),
        service: need.service.to_owned(),
        form: match need.form {
            Form::One | Form::Lazy | Form::Current => page::Form::One,
            Form::Optional => page::Form::Optional,
            Form::All | Form::Map => page::Form::Every,
            Form::Registry => page::Form::Entries,
            Form::Own => page::Form::Own,
            Form::Inner => page::Form::Inner,
        },
        providers: need.providers.iter().map(id).collect(),
        default: need.default.as_ref().map(id),
        wrapped_by: need.wrapped_by.as_ref().map(id),
    }
}

fn registry(listed: &Listed) -> page::Registry {
    page::Registry {
        name: listed.registry.to_owned(),
        entries: listed.lines.iter().map(entry).collect(),
        left_out: listed.left_out.iter().map(not_listed).collect(),
    }
}

fn entry(line: &ListedLine) -> page::Entry {
    let attributes = line.attributes.iter();
    let attributes = attributes.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    page::Entry {
        key: line.key.to_owned(),
        plugin: line.plugin.to_owned(),
        description: line.description.to_owned(),
        attributes: attributes.collect(),
    }
}

fn not_listed(one: &NotListed) -> page::LeftOutEntry {
    page::LeftOutEntry {
        key: one.key.to_owned(),
        features: one.feature().map(str::to_owned),
    }
}

fn left_out(one: &LeftOut) -> page::LeftOut {
    page::LeftOut {
        name: one.name.to_owned(),
        reason: match one.reason {
            Reason::Lost(wins) => {
                let winners = wins.iter().map(|(winner, _)| (*winner).to_owned());
                page::Reason::Lost(winners.collect())
            }
            Reason::Unneeded(needer) => page::Reason::Unneeded(needer.to_owned()),
            Reason::Off(_) => page::Reason::Off,
        },
    }
}

fn absent(one: &Absent) -> page::Absent {
    page::Absent {
        names: texts(one.names),
        feature: one.feature.to_owned(),
    }
}
