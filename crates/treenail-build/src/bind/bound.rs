//! What the bind stage found: the answer to every requirement.

use super::alias::Aliases;
use super::provision::Provision;
use crate::index::IndexVec;
use crate::model::{Form, Tending};
use crate::resolve::{CandidateIx, Resolved, ServiceTypeIx};
use crate::source::Origin;

/// Every requirement with its answer.
#[derive(Debug)]
pub(crate) struct Bound {
    /// For every service, who provides it.
    pub(crate) provisions: IndexVec<ServiceTypeIx, Provision>,
    /// For every candidate, the answers in the order of its requirements; `None` where something is wrong.
    pub(crate) answers: IndexVec<CandidateIx, Vec<Option<Answer>>>,
    /// Components that `[bind]` names.
    pub(crate) bound: Vec<CandidateIx>,
    /// For every candidate, how it is taken through its life.
    pub(crate) tuned: IndexVec<CandidateIx, Tending>,
    /// Further names.
    pub(crate) aliases: Aliases,
}

impl Bound {
    /// The services of requirements that have no answer: nobody knows who of their providers would have been it.
    pub(crate) fn unanswered<'s>(
        &'s self,
        resolved: &'s Resolved<'_>,
    ) -> impl Iterator<Item = ServiceTypeIx> + 's {
        let all = resolved.candidates.iter().zip(&self.answers);
        all.flat_map(|(candidate, answers)| {
            let open = answers.iter().zip(&candidate.needs);
            open.filter_map(|(answer, service)| service.filter(|_| answer.is_none()))
        })
    }
}

/// A requirement with its answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// Field of the `Deps` struct.
    pub(crate) field: String,
    /// What is asked for.
    pub(crate) service: ServiceTypeIx,
    /// How it is handed over.
    pub(crate) form: Form,
    /// Everything that may be handed over, in order, each wrapped by the service's decorators.
    pub(crate) providers: Vec<CandidateIx>,
    /// What is handed over where nothing else is said.
    pub(crate) default: Option<CandidateIx>,
    /// The configuration chooses one of the providers, which are instances.
    pub(crate) named: bool,
    /// Where it is written.
    pub(crate) at: Origin,
}
