//! Which components there are, what each is, and what it is handed.

use std::collections::{BTreeMap, BTreeSet};

use super::comparison::{
    Comparison, about_component, about_plugin, about_service, alias, is_host, listed, needer,
    quoted,
};
use super::fact::{Class, Decided, Fact};
use super::pairs::Pairs;
use super::services::layer;
use crate::description::{Component, Description, LeftOut, Need, Setting};

/// Components that are gone by themselves, neither with their plugins nor because of others.
pub(super) fn removed(comparison: &mut Comparison<'_>) {
    for component in gone(comparison) {
        if !left_out(comparison, &component.id).is_some_and(LeftOut::is_consequence) {
            tell_gone(comparison, component);
        }
    }
}

/// Components that stay, those that are new, and those that are left out because of others.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let Pairs { old, new, .. } = *comparison.pairs;
    for component in &old.components {
        if let Some(now) = comparison.pairs.component(&component.id) {
            kept(comparison, component, now);
        }
    }
    for component in new.components.iter().filter(is_told) {
        if comparison.pairs.is_new(&component.id) {
            added(comparison, component);
        }
    }
    for component in gone(comparison) {
        if left_out(comparison, &component.id).is_some_and(LeftOut::is_consequence) {
            lost(comparison, component);
        }
    }
}

/// Entries of registries are told as such.
fn is_told(component: &&Component) -> bool {
    component.kind != "entry"
}

/// Components that are gone although their plugins are there.
fn gone<'d>(comparison: &Comparison<'d>) -> Vec<&'d Component> {
    let all = comparison.pairs.old.components.iter().filter(is_told);
    let gone = all.filter(|one| comparison.pairs.component(&one.id).is_none());
    gone.filter(|one| plugin_stays(comparison, one)).collect()
}

/// Whether its plugin, or the host, whose part may be empty, is there in the new composition.
fn plugin_stays(comparison: &Comparison<'_>, component: &Component) -> bool {
    let old = comparison.pairs.old;
    let is_host = old
        .plugin(&component.plugin)
        .is_some_and(|one| is_host(old, one));
    is_host || comparison.pairs.plugin(&component.plugin).is_some()
}

/// The name that a component of the old composition would have in the new one.
fn name_now(comparison: &Comparison<'_>, id: &str) -> String {
    let (plugin, name) = id.split_once(':').unwrap_or((id, ""));
    let plugin = comparison
        .pairs
        .plugin(plugin)
        .map_or(plugin, |one| one.id.as_str());
    format!("{plugin}:{name}")
}

/// Why a component of the old composition is left out of the new one.
fn left_out<'d>(comparison: &Comparison<'d>, id: &str) -> Option<&'d LeftOut> {
    let name = name_now(comparison, id);
    comparison
        .pairs
        .new
        .left_out
        .iter()
        .find(|one| one.name == name)
}

fn tell_gone(comparison: &mut Comparison<'_>, component: &Component) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let name = name_now(comparison, &component.id);
    let mut fact = Fact::new(
        Class::Breaking,
        about_component(&component.id),
        "there",
        "gone",
    );
    let off = left_out(comparison, &component.id).and_then(|one| one.switched_off_at.as_ref());
    let feature = new
        .needs_feature
        .iter()
        .find(|one| one.component.as_ref() == Some(&name));
    if let Some(at) = off {
        fact.new = "switched off".to_owned();
        fact.decided.push(Decided::at(at));
    } else if let Some(lacks) = feature {
        fact.new = format!("needs feature {}", listed(&lacks.features));
    } else if let Some(target) = new.aliases.get(&component.id) {
        fact.class = Class::Changed;
        fact.new = quoted(target);
        fact.decided.extend(alias(new, &component.id));
    } else {
        fact.decided.push(Decided::at(&component.at).before());
    }
    let unwrapped = component
        .decorates
        .as_ref()
        .filter(|service| new.service(service).is_some());
    fact.follows.extend(
        unwrapped
            .map(|service| format!("no longer wraps the providers of `{}`", old.name(service))),
    );
    for (needer, need) in old.needers(&component.id) {
        if let Some(now) = comparison.pairs.component(&needer.id) {
            fact.hits.push(format!("`{}` (`{}`)", now.id, need.field));
        }
    }
    comparison.tell(fact);
}

/// A component that is left out because of others: told with whoever takes its place, or with who needed it.
fn lost(comparison: &mut Comparison<'_>, component: &Component) {
    let (class, what) = match component.configured || component.scope == "instance" {
        true => (Class::Breaking, ", and its configuration is an unknown key"),
        false => (Class::Changed, ""),
    };
    let consequence = format!("`{}` is left out{what}", component.id);
    if comparison.follows(causes(comparison, component), class, &consequence) {
        return;
    }
    let mut fact = Fact::new(class, about_component(&component.id), "there", "left out");
    if let Some(left_out) = left_out(comparison, &component.id) {
        let wins = left_out.lost_to.iter();
        fact.decided.extend(
            wins.map(|win| Decided::by(format!("`{}` takes its place", win.winner), &win.at)),
        );
        let needer = left_out.only_needed_by.iter();
        fact.follows
            .extend(needer.map(|needer| format!("only `{needer}` needed it")));
    }
    if class == Class::Breaking {
        fact.follows
            .push("its configuration is an unknown key".to_owned());
    }
    comparison.tell(fact);
}

/// What the fact may be about that a component is left out for: who answers for its services, or who needed it, and so on.
fn causes(comparison: &Comparison<'_>, component: &Component) -> Vec<String> {
    let Pairs { old, new, .. } = *comparison.pairs;
    let mut causes = Vec::new();
    let mut known = BTreeSet::new();
    let mut next = Some(component);
    while let Some(one) = next.filter(|one| known.insert(&one.id)) {
        let stays = one.provides.iter().filter_map(|key| new.service(key));
        causes.extend(stays.map(about_service));
        causes.push(about_component(&one.id));
        causes.push(about_plugin(&one.plugin));
        let needer = left_out(comparison, &one.id).and_then(|one| one.only_needed_by.as_ref());
        next = needer.and_then(|needer| {
            old.components
                .iter()
                .find(|one| name_now(comparison, &one.id) == *needer)
        });
    }
    causes
}

fn added(comparison: &mut Comparison<'_>, component: &Component) {
    let Pairs { old, new, .. } = *comparison.pairs;
    if comparison.pairs.is_new_plugin(&component.plugin)
        && !new
            .plugin(&component.plugin)
            .is_some_and(|one| is_host(new, one))
    {
        return;
    }
    let before = match old.left_out.iter().find(|one| one.name == component.id) {
        Some(LeftOut {
            switched_off_at: Some(_),
            ..
        }) => "switched off",
        Some(_) => "left out",
        None => "none",
    };
    // It is there again because of who answers for its services now.
    let provides = component.provides.iter().filter_map(|key| new.service(key));
    let what = format!("`{}` is no longer left out", component.id);
    if before == "left out" && comparison.follows(provides.map(about_service), Class::New, &what) {
        return;
    }
    let mut fact = Fact::new(
        Class::New,
        about_component(&component.id),
        before,
        &component.scope,
    );
    fact.decided.push(Decided::at(&component.at));
    if let Some(service) = &component.decorates {
        let what = format!("wraps every provider of `{}`", new.name(service));
        fact.follow(Class::Changed, what);
    }
    let needers = new
        .needers(&component.id)
        .filter(|(needer, _)| !comparison.pairs.is_new(&needer.id));
    fact.hits.extend(needers.map(needer));
    comparison.tell(fact);
}

fn kept(comparison: &mut Comparison<'_>, was: &Component, is: &Component) {
    let Pairs { old, new, .. } = *comparison.pairs;
    if is.id != name_now(comparison, &was.id) && was.kind != "entry" {
        let alias = alias(new, &was.id);
        let class = if alias.is_some() {
            Class::Changed
        } else {
            Class::Breaking
        };
        let fact = Fact::new(
            class,
            about_component(&was.id),
            quoted(&was.id),
            quoted(&is.id),
        );
        comparison.tell(fact.decided(alias.or_else(|| Some(Decided::at(&is.at)))));
    }
    let mut tell = |class: Class, what: &str, before: &str, after: &str| {
        if before != after {
            let subject = format!("{what} of `{}`", is.id);
            let fact = Fact::new(class, subject, before, after).decided([Decided::at(&is.at)]);
            let needers = new.needers(&is.id);
            comparison.tell(fact.hits(needers.map(needer)));
        }
    };
    if was.kind != "entry" {
        tell(Class::Changed, "type", &quoted(&was.ty), &quoted(&is.ty));
    }
    tell(Class::Breaking, "kind", &was.kind, &is.kind);
    let scope = match was.scope.as_str() {
        "transient" if is.scope == "singleton" => Class::Changed,
        _ => Class::Breaking,
    };
    if was.kind == is.kind {
        tell(scope, "scope", &was.scope, &is.scope);
    }
    let decorates = |side: &Description, one: &Component| {
        let service = one.decorates.as_ref();
        service.map_or_else(
            || "nothing".to_owned(),
            |service| quoted(side.name(service)),
        )
    };
    if was.decorates != is.decorates {
        tell(
            Class::Changed,
            "decorated service",
            &decorates(old, was),
            &decorates(new, is),
        );
    }
    if !comparison.has_schemas && was.configured != is.configured {
        let class = if was.configured {
            Class::Breaking
        } else {
            Class::New
        };
        let words = |is: bool| if is { "one" } else { "none" };
        let subject = format!("configuration of `{}`", is.id);
        let fact = Fact::new(class, subject, words(was.configured), words(is.configured));
        comparison.tell(fact.decided([Decided::at(&is.at)]));
    }
    provides(comparison, was, is);
    needs(comparison, was, is);
    settings(comparison, was, is);
}

/// What a component that stays provides, but for services whose answer it is or was: those are told.
fn provides(comparison: &mut Comparison<'_>, was: &Component, is: &Component) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let (before, after): (BTreeSet<&String>, BTreeSet<&String>) =
        (was.provides.iter().collect(), is.provides.iter().collect());
    let mut changed: Vec<&String> = before.symmetric_difference(&after).copied().collect();
    changed.retain(|key| {
        let service = new.service(key);
        let answered = [
            old.service(key)
                .and_then(|one| one.winner.as_ref())
                .map(|id| comparison.pairs.id(id)),
            service.and_then(|one| one.winner.as_deref()),
        ];
        let is_told = service.is_some_and(|one| comparison.tells(&about_service(one)));
        !(is_told && answered.contains(&Some(is.id.as_str())))
    });
    if changed.is_empty() {
        return;
    }
    let class = if changed.iter().any(|key| before.contains(key)) {
        Class::Breaking
    } else {
        Class::New
    };
    let shown = |side: &Description, keys: &BTreeSet<&String>| match keys.is_empty() {
        true => "none".to_owned(),
        false => listed(keys.iter().map(|key| side.name(key))),
    };
    let subject = format!("services of `{}`", is.id);
    let fact = Fact::new(class, subject, shown(old, &before), shown(new, &after));
    comparison.tell(fact.decided([Decided::at(&is.at)]));
}

/// What a component that stays asks for, and is handed.
fn needs(comparison: &mut Comparison<'_>, was: &Component, is: &Component) {
    let Pairs { old, new, .. } = *comparison.pairs;
    // What a decorator wraps is told of the service.
    let of = |one: &'_ Component| -> BTreeMap<String, Need> {
        let needs = one.needs.iter().filter(|need| need.form != "inner");
        needs
            .map(|need| (need.field.clone(), need.clone()))
            .collect()
    };
    let (before, after) = (of(was), of(is));
    let fields: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for field in fields {
        let shown = |side: &Description, need: Option<&Need>| {
            need.map_or_else(|| "none".to_owned(), |need| asked(side, need))
        };
        let (one, other) = (before.get(field), after.get(field));
        let asks = |need: Option<&Need>| {
            need.map(|need| (need.service.clone(), need.form.clone(), need.named))
        };
        let (mut says, mut is_different) = (
            [shown(old, one), shown(new, other)],
            asks(one) != asks(other),
        );
        if let (Some(one), Some(other), false) = (one, other, is_different)
            && is_handed_another(comparison, one, other)
        {
            let id = |need: &Need| {
                need.default
                    .as_deref()
                    .map(|id| comparison.pairs.id(id).to_owned())
            };
            says = [one, other].map(|need| {
                need.default
                    .as_deref()
                    .map_or_else(|| "nobody".to_owned(), quoted)
            });
            is_different = id(one) != other.default;
        }
        if is_different {
            let [before, after] = says;
            let subject = format!("need `{field}` of `{}`", is.id);
            let fact = Fact::new(Class::Changed, subject, before, after);
            comparison.tell(fact.decided([Decided::at(&is.at)]));
        }
    }
}

/// Whether somebody else is handed over, and neither who answers for the service nor who comes or goes explains it.
fn is_handed_another(comparison: &Comparison<'_>, was: &Need, is: &Need) -> bool {
    let Pairs { old, new, .. } = *comparison.pairs;
    let winner = |side: &Description, need: &Need| {
        side.service(&need.service)
            .and_then(|one| one.winner.clone())
    };
    let is_answer = was.default == winner(old, was) && is.default == winner(new, is);
    let comes = was.default.is_none()
        && is
            .default
            .as_deref()
            .is_none_or(|id| comparison.pairs.is_new(id));
    let goes = is.default.is_none()
        && was
            .default
            .as_deref()
            .is_none_or(|id| comparison.pairs.component(id).is_none());
    !is_answer && !comes && !goes
}

/// A requirement, for people.
fn asked(side: &Description, need: &Need) -> String {
    let service = quoted(side.name(&need.service));
    let named = if need.named { ", named" } else { "" };
    match need.form.as_str() {
        "one" | "handle" | "app_handle" => service + named,
        "registry" => format!("entries of {service}"),
        "all" => format!("all of {service}"),
        form => format!("{service}, {form}{named}"),
    }
}

/// Deadlines, restarts and the like.
fn settings(comparison: &mut Comparison<'_>, was: &Component, is: &Component) {
    let of = |side: &'_ Description, id: &str| -> BTreeMap<String, Setting> {
        let all = side
            .settings
            .iter()
            .filter(|one| one.kind == "component" && one.name == id);
        let all = all.filter(|one| one.key != "enabled");
        all.map(|one| (one.key.clone(), one.clone())).collect()
    };
    let (before, after) = (
        of(comparison.pairs.old, &was.id),
        of(comparison.pairs.new, &is.id),
    );
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let says = |setting: Option<&Setting>| {
            setting.map_or_else(|| "as by default".to_owned(), |one| one.counts.says.clone())
        };
        let (one, other) = (before.get(key), after.get(key));
        if says(one) != says(other) {
            let subject = format!("`{key}` of `{}`", is.id);
            let fact = Fact::new(Class::Changed, subject, says(one), says(other));
            let decided = |one: &Setting| Decided::by(layer(&one.counts.layer), &one.counts.at);
            let before = one.map(|one| decided(one).before());
            comparison.tell(fact.decided(other.map(decided).into_iter().chain(before)));
        }
    }
}
