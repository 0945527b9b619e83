//! Orders components so that each comes after what it needs; ties by id.

use crate::bind::{Answer, Bound};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{Cycle, CycleStep};
use crate::index::{IndexMap, IndexVec, index_types};
use crate::layer::PartIx;
use crate::model::{Form, Kind};
use crate::resolve::{CandidateIx, Resolved};
use crate::topology::{Edges, after_what_they_need, cycles, knots};

/// Cycles are looked for so many times, each time without the requirements that would break those that were told.
const ROUNDS: usize = 20;

/// So many requirements of a cycle are tried for one that breaks all cycles around it.
const TRIES: usize = 32;

/// Numbers of the candidates, dependencies first. Reports every cycle of components that need each other.
pub(crate) fn order(
    resolved: &Resolved<'_>,
    bound: &Bound,
    problems: &mut Diagnostics,
) -> Vec<CandidateIx> {
    let needs = edges(resolved, bound);
    let known = resolved.known_among(&needs);
    for knot in knots(&known) {
        let members: IndexVec<Member, CandidateIx> = knot.iter().collect();
        let places = members.indexed();
        let places: IndexMap<CandidateIx, Member> = places.map(|(at, one)| (*one, at)).collect();
        let edges = members.iter().map(|one| {
            let targets = known[*one].iter();
            targets
                .filter_map(|target| places.get(target).copied())
                .collect()
        });
        let mut knot = Knot {
            resolved,
            bound,
            edges: edges.collect(),
            members,
        };
        for _ in 0..ROUNDS {
            let found = cycles(&knot.edges);
            if found.is_empty() {
                break;
            }
            for cycle in found {
                let cycle = knot.untie(&cycle);
                let at = cycle.steps.first().and_then(|step| step.at);
                problems.report(cycle, at);
            }
        }
    }
    after_what_they_need(&needs)
}

index_types! {
    /// A component within a knot.
    Member
}

/// Components that all reach each other, and what each needs of the others.
struct Knot<'s, 'a> {
    resolved: &'s Resolved<'a>,
    bound: &'s Bound,
    members: IndexVec<Member, CandidateIx>,
    edges: Edges<Member>,
}

impl Knot<'_, '_> {
    /// Takes the requirement out that would best break a cycle, so that those that are left can be told as well.
    fn untie(&mut self, cycle: &[Member]) -> Cycle {
        let next = |place: usize| cycle[(place + 1) % cycle.len()];
        let step = |place: usize| {
            let (from, to) = (self.members[cycle[place]], self.members[next(place)]);
            step(self.resolved, self.bound, from, to)
        };
        let steps: Vec<CycleStep> = (0..cycle.len()).map(step).collect();
        let known = cycles(&self.edges).len();
        let lazy = (0..steps.len()).filter(|place| steps[*place].can_be_lazy);
        let breaks_all = lazy.clone().take(TRIES).find(|place| {
            self.edges[cycle[*place]].remove(next(*place));
            let left = cycles(&self.edges).len();
            self.edges[cycle[*place]].insert(next(*place));
            left < known
        });
        let cut = breaks_all.or(lazy.clone().next());
        let place = cut.unwrap_or(0);
        self.edges[cycle[place]].remove(next(place));
        Cycle { steps, cut }
    }
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
        Form::All | Form::Map | Form::Registry => &answer.providers[..],
        // Of several that the configuration chooses from, any one may lead back.
        Form::One | Form::Current if answer.named && answer.providers.len() == 1 => {
            &answer.providers[..]
        }
        _ => answer.default.as_slice(),
    };
    let providers = chosen.iter().filter(move |provider| {
        let by_name =
            configured && matches!(answer.form, Form::One | Form::Optional | Form::Current);
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
    let leads_on =
        |answer: &&Answer| hard(resolved, bound, component, answer).any(|one| one == next);
    let mut answers = answers.filter(leads_on);
    let (answer, another) = (answers.next(), answers.next());
    let candidate = &resolved.candidates[component];
    CycleStep {
        id: candidate.id.clone(),
        field: answer.map_or_else(String::new, |answer| answer.field.clone()),
        stated: answer.map_or_else(String::new, |answer| candidate.stated(&answer.field, None)),
        decorates: (candidate.decorates).map(|service| resolved.services[service].display.clone()),
        can_be_lazy: another.is_none() && answer.is_some_and(|answer| answer.form == Form::One),
        at: answer
            .map(|answer| answer.at)
            .or(Some(candidate.decl.name.origin)),
    }
}
