//! An application as one configuration made it.

#[cfg(feature = "pipes")]
use std::sync::Arc;

#[cfg(feature = "pipes")]
use crate::component::AnyComponent;
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

impl Generation {
    /// The first one of what has started.
    pub(super) fn new(number: u64, life: StopOnDrop, configured: Configured) -> Self {
        #[cfg(feature = "pipes")]
        let pipeline = configured.pipeline.map(|plan| {
            let pipeline = Pipeline::new(&plan, &step_values(&life), configured.redactor);
            PlannedPipeline {
                plan: Arc::new(plan),
                pipeline: Arc::new(pipeline),
            }
        });
        #[cfg(not(feature = "pipes"))]
        drop(configured);
        Self {
            number,
            #[cfg(feature = "pipes")]
            pipeline,
            life,
        }
    }

    #[cfg(feature = "pipes")]
    pub(super) fn pipeline(&self) -> Option<&Pipeline> {
        Some(&*self.pipeline.as_ref()?.pipeline)
    }
}

/// The values of all instances of the configuration.
#[cfg(feature = "pipes")]
pub(super) fn step_values(life: &Life) -> Vec<Option<AnyComponent>> {
    let nodes = life.plan.instances().iter();
    nodes.map(|node| life.slots.get(*node)).collect()
}
