//! Whether what is changed is there: `[override]`, and the names that an overlay replaces.

use std::collections::BTreeSet;

use treenail_core::nearest::{distance, nearest};

use super::lookup::Lookup;
use super::unknown::unknown_component;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{ComponentUse, ReplacesNothing};
use crate::layer::Rank;
use crate::model::Mention;

/// Reports every change to something that is not there, and what lines with a mistake name and is not there either.
pub(super) fn check(lookup: Lookup<'_, '_>, problems: &mut Diagnostics) {
    let (layered, resolved) = (lookup.layered, lookup.resolved);
    let all = resolved.candidates.iter().chain(&resolved.absent);
    let there: BTreeSet<&str> = all.map(|one| one.id.as_str()).collect();
    let lines = layered.overrides.iter();
    let lines = lines.map(|one| (one.rank, one.what.id.value.as_str()));
    let lines: BTreeSet<(Rank, &str)> = lines.collect();
    for one in &layered.overrides {
        let id = &one.what.id;
        // What an overlay leaves out, the host may still speak of.
        let elsewhere = one.rank == Rank::Host && !layered.overlays.is_empty();
        let off = resolved.candidate(&id.value).is_none()
            && resolved
                .absent
                .iter()
                .any(|absent| absent.id == id.value && !layered.parts[absent.part].is_in());
        if there.contains(id.value.as_str()) && (elsewhere || !off) {
            continue;
        }
        let used = ComponentUse::Override;
        let further = &lookup.aliases.targets;
        let may_be = |id: &str| !lines.contains(&(one.rank, id));
        if let Some(problem) =
            unknown_component(layered, resolved, &id.value, used, further, &may_be)
        {
            problems.report(problem, id.origin);
        }
    }
    for one in &layered.mentions {
        let (name, used) = match one {
            Mention::Bind(setting) => (&setting.value, ComponentUse::Bind),
            Mention::Alias(setting) => (&setting.value, ComponentUse::Alias),
        };
        // What is left out is another matter, and the whole line's.
        if !there.contains(name.value.as_str()) {
            lookup.component(name, used, problems);
        }
    }
    let lines = layered.aliases.iter();
    let plugins = layered.parts.iter().map(|part| part.id);
    let known: BTreeSet<&str> = there.iter().copied().chain(plugins).collect();
    let stated: BTreeSet<&str> = lines
        .clone()
        .filter(|line| line.rank != Rank::Overlay)
        .map(|line| line.what.from.value.as_str())
        .collect();
    for line in lines.filter(|line| line.rank == Rank::Overlay) {
        let from = &line.what.from;
        let name = from.value.as_str();
        let may_be_lost = match name.split_once(':') {
            Some((plugin, name)) => layered.poison.may_declare(plugin, name),
            None => layered.poison.may_name(name),
        };
        if may_be_lost || known.contains(name) || stated.contains(name) {
            continue;
        }
        // An overlay may state further names as well: only one that nearly is another's is a slip.
        let others = known.iter().chain(&stated).copied();
        let own = &line.what.to.value.value;
        let meant = nearest(name, others.filter(|other| *other != own));
        let suggestion = meant.filter(|meant| distance(name, meant) <= 2);
        if suggestion.is_some() {
            let problem = ReplacesNothing {
                name: from.value.clone(),
                suggestion,
            };
            problems.report(problem, from.origin);
        }
    }
}
