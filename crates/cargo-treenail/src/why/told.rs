//! What is told of each kind of thing: a line for itself, then one for each who decided and who needs it, and the way from the host.

use std::collections::BTreeSet;

use super::way::way;
use crate::description::{
    Component, Description, Entry, LeftOut, Plugin, Registry, Service, Setting, Statement,
};

/// What is said, with what does not count.
pub(super) fn settings(
    description: &Description,
    wanted: impl Fn(&Setting) -> bool,
) -> Vec<String> {
    let mut lines = Vec::new();
    for setting in description.settings.iter().filter(|one| wanted(one)) {
        let key = &setting.key;
        lines.push(format!("  `{key}` is {}", statement(&setting.counts)));
        let weaker = setting.weaker.iter();
        lines.extend(weaker.map(|one| format!("      not {}", statement(one))));
    }
    lines
}

pub(super) fn statement(statement: &Statement) -> String {
    let Statement {
        says,
        at,
        layer,
        priority,
    } = statement;
    format!("`{says}`: {layer}, priority {priority}, {at}")
}

pub(super) fn plugin(description: &Description, plugin: &Plugin) -> Vec<String> {
    let Plugin {
        id,
        package,
        version,
        manifest,
        ..
    } = plugin;
    let mut lines = vec![format!(
        "plugin `{id}`: package `{package}` {version}, {manifest}"
    )];
    lines.extend(settings(description, |one| {
        one.kind == "plugin" && one.name == *id
    }));
    let own = description
        .components
        .iter()
        .filter(|one| one.plugin == *id);
    let own: Vec<&str> = own.map(|one| one.id.as_str()).collect();
    let needs = own.iter().flat_map(|one| description.needers(one));
    let needs = needs.filter(|(needer, _)| needer.plugin != *id);
    // What wraps a component may be of the same plugin.
    let needs: BTreeSet<String> = needs
        .map(|(needer, need)| {
            let what = description.name(&need.service);
            let (needer, at) = (&needer.id, &needer.at);
            format!(
                "  `{needer}` needs `{what}` of it as `{}`, {at}",
                need.field
            )
        })
        .collect();
    lines.extend(needs);
    lines.extend(way(description, &own));
    lines
}

pub(super) fn component(description: &Description, component: &Component) -> Vec<String> {
    let Component { id, scope, at, .. } = component;
    let mut lines = vec![format!(
        "component `{id}`: {scope} of plugin `{}`, {at}",
        component.plugin
    )];
    for key in &component.provides {
        let Some(service) = description.service(key) else {
            continue;
        };
        let who = match service.winner.as_ref() == Some(id) {
            true => "it".to_owned(),
            false => service.answer(),
        };
        lines.push(format!(
            "  provides `{}`, for which {who} answers{}",
            service.name,
            decided(description, service)
        ));
    }
    if let Some(key) = &component.decorates {
        lines.push(format!(
            "  wraps every provider of `{}`",
            description.name(key)
        ));
    }
    lines.extend(settings(description, |one| {
        one.kind == "component" && one.name == *id
    }));
    lines.extend(needers(description, id));
    lines.extend(way(description, &[id]));
    lines
}

/// Who is handed a component.
fn needers(description: &Description, id: &str) -> Vec<String> {
    let needers = description.needers(id);
    let needers = needers.map(|(needer, need)| {
        format!(
            "  `{}` needs it as `{}`, {}",
            needer.id, need.field, needer.at
        )
    });
    needers.collect()
}

/// Who decided who answers for a service.
fn decided(description: &Description, service: &Service) -> String {
    let line = description.setting("service", &service.name, "provider");
    match (line, service.providers.as_slice()) {
        (Some(setting), _) => {
            let Statement {
                at,
                layer,
                priority,
                ..
            } = &setting.counts;
            format!(": `[bind]`, {layer}, priority {priority}, {at}")
        }
        (None, [_]) => ": the only provider".to_owned(),
        _ => String::new(),
    }
}

pub(super) fn service(description: &Description, service: &Service) -> Vec<String> {
    let Service {
        key, name, winner, ..
    } = service;
    let who = service.answer();
    let mut lines = vec![format!(
        "service `{name}`: {who} answers{}",
        decided(description, service)
    )];
    lines.extend(
        settings(description, |one| {
            one.kind == "service" && one.name == *name
        })
        .into_iter()
        .skip(1),
    );
    let place = |id: &str| {
        description
            .component(id)
            .map_or("", |one| one.at.as_str())
            .to_owned()
    };
    let others = service
        .providers
        .iter()
        .filter(|one| Some(*one) != winner.as_ref() || winner.is_none());
    lines.extend(others.map(|one| format!("  `{one}` provides it as well, {}", place(one))));
    let losers = description
        .left_out
        .iter()
        .filter(|one| one.provides.contains(key));
    lines.extend(
        losers
            .flat_map(|one| left_out(description, one))
            .map(|line| format!("  {line}")),
    );
    lines.extend(
        service
            .decorators
            .iter()
            .map(|one| format!("  `{one}` wraps it, {}", place(one))),
    );
    let needs = description
        .needs()
        .filter(|(_, need)| need.service == *key && need.form != "inner");
    let needers: Vec<&Component> = needs.clone().map(|(needer, _)| needer).collect();
    lines.extend(needs.map(|(needer, need)| {
        let form = if need.form == "one" {
            String::new()
        } else {
            format!(" ({})", need.form)
        };
        format!(
            "  `{}` needs it as `{}`{form}, {}",
            needer.id, need.field, needer.at
        )
    }));
    let ids: Vec<&str> = needers.iter().map(|one| one.id.as_str()).collect();
    lines.extend(way(description, &ids));
    lines
}

pub(super) fn registry(description: &Description, registry: &Registry) -> Vec<String> {
    let mut lines = vec![format!("registry `{}`", registry.name)];
    let entries = registry.entries.iter();
    lines.extend(
        entries.map(|one| format!("  entry `{}` of `{}`, {}", one.key, one.plugin, one.at)),
    );
    lines.extend(askers(description, registry));
    lines
}

/// Who is handed the entries of a registry.
fn askers(description: &Description, registry: &Registry) -> Vec<String> {
    let needs = description.needs();
    let needs = needs.filter(|(_, need)| need.form == "registry" && need.service == registry.key);
    let needs: Vec<_> = needs.collect();
    let mut lines: Vec<String> = needs
        .iter()
        .map(|(needer, need)| {
            let (id, field, at) = (&needer.id, &need.field, &needer.at);
            format!(
                "  `{id}` is handed all of `{}` as `{field}`, {at}",
                registry.name
            )
        })
        .collect();
    let ids: Vec<&str> = needs.iter().map(|(needer, _)| needer.id.as_str()).collect();
    lines.extend(way(description, &ids));
    lines
}

pub(super) fn entry(description: &Description, registry: &Registry, entry: &Entry) -> Vec<String> {
    let Entry {
        key, plugin, at, ..
    } = entry;
    let what = entry
        .value
        .as_ref()
        .or(entry.ty.as_ref())
        .map_or("", String::as_str);
    let mut lines = vec![format!(
        "entry `{key}` of `{}`: `{what}` of plugin `{plugin}`, {at}",
        registry.name
    )];
    lines.extend(settings(description, |one| {
        one.kind == "entry" && one.name == *key && one.registry.as_ref() == Some(&registry.name)
    }));
    lines.extend(askers(description, registry));
    lines
}

pub(super) fn left_out(description: &Description, one: &LeftOut) -> Vec<String> {
    let name = &one.name;
    let mut lines = Vec::new();
    for win in &one.lost_to {
        lines.push(format!(
            "`{name}` is left out: `{}` takes its place, {}",
            win.winner, win.at
        ));
    }
    if let Some(needer) = &one.only_needed_by {
        lines.push(format!("`{name}` is left out: only `{needer}` needed it"));
        let needer = description.left_out.iter().find(|one| one.name == *needer);
        lines.extend(
            needer
                .into_iter()
                .flat_map(|one| left_out(description, one)),
        );
    }
    if let Some(at) = &one.switched_off_at {
        lines.push(format!("`{name}` is switched off, {at}"));
        lines.extend(settings(description, |one| {
            one.name == *name && one.key == "enabled"
        }));
    }
    lines
}
