//! Which plugins take part, in which versions, and whether they have to.

use super::comparison::{Comparison, about_optional, about_plugin, alias, is_host, listed, quoted};
use super::fact::{Class, Decided, Fact};
use super::pairs::Pairs;
use crate::description::{Description, Plugin};

pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let Pairs { old, new, .. } = *comparison.pairs;
    for plugin in old.plugins.iter().filter(|one| !is_host(old, one)) {
        match comparison.pairs.plugin(&plugin.id) {
            Some(now) => kept(comparison, plugin, now),
            None => gone(comparison, plugin),
        }
    }
    for plugin in new.plugins.iter().filter(|one| !is_host(new, one)) {
        if comparison.pairs.is_new_plugin(&plugin.id) {
            added(comparison, plugin);
        }
    }
}

fn gone(comparison: &mut Comparison<'_>, plugin: &Plugin) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let (state, at) = why_not(new, plugin);
    let mut fact = Fact::new(
        Class::Breaking,
        about_plugin(&plugin.id),
        &plugin.version,
        state,
    );
    fact.decided.extend(at.as_deref().map(Decided::at));
    let has_name = |name: &str| new.aliases.contains_key(name);
    let mut names = components(old, plugin).chain([plugin.id.as_str()]);
    if names.all(has_name) {
        fact.class = Class::Changed;
        fact.new = "gone, and its names are aliases".to_owned();
    }
    fact.follows.extend(inventory("without", old, plugin));
    fact.hits
        .extend(needers(old, plugin).filter_map(|(id, field)| {
            let needer = comparison.pairs.component(id)?;
            Some(format!("`{}` (`{field}`)", needer.id))
        }));
    comparison.tell(fact);
}

fn added(comparison: &mut Comparison<'_>, plugin: &Plugin) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let (state, _) = why_not(old, plugin);
    let state = if state == "gone" { "none" } else { &state };
    let mut fact = Fact::new(Class::New, about_plugin(&plugin.id), state, &plugin.version);
    fact.follows.extend(inventory("with", new, plugin));
    for service in &new.services {
        let mut wraps = service
            .decorators
            .iter()
            .filter_map(|one| new.component(one));
        if let Some(decorator) = wraps.find(|one| one.plugin == plugin.id) {
            let what = format!(
                "`{}` wraps every provider of `{}`",
                decorator.id, service.name
            );
            fact.follow(Class::Changed, what);
        }
    }
    let needers = needers(new, plugin).filter(|(id, _)| !comparison.pairs.is_new(id));
    fact.hits
        .extend(needers.map(|(id, field)| format!("`{id}` (`{field}`)")));
    comparison.tell(fact);
}

/// Why a plugin of the other side does not take part in this one, and where that is written.
fn why_not(side: &Description, plugin: &Plugin) -> (String, Option<String>) {
    let left_out = side.left_out.iter().find(|one| one.name == plugin.id);
    if let Some(at) = left_out.and_then(|one| one.switched_off_at.clone()) {
        return ("switched off".to_owned(), Some(at));
    }
    let mut features = side.needs_feature.iter();
    match features.find(|one| one.names.contains(&plugin.id)) {
        Some(absent) => (format!("needs feature {}", listed(&absent.features)), None),
        None => ("gone".to_owned(), None),
    }
}

fn kept(comparison: &mut Comparison<'_>, plugin: &Plugin, now: &Plugin) {
    let Pairs { old, new, .. } = *comparison.pairs;
    if plugin.id != now.id {
        let nameless = components(old, plugin).chain([plugin.id.as_str()]);
        let nameless: Vec<&str> = nameless
            .filter(|name| !new.aliases.contains_key(*name))
            .collect();
        let class = if nameless.is_empty() {
            Class::Changed
        } else {
            Class::Breaking
        };
        let subject = format!("name of plugin `{}`", now.id);
        let mut fact = Fact::new(class, subject, quoted(&plugin.id), quoted(&now.id));
        match nameless.is_empty() {
            true => fact.decided.extend(alias(new, &plugin.id)),
            false => fact
                .follows
                .push(format!("without an alias: {}", listed(nameless))),
        }
        comparison.tell(fact);
    }
    if plugin.package != now.package {
        let package = |one: &Plugin| format!("`{}` {}", one.package, one.version);
        let subject = format!("package of plugin `{}`", now.id);
        comparison.tell(Fact::new(
            Class::Changed,
            subject,
            package(plugin),
            package(now),
        ));
    } else if plugin.version != now.version {
        let subject = format!("version of plugin `{}`", now.id);
        comparison.tell(Fact::new(
            Class::Changed,
            subject,
            &plugin.version,
            &now.version,
        ));
    }
    if plugin.optional != now.optional {
        let [before, after] = [plugin, now].map(|one| one.optional.to_string());
        let fact = Fact::new(Class::Changed, about_optional(now), before, after);
        let stated = new.setting("plugin", &now.id, "optional");
        comparison.tell(fact.decided(stated.map(|one| Decided::at(&one.counts.at))));
    }
}

/// The components of a plugin; entries of registries are none.
fn components<'d>(side: &'d Description, plugin: &'d Plugin) -> impl Iterator<Item = &'d str> {
    let all = side.components.iter().filter(|one| one.kind != "entry");
    all.filter(|one| one.plugin == plugin.id)
        .map(|one| one.id.as_str())
}

/// Components and entries of a plugin, a line each.
fn inventory(word: &str, side: &Description, plugin: &Plugin) -> Vec<String> {
    let components: Vec<&str> = components(side, plugin).collect();
    let mut lines = Vec::new();
    if !components.is_empty() {
        lines.push(format!("{word} {}", listed(components)));
    }
    for registry in &side.registries {
        let entries = registry
            .entries
            .iter()
            .filter(|one| one.plugin == plugin.id);
        let keys: Vec<&String> = entries.map(|one| &one.key).collect();
        if !keys.is_empty() {
            lines.push(format!("{word} {} of `{}`", listed(keys), registry.name));
        }
    }
    lines
}

/// Who of other plugins is handed a component of this one, and as which field.
fn needers<'d>(
    side: &'d Description,
    plugin: &'d Plugin,
) -> impl Iterator<Item = (&'d str, &'d str)> {
    let needs = components(side, plugin).flat_map(|id| side.needers(id));
    let others = needs.filter(|(needer, _)| needer.plugin != plugin.id);
    others.map(|(needer, need)| (needer.id.as_str(), need.field.as_str()))
}
