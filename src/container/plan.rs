//! The nodes that are built: one for each singleton, for each named instance and for each injection of a transient, and one of each
//! decorator around each of them.

use std::collections::BTreeSet;
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
    /// The provider that it is around, with other decorators' values between them or not.
    pub(crate) around: Option<usize>,
    /// What is around it: decorators, each with its node.
    pub(super) wrapped: Vec<(usize, usize)>,
}

impl PlanNode {
    /// The node of a decorator around it.
    pub(super) fn wrapped_by(&self, decorator: usize) -> Option<usize> {
        let mut wrapped = self.wrapped.iter();
        wrapped
            .find(|(by, _)| *by == decorator)
            .map(|(_, node)| *node)
    }
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
    /// So many of them, the first, start as the last part of their build: those of optional plugins, and what they need.
    pub(crate) early: usize,
    /// Nodes of singletons and instances, by component.
    pub(super) by_component: Vec<Vec<usize>>,
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
            around: None,
            wrapped: Vec::new(),
        };
        Self {
            nodes: vec![node],
            early: 0,
            by_component: Vec::new(),
            instances: Vec::new(),
        }
    }

    /// Puts these nodes, and what they need, before all others.
    pub(super) fn put_first(&mut self, mut early: Vec<bool>) {
        if !early.contains(&true) {
            return;
        }
        // What a node needs has a lower number.
        for node in (0..early.len()).rev() {
            if early[node] {
                self.nodes[node]
                    .needs
                    .iter()
                    .for_each(|need| early[*need] = true);
            }
        }
        let (first, rest): (Vec<_>, Vec<_>) = (0..early.len()).partition(|node| early[*node]);
        self.early = first.len();
        let mut places = vec![0; early.len()];
        let nodes = std::mem::take(&mut self.nodes).into_iter();
        let mut nodes: Vec<Option<PlanNode>> = nodes.map(Some).collect();
        for (place, node) in first.into_iter().chain(rest).enumerate() {
            places[node] = place;
            self.nodes.extend(nodes[node].take());
        }
        for node in &mut self.nodes {
            for nodes in [&mut node.needs, &mut node.vital] {
                *nodes = nodes.iter().map(|node| places[*node]).collect();
            }
            for input in &mut node.inputs {
                match input {
                    Input::Absent => {}
                    Input::Node(node) => *node = places[*node],
                    Input::Nodes(nodes) => nodes.iter_mut().for_each(|node| *node = places[*node]),
                }
            }
            node.around = node.around.map(|provider| places[provider]);
            let wrapped = node.wrapped.iter_mut();
            wrapped.for_each(|(_, node)| *node = places[*node]);
        }
        let numbered = self.by_component.iter_mut().flatten();
        numbered
            .chain(&mut self.instances)
            .for_each(|node| *node = places[*node]);
    }

    /// The singletons and instances of a component.
    pub(crate) fn nodes_of(&self, component: usize) -> &[usize] {
        self.by_component.get(component).map_or(&[], Vec::as_slice)
    }

    /// What is handed out of a provider: its own node, or the one of the last decorator around it.
    ///
    /// # Panics
    /// If there is none, which the plan rules out for every singleton and instance of a service that is decorated.
    pub(crate) fn handed_out(&self, provider: usize, wrapped_by: Option<usize>) -> usize {
        let Some(decorator) = wrapped_by else {
            return provider;
        };
        let wrapped = self.nodes[provider].wrapped_by(decorator);
        wrapped.expect("it is decorated")
    }

    /// The name under which a provider is known to those who are handed this node.
    pub(crate) fn name_of_provider(&self, node: usize) -> &str {
        let provider = self.nodes[node].around.unwrap_or(node);
        &self.nodes[provider].name
    }

    /// Nodes of the configuration's instances, in its order.
    #[cfg(feature = "pipes")]
    pub(crate) fn instances(&self) -> &[usize] {
        &self.instances
    }
}
