//! A pipeline as configured: every step knows its component, its parameters and the steps inside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::binding::PipeBinding;
use super::context::ReadyStep;
use super::params::StepParams;
use crate::component::AnyComponent;
use crate::fingerprint::Fingerprint;
use crate::place::Place;

/// The pipe tree of a configuration that was checked.
pub(crate) struct PipelinePlan {
    pub(crate) root: StepPlan,
    /// The instance that the root is.
    pub(crate) first: usize,
    /// The variables that templates read.
    pub(crate) environment: Arc<BTreeMap<String, String>>,
    /// Of all that is written of it, and of the variables.
    pub(crate) fingerprint: Fingerprint,
}

/// One step of the tree.
pub(crate) struct StepPlan {
    pub(crate) id: Arc<str>,
    pub(crate) path: String,
    /// Where it was written, if it was written at all.
    pub(crate) place: Option<Place>,
    pub(crate) component: &'static str,
    /// Its number among the steps.
    pub(crate) instance: usize,
    pub(crate) params: Arc<StepParams>,
    /// Parameters that hold steps, which templates do not see.
    pub(crate) hidden: Arc<[String]>,
    pub(crate) binding: PipeBinding,
    pub(crate) children: Vec<StepPlan>,
}

impl StepPlan {
    /// The step with its component and those of the steps inside it, at this depth below the root.
    pub(super) fn ready(&self, values: &[Option<AnyComponent>], depth: usize) -> Arc<ReadyStep> {
        let children = self.children.iter();
        Arc::new(ReadyStep {
            id: self.id.clone(),
            path: self.path.clone(),
            place: self.place.clone(),
            component: self.component,
            depth,
            pipe: values[self.instance].clone(),
            repeats: self.binding.repeats,
            run: self.binding.run,
            params: Arc::clone(&self.params),
            hidden: self.hidden.clone(),
            children: children
                .map(|child| child.ready(values, depth + 1))
                .collect(),
        })
    }
}
