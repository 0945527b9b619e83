//! Matches every requirement with its provider or providers.

mod alias;
mod bound;
mod changed;
mod contract;
mod host_all;
mod left_out;
mod lifecycle;
mod lookup;
mod near;
mod need;
mod provision;
mod rank;
mod registry;
mod spelling;
mod trace;
mod unknown;

use crate::diagnostic::mistake::UnusedBind;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::discover::Discovery;
use crate::index::IndexSet;
use crate::layer::Layered;
use crate::model::{Form, Scope};
use crate::resolve::{CandidateIx, Resolved, ServiceTypeIx};

pub(crate) use alias::check_alone as check_aliases_alone;
pub(crate) use bound::{Answer, Bound};
pub(crate) use registry::check_alone as check_entries_alone;

use lookup::Lookup;
use need::Binder;
use trace::Traces;

/// Leaves out who has lost, and gives every requirement of the rest its answer.
pub(crate) fn bind(
    discovery: &Discovery,
    layered: &Layered<'_>,
    resolved: &mut Resolved<'_>,
    problems: &mut Diagnostics,
) -> Bound {
    registry::correct(discovery, layered, resolved, problems);
    registry::choose(layered, resolved);
    spelling::correct(discovery, layered, resolved, problems);
    let aliases = alias::collect(layered, resolved, problems);
    let idle = left_out::leave_out(layered, &aliases, resolved);
    host_all::check(layered, resolved, &idle, problems);
    contract::check(discovery, layered, resolved, problems);
    let resolved = &*resolved;
    let lookup = Lookup {
        layered,
        resolved,
        aliases: &aliases,
    };
    changed::check(lookup, problems);
    registry::check(lookup, problems);
    let ranks = rank::ranks(lookup, problems);
    let provisions = provision::provisions(lookup, &ranks, problems);
    let mut binder = Binder::new(lookup, problems);
    binder.decorators(&provisions);
    let answers = binder.answers(&provisions);
    let findings = binder.finish();
    let traces = Traces::new(discovery, layered, resolved, &answers);
    for one in findings {
        let trace = traces.of(one.component);
        problems.push(Diagnostic::new(one.problem, one.at).needed_by(trace));
    }
    let lines = resolved.binds.values();
    let named = lines.filter_map(|(_, name)| aliases.component(&name.value, resolved));
    let bound = Bound {
        bound: named.collect(),
        tuned: lifecycle::tune(lookup, problems),
        provisions,
        answers,
        aliases,
    };
    unused_binds(layered, resolved, &bound, problems);
    bound
}

/// A `[bind]` line that nobody asks for, about a transient: the host cannot ask for it either.
fn unused_binds(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    bound: &Bound,
    problems: &mut Diagnostics,
) {
    let answers = bound.answers.iter().flatten().flatten();
    let chosen = answers.filter(|answer| !matches!(answer.form, Form::All | Form::Map));
    let mut chosen: IndexSet<ServiceTypeIx> = chosen.map(|answer| answer.service).collect();
    chosen.extend(bound.unanswered(resolved));
    for (service, (ty, provider)) in resolved.binds.iter() {
        let winner = bound.provisions[service].winner.known();
        let is_transient =
            |winner: CandidateIx| resolved.candidates[winner].decl.scope == Scope::Transient;
        let name = resolved.services[service].ty.last_ident();
        let may_be_asked_for = chosen.contains(service) || layered.poison.may_need(name);
        if winner.is_some_and(is_transient) && !may_be_asked_for {
            let problem = UnusedBind {
                service: ty.value.to_string(),
                provider: provider.value.clone(),
            };
            problems.report(problem, ty.origin);
        }
    }
}
