//! The slots that values live in while the application is built, and how a generated entry fills one.
//!
//! Values are type-erased here and typed again by whoever injects them; so the generated code has one small entry per
//! component and nothing that grows with their number, which keeps it linear for rustc.

mod table;

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::component::{Component, Config, Deps, Provides, Wired};
use crate::plan::{Input, Plan};
use crate::{Error, Handle, Lazy, Registry, Result, Shutdown};

pub use table::{Absent, Deadlines, Entry, Form, LeftOut, Need, PluginEntry, Reason, Scope, Table};

/// A component that is being built.
pub type Building = Pin<Box<dyn Future<Output = Result<Value>> + Send>>;

/// A call of a component's `start`, `work` or `stop` that is under way.
pub(crate) type Calling<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// What the lifecycle does to a component whose type it does not know. Compiled once for each component, so it is kept
/// small: what can be done without the type is done elsewhere.
trait Managed: Any + Send + Sync {
    fn start(&self) -> Calling<'_>;
    fn work(&self, shutdown: Shutdown) -> Calling<'_>;
    fn stop(&self) -> Calling<'_>;
}

impl<C: Component> Managed for C {
    fn start(&self) -> Calling<'_> {
        Box::pin(Component::start(self))
    }

    fn work(&self, shutdown: Shutdown) -> Calling<'_> {
        Box::pin(Component::work(self, shutdown))
    }

    fn stop(&self) -> Calling<'_> {
        Box::pin(Component::stop(self))
    }
}

/// A built component: a shared handle that remembers the type.
#[derive(Clone)]
pub struct Value(Arc<dyn Managed>);

impl Value {
    /// The component itself.
    ///
    /// # Panics
    /// If the component is of another type, which generated code never asks for.
    #[must_use]
    pub fn downcast<C: Send + Sync + 'static>(self) -> Arc<C> {
        let any: Arc<dyn Any + Send + Sync> = self.0;
        match any.downcast() {
            Ok(component) => component,
            Err(other) => wrong_place(other),
        }
    }

    /// The component, as a service it provides.
    ///
    /// # Panics
    /// As [`downcast`](Self::downcast).
    #[must_use]
    pub fn provide<C: Provides<S>, S: ?Sized>(self) -> Arc<S> {
        self.downcast::<C>().provide()
    }

    pub(crate) fn start(&self) -> Calling<'static> {
        let value = self.clone();
        Box::pin(async move { value.0.start().await })
    }

    pub(crate) fn work(&self, shutdown: Shutdown) -> Calling<'static> {
        let value = self.clone();
        Box::pin(async move { value.0.work(shutdown).await })
    }

    pub(crate) fn stop(&self) -> Calling<'static> {
        let value = self.clone();
        Box::pin(async move { value.0.stop().await })
    }
}

/// Not generic, so that it is compiled once.
#[cold]
fn wrong_place(_: Arc<dyn Any + Send + Sync>) -> ! {
    panic!("the composition hands a component to the wrong place")
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value")
    }
}

/// The values of all nodes, filled in as they are built.
#[derive(Debug)]
pub(crate) struct Slots(Box<[OnceLock<Value>]>);

impl Slots {
    pub(crate) fn new(nodes: usize) -> Self {
        Self((0..nodes).map(|_| OnceLock::new()).collect())
    }

    pub(crate) fn get(&self, node: usize) -> Option<Value> {
        self.0[node].get().cloned()
    }

    pub(crate) fn set(&self, node: usize, value: Value) {
        assert!(
            self.0[node].set(value).is_ok(),
            "node {node} was built twice"
        );
    }
}

/// The inputs of one node, while its `Deps` are filled in. Needs are numbered as in the table.
pub struct Inputs {
    table: &'static Table,
    plan: Arc<Plan>,
    slots: Arc<Slots>,
    handle: Handle,
    node: usize,
}

impl fmt::Debug for Inputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inputs of {}", self.plan.nodes[self.node].name)
    }
}

impl Inputs {
    pub(crate) fn new(
        table: &'static Table,
        plan: Arc<Plan>,
        slots: Arc<Slots>,
        handle: Handle,
        node: usize,
    ) -> Self {
        Self {
            table,
            plan,
            slots,
            handle,
            node,
        }
    }

    /// The node's own handle.
    pub fn handle(&self) -> Arc<Handle> {
        Arc::new(self.handle.clone())
    }

    /// What is in the application, for the plugin of this node.
    pub(crate) fn registry(&self) -> Registry {
        let component = self.plan.nodes[self.node].component;
        Registry::of(self.table, self.table.components[component].plugin)
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
    pub fn one(&self, need: usize) -> Value {
        let node = self.single(need);
        self.slots
            .get(node)
            .unwrap_or_else(|| panic!("{self:?}: need {need} has not been built"))
    }

    /// The provider of a plain requirement that several components may meet.
    ///
    /// # Panics
    /// As [`one`](Self::one).
    pub fn pick<S: ?Sized>(&self, need: usize, cast: fn(usize, Value) -> Arc<S>) -> Arc<S> {
        cast(self.plan.nodes[self.single(need)].component, self.one(need))
    }

    /// The provider of an optional requirement, where there is one.
    pub fn optional<S: ?Sized>(
        &self,
        need: usize,
        cast: fn(usize, Value) -> Arc<S>,
    ) -> Option<Arc<S>> {
        let Input::Node(node) = self.input(need) else {
            return None;
        };
        Some(cast(
            self.plan.nodes[*node].component,
            self.slots.get(*node)?,
        ))
    }

    fn built(&self, need: usize) -> impl Iterator<Item = (usize, Value)> {
        let nodes: &[usize] = match self.input(need) {
            Input::Nodes(nodes) => nodes,
            _ => &[],
        };
        nodes
            .iter()
            .filter_map(|node| Some((*node, self.slots.get(*node)?)))
    }

    /// Every provider, in order.
    pub fn all<S: ?Sized>(&self, need: usize, cast: fn(usize, Value) -> Arc<S>) -> Vec<Arc<S>> {
        self.built(need)
            .map(|(node, value)| cast(self.plan.nodes[node].component, value))
            .collect()
    }

    /// Every provider by its name: component ids, and instance names.
    pub fn map<S: ?Sized>(
        &self,
        need: usize,
        cast: fn(usize, Value) -> Arc<S>,
    ) -> BTreeMap<String, Arc<S>> {
        self.built(need)
            .map(|(node, value)| {
                let provider = &self.plan.nodes[node];
                (provider.name.clone(), cast(provider.component, value))
            })
            .collect()
    }

    /// The provider of a lazy requirement.
    pub fn lazy<S: ?Sized>(&self, need: usize, cast: fn(usize, Value) -> Arc<S>) -> Lazy<S> {
        let node = self.single(need);
        Lazy::new(
            Arc::downgrade(&self.slots),
            node,
            self.plan.nodes[node].component,
            cast,
        )
    }

    /// The configuration of this node.
    fn config<T: 'static>(&self) -> Result<T> {
        let node = &self.plan.nodes[self.node];
        let config: Box<dyn Any + Send> = match &node.config {
            Some(source) => source()?,
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

/// The step that every generated entry ends in.
pub fn build<C: Component + Wired>(inputs: &Inputs, deps: Deps<C>) -> Building {
    match inputs.config::<Config<C>>() {
        Ok(config) => Box::pin(Making {
            component: C::build(deps, config),
        }),
        Err(error) => refused(error),
    }
}

/// The same for a component without configuration.
pub fn build_plain<C: Component + Wired<Config = ()>>(deps: Deps<C>) -> Building {
    Box::pin(Making {
        component: C::build(deps, ()),
    })
}

fn refused(error: Error) -> Building {
    Box::pin(std::future::ready(Err(error)))
}

pin_project! {
    /// Shares what a component's `build` makes. An async block would be three times the machine code for every component.
    struct Making<F> {
        #[pin]
        component: F,
    }
}

impl<C: Component, F: Future<Output = Result<C>>> Future for Making<F> {
    type Output = Result<Value>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().component.poll(context) {
            Poll::Ready(Ok(component)) => Poll::Ready(Ok(Value(Arc::new(component)))),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }
}
