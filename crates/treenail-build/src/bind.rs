//! Matches every requirement with its provider or providers.

pub(crate) mod alias;
mod bound;
mod changed;
mod host_all;
mod left_out;
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

pub(crate) use alias::Aliases;
pub(crate) use bound::{Answer, Bound};
pub(crate) use host_all::check as check_host_all;
pub(crate) use left_out::leave_out;
pub(crate) use provision::component;

use bound::unanswered;
use need::Finding;
use provision::Provision;

/// Binds everything that is there after [`leave_out`].
pub(crate) fn bind(
    inputs: &Inputs,
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    aliases: Aliases,
    problems: &mut Diagnostics,
) -> Bound {
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
    Bound {
        bound,
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
