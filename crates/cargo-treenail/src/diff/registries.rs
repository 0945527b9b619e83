//! Which entries each registry has.

use super::comparison::{Comparison, joined, listed, needer};
use super::fact::{Class, Decided, Fact};
use super::pairs::Pairs;
use crate::description::{Description, Entry, LeftOutEntry, Registry};

pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let Pairs { old, new, .. } = *comparison.pairs;
    for (_, [was, is]) in joined(&old.registries, &new.registries, |one| &one.key) {
        let [before, after] = [was, is].map(|one| one.into_iter().flat_map(|one| &one.entries));
        for (_, sides) in joined(before, after, |one| &one.key) {
            match (sides, was, is) {
                ([Some(before), Some(after)], _, Some(is)) => kept(comparison, is, before, after),
                ([Some(before), None], Some(was), _) => gone(comparison, was, is, before),
                ([None, Some(after)], _, Some(is)) => added(comparison, was, is, after),
                _ => {}
            }
        }
    }
}

fn subject(registry: &Registry, entry: &Entry) -> String {
    format!("entry `{}` of `{}`", entry.key, registry.name)
}

/// What an entry is, in the words of its manifest.
fn what(side: &Description, entry: &Entry) -> String {
    let what = match (&entry.value, &entry.ty) {
        (None, Some(ty)) => format!("type `{ty}`"),
        (value, _) => listed(value),
    };
    let maker = entry
        .made_by
        .as_ref()
        .and_then(|maker| side.component(maker));
    let made = maker.map(|maker| {
        let services = maker.needs.iter().map(|need| side.name(&need.service));
        format!(", made of {}", listed(services))
    });
    format!("{what} of `{}`{}", entry.plugin, made.unwrap_or_default())
}

/// Why an entry is not there.
fn left_out<'d>(registry: &'d Registry, key: &str) -> Option<&'d LeftOutEntry> {
    registry.left_out.iter().find(|one| one.key == key)
}

/// Who is handed the registry.
fn askers(comparison: &Comparison<'_>, registry: &Registry) -> Vec<String> {
    let needs = comparison.pairs.new.needs();
    let needs = needs.filter(|(_, need)| need.form == "registry" && need.service == registry.key);
    needs.map(needer).collect()
}

fn gone(comparison: &mut Comparison<'_>, was: &Registry, is: Option<&Registry>, entry: &Entry) {
    // With its plugin, it is told.
    if !comparison.pairs.goes(&entry.plugin) {
        let why = is.and_then(|is| left_out(is, &entry.key));
        let state = why.map_or("gone", |why| &why.why);
        let at = why.and_then(|why| why.at.as_deref()).map(Decided::at);
        let at = at.unwrap_or_else(|| Decided::at(&entry.at).before());
        let before = what(comparison.pairs.old, entry);
        let fact = Fact::new(Class::Breaking, subject(was, entry), before, state);
        let hits = askers(comparison, was);
        comparison.tell(fact.decided([at]).hits(hits));
    }
}

fn added(comparison: &mut Comparison<'_>, was: Option<&Registry>, is: &Registry, entry: &Entry) {
    if !comparison.pairs.comes(&entry.plugin) {
        let why = was.and_then(|was| left_out(was, &entry.key));
        let before = why.map_or("none", |why| &why.why);
        let after = what(comparison.pairs.new, entry);
        let fact = Fact::new(Class::New, subject(is, entry), before, after);
        let hits = askers(comparison, is);
        comparison.tell(fact.decided([Decided::at(&entry.at)]).hits(hits));
    }
}

fn kept(comparison: &mut Comparison<'_>, registry: &Registry, was: &Entry, is: &Entry) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let plugin = comparison.pairs.plugin(&was.plugin).map(|one| &one.id);
    let parts = |entry: &Entry| {
        (
            entry.value.clone(),
            entry.ty.clone(),
            entry.made_by.is_some(),
        )
    };
    if plugin != Some(&is.plugin) || parts(was) != parts(is) {
        let fact = Fact::new(
            Class::Changed,
            subject(registry, is),
            what(old, was),
            what(new, is),
        );
        let chosen = new
            .settings
            .iter()
            .find(|one| one.is_of_entry(registry, is));
        let at = chosen.map_or(&is.at, |chosen| &chosen.counts.at);
        let hits = askers(comparison, registry);
        comparison.tell(fact.decided([Decided::at(at)]).hits(hits));
    }
    let of = |what: &str| format!("{what} of {}", subject(registry, is));
    let descriptions = [was, is].map(|one| listed(&one.description));
    comparison.differs(
        Class::Changed,
        of("description"),
        descriptions,
        Some(&is.at),
    );
    let attributes = [was, is].map(|one| {
        let all = one.attributes.iter();
        listed(all.map(|(key, value)| format!("{key} = {value:?}")))
    });
    comparison.differs(Class::Changed, of("attributes"), attributes, Some(&is.at));
}
