//! A pipeline as configured, and as it runs: every step knows its component, its compiled parameters and its steps.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::binding::Binding;
use super::pipeline::Pipeline;
use crate::config::problem::place::Origin;
use crate::config::value::compiled::Compiled;
use crate::container::Value;
use crate::redact::Redactor;

/// The pipe tree of a configuration that was checked.
pub(crate) struct PipelinePlan {
    root: StepPlan,
    /// The instance that the root is.
    first: usize,
    environment: Arc<BTreeMap<String, String>>,
    /// The names of the files and variables that the configuration came from.
    sources: Vec<String>,
}

/// One step of it.
pub(crate) struct StepPlan {
    pub(crate) id: String,
    pub(crate) path: String,
    pub(crate) origin: Origin,
    pub(crate) component: &'static str,
    /// Its number among the steps.
    pub(crate) instance: usize,
    pub(crate) params: Compiled,
    pub(crate) binding: Binding,
    pub(crate) children: Vec<StepPlan>,
}

impl PipelinePlan {
    pub(crate) fn new(root: StepPlan, first: usize) -> Self {
        Self {
            root,
            first,
            environment: Arc::default(),
            sources: Vec::new(),
        }
    }

    /// The variables that templates read, and the sources that places point to.
    pub(crate) fn with(
        self,
        environment: Arc<BTreeMap<String, String>>,
        sources: Vec<String>,
    ) -> Self {
        Self {
            environment,
            sources,
            ..self
        }
    }

    /// Puts the built components in. `values` holds those of all instances of the configuration; what failed is not there.
    pub(crate) fn ready(self, values: &[Option<Value>], redactor: Redactor) -> Pipeline {
        let root = ReadyStep::new(self.root, &values[self.first..], 0);
        Pipeline::new(root, self.environment, self.sources, redactor)
    }
}

/// A step that can run.
pub(super) struct ReadyStep {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) origin: Origin,
    pub(super) component: &'static str,
    pub(super) depth: usize,
    /// `None`: it belongs to an optional plugin that failed.
    pub(super) pipe: Option<Value>,
    pub(super) binding: Binding,
    pub(super) params: ReadyParams,
    /// Parameters that hold steps, which templates do not see.
    pub(super) hidden: Vec<String>,
    pub(super) children: Vec<Arc<ReadyStep>>,
}

/// Parameters: the same at every run, or with templates.
pub(super) enum ReadyParams {
    Fixed(Arc<Json>),
    Rendered(Compiled),
}

impl ReadyStep {
    fn new(plan: StepPlan, values: &[Option<Value>], depth: usize) -> Arc<Self> {
        let hidden = plan.params.keys_with_steps();
        let params = if plan.params.is_fixed() {
            ReadyParams::Fixed(Arc::new(plan.params.fixed()))
        } else {
            ReadyParams::Rendered(plan.params)
        };
        Arc::new(Self {
            id: plan.id,
            path: plan.path,
            origin: plan.origin,
            component: plan.component,
            depth,
            pipe: values[plan.instance].clone(),
            binding: plan.binding,
            params,
            hidden,
            children: plan
                .children
                .into_iter()
                .map(|child| Self::new(child, values, depth + 1))
                .collect(),
        })
    }
}
