//! An application as one configuration made it.

#[cfg(feature = "pipes")]
use std::sync::Arc;

use crate::container::Configured;
#[cfg(feature = "pipes")]
use crate::lifecycle::Life;
use crate::lifecycle::StopOnDrop;
#[cfg(feature = "pipes")]
use crate::pipe::{Pipeline, PipelinePlan};

/// An application as one configuration made it.
pub(super) struct Generation {
    /// Which one it is, from 1.
    #[cfg_attr(not(feature = "config"), expect(dead_code, reason = "there is one"))]
    pub(super) number: u64,
    /// Before the values of the components in it, so that these are dropped where their panics are caught.
    #[cfg(feature = "pipes")]
    pub(super) pipeline: Option<PlannedPipeline>,
    pub(super) life: StopOnDrop,
}

/// A pipeline, and what it was made of.
#[cfg(feature = "pipes")]
#[derive(Clone)]
pub(super) struct PlannedPipeline {
    pub(super) plan: Arc<PipelinePlan>,
    pub(super) pipeline: Arc<Pipeline>,
}

#[cfg(feature = "pipes")]
impl PlannedPipeline {
    /// Of the values of this life, in the place of the pipeline `before`.
    pub(super) fn new(plan: Arc<PipelinePlan>, life: &Life, before: Option<&Pipeline>) -> Self {
        let values = life.plan.instances().iter();
        let values: Vec<_> = values.map(|node| life.slots.get(*node)).collect();
        let redactor = life.supervision.redactor.clone();
        let pipeline = Arc::new(Pipeline::new(&plan, &values, redactor, before));
        Self { plan, pipeline }
    }
}

impl Generation {
    /// What has started first.
    pub(super) fn first(life: StopOnDrop, configured: Configured) -> Self {
        #[cfg(not(feature = "pipes"))]
        drop(configured);
        Self {
            number: 1,
            #[cfg(feature = "pipes")]
            pipeline: (configured.pipeline)
                .map(|plan| PlannedPipeline::new(Arc::new(plan), &life, None)),
            life,
        }
    }

    #[cfg(feature = "pipes")]
    pub(super) fn pipeline(&self) -> Option<&Pipeline> {
        Some(&*self.pipeline.as_ref()?.pipeline)
    }
}
