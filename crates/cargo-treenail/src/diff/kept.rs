//! What a component that stays is, and what it is handed.

use std::collections::BTreeSet;

use super::comparison::{Comparison, about_service, alias, joined, listed, needer, quoted};
use super::fact::{Class, Decided, Fact};
use super::pairs::Pairs;
use super::services::layer;
use crate::description::{Component, Description, Need, Setting};

pub(super) fn compare(comparison: &mut Comparison<'_>, was: &Component, is: &Component) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let at = Some(is.at.as_str());
    let of = |what: &str| format!("{what} of `{}`", is.id);
    if !was.is_entry() {
        match is.id == comparison.pairs.name_now(&was.id) {
            true => {
                let types = [was, is].map(|one| quoted(&one.ty));
                comparison.differs(Class::Changed, of("type"), types, at);
            }
            // A component is called as its type is, where nothing else is said.
            false => name(comparison, was, is),
        }
    }
    comparison.differs(Class::Breaking, of("kind"), [&was.kind, &is.kind], at);
    let decorates = [(old, was), (new, is)].map(|(side, one)| {
        let service = one.decorates.as_ref();
        listed(service.map(|service| side.name(service)))
    });
    comparison.differs(Class::Changed, of("decorated service"), decorates, at);
    // With the schemas it is known what the configuration is.
    if !comparison.has_schemas {
        let configured = [was, is].map(|one| if one.configured { "one" } else { "none" });
        let class = Class::New.unless(was.configured);
        comparison.differs(class, of("configuration"), configured, at);
    }
    if was.kind == is.kind && was.scope != is.scope {
        scope(comparison, was, is);
    }
    provides(comparison, was, is);
    needs(comparison, was, is);
    settings(comparison, was, is);
}

fn name(comparison: &mut Comparison<'_>, was: &Component, is: &Component) {
    let alias = alias(comparison.pairs.new, &was.id);
    let class = Class::Changed.unless(alias.is_none());
    let subject = format!("name of component `{}`", is.id);
    let fact = Fact::new(class, subject, quoted(&was.id), quoted(&is.id));
    comparison.tell(fact.decided(alias.or_else(|| Some(Decided::at(&is.at)))));
}

/// How many there are of a component.
fn scope(comparison: &mut Comparison<'_>, was: &Component, is: &Component) {
    let Pairs { old, new, .. } = *comparison.pairs;
    // One that is there for all can be got where one for each could not.
    let is_got = (was.scope.as_str(), is.scope.as_str()) == ("transient", "singleton");
    let subject = format!("scope of `{}`", is.id);
    let mut fact = Fact::new(
        Class::Changed.unless(!is_got),
        subject,
        &was.scope,
        &is.scope,
    );
    for key in &is.provides {
        let answers = |side: &Description, id: &String| {
            let service = side.service(key);
            service.is_some_and(|one| one.winner.as_ref() == Some(id))
        };
        let change = match (answers(old, &was.id), answers(new, &is.id)) {
            (true, false) => "no longer answers for",
            (false, true) => "answers for",
            _ => continue,
        };
        fact.follows.push(format!("{change} `{}`", new.name(key)));
    }
    let needers = new.needers(&is.id).map(needer);
    comparison.tell(fact.decided([Decided::at(&is.at)]).hits(needers));
}

/// What a component that stays provides, but for services whose answer it is or was: those are told.
fn provides(comparison: &mut Comparison<'_>, was: &Component, is: &Component) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let [before, after] = [was, is].map(|one| one.provides.iter().collect::<BTreeSet<_>>());
    let answers = |side: &Description, key: &String, id: &String| {
        let service = side.service(key);
        service.is_some_and(|one| one.winner.as_ref() == Some(id))
    };
    let mut changed: Vec<&String> = before.symmetric_difference(&after).copied().collect();
    changed.retain(|key| {
        let service = new.service(key);
        let is_told = service.is_some_and(|one| comparison.tells(&about_service(one)));
        !is_told || !answers(old, key, &was.id) && !answers(new, key, &is.id)
    });
    if !changed.is_empty() {
        let is_less = changed.iter().any(|key| before.contains(key));
        let [before, after] = [(old, before), (new, after)]
            .map(|(side, keys)| listed(keys.iter().map(|key| side.name(key))));
        let subject = format!("services of `{}`", is.id);
        let fact = Fact::new(Class::New.unless(is_less), subject, before, after);
        comparison.tell(fact.decided([Decided::at(&is.at)]));
    }
}

/// What a component that stays asks for, and is handed.
fn needs(comparison: &mut Comparison<'_>, was: &Component, is: &Component) {
    let pairs = comparison.pairs;
    // What a decorator wraps is told of the service.
    let [before, after] = [was, is].map(|one| one.needs.iter().filter(|need| need.form != "inner"));
    for (field, [before, after]) in joined(before, after, |need| &need.field) {
        let asks = |need: &Need| (need.service.clone(), need.form.clone(), need.named);
        let says = match (before, after) {
            (Some(before), Some(after)) if asks(before) == asks(after) => {
                if !is_handed_another(pairs, before, after) {
                    continue;
                }
                [before, after].map(|need| listed(&need.default))
            }
            _ => [(pairs.old, before), (pairs.new, after)].map(|(side, need)| {
                need.map_or_else(|| "none".to_owned(), |need| asked(side, need))
            }),
        };
        let subject = format!("need `{field}` of `{}`", is.id);
        comparison.differs(Class::Changed, subject, says, Some(&is.at));
    }
}

/// Whether somebody else is handed over, and neither who answers for the service nor who comes or goes explains it.
fn is_handed_another(pairs: &Pairs<'_>, was: &Need, is: &Need) -> bool {
    let winner = |side: &Description, need: &Need| side.service(&need.service)?.winner.clone();
    let is_answer = was.default == winner(pairs.old, was) && is.default == winner(pairs.new, is);
    match (was.default.as_deref(), is.default.as_deref()) {
        (None, None) => false,
        (None, Some(now)) => !is_answer && !pairs.is_new(now),
        (Some(before), None) => !is_answer && pairs.component(before).is_some(),
        (Some(before), Some(now)) => !is_answer && pairs.id(before) != now,
    }
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
    let Pairs { old, new, .. } = *comparison.pairs;
    let [before, after] = [(old, was), (new, is)].map(|(side, component)| {
        let all = side.settings.iter().filter(|one| one.key != "enabled");
        all.filter(|one| one.kind == "component" && one.name == component.id)
    });
    for (key, [before, after]) in joined(before, after, |one| &one.key) {
        let says = |setting: Option<&Setting>| {
            setting.map_or_else(|| "as by default".to_owned(), |one| one.counts.says.clone())
        };
        if says(before) != says(after) {
            let subject = format!("`{key}` of `{}`", is.id);
            let fact = Fact::new(Class::Changed, subject, says(before), says(after));
            let decided = |one: &Setting| Decided::by(layer(&one.counts.layer), &one.counts.at);
            let decided = Decided::now_and_before(after.map(decided), before.map(decided));
            comparison.tell(fact.decided(decided));
        }
    }
}
