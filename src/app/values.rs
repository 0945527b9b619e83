//! The values of a started application, as generated code hands them out.

use std::sync::Arc;

use treenail_core::composed::Composed;
use treenail_core::{Entries, Registry};

use super::{AllProvidedBy, Core, EachProvidedBy};
use crate::component::AnyComponent;
use crate::container::entries;

impl Core {
    /// The singleton of a component, or the only configured instance of one.
    ///
    /// # Panics
    /// If it is not there, which the plan rules out for what is not optional.
    pub fn value(&self, component: usize) -> AnyComponent {
        let value = self.try_value(component);
        value.unwrap_or_else(|| self.not_built(component))
    }

    /// The singleton of a component of an optional plugin, or the only configured instance of one; `None` if it is not there.
    pub fn try_value(&self, component: usize) -> Option<AnyComponent> {
        let node = self.life().plan.nodes_of(component).first()?;
        self.life().value(*node)
    }

    /// What a decorator makes of the singleton of a component, or of the only configured instance of one.
    ///
    /// # Panics
    /// If it is not there, which the plan rules out for what is not optional.
    pub fn wrapped(&self, component: usize, decorator: usize) -> AnyComponent {
        let value = self.try_wrapped(component, decorator);
        value.unwrap_or_else(|| self.not_built(component))
    }

    /// What a decorator makes of it, where either is of an optional plugin; `None` if it is not there.
    pub fn try_wrapped(&self, component: usize, decorator: usize) -> Option<AnyComponent> {
        let plan = &self.life().plan;
        let node = plan.nodes_of(component).first()?;
        self.life().value(plan.handed_out(*node, Some(decorator)))
    }

    fn not_built(&self, component: usize) -> ! {
        let id = self.life().table.components[component].id;
        panic!("`{id}` has not been built")
    }

    /// The nodes of every provider of a service, in order, instances included.
    fn providers<A, S: ?Sized + EachProvidedBy<A>>(&self) -> impl Iterator<Item = usize> {
        let plan = &self.life().plan;
        let components = S::PROVIDERS.iter();
        components.flat_map(|component| plan.nodes_of(*component).iter().copied())
    }

    /// What is handed out of a provider; `None` if it is not there.
    fn handed_out<A, S: ?Sized + EachProvidedBy<A>>(&self, provider: usize) -> Option<Arc<S>> {
        let plan = &self.life().plan;
        let node = plan.handed_out(provider, S::WRAPPED_BY);
        S::cast(plan.nodes[node].component, self.life().value(node)?)
    }

    /// Every provider of a service, in order, instances included.
    pub fn all<A, S: ?Sized + AllProvidedBy<A>>(&self) -> Vec<Arc<S>> {
        let providers = self.providers::<A, S>();
        let values = providers.filter_map(|node| self.handed_out(node));
        values.chain(S::own()).collect()
    }

    /// The entries of a registry, with those of these components.
    pub fn registry<R: Registry>(
        &self,
        composed: &'static Composed<R>,
        made: &[usize],
    ) -> Entries<R> {
        entries(
            composed,
            made.iter().map(|component| self.try_value(*component)),
        )
    }

    /// The service of a named instance of the configuration.
    pub fn instance<A, S: ?Sized + EachProvidedBy<A>>(&self, name: &str) -> Option<Arc<S>> {
        let mut providers = self.providers::<A, S>();
        let node = providers.find(|node| self.life().plan.nodes[*node].name == name)?;
        self.handed_out(node)
    }
}
