//! What a component that stays is, and what it is handed.

use std::collections::{BTreeMap, BTreeSet};

use super::comparison::{Comparison, about_service, alias, listed, needer, quoted};
use super::fact::{Class, Decided, Fact};
use super::pairs::Pairs;
use super::services::layer;
use crate::description::{Component, Description, Need, Setting};

pub(super) fn compare(comparison: &mut Comparison<'_>, was: &Component, is: &Component) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let is_entry = was.kind == "entry";
    if is.id != comparison.pairs.name_now(&was.id) && !is_entry {
        let alias = alias(new, &was.id);
        let class = if alias.is_some() {
            Class::Changed
        } else {
            Class::Breaking
        };
        let subject = format!("name of component `{}`", is.id);
        let fact = Fact::new(class, subject, quoted(&was.id), quoted(&is.id));
        comparison.tell(fact.decided(alias.or_else(|| Some(Decided::at(&is.at)))));
    }
    let mut tell = |class: Class, what: &str, before: &str, after: &str| {
        if before != after {
            let subject = format!("{what} of `{}`", is.id);
            let fact = Fact::new(class, subject, before, after);
            comparison.tell(fact.decided([Decided::at(&is.at)]));
        }
    };
    if !is_entry {
        tell(Class::Changed, "type", &quoted(&was.ty), &quoted(&is.ty));
    }
    tell(Class::Breaking, "kind", &was.kind, &is.kind);
    let [before, after] = [(old, was), (new, is)].map(|(side, one)| match &one.decorates {
        Some(service) => quoted(side.name(service)),
        None => "nothing".to_owned(),
    });
    tell(Class::Changed, "decorated service", &before, &after);
    // With the schemas it is known what the configuration is.
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
    if was.kind == is.kind && was.scope != is.scope {
        scope(comparison, was, is);
    }
    provides(comparison, was, is);
    needs(comparison, was, is);
    settings(comparison, was, is);
}

/// How many there are of a component.
fn scope(comparison: &mut Comparison<'_>, was: &Component, is: &Component) {
    let Pairs { old, new, .. } = *comparison.pairs;
    // One that is there for all can be got where one for each could not.
    let class = match (was.scope.as_str(), is.scope.as_str()) {
        ("transient", "singleton") => Class::Changed,
        _ => Class::Breaking,
    };
    let subject = format!("scope of `{}`", is.id);
    let mut fact = Fact::new(class, subject, &was.scope, &is.scope);
    fact.decided.push(Decided::at(&is.at));
    for key in &is.provides {
        let [before, after] = [(old, &was.id), (new, &is.id)].map(|(side, id)| {
            let service = side.service(key);
            service.is_some_and(|one| one.winner.as_ref() == Some(id))
        });
        let name = new.name(key);
        match (before, after) {
            (true, false) => fact.follows.push(format!("no longer answers for `{name}`")),
            (false, true) => fact.follows.push(format!("answers for `{name}`")),
            _ => {}
        }
    }
    let needers = new.needers(&is.id).map(needer);
    comparison.tell(fact.hits(needers));
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
