//! The inputs of one component while it is built, and how a generated entry fills them in.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Weak};

use super::current::Current;
use super::entry::entries;
use super::lazy::Lazy;
use super::plan::{Input, Plan};
use super::slots::Slots;
use crate::component::{AnyComponent, Building, Component, Config, Declared, Deps};
use crate::error::{Error, Result};
use crate::supervision::{Handle, StepFuture};
use treenail_core::composed::Composed;
use treenail_core::{Entries, Registry};

/// The inputs of one node, while its `Deps` are filled in. Needs are numbered as in the table.
pub struct Inputs {
    plan: Arc<Plan>,
    slots: Arc<Slots>,
    handle: Handle,
    /// The application, whose type is known further up.
    application: Weak<dyn Any + Send + Sync>,
    node: usize,
}

impl fmt::Debug for Inputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inputs of {}", self.name())
    }
}

impl Inputs {
    pub(crate) fn new(
        plan: Arc<Plan>,
        slots: Arc<Slots>,
        handle: Handle,
        application: Weak<dyn Any + Send + Sync>,
        node: usize,
    ) -> Self {
        Self {
            plan,
            slots,
            handle,
            application,
            node,
        }
    }

    /// The application that the node is part of; nothing, if it is built outside of one.
    pub(crate) fn application(&self) -> Arc<dyn Any + Send + Sync> {
        self.application.upgrade().unwrap_or_else(|| Arc::new(()))
    }

    pub(crate) fn name(&self) -> &str {
        &self.plan.nodes[self.node].name
    }

    /// The node's own handle.
    pub fn handle(&self) -> Arc<Handle> {
        Arc::new(self.handle.clone())
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.plan.nodes[self.node].inputs.len()
    }

    fn input(&self, need: usize) -> &Input {
        &self.plan.nodes[self.node].inputs[need]
    }

    fn single(&self, need: usize) -> usize {
        match self.input(need) {
            Input::Node(node) => *node,
            other => panic!("{self:?}: need {need} is {other:?} where one provider was planned"),
        }
    }

    /// The provider of a plain requirement.
    ///
    /// # Panics
    /// If it was not built, which the order of the plan rules out.
    pub fn one(&self, need: usize) -> AnyComponent {
        let node = self.single(need);
        self.slots
            .get(node)
            .unwrap_or_else(|| panic!("{self:?}: need {need} has not been built"))
    }

    /// The provider of a plain requirement that several components may meet.
    ///
    /// # Panics
    /// If it was not built, which the order of the plan rules out.
    pub fn pick<S: ?Sized>(&self, need: usize, cast: fn(usize, AnyComponent) -> Arc<S>) -> Arc<S> {
        cast(self.plan.nodes[self.single(need)].component, self.one(need))
    }

    /// The provider of an optional requirement, where there is one.
    pub fn optional<S: ?Sized>(
        &self,
        need: usize,
        cast: fn(usize, AnyComponent) -> Arc<S>,
    ) -> Option<Arc<S>> {
        let Input::Node(node) = self.input(need) else {
            return None;
        };
        Some(cast(
            self.plan.nodes[*node].component,
            self.slots.get(*node)?,
        ))
    }

    fn built(&self, need: usize) -> impl Iterator<Item = (usize, AnyComponent)> {
        let nodes: &[usize] = match self.input(need) {
            Input::Nodes(nodes) => nodes,
            _ => &[],
        };
        nodes
            .iter()
            .filter_map(|node| Some((*node, self.slots.get(*node)?)))
    }

    /// Every provider, in order.
    pub fn all<S: ?Sized>(
        &self,
        need: usize,
        cast: fn(usize, AnyComponent) -> Arc<S>,
    ) -> Vec<Arc<S>> {
        self.built(need)
            .map(|(node, value)| cast(self.plan.nodes[node].component, value))
            .collect()
    }

    /// Every provider by its name: component ids, and instance names.
    pub fn map<S: ?Sized>(
        &self,
        need: usize,
        cast: fn(usize, AnyComponent) -> Arc<S>,
    ) -> BTreeMap<String, Arc<S>> {
        self.built(need)
            .map(|(node, value)| {
                let name = self.plan.name_of_provider(node).to_owned();
                (name, cast(self.plan.nodes[node].component, value))
            })
            .collect()
    }

    /// The provider of a lazy requirement.
    pub fn lazy<S: ?Sized>(&self, need: usize, cast: fn(usize, AnyComponent) -> Arc<S>) -> Lazy<S> {
        let node = self.single(need);
        Lazy::new(
            Arc::downgrade(self.slots.slot(node)),
            self.plan.nodes[node].component,
            cast,
        )
    }

    /// The provider of a requirement that follows reloads.
    ///
    /// # Panics
    /// If it was not built, which the order of the plan rules out.
    pub fn current<S: ?Sized>(
        &self,
        need: usize,
        cast: fn(usize, AnyComponent) -> Arc<S>,
    ) -> Current<S> {
        let component = self.plan.nodes[self.single(need)].component;
        let own = self.slots.slot(self.node);
        Current::new(own.follow(need, component, self.one(need)), cast)
    }

    /// The entries of a registry, with those that were made of services.
    pub fn registry<R: Registry>(&self, need: usize, composed: &'static Composed<R>) -> Entries<R> {
        let nodes: &[usize] = match self.input(need) {
            Input::Nodes(nodes) => nodes,
            _ => &[],
        };
        entries(composed, nodes.iter().map(|node| self.slots.get(*node)))
    }

    /// The configuration of this node.
    fn config<T: 'static>(&self) -> Result<T> {
        let node = &self.plan.nodes[self.node];
        let config: Box<dyn Any + Send> = match &node.config {
            Some(source) => source.make()?,
            None => Box::new(()),
        };
        config.downcast().map(|config| *config).map_err(|_| {
            Error::msg(format!(
                "the configuration of `{}` is not a `{}`",
                node.name,
                std::any::type_name::<T>()
            ))
        })
    }
}

/// For the arm of a match that no provider reaches.
///
/// # Panics
/// Always.
pub fn unexpected(component: usize) -> ! {
    panic!(
        "component {component} is no provider here: the composition is not the one that was generated"
    )
}

/// The step that the generated entry of a component with a configuration ends in.
pub fn build<C: Component + Declared>(inputs: &Inputs, deps: Deps<C>) -> Building {
    match inputs.config::<Config<C>>() {
        Ok(config) => Building::new(C::build(deps, config)),
        Err(error) => Building::refused(error),
    }
}

/// Hands a configuration to a component that runs.
pub fn reconfigure<C: Component + Declared>(
    value: AnyComponent,
    config: Box<dyn Any + Send>,
) -> StepFuture<()> {
    Box::pin(async move {
        let config = config.downcast::<Config<C>>();
        let config = config.map_err(|_| Error::msg("it is a configuration of another type"))?;
        value.downcast::<C>().reconfigure(*config).await
    })
}
