//! What has no effect: nothing that somebody has written disappears in silence.

use std::collections::BTreeSet;

use crate::bind::Bound;
use crate::diagnostic::mistake::{
    Answers, ComponentOfLibrary, Idle, IdleLine, IdleOverlay, UndeclaredPlugin,
    UndeclaredPluginNamed, UnusedAlias, UnusedChoice, UnusedComponent, UnusedOverlay, UnusedPlugin,
    UnusedTable,
};
use crate::diagnostic::{Code, Diagnostics, lint};
use crate::index::IndexVec;
use crate::layer::{Layered, Part, PartIx, Rank, State};
use crate::model::{
    HostSection, Layer, Level, Manifest, Poison, Scope, Undeclared, Universe, plugin_of,
};
use crate::resolve::{CandidateIx, Resolved};
use crate::source::Origin;

/// Reports what is unused in a composition. What something that is wrong may use counts as used.
pub(super) fn check(
    host: &Manifest,
    universe: &Universe,
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    bound: &Bound,
    problems: &mut Diagnostics,
) {
    overlays(host, problems);
    idle(host, problems);
    undeclared(layered.undeclared, problems);
    if layered.poison.anything {
        return;
    }
    aliases(layered, problems);
    components(universe, layered, resolved, bound, problems);
}

/// Reports what only a host's manifest can state, in one that composes nothing.
pub(super) fn in_a_plugin(manifest: &Manifest, problems: &mut Diagnostics) {
    for overlay in &manifest.overlays {
        let problem = UnusedOverlay {
            name: overlay.name.value.clone(),
            idle: IdleOverlay::NoHost,
        };
        problems.report(problem, overlay.name.origin);
    }
    let Layer {
        overrides,
        tunings,
        choices,
        ..
    } = &manifest.layer;
    let overrides = overrides.first().map(|first| ("[override]", &first.id));
    let tunings = tunings
        .first()
        .map(|first| ("[lifecycle]", &first.component));
    if manifest.host.is_none() {
        for choice in choices {
            let line = format!("{:?} = {}", choice.key.value, choice.of.value.value);
            problems.report(UnusedChoice { line }, choice.key.origin);
        }
    }
    for (table, first) in overrides.into_iter().chain(tunings) {
        let table = table.to_owned();
        problems.report(UnusedTable { table }, first.origin);
    }
}

/// Reports what stands beside the entries of a library and is of no use there.
pub(super) fn in_a_library(manifest: &Manifest, problems: &mut Diagnostics) {
    if manifest.plugin.is_some() || manifest.host.is_some() {
        return;
    }
    in_a_plugin(manifest, problems);
    for component in &manifest.layer.components {
        let name = component.name.value.clone();
        problems.report(ComponentOfLibrary { name }, component.ty.origin);
    }
}

/// Packages that are plugins and do not say so. What names one of them has been told that; once is enough.
fn undeclared(all: &[Undeclared], problems: &mut Diagnostics) {
    for one in all {
        let named = UndeclaredPluginNamed {
            undeclared: one.clone(),
        };
        let warning = UndeclaredPlugin {
            undeclared: one.clone(),
            is_needed: false,
        };
        let needed = UndeclaredPlugin {
            undeclared: one.clone(),
            is_needed: true,
        };
        let is_told = problems.keep_first(&needed.into());
        if !problems.keep_first(&named.into()) && !is_told {
            problems.report(warning, one.at);
        }
    }
}

fn overlays(host: &Manifest, problems: &mut Diagnostics) {
    for overlay in &host.overlays {
        let Layer {
            rules,
            binds,
            aliases,
            tunings,
            overrides,
            components,
            entries,
            choices,
            unread_choices: _,
            idle: _,
            assertions,
            lints,
            mentions: _,
            poison,
        } = &overlay.layer;
        let host = overlay.host.as_ref();
        let section = |host: &HostSection| {
            host.api.is_some()
                || host.root.is_some()
                || host.all.is_some()
                || host.logging.is_some()
                || host.partial
        };
        let says = host.is_some_and(section)
            || !rules.is_empty()
            || !binds.is_empty()
            || !aliases.is_empty()
            || !tunings.is_empty()
            || !overrides.is_empty()
            || !components.is_empty()
            || !entries.is_empty()
            || !choices.is_empty()
            || !assertions.is_empty()
            || !lints.is_empty()
            || *poison != Poison::default();
        if !says {
            let problem = UnusedOverlay {
                name: overlay.name.value.clone(),
                idle: IdleOverlay::Empty,
            };
            problems.report(problem, overlay.name.origin);
        }
    }
}

/// Lines that state nothing, whether their overlay is in force or not.
fn idle(host: &Manifest, problems: &mut Diagnostics) {
    let layers = host.overlays.iter().map(|overlay| &overlay.layer);
    let layers = std::iter::once(&host.layer).chain(layers);
    for line in layers.flat_map(|layer| &layer.idle) {
        let problem = IdleLine {
            line: line.value.clone(),
        };
        problems.report(problem, line.origin);
    }
}

/// The host's aliases for what is switched off.
fn aliases(layered: &Layered<'_>, problems: &mut Diagnostics) {
    for line in layered
        .aliases
        .iter()
        .filter(|line| line.rank != Rank::Plugin)
    {
        let to = &line.what.to.value.value;
        let plugin = plugin_of(to);
        let part = layered.part(plugin).map(|part| &layered.parts[part]);
        // A name of the host's may well be there for a plugin that only an overlay leaves out.
        let here = layered.overlays.is_empty() || line.rank == Rank::Overlay;
        if here && part.is_some_and(|part| !part.is_in()) {
            let problem = UnusedAlias {
                from: line.what.from.value.clone(),
                to: to.clone(),
                plugin: plugin.to_owned(),
            };
            problems.report(problem, line.at);
        }
    }
}

/// Components that are never built, and plugins that consist of these, or of nothing.
///
/// Only a transient is surely never built: one that nothing is handed. A singleton is built, its start and its run may be what
/// it is for, and the host may get it by its own type or among all providers of a service, which only rustc could know.
fn components(
    universe: &Universe,
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    bound: &Bound,
    problems: &mut Diagnostics,
) {
    // A plugin without components beside a mistake is one that is being written: that it has none is said afterwards.
    let is_written = problems.has_errors() && !is_denied(layered, Code::TN0902);
    let handed = handed(layered, resolved, bound);
    let required = required(layered);
    let mut by_part: IndexVec<PartIx, Vec<CandidateIx>> =
        IndexVec::filled(Vec::new(), &layered.parts);
    for (number, candidate) in resolved.candidates.indexed() {
        by_part[candidate.part].push(number);
    }
    let is_unbuilt = |number: &CandidateIx| {
        let candidate = &resolved.candidates[*number];
        candidate.decl.scope == Scope::Transient && !candidate.quiet && !handed[*number]
    };
    for (number, part) in layered.parts.indexed() {
        let all = &by_part[number];
        if part.state != State::In {
            continue;
        }
        let unbuilt: Vec<CandidateIx> = all.iter().copied().filter(is_unbuilt).collect();
        let ids = unbuilt
            .iter()
            .map(|one| resolved.candidates[*one].id.clone());
        let is_needed = part.own || required.contains(part.id) || layered.poison.may_name(part.id);
        if !is_needed && !says_more(part) {
            if is_empty(part) && !is_written {
                report_plugin(universe, part, Idle::Empty, problems);
            } else if !unbuilt.is_empty() && unbuilt.len() == all.len() {
                report_plugin(universe, part, Idle::Unbuilt(ids.collect()), problems);
                continue;
            }
        }
        for one in unbuilt {
            let candidate = &resolved.candidates[one];
            let problem = UnusedComponent {
                id: candidate.id.clone(),
                own: part.own,
                winners: winners(resolved, bound, one),
            };
            problems.report(problem, candidate.decl.name.origin);
        }
    }
}

/// Whether a plugin's manifest declares neither a component nor an entry, not even one that could not be read.
fn is_empty(part: &Part<'_>) -> bool {
    let layer = &part.manifest.layer;
    layer.components.is_empty() && layer.entries.is_empty() && layer.poison == Poison::default()
}

/// Whether a line makes a warning an error in this composition.
fn is_denied(layered: &Layered<'_>, code: Code) -> bool {
    layered.lints.iter().any(|line| {
        line.what.level.value.value == Level::Deny
            && lint::meant(&line.what.name.value).0.contains(&code)
    })
}

/// Plugins that others want to be there.
fn required<'a>(layered: &Layered<'a>) -> BTreeSet<&'a str> {
    let sections = layered.parts.iter().filter(|part| part.is_in());
    let sections = sections.filter_map(|part| part.section);
    sections
        .flat_map(|section| section.requires.iter().map(|one| one.name.value.as_str()))
        .collect()
}

/// Whether a plugin's manifest states anything besides its components.
fn says_more(part: &Part<'_>) -> bool {
    let layer = &part.manifest.layer;
    !(layer.aliases.is_empty()
        && layer.binds.is_empty()
        && layer.rules.is_empty()
        && layer.assertions.is_empty())
}

fn report_plugin(universe: &Universe, part: &Part<'_>, idle: Idle, problems: &mut Diagnostics) {
    let id_at: Option<Origin> = part.section.map(|section| section.id.origin);
    let problem = UnusedPlugin {
        id: part.id.to_owned(),
        package: universe.packages[part.package].name.clone(),
        idle,
    };
    problems.report(problem, part.rule.at.or(id_at));
}

/// Of each component, whether another one may be handed it, or a `[bind]` line names it: such a line is reported by itself.
fn handed(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    bound: &Bound,
) -> IndexVec<CandidateIx, bool> {
    let answers = bound.answers.iter().flatten().flatten();
    let answers = answers.flat_map(|answer| answer.providers.iter().chain(&answer.default));
    // What a mistake that was reported may ask for.
    let unanswered = bound.unanswered(resolved);
    let unanswered = unanswered.flat_map(|service| &bound.provisions[service].providers);
    let mut handed = IndexVec::filled(false, &resolved.candidates);
    for number in answers.chain(&bound.bound).chain(unanswered) {
        handed[*number] = true;
    }
    for (handed, candidate) in handed.iter_mut().zip(&resolved.candidates) {
        let provides = candidate.provides.iter().map(|(service, _)| *service);
        let mut names = provides.map(|service| resolved.services[service].ty.last_ident());
        *handed |= candidate.decl.partial
            || layered.poison.may_need(&candidate.decl.name.value)
            || names.any(|name| layered.poison.may_need(name));
    }
    handed
}

/// Who answers in its place, for each service that somebody else answers for.
fn winners(resolved: &Resolved<'_>, bound: &Bound, component: CandidateIx) -> Vec<Answers> {
    let provides = resolved.candidates[component].provides.iter();
    let winners = provides.filter_map(|(service, _)| {
        let winner = bound.provisions[*service].winner.known()?;
        let display = &resolved.services[*service].display;
        (winner != component).then(|| Answers {
            winner: resolved.candidates[winner].id.clone(),
            service: display.clone(),
        })
    });
    winners.collect()
}
