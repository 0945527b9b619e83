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

    /// The singleton of a component, or the only configured instance of one, by its own type, whether or not it has been stopped since.
    ///
    /// # Panics
    /// If it is not there, which the plan rules out for what is not optional; or if its type is another one, which generated code
    /// never asks for.
    #[inline]
    pub fn own_type<C: Send + Sync + 'static>(&self, component: usize) -> &Arc<C> {
        let own_type = self.own_types.get(component, || self.built(component));
        own_type.unwrap_or_else(|| self.not_built(component))
    }

    fn built(&self, component: usize) -> AnyComponent {
        let life = self.life();
        let node = life.plan.nodes_of(component).first();
        let value = node.and_then(|node| life.slots.get(*node));
        value.unwrap_or_else(|| self.not_built(component))
    }

    fn not_built(&self, component: usize) -> ! {
        let id = self.life().table.components[component].id;
        panic!("`{id}` has not been built")
    }

    /// The nodes of every provider of a service, in order, instances included, each with what makes it the service.
    fn providers<A, S: ?Sized + EachProvidedBy<A>>(
        &self,
    ) -> impl Iterator<Item = (usize, fn(AnyComponent) -> Arc<S>)> {
        let plan = &self.life().plan;
        S::PROVIDERS.iter().flat_map(|(component, cast)| {
            let nodes = plan.nodes_of(*component).iter();
            nodes.map(move |node| (*node, *cast))
        })
    }

    /// The value that is handed out of a provider; `None` if it is not there.
    fn handed_out(&self, provider: usize, wrapped_by: Option<usize>) -> Option<AnyComponent> {
        let node = self.life().plan.handed_out(provider, wrapped_by);
        self.life().value(node)
    }

    /// Every provider of a service, in order, instances included.
    pub fn all<A, S: ?Sized + AllProvidedBy<A>>(&self) -> Vec<Arc<S>> {
        let providers = self.providers::<A, S>();
        let values =
            providers.filter_map(|(node, cast)| Some(cast(self.handed_out(node, S::WRAPPED_BY)?)));
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
        let (node, cast) =
            providers.find(|(node, _)| self.life().plan.nodes[*node].name == name)?;
        self.handed_out(node, S::WRAPPED_BY).map(cast)
    }
}
