//! The nodes that are built: one for each singleton, for each named instance and for each injection of a transient.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::configured::ConfigSource;
use super::policy::Deadlines;
use crate::component::AnyComponent;

/// One thing to build.
pub(crate) struct PlanNode {
    pub(crate) component: usize,
    pub(crate) name: String,
    pub(crate) inputs: Vec<Input>,
    pub(crate) config: Option<ConfigSource>,
    /// Its value, where it was made before.
    pub(crate) made: Option<AnyComponent>,
    /// Its deadlines, as far as the configuration says.
    pub(crate) deadlines: Deadlines,
    /// Nodes that have to be built and started before this one.
    pub(crate) needs: BTreeSet<usize>,
    /// Those among them that this one cannot do without.
    pub(crate) vital: BTreeSet<usize>,
}

/// What one need of a node is met by.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    /// Nothing: an optional requirement without a provider.
    Absent,
    /// One node.
    Node(usize),
    /// Every provider, in order.
    Nodes(Vec<usize>),
}

/// The nodes, dependencies first.
pub(crate) struct Plan {
    pub(crate) nodes: Vec<PlanNode>,
    /// Nodes of singletons and instances, by component.
    pub(super) by_component: BTreeMap<usize, Vec<usize>>,
    /// Node of each instance of the configuration.
    pub(super) instances: Vec<usize>,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.nodes.iter().map(|node| &node.name))
            .finish()
    }
}

impl Plan {
    /// One node that needs nothing.
    #[cfg(feature = "config")]
    pub(crate) fn only(component: usize, name: &str, config: Option<ConfigSource>) -> Self {
        let node = PlanNode {
            component,
            name: name.to_owned(),
            inputs: Vec::new(),
            config,
            made: None,
            deadlines: Deadlines::default(),
            needs: BTreeSet::new(),
            vital: BTreeSet::new(),
        };
        Self {
            nodes: vec![node],
            by_component: BTreeMap::new(),
            instances: Vec::new(),
        }
    }

    /// The singletons and instances of a component.
    pub(crate) fn nodes_of(&self, component: usize) -> &[usize] {
        self.by_component.get(&component).map_or(&[], Vec::as_slice)
    }

    /// Nodes of the configuration's instances, in its order.
    #[cfg(feature = "pipes")]
    pub(crate) fn instances(&self) -> &[usize] {
        &self.instances
    }
}
