//! Which entries each registry has.

use super::comparison::{Comparison, listed, needer, quoted};
use super::fact::{Class, Decided, Fact};
use super::pairs::Pairs;
use crate::description::{Description, Entry, Registry};

pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let Pairs { old, new, .. } = *comparison.pairs;
    for was in &old.registries {
        let is = new.registries.iter().find(|one| one.key == was.key);
        for entry in &was.entries {
            let now = is.and_then(|is| is.entries.iter().find(|one| one.key == entry.key));
            match now {
                Some(now) => kept(comparison, was, entry, now),
                None => gone(comparison, was, is, entry),
            }
        }
    }
    for is in &new.registries {
        let was = old.registries.iter().find(|one| one.key == is.key);
        for entry in &is.entries {
            let mut known = was.into_iter().flat_map(|was| &was.entries);
            let is_known = known.any(|one| one.key == entry.key);
            // What a new plugin brings is told with it.
            if !is_known && !comparison.pairs.is_new_plugin(&entry.plugin) {
                let before = was.and_then(|was| left_out(was, &entry.key));
                let before = before.map_or_else(|| "none".to_owned(), |(why, _)| why);
                let fact = Fact::new(Class::New, subject(is, entry), before, what(entry));
                let fact = fact.hits(askers(new, is));
                comparison.tell(fact.decided([Decided::at(&entry.at)]));
            }
        }
    }
}

fn subject(registry: &Registry, entry: &Entry) -> String {
    format!("entry `{}` of `{}`", entry.key, registry.name)
}

/// What an entry is, in the words of its manifest.
fn what(entry: &Entry) -> String {
    let of = format!(" of `{}`", entry.plugin);
    match (&entry.value, &entry.ty) {
        (Some(value), _) => quoted(value) + &of,
        (None, Some(ty)) => format!("type `{ty}`{of}"),
        (None, None) => of,
    }
}

/// Why an entry is not there, and where that is written.
fn left_out(registry: &Registry, key: &str) -> Option<(String, Option<String>)> {
    let found = registry.left_out.iter().find(|one| one.key == key)?;
    Some((found.why.clone(), found.at.clone()))
}

/// Who is handed the registry.
fn askers<'d>(side: &'d Description, registry: &'d Registry) -> impl Iterator<Item = String> + 'd {
    let needs = side
        .needs()
        .filter(|(_, need)| need.form == "registry" && need.service == registry.key);
    needs.map(needer)
}

fn gone(comparison: &mut Comparison<'_>, was: &Registry, is: Option<&Registry>, entry: &Entry) {
    if comparison.pairs.plugin(&entry.plugin).is_none() {
        return;
    }
    let why = is.and_then(|is| left_out(is, &entry.key));
    let (why, at) = why.unwrap_or_else(|| ("gone".to_owned(), None));
    let decided = match at {
        Some(at) => Decided::at(&at),
        None => Decided::at(&entry.at).before(),
    };
    let fact = Fact::new(Class::Breaking, subject(was, entry), what(entry), why);
    let fact = fact.hits(askers(comparison.pairs.new, was));
    comparison.tell(fact.decided([decided]));
}

fn kept(comparison: &mut Comparison<'_>, registry: &Registry, was: &Entry, is: &Entry) {
    let Pairs { old, new, .. } = *comparison.pairs;
    let plugin = comparison
        .pairs
        .plugin(&was.plugin)
        .map(|one| one.id.as_str());
    let is_same = plugin == Some(is.plugin.as_str())
        && (&was.value, &was.ty) == (&is.value, &is.ty)
        && was.made_by.is_some() == is.made_by.is_some();
    if !is_same {
        let [before, after] = [(old, was), (new, is)].map(|(side, entry)| match &entry.made_by {
            Some(maker) => format!("{}, {}", what(entry), services_of(side, maker)),
            None => what(entry),
        });
        let fact = Fact::new(Class::Changed, subject(registry, is), before, after);
        let chosen = new.settings.iter().find(|one| {
            one.kind == "entry"
                && one.name == is.key
                && one.registry.as_ref() == Some(&registry.name)
        });
        let at = chosen.map_or(&is.at, |chosen| &chosen.counts.at);
        comparison.tell(fact.decided([Decided::at(at)]).hits(askers(new, registry)));
    }
    let mut tell = |what: &str, before: String, after: String| {
        if before != after {
            let subject = format!("{what} of {}", subject(registry, is));
            comparison.tell(
                Fact::new(Class::Changed, subject, before, after).decided([Decided::at(&is.at)]),
            );
        }
    };
    let text = |one: &Option<String>| {
        one.as_ref()
            .map_or_else(|| "none".to_owned(), |text| format!("{text:?}"))
    };
    tell("description", text(&was.description), text(&is.description));
    let attributes = |entry: &Entry| {
        let all = entry
            .attributes
            .iter()
            .map(|(key, value)| format!("{key} = {value:?}"));
        let all: Vec<String> = all.collect();
        if all.is_empty() {
            "none".to_owned()
        } else {
            all.join(", ")
        }
    };
    tell("attributes", attributes(was), attributes(is));
}

/// What an entry is made of.
fn services_of(side: &Description, maker: &str) -> String {
    let needs = side.component(maker).map_or(&[][..], |maker| &maker.needs);
    format!(
        "made of {}",
        listed(needs.iter().map(|need| side.name(&need.service)))
    )
}
