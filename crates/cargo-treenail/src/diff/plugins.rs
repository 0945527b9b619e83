//! Which plugins take part, in which versions, and whether they have to.

use super::comparison::{Comparison, about_optional, about_plugin, alias, listed, quoted};
use super::fact::{Class, Decided, Fact};
use super::pairs::Pairs;
use crate::description::{Description, Plugin};

pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let pairs = comparison.pairs;
    for plugin in &pairs.old.plugins {
        match pairs.plugin(&plugin.id) {
            Some(now) => kept(comparison, plugin, now),
            None if pairs.goes(&plugin.id) => gone(comparison, plugin),
            None => {}
        }
    }
    for plugin in pairs.new.plugins.iter().filter(|one| pairs.comes(&one.id)) {
        added(comparison, plugin);
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
    fact.decided.extend(at.map(Decided::at));
    if nameless(old, new, plugin).is_empty() {
        fact.class = Class::Changed;
        fact.new = "gone, and its names are aliases".to_owned();
    }
    fact.follows.extend(inventory("without", old, plugin));
    for id in components(old, plugin) {
        fact.hits.extend(comparison.needers_before(id));
    }
    comparison.tell(fact);
}

fn added(comparison: &mut Comparison<'_>, plugin: &Plugin) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let state = match why_not(old, plugin) {
        (state, _) if state == "gone" => "none".to_owned(),
        (state, _) => state,
    };
    let mut fact = Fact::new(Class::New, about_plugin(&plugin.id), state, &plugin.version);
    fact.follows.extend(inventory("with", new, plugin));
    for id in components(new, plugin) {
        fact.hits.extend(comparison.needers_now(id));
        let decorated = new.component(id).and_then(|one| one.decorates.as_ref());
        if let Some(service) = decorated {
            let what = format!("`{id}` wraps every provider of `{}`", new.name(service));
            fact.follow(Class::Changed, what);
        }
    }
    comparison.tell(fact);
}

/// Why a plugin of the other side does not take part in this one, and where that is written.
fn why_not<'d>(side: &'d Description, plugin: &Plugin) -> (String, Option<&'d str>) {
    let left_out = side.left_out(&plugin.id);
    if let Some(at) = left_out.and_then(|one| one.switched_off_at.as_deref()) {
        return ("switched off".to_owned(), Some(at));
    }
    match side.features_for(&plugin.id) {
        Some(features) => (format!("needs feature {}", listed(features)), None),
        None => ("gone".to_owned(), None),
    }
}

fn kept(comparison: &mut Comparison<'_>, was: &Plugin, is: &Plugin) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let of = |what: &str| format!("{what} of plugin `{}`", is.id);
    if was.id != is.id {
        let nameless = nameless(old, new, was);
        let class = Class::Changed.unless(!nameless.is_empty());
        let mut fact = Fact::new(class, of("name"), quoted(&was.id), quoted(&is.id));
        match nameless.is_empty() {
            true => fact.decided.extend(alias(new, &was.id)),
            false => fact
                .follows
                .push(format!("without an alias: {}", listed(nameless))),
        }
        comparison.tell(fact);
    }
    // What the host's package is, is told of the host.
    if new.is_host(&is.id) {
        return;
    }
    let package = |one: &Plugin| format!("`{}` {}", one.package, one.version);
    match was.package == is.package {
        true => comparison.differs(
            Class::Changed,
            of("version"),
            [&was.version, &is.version],
            None,
        ),
        false => comparison.differs(Class::Changed, of("package"), [was, is].map(package), None),
    }
    let stated = new.setting("plugin", &is.id, "optional");
    let at = stated.map(|one| one.counts.at.as_str());
    let optional = [was, is].map(|one| one.optional.to_string());
    comparison.differs(Class::Changed, about_optional(is), optional, at);
}

/// The names of a plugin and its components that are no aliases in the new composition.
fn nameless<'d>(old: &'d Description, new: &Description, plugin: &'d Plugin) -> Vec<&'d str> {
    let names = components(old, plugin).chain([plugin.id.as_str()]);
    names
        .filter(|name| !new.aliases.contains_key(*name))
        .collect()
}

/// The components of a plugin; entries of registries are none.
fn components<'d>(side: &'d Description, plugin: &'d Plugin) -> impl Iterator<Item = &'d str> {
    let all = side.components.iter().filter(|one| !one.is_entry());
    let own = all.filter(|one| one.plugin == plugin.id);
    own.map(|one| one.id.as_str())
}

/// Components and entries of a plugin, a line each.
fn inventory(word: &str, side: &Description, plugin: &Plugin) -> Vec<String> {
    let components: Vec<&str> = components(side, plugin).collect();
    let components =
        Some(format!("{word} {}", listed(&components))).filter(|_| !components.is_empty());
    let entries = side.registries.iter().filter_map(|registry| {
        let own = registry
            .entries
            .iter()
            .filter(|one| one.plugin == plugin.id);
        let keys: Vec<&String> = own.map(|one| &one.key).collect();
        let line = format!("{word} {} of `{}`", listed(&keys), registry.name);
        Some(line).filter(|_| !keys.is_empty())
    });
    components.into_iter().chain(entries).collect()
}
