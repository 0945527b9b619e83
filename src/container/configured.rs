//! What a configuration comes to: the values, instances and deadlines that the nodes are laid out by.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::policy::Deadlines;
use crate::component::AnyComponent;
use crate::error::Result;
#[cfg(feature = "config")]
use crate::fingerprint::Fingerprint;
#[cfg(feature = "pipes")]
use crate::pipe::PipelinePlan;
use crate::redact::Redactor;

/// Makes the configuration of one node. It was checked before; a source is asked once for every value it configures.
#[derive(Clone)]
pub(crate) struct ConfigSource {
    make: Arc<dyn Fn() -> Result<Box<dyn Any + Send>> + Send + Sync>,
    /// What it makes, without the values.
    #[cfg(feature = "config")]
    pub(crate) fingerprint: Fingerprint,
}

impl ConfigSource {
    /// One whose configuration is always the same.
    pub(crate) fn new(
        make: impl Fn() -> Result<Box<dyn Any + Send>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            make: Arc::new(make),
            #[cfg(feature = "config")]
            fingerprint: Fingerprint::default(),
        }
    }

    /// One that makes its configuration of a value.
    #[cfg(feature = "config")]
    pub(crate) fn of(
        value: serde_json::Value,
        read: impl Fn(&serde_json::Value) -> Result<Box<dyn Any + Send>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            fingerprint: Fingerprint::of(&value),
            make: Arc::new(move || read(&value)),
        }
    }

    pub(crate) fn make(&self) -> Result<Box<dyn Any + Send>> {
        (self.make)()
    }
}

/// A configuration that was read and checked.
#[derive(Default)]
pub(crate) struct Configured {
    /// Configuration of singletons and transients, by component.
    pub(crate) configs: BTreeMap<usize, ConfigSource>,
    /// What the configuration injects into singletons and transients, by component and need.
    pub(crate) injects: BTreeMap<usize, BTreeMap<usize, Target>>,
    /// How the application is taken through its life, as far as the configuration says.
    pub(crate) lifecycle: ConfiguredLifecycle,
    /// Named instances first, then the steps of the pipeline, in the order of the file.
    pub(crate) instances: Vec<Instance>,
    /// A singleton that was made while the configuration was read, with its value.
    pub(crate) made: Option<(usize, AnyComponent)>,
    /// Knows the secrets among the values.
    pub(crate) redactor: Redactor,
    /// The pipeline, whose steps are `instances`.
    #[cfg(feature = "pipes")]
    pub(crate) pipeline: Option<PipelinePlan>,
}

/// What a configuration says about the lifecycle.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ConfiguredLifecycle {
    pub(crate) sequential: Option<bool>,
    /// Deadlines of every component.
    pub(crate) deadline: Deadlines,
    /// Budgets of the phases.
    pub(crate) total: Deadlines,
    pub(crate) rollback: Option<Duration>,
    /// Deadlines of components and instances, by their name.
    pub(crate) components: BTreeMap<String, Deadlines>,
}

/// A component that the configuration asks for.
pub(crate) struct Instance {
    /// Its component.
    pub(crate) component: usize,
    /// Its name: the key under `services`, or the path of a step.
    pub(crate) name: String,
    /// What the configuration injects, by need.
    pub(crate) injects: BTreeMap<usize, Target>,
    /// Its configuration, where it takes one.
    pub(crate) config: Option<ConfigSource>,
    /// Its value, if it was made while the configuration was read.
    pub(crate) made: Option<AnyComponent>,
}

/// What is injected.
#[cfg_attr(
    not(feature = "config"),
    expect(dead_code, reason = "only a configuration names instances")
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// The instance with this number.
    Instance(usize),
    /// The singleton or transient component with this number.
    Component(usize),
}
