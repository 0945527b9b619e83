//! Which components there are, what each is, and what it is handed.

use std::collections::BTreeSet;

use super::comparison::{
    Comparison, about_component, about_plugin, about_service, alias, is_host, listed, needer,
    quoted,
};
use super::fact::{Class, Decided, Fact};
use super::kept;
use super::pairs::Pairs;
use crate::description::{Component, LeftOut};

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
            kept::compare(comparison, component, now);
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

/// Why a component of the old composition is left out of the new one.
fn left_out<'d>(comparison: &Comparison<'d>, id: &str) -> Option<&'d LeftOut> {
    let name = comparison.pairs.name_now(id);
    comparison
        .pairs
        .new
        .left_out
        .iter()
        .find(|one| one.name == name)
}

fn tell_gone(comparison: &mut Comparison<'_>, component: &Component) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let name = comparison.pairs.name_now(&component.id);
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
        .find(|one| one.names.contains(&name));
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
                .find(|one| comparison.pairs.name_now(&one.id) == *needer)
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
