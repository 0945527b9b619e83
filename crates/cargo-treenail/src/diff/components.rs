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
        if !left_out(comparison, component).is_some_and(LeftOut::is_consequence) {
            tell_gone(comparison, component);
        }
    }
    for (component, why) in new(comparison) {
        if !why.is_some_and(LeftOut::is_consequence) {
            let before = if why.is_some() {
                "switched off"
            } else {
                "none"
            };
            tell_new(comparison, component, before);
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
    for (component, why) in new(comparison) {
        if why.is_some_and(LeftOut::is_consequence) {
            found(comparison, component);
        }
    }
    for component in gone(comparison) {
        if left_out(comparison, component).is_some_and(LeftOut::is_consequence) {
            lost(comparison, component);
        }
    }
}

/// Components that are new although their plugins are not, each with why it was left out before.
fn new<'d>(comparison: &Comparison<'d>) -> Vec<(&'d Component, Option<&'d LeftOut>)> {
    let pairs = comparison.pairs;
    let all = pairs.new.components.iter().filter(|one| !one.is_entry());
    let new = all.filter(|one| pairs.is_new(&one.id) && !pairs.comes(&one.plugin));
    new.map(|one| (one, pairs.old.left_out(&pairs.name_before(&one.id))))
        .collect()
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

fn tell_gone(comparison: &mut Comparison<'_>, component: &Component) {
    let (id, new) = (&component.id, comparison.pairs.new);
    let off = left_out(comparison, component).and_then(|one| one.switched_off_at.as_ref());
    let features = new.features_for(&comparison.pairs.name_now(id));
    let (class, state, decided) = if let Some(at) = off {
        let by = Decided::at(at);
        (Class::Breaking, "switched off".to_owned(), Some(by))
    } else if let Some(features) = features {
        let state = format!("needs feature {}", listed(features));
        (Class::Breaking, state, None)
    } else if let Some(target) = new.aliases.get(id) {
        (Class::Changed, quoted(target), alias(new, id))
    } else {
        let was = Decided::at(&component.at).before();
        (Class::Breaking, "gone".to_owned(), Some(was))
    };
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
