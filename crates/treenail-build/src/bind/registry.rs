//! The entries of registries: each key once, and what the host and components say of them.

mod deps;
mod spelling;

use std::collections::{BTreeMap, BTreeSet};

use treenail_core::nearest::{distance, nearest};

use super::lookup::Lookup;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{
    EmptyRegistry, EntryOutOfReach, EntryTwice, Named, NoSuchEntry, OutOfReach, SimilarKeys,
};
use crate::index::{IndexSet, IndexVec};
use crate::layer::{Layered, State, Stated, ids, indirect};
use crate::model::{EntryChoice, EntryOf, EntryOff, Form, Kind, Manifest, Root};
use crate::resolve::{ChosenEntry, EntryCandidate, Resolved, ServiceTypeIx};
use crate::runtime;
use crate::source::Origin;

pub(super) use spelling::correct;

/// Leaves out the entries that the host says do not count. `false` is about those of plugins: the host's own stay.
pub(super) fn choose(layered: &Layered<'_>, resolved: &mut Resolved<'_>) {
    let mut out = BTreeSet::new();
    let choices = resolved.choices.iter();
    let choices: BTreeMap<_, &ChosenEntry<'_>> =
        choices.map(|one| ((one.registry, one.key), one)).collect();
    for entry in &mut resolved.entries {
        let key = entry.decl.key.value.as_str();
        let Some(chosen) = choices.get(&(entry.registry, key)) else {
            continue;
        };
        let part = &layered.parts[entry.part];
        let Some(choice) = &chosen.choice else {
            entry.quiet = true;
            continue;
        };
        let stays = match &choice.what.of.value.value {
            EntryOf::Nobody => part.own,
            EntryOf::Plugin(plugin) => part.id == plugin,
        };
        if !stays && entry.off.is_none() {
            entry.off = Some(EntryOff::Off(choice.at));
            let made = entry.decl.wired.iter();
            out.extend(made.map(|made| format!("{}:{}", part.id, made.name.value)));
        }
    }
    let candidates = std::mem::replace(&mut resolved.candidates, IndexVec::new());
    for (_, candidate) in candidates.into_indexed() {
        if candidate.decl.kind != Kind::Entry || !out.contains(&candidate.id) {
            resolved.candidates.push(candidate);
        }
    }
}

/// Reports what is wrong with entries, and with what is said of them.
pub(super) fn check(lookup: Lookup<'_, '_>, problems: &mut Diagnostics) {
    let mut of_plugins = ByKey::new();
    for entry in &lookup.resolved.entries {
        if !lookup.layered.parts[entry.part].own {
            let key = (entry.registry, entry.decl.key.value.as_str());
            of_plugins.entry(key).or_default().push(entry);
        }
    }
    for chosen in &lookup.resolved.choices {
        if let Some(choice) = &chosen.choice {
            lookup.check_choice(chosen.registry, choice, &of_plugins, problems);
        }
    }
    let entries = lookup.entries_by_key();
    lookup.check_keys(&entries, problems);
    lookup.check_reach(problems);
    lookup.check_empty(problems);
    for part in lookup.layered.parts.iter().filter(|part| part.is_in()) {
        let entries = part.entries.there.iter().map(|(_, entry)| *entry);
        deps::check(part.components.iter().copied(), entries, problems);
    }
}

/// Reports what one manifest shows by itself: types with two different structs of inputs.
pub(crate) fn check_alone(manifest: &Manifest, problems: &mut Diagnostics) {
    let layer = &manifest.layer;
    let components = layer.components.iter().filter(|one| one.when.is_none());
    let entries = layer.entries.iter().filter(|one| one.when.is_none());
    deps::check(components, entries, problems);
}

/// Entries, by registry and key.
type ByKey<'r, 'a> = BTreeMap<(ServiceTypeIx, &'a str), Vec<&'r EntryCandidate<'a>>>;

impl<'s, 'a> Lookup<'s, 'a> {
    /// Entries that are there and about which nothing has been reported.
    fn entries_by_key(self) -> ByKey<'s, 'a> {
        let mut by_key = ByKey::new();
        for entry in &self.resolved.entries {
            let is_poisoned = self.resolved.services[entry.registry].poisoned;
            if entry.off.is_none() && !entry.quiet && !is_poisoned {
                let key = (entry.registry, entry.decl.key.value.as_str());
                by_key.entry(key).or_default().push(entry);
            }
        }
        by_key
    }

    /// Keys that several entries have, or that differ by case alone.
    fn check_keys(self, entries: &ByKey<'_, '_>, problems: &mut Diagnostics) {
        let mut folded: BTreeMap<(ServiceTypeIx, String), (&str, Origin)> = BTreeMap::new();
        for ((registry, key), all) in entries {
            let service = &self.resolved.services[*registry];
            let [others @ .., last] = &all[..] else {
                continue;
            };
            let at = last.decl.key.origin;
            let fold = (*registry, key.to_lowercase());
            let (first, first_at) = *folded.entry(fold).or_insert((key, at));
            if first != *key {
                let problem = SimilarKeys {
                    registry: service.display.clone(),
                    key: (*key).to_owned(),
                    other: Named {
                        name: first.to_owned(),
                        at: Some(first_at),
                    },
                };
                problems.report(problem, at);
            }
            if others.is_empty() {
                continue;
            }
            let plugin = |one: &EntryCandidate<'_>| self.layered.parts[one.part].id.to_owned();
            let is_own = |one: &&EntryCandidate<'_>| self.layered.parts[one.part].own;
            let others = others.iter().map(|one| Named {
                name: plugin(one),
                at: Some(one.decl.key.origin),
            });
            // The host cannot have an entry of the key, and say whose counts.
            let may_choose =
                service.host_path.is_some() && !all.iter().copied().any(|one| is_own(&one));
            let problem = EntryTwice {
                registry: service.display.clone(),
                key: (*key).to_owned(),
                plugin: plugin(last),
                others: others.collect(),
                choice: may_choose.then(|| (service.display.clone(), plugin(all[0]))),
            };
            problems.report(problem, at);
        }
    }

    /// A line of the host's about an entry that no plugin has.
    fn check_choice(
        self,
        registry: ServiceTypeIx,
        choice: &Stated<'_, EntryChoice>,
        of_plugins: &ByKey<'_, 'a>,
        problems: &mut Diagnostics,
    ) {
        let (layered, resolved) = (self.layered, self.resolved);
        let line = choice.what;
        let (service, key) = (&resolved.services[registry], &line.key);
        let of = &line.of.value;
        let mut plugin = None;
        if let EntryOf::Plugin(id) = &of.value {
            match layered.part(id).map(|part| &layered.parts[part]) {
                Some(part) if matches!(part.state, State::Indirect(_)) => {
                    let problem = indirect(self.resolved.names.universe, part, None);
                    problems.report(problem, of.origin);
                    return;
                }
                Some(_) => plugin = Some(id.as_str()),
                None => {
                    self.unknown_plugin(id, of.origin, problems);
                    return;
                }
            }
        }
        if service.poisoned || layered.poison.may_fill(&service.ty) {
            return;
        }
        let is_of = |entry: &EntryCandidate<'_>| {
            plugin.is_none_or(|plugin| layered.parts[entry.part].id == plugin)
        };
        let of_key = of_plugins.get(&(registry, key.value.as_str()));
        let of_key = of_key.into_iter().flatten().copied();
        let found = of_key.clone().find(|one| is_of(one));
        let features = match found.map(|entry| &entry.off) {
            Some(Some(EntryOff::Features(features))) if plugin.is_some() => features.clone(),
            Some(_) => return,
            None => Vec::new(),
        };
        let absent = layered.absent.iter().flat_map(|one| &one.entries);
        let mut absent = absent.filter(|(stem, _)| *stem == service.stem);
        if plugin.is_none() && absent.any(|(_, known)| *known == key.value) {
            return;
        }
        let known = of_plugins
            .iter()
            .filter(|((of, _), all)| *of == registry && all.iter().any(|one| is_of(one)));
        let known: Vec<&str> = known.map(|((_, key), _)| *key).collect();
        // This line itself has taken those of others out.
        let is_there = |one: &EntryCandidate<'_>| match one.off {
            Some(EntryOff::Off(at)) => at == choice.at,
            Some(_) => false,
            None => true,
        };
        let elsewhere = of_key
            .filter(|one| !is_of(one) && is_there(one))
            .map(|one| layered.parts[one.part].id.to_owned());
        let problem = NoSuchEntry {
            registry: service.display.clone(),
            key: key.value.clone(),
            plugin: plugin.map(str::to_owned),
            suggestion: nearest(&key.value, known.iter().copied()),
            known: known.into_iter().map(str::to_owned).collect(),
            elsewhere: elsewhere.collect(),
            features,
        };
        problems.report(problem, key.origin);
    }

    /// `from` names a plugin that is not there.
    fn unknown_plugin(self, id: &str, at: Origin, problems: &mut Diagnostics) {
        let layered = self.layered;
        if let Some(problem) = layered.feature_missing(id) {
            problems.report(problem, at);
            return;
        }
        let known = layered
            .parts
            .iter()
            .filter(|part| part.is_in() && !part.own);
        let meant = layered.meant(id, known.clone().map(|part| part.id), &|_| true);
        if !layered.poison.may_be_plugin(id, meant.is_some()) {
            problems.report(layered.unknown(id, ids(known), meant), at);
        }
    }

    /// Entries of plugins that do not depend on the runtime: the host prints them.
    fn check_reach(self, problems: &mut Diagnostics) {
        let (layered, resolved) = (self.layered, self.resolved);
        let universe = resolved.names.universe;
        // Else nothing of this is ever compiled.
        if runtime::of(universe, universe.host).is_none() {
            return;
        }
        for entry in resolved
            .entries
            .iter()
            .filter(|one| one.off.is_none() && !one.quiet)
        {
            let part = &layered.parts[entry.part];
            let registry = &resolved.services[entry.registry];
            if part.own || runtime::of(universe, part.package).is_some() {
                continue;
            }
            let path = entry.decl.what.path();
            let (what, at) = if path.value.root() != Root::Own {
                (OutOfReach::Path(path.value.to_string()), path.origin)
            } else if entry.decl.wired.is_some() {
                (OutOfReach::Services, entry.decl.key.origin)
            } else if registry.host_path.is_none() {
                let line = registry.package;
                let line = line.and_then(|package| universe.line_by_path(universe.host, package));
                let what = OutOfReach::Registry(registry.display.clone(), line);
                (what, entry.decl.registry.origin)
            } else {
                continue;
            };
            let problem = EntryOutOfReach {
                key: entry.decl.key.value.clone(),
                plugin: part.id.to_owned(),
                package: universe.packages[part.package].name.clone(),
                what,
            };
            problems.report(problem, at);
        }
    }

    /// Registries that are asked for and that nothing could ever be an entry of.
    fn check_empty(self, problems: &mut Diagnostics) {
        let (layered, resolved) = (self.layered, self.resolved);
        let filled: IndexSet<ServiceTypeIx> = resolved
            .entries
            .iter()
            .map(|entry| entry.registry)
            .collect();
        let absent = layered.absent.iter().flat_map(|one| &one.entries);
        let mut told = IndexSet::new();
        for candidate in resolved.candidates.iter().filter(|one| !one.is_unsure()) {
            for (need, registry) in candidate.decl.needs.iter().zip(&candidate.needs) {
                let Some(registry) = registry.filter(|_| need.form == Form::Registry) else {
                    continue;
                };
                let service = &resolved.services[registry];
                let is_known = filled.contains(registry)
                    || absent.clone().any(|(stem, _)| *stem == service.stem)
                    || service.poisoned
                    || layered.poison.may_fill(&service.ty);
                if is_known || !told.insert(registry) {
                    continue;
                }
                let problem = EmptyRegistry {
                    registry: service.display.clone(),
                    component: candidate.id.clone(),
                    near: self.nearly(registry),
                };
                problems.report(problem, need.service.origin);
            }
        }
    }

    /// A registry with entries that has nearly the name of another one.
    fn nearly(self, registry: ServiceTypeIx) -> Option<Named> {
        let services = &self.resolved.services;
        let entries = self.resolved.entries.iter();
        let near = entries.filter(|entry| {
            let (one, other) = (&services[registry], &services[entry.registry]);
            let likeness = spelling::likeness(&one.stem, &other.stem).map(|(_, signs)| signs);
            let likeness = likeness.or_else(|| of_arguments(&one.stem, &other.stem));
            likeness.is_some_and(|signs| signs <= spelling::NEAR) && one.package == other.package
        });
        let near = near.min_by_key(|entry| (entry.registry, entry.decl.registry.origin))?;
        Some(Named {
            name: services[near.registry].display.clone(),
            at: Some(near.decl.registry.origin),
        })
    }
}

/// How much the arguments of a type differ, which is otherwise the same.
fn of_arguments(one: &str, other: &str) -> Option<usize> {
    let (path, arguments) = one.split_once('<')?;
    let (other_path, other_arguments) = other.split_once('<')?;
    (path == other_path).then(|| distance(arguments, other_arguments))
}
