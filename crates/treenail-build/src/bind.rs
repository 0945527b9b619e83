//! Matches every requirement with its provider or providers.

mod alias;
mod bound;
mod changed;
mod contract;
mod host_all;
mod left_out;
mod lifecycle;
mod near;
mod need;
mod provision;
mod rank;
mod trace;
mod unknown;

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Diagnostics, Problem};
use crate::inputs::Inputs;
use crate::layer::Layered;
use crate::model::{Form, Scope};
use crate::resolve::{Resolved, ServiceIx};

pub(crate) use alias::check_alone as check_aliases_alone;
pub(crate) use bound::{Answer, Bound};
pub(crate) use lifecycle::Tuned;

use bound::unanswered;
use need::Finding;
use provision::Provision;

/// Leaves out who has lost, and gives every requirement of the rest its answer.
pub(crate) fn bind(
    inputs: &Inputs,
    layered: &Layered<'_>,
    resolved: &mut Resolved<'_>,
    problems: &mut Diagnostics,
) -> Bound {
    let aliases = alias::collect(layered, resolved, problems);
    let idle = left_out::leave_out(layered, &aliases, resolved);
    host_all::check(layered, resolved, &idle, problems);
    contract::check(&inputs.discovery, layered, resolved, problems);
    let resolved = &*resolved;
    changed::check(layered, resolved, &aliases, problems);
    let ranks = rank::ranks(layered, resolved, &aliases, problems);
    let mut provisions = provision::provisions(layered, resolved, &aliases, &ranks, problems);
    let mut binder = need::Binder::new(inputs, layered, resolved, &aliases);
    let inner = binder.decorate(&mut provisions, &ranks);
    let mut answers = binder.answers(&provisions);
    for (number, answer) in inner {
        answers[number].push(answer);
    }
    let findings = binder.finish(problems);
    let traces = trace::Traces::new(inputs, layered, resolved, &answers);
    for Finding {
        component,
        problem,
        at,
    } in findings
    {
        problems.push(Diagnostic::new(problem, at).needed_by(traces.of(component)));
    }
    unused_binds(layered, resolved, &provisions, &answers, problems);
    let lines = resolved.binds.values();
    let named = lines.filter_map(|(_, name)| aliases.meant(&name.value, resolved));
    let bound = named.collect();
    let tuned = lifecycle::tune(inputs, layered, resolved, &aliases, problems);
    Bound {
        bound,
        tuned,
        provisions,
        answers,
        aliases,
    }
}

/// A `[bind]` line that nobody asks for, about a transient: the host cannot ask for it either.
fn unused_binds(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    provisions: &[Provision],
    answers: &[Vec<Option<Answer>>],
    problems: &mut Diagnostics,
) {
    let chosen = answers
        .iter()
        .flatten()
        .flatten()
        .filter(|answer| !matches!(answer.form, Form::All | Form::Map));
    let mut chosen: BTreeSet<ServiceIx> = chosen.map(|answer| answer.service).collect();
    chosen.extend(unanswered(resolved, answers));
    let may_be_needed = |service: ServiceIx| {
        layered
            .poison
            .may_need(resolved.services[service].ty.last_ident())
    };
    for (service, (ty, provider)) in resolved
        .binds
        .iter()
        .filter(|(service, _)| !chosen.contains(service) && !may_be_needed(**service))
    {
        let winner = provisions[*service].winner.known();
        if winner.is_some_and(|winner| resolved.candidates[winner].decl.scope == Scope::Transient) {
            let problem = Problem::UnusedBind {
                service: ty.value.to_string(),
                provider: provider.value.clone(),
            };
            problems.report(problem, ty.origin);
        }
    }
}
