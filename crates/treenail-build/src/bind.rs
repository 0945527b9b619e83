//! Matches every requirement with its provider or providers.

mod changed;
mod host_all;
mod left_out;
mod near;
mod need;
mod provision;
mod rank;
mod trace;

use std::collections::BTreeSet;

use crate::alias::Aliases;
use crate::compose::Inputs;
use crate::diagnostic::mistake::UnusedBind;
use crate::diagnostic::{Diagnostic, Diagnostics, Told};
use crate::layer::Layered;
use crate::model::{Form, Scope};
use crate::resolve::{Resolved, ServiceIx};
use crate::source::Origin;

pub(crate) use host_all::check as check_host_all;
pub(crate) use left_out::leave_out;
pub(crate) use provision::{Provision, component};

/// Every requirement with its answer. Numbers are those of [`Resolved::candidates`].
#[derive(Debug)]
pub(crate) struct Bound {
    /// For every service, who provides it.
    pub(crate) provisions: Vec<Provision>,
    /// For every candidate, the answers in the order of its requirements, a decorator's `inner` last; `None` where something
    /// is wrong.
    pub(crate) answers: Vec<Vec<Option<Answer>>>,
    /// Components that `[bind]` names.
    pub(crate) bound: BTreeSet<usize>,
    /// Further names.
    pub(crate) aliases: Aliases,
}

/// A requirement with its answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// Field of the `Deps` struct.
    pub(crate) field: String,
    /// What is asked for.
    pub(crate) service: ServiceIx,
    /// How it is handed over.
    pub(crate) form: Form,
    /// Everything that may be handed over, in order.
    pub(crate) providers: Vec<usize>,
    /// What is handed over where nothing else is said.
    pub(crate) default: Option<usize>,
    /// A decorator's `inner`.
    pub(crate) inner: bool,
    /// Where it is written.
    pub(crate) at: Origin,
}

/// Something wrong with a requirement; the trace is added when all requirements are known.
#[derive(Debug)]
struct Finding {
    component: usize,
    mistake: Told,
    at: Origin,
}

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
        mistake,
        at,
    } in findings
    {
        problems.push(Diagnostic::new(mistake, at).needed_by(traces.of(component)));
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

impl Bound {
    /// The services of requirements that have no answer: nobody knows who of their providers would have been it.
    pub(crate) fn unanswered<'s>(
        &'s self,
        resolved: &'s Resolved<'_>,
    ) -> impl Iterator<Item = ServiceIx> + 's {
        unanswered(resolved, &self.answers)
    }
}

fn unanswered<'s>(
    resolved: &'s Resolved<'_>,
    answers: &'s [Vec<Option<Answer>>],
) -> impl Iterator<Item = ServiceIx> + 's {
    let all = resolved.candidates.iter().zip(answers);
    all.flat_map(|(candidate, answers)| {
        let asked = candidate.needs.iter().copied().chain([candidate.decorates]);
        let open = answers.iter().zip(asked);
        open.filter_map(|(answer, service)| service.filter(|_| answer.is_none()))
    })
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
            let problem = UnusedBind {
                service: ty.value.to_string(),
                provider: provider.value.clone(),
            };
            problems.report(problem, ty.origin);
        }
    }
}
