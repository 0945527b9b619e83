//! What the page tells of a composition, from its description.

use treenail_reference::{
    Absent, Component, Composition, Entry, Form, Kind, LeftOut, LeftOutEntry, Need, Plugin, Reason,
    Registry, Scope,
};

use crate::description::{self, Description};

/// A composition, as the program that is made of it tells it too.
pub(super) fn composition(description: &Description) -> Composition {
    let names = |keys: &[String]| {
        let names = keys.iter().map(|key| description.name(key).to_owned());
        names.collect::<Vec<_>>()
    };
    let components = description.components.iter().map(|one| Component {
        id: one.id.clone(),
        plugin: one.plugin.clone(),
        kind: kind(&one.kind),
        scope: match (&one.decorates, one.scope.as_str()) {
            (Some(_), _) => Scope::Decorator,
            (None, "instance") => Scope::Instance,
            (None, "transient") => Scope::Transient,
            (None, _) => Scope::Singleton,
        },
        configured: one.configured,
        description: one.description.clone().unwrap_or_default(),
        provides: names(&one.provides),
        needs: one.needs.iter().map(|one| need(description, one)).collect(),
    });
    let host = &description.host;
    Composition {
        host: host.package.clone(),
        api: host.api.clone(),
        root: host.root.clone(),
        plugins: description.plugins.iter().map(plugin).collect(),
        components: components.collect(),
        registries: description.registries.iter().map(registry).collect(),
        aliases: description.aliases.clone(),
        left_out: description.left_out.iter().map(left_out).collect(),
        absent: description
            .needs_feature
            .iter()
            .filter_map(absent)
            .collect(),
    }
}

fn plugin(one: &description::Plugin) -> Plugin {
    Plugin {
        id: one.id.clone(),
        package: one.package.clone(),
        version: one.version.clone(),
        optional: one.optional,
        description: one.description.clone().unwrap_or_default(),
    }
}

fn kind(kind: &str) -> Kind {
    match kind {
        "pipe" => Kind::Pipe,
        "hooks" => Kind::Hooks,
        "entry" => Kind::Entry,
        _ => Kind::Service,
    }
}

fn need(description: &Description, need: &description::Need) -> Need {
    let service = description.service(&need.service);
    let is_own = service.is_some_and(|one| one.runtime);
    Need {
        field: need.field.clone(),
        service: description.name(&need.service).to_owned(),
        form: match need.form.as_str() {
            "handle" | "app_handle" => Form::Own,
            _ if is_own => Form::Own,
            "optional" => Form::Optional,
            "all" | "map" => Form::Every,
            "registry" => Form::Entries,
            "inner" => Form::Inner,
            _ => Form::One,
        },
        providers: need.providers.clone(),
        default: need.default.clone(),
        wrapped_by: need.wrapped_by.clone(),
    }
}

fn registry(one: &description::Registry) -> Registry {
    let entries = one.entries.iter().map(|entry| Entry {
        key: entry.key.clone(),
        plugin: entry.plugin.clone(),
        description: entry.description.clone().unwrap_or_default(),
        attributes: entry.attributes.clone(),
    });
    let left_out = one.left_out.iter().map(|entry| LeftOutEntry {
        key: entry.key.clone(),
        features: entry.why.strip_prefix("needs feature ").map(str::to_owned),
    });
    Registry {
        name: one.name.clone(),
        entries: entries.collect(),
        left_out: left_out.collect(),
    }
}

fn left_out(one: &description::LeftOut) -> LeftOut {
    let winners = one.lost_to.iter().map(|win| win.winner.clone());
    LeftOut {
        name: one.name.clone(),
        reason: match &one.only_needed_by {
            Some(needer) => Reason::Unneeded(needer.clone()),
            None if one.is_consequence() => Reason::Lost(winners.collect()),
            None => Reason::Off,
        },
    }
}

/// A plugin that a feature would bring; a component that features keep out is nothing that the program itself knows of.
fn absent(one: &description::NeedsFeature) -> Option<Absent> {
    let is_component = one.names.iter().all(|name| name.contains(':'));
    let feature = one.features.first().filter(|_| !is_component)?;
    Some(Absent {
        names: one.names.clone(),
        feature: feature.clone(),
    })
}
