//! Which components there are.

use std::collections::BTreeSet;

use super::comparison::{
    Comparison, about_component, about_plugin, about_service, alias, listed, quoted,
};
use super::fact::{Class, Decided, Fact};
use super::kept;
use super::pairs::Pairs;
use crate::description::{Component, Description, LeftOut};

/// Components that come and go by themselves, neither with their plugins nor because of others.
pub(super) fn by_themselves(comparison: &mut Comparison<'_>) {
    for component in gone(comparison) {
        if !is_lost(comparison, component) {
            tell_gone(comparison, component);
        }
    }
    let (pairs, none) = (comparison.pairs, || ("none".to_owned(), None));
    for component in new(comparison) {
        if !is_found(comparison, component) {
            let name = pairs.name_before(&component.id);
            let (before, _) = instead(pairs.old, &component.id, &name).unwrap_or_else(none);
            tell_new(comparison, component, &before);
        }
    }
}

/// Components that stay, and those that are left out because of others, or are no longer.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let pairs = comparison.pairs;
    for component in &pairs.old.components {
        if let Some(now) = pairs.component(&component.id) {
            kept::compare(comparison, component, now);
        }
    }
    for component in new(comparison) {
        if is_found(comparison, component) {
            found(comparison, component);
        }
    }
    for component in gone(comparison) {
        if is_lost(comparison, component) {
            lost(comparison, component);
        }
    }
}

/// Whether a component that is gone is left out because of others. One whose name another one has is not.
fn is_lost(comparison: &Comparison<'_>, component: &Component) -> bool {
    let is_alias = comparison.pairs.new.aliases.contains_key(&component.id);
    !is_alias && left_out(comparison, component).is_some_and(LeftOut::is_consequence)
}

/// Whether a component that is new was left out because of others.
fn is_found(comparison: &Comparison<'_>, component: &Component) -> bool {
    let (pairs, id) = (comparison.pairs, &component.id);
    let why = pairs.old.left_out(&pairs.name_before(id));
    !pairs.old.aliases.contains_key(id) && why.is_some_and(LeftOut::is_consequence)
}

/// Components that are new although their plugins are not.
fn new<'d>(comparison: &Comparison<'d>) -> Vec<&'d Component> {
    let pairs = comparison.pairs;
    let all = pairs.new.components.iter().filter(|one| !one.is_entry());
    let new = all.filter(|one| pairs.is_new(&one.id) && !pairs.comes(&one.plugin));
    new.collect()
}

/// Components that are gone although their plugins are there.
fn gone<'d>(comparison: &Comparison<'d>) -> Vec<&'d Component> {
    let pairs = comparison.pairs;
    let all = pairs.old.components.iter().filter(|one| !one.is_entry());
    let gone = all.filter(|one| pairs.component(&one.id).is_none() && !pairs.goes(&one.plugin));
    gone.collect()
}

/// Why a component of the old composition is left out of the new one.
fn left_out<'d>(comparison: &Comparison<'d>, component: &Component) -> Option<&'d LeftOut> {
    let name = comparison.pairs.name_now(&component.id);
    comparison.pairs.new.left_out(&name)
}

/// What a component is on the side that does not have it, where that is not because of others; and who decided that. It would be
/// called `name` there, and `id` is what the other side calls it.
fn instead(side: &Description, id: &str, name: &str) -> Option<(String, Option<Decided>)> {
    if let Some(target) = side.aliases.get(id) {
        return Some((quoted(target), alias(side, id)));
    }
    let off = side
        .left_out(name)
        .and_then(|one| one.switched_off_at.as_ref());
    if let Some(at) = off {
        return Some(("switched off".to_owned(), Some(Decided::at(at))));
    }
    let features = side.features_for(name)?;
    Some((format!("needs feature {}", listed(features)), None))
}

fn tell_gone(comparison: &mut Comparison<'_>, component: &Component) {
    let (id, new) = (&component.id, comparison.pairs.new);
    let instead = instead(new, id, &comparison.pairs.name_now(id));
    let class = Class::Changed.unless(!new.aliases.contains_key(id));
    let was = || ("gone".to_owned(), Some(Decided::at(&component.at).before()));
    let (state, decided) = instead.unwrap_or_else(was);
    let fact = Fact::new(class, about_component(id), &component.scope, state);
    let mut fact = fact.decided(decided).hits(comparison.needers_before(id));
    if let Some(service) = component
        .decorates
        .as_ref()
        .and_then(|key| new.service(key))
    {
        let what = format!("no longer wraps the providers of `{}`", service.name);
        fact.follow(Class::Changed, what);
    }
    comparison.tell(fact);
}

/// A component that is left out because of others: told with whoever takes its place, or with who needed it.
fn lost(comparison: &mut Comparison<'_>, component: &Component) {
    let id = &component.id;
    let (class, what) = match component.configured || component.scope == "instance" {
        true => (Class::Breaking, ", and its configuration is an unknown key"),
        false => (Class::Changed, ""),
    };
    let what = format!("`{id}` is left out{what}");
    let Pairs { old, new, .. } = *comparison.pairs;
    let causes = causes(old, new, component, |id| comparison.pairs.name_now(id));
    if comparison.follows(causes, class, &what) {
        return;
    }
    let mut fact = Fact::new(class, about_component(id), &component.scope, "left out");
    fact.follows.push(what);
    if let Some(left_out) = left_out(comparison, component) {
        let wins = left_out.lost_to.iter();
        let wins =
            wins.map(|win| Decided::by(format!("`{}` takes its place", win.winner), &win.at));
        fact.decided.extend(wins);
        let needer = left_out.only_needed_by.iter();
        fact.follows
            .extend(needer.map(|needer| format!("only `{needer}` needed it")));
    }
    comparison.tell(fact);
}

/// What the fact may be about that a component is left out for, or is there again: who answers for its services, or who needed
/// it, and so on. `left_out` is the composition that does not have it, `there` the one that does.
fn causes(
    there: &Description,
    left_out: &Description,
    component: &Component,
    name: impl Fn(&str) -> String,
) -> Vec<String> {
    let (mut causes, mut known, mut next) = (Vec::new(), BTreeSet::new(), Some(component));
    while let Some(one) = next.filter(|one| known.insert(&one.id)) {
        let services = one.provides.iter().filter_map(|key| left_out.service(key));
        causes.extend(services.map(about_service));
        causes.extend([about_component(&one.id), about_plugin(&one.plugin)]);
        let why = left_out.left_out(&name(&one.id));
        let mut all = there.components.iter();
        let needer = why.and_then(|why| why.only_needed_by.as_ref());
        next = needer.and_then(|needer| all.find(|one| name(&one.id) == *needer));
    }
    causes
}

/// A component that is there again because of who answers for its services now, or of who needs it.
fn found(comparison: &mut Comparison<'_>, component: &Component) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let causes = causes(new, old, component, |id| comparison.pairs.name_before(id));
    let what = format!("`{}` is no longer left out", component.id);
    if !comparison.follows(causes, Class::New, &what) {
        tell_new(comparison, component, "left out");
    }
}

fn tell_new(comparison: &mut Comparison<'_>, component: &Component, before: &str) {
    let id = &component.id;
    let fact = Fact::new(Class::New, about_component(id), before, &component.scope);
    let fact = fact.decided([Decided::at(&component.at)]);
    let mut fact = fact.hits(comparison.needers_now(id));
    if let Some(service) = &component.decorates {
        let service = comparison.pairs.new.name(service);
        let what = format!("wraps every provider of `{service}`");
        fact.follow(Class::Changed, what);
    }
    comparison.tell(fact);
}
