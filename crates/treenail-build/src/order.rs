//! Orders components so that each comes after what it needs; ties by id.

use crate::bind::{Answer, Bound};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{Cycle, CycleStep};
use crate::index::IndexMap;
use crate::layer::PartIx;
use crate::model::{Form, Kind};
use crate::resolve::{CandidateIx, Resolved};
use crate::topology::{Edges, after_what_they_need, cycles};

/// Numbers of the candidates, dependencies first. Reports every cycle of components that need each other.
pub(crate) fn order(
    resolved: &Resolved<'_>,
    bound: &Bound,
    problems: &mut Diagnostics,
) -> Vec<CandidateIx> {
    let needs = edges(resolved, bound);
    for cycle in cycles(&resolved.known_among(&needs)) {
        let steps = cycle.iter().enumerate().map(|(place, component)| {
            let next = cycle[(place + 1) % cycle.len()];
            step(resolved, bound, *component, next)
        });
        let steps: Vec<CycleStep> = steps.collect();
        let at = steps.first().and_then(|step| step.at);
        problems.report(Cycle { steps }, at);
    }
    after_what_they_need(&needs)
}

/// What has to be there before each component.
fn edges(resolved: &Resolved<'_>, bound: &Bound) -> Edges<CandidateIx> {
    let hooks = hooks(resolved);
    let all = bound.answers.indexed();
    all.map(|(number, answers)| {
        let set_up = hooks.get(resolved.candidates[number].part).copied();
        let answers = answers.iter().flatten();
        answers
            .flat_map(|answer| hard(resolved, bound, number, answer))
            .chain(set_up.filter(|hooks| *hooks != number))
            .collect()
    })
    .collect()
}

/// The hooks of each plugin that has some: all its other components come after them.
fn hooks(resolved: &Resolved<'_>) -> IndexMap<PartIx, CandidateIx> {
    let candidates = resolved.candidates.indexed();
    candidates
        .filter(|(_, candidate)| candidate.decl.kind == Kind::Hooks)
        .map(|(number, candidate)| (candidate.part, number))
        .collect()
}

/// The components that a requirement waits for. Which instance waits for which other one is decided by the configuration.
///
/// A value of a decorator waits for what it wraps and for what the decorator requires. Whoever is handed such a value needs the
/// provider too, so the decorator itself stands for the second alone: a provider may be built of others that are wrapped.
fn hard<'b>(
    resolved: &'b Resolved<'_>,
    bound: &'b Bound,
    component: CandidateIx,
    answer: &'b Answer,
) -> impl Iterator<Item = CandidateIx> + 'b {
    let configured = resolved.candidates[component].is_configured();
    let waits = answer.form != Form::Lazy;
    let chosen = match answer.form {
        Form::All | Form::Map => &answer.providers[..],
        // Of several that the configuration chooses from, any one may lead back.
        Form::One if answer.named && answer.providers.len() == 1 => &answer.providers[..],
        _ => answer.default.as_slice(),
    };
    let providers = chosen.iter().filter(move |provider| {
        let by_name = configured && matches!(answer.form, Form::One | Form::Optional);
        !(by_name && resolved.candidates[**provider].is_configured())
    });
    let may_be_wrapped = !answer.providers.is_empty();
    let decorators = bound.provisions[answer.service].decorators.iter();
    let all = providers.chain(decorators.filter(move |_| may_be_wrapped));
    all.copied().filter(move |_| waits)
}

fn step(
    resolved: &Resolved<'_>,
    bound: &Bound,
    component: CandidateIx,
    next: CandidateIx,
) -> CycleStep {
    let answers = bound.answers[component].iter().flatten();
    let answer = answers
        .into_iter()
        .find(|answer| hard(resolved, bound, component, answer).any(|one| one == next));
    let candidate = &resolved.candidates[component];
    CycleStep {
        id: candidate.id.clone(),
        field: answer.map_or_else(String::new, |answer| answer.field.clone()),
        stated: answer.map_or_else(String::new, |answer| candidate.stated(&answer.field)),
        decorates: (candidate.decorates).map(|service| resolved.services[service].display.clone()),
        can_be_lazy: answer.is_some_and(|answer| answer.form == Form::One),
        at: answer
            .map(|answer| answer.at)
            .or(Some(candidate.decl.name.origin)),
    }
}
