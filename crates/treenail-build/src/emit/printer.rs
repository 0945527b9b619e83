//! What the host's side calls components and services, wherever it names them.

use std::collections::BTreeMap;

use super::type_names::{TypeNames, in_rust};
use crate::index::IndexMap;
use crate::model::{
    Component, ComponentIx, Composition, PluginIx, RegistryEntry, Service, ServiceIx, TypeExpr,
    without_raw,
};
use crate::source::Sources;

/// What prints a composition.
pub(super) struct Printer<'a> {
    /// The composition.
    pub(super) plan: &'a Composition,
    /// The entries that components make of their services.
    pub(super) made: IndexMap<ComponentIx, &'a RegistryEntry>,
    /// What the host's own side calls types.
    pub(super) types: &'a TypeNames,
    /// What the host's own side calls the inputs of entries with services, by their types.
    pub(super) deps: &'a BTreeMap<String, String>,
    /// Path of the runtime crate.
    pub(super) runtime: &'a str,
    /// The files that places of the composition are in.
    pub(super) sources: &'a Sources,
}

impl Printer<'_> {
    pub(super) fn component_path(&self, number: ComponentIx) -> String {
        let component = &self.plan.components[number];
        self.type_path(component.plugin, &component.name, &component.ty)
    }

    /// The type of a component, there or not, by its plugin, its name and what its manifest calls it.
    pub(super) fn type_path(&self, plugin: PluginIx, name: &str, ty: &TypeExpr) -> String {
        match self.plan.plugins[plugin].own {
            true => self.types.get(ty),
            false => format!("{}::{name}Type", self.side_of(plugin)),
        }
    }

    /// What the host's side calls the module that it reaches a plugin through. No type has such a name: none begins with a digit.
    pub(super) fn side_of(&self, plugin: PluginIx) -> String {
        let path = self.plan.plugins[plugin].crate_path.as_str();
        let name = path.rsplit("::").next().map(without_raw);
        format!("__{plugin}_{}", name.unwrap_or_default())
    }

    /// Whether a component may be absent at run time.
    pub(super) fn is_optional(&self, component: &Component) -> bool {
        self.plan.plugins[component.plugin].optional
    }

    /// The method that makes a value a service: its own type, or one that it provides.
    pub(super) fn handed_out(&self, component: ComponentIx, service: ServiceIx) -> String {
        let path = self.component_path(component);
        let service = &self.plan.services[service];
        if service.is_dyn() {
            let named = service.host_path.as_deref();
            let named = named.map_or("_", |path| self.types.get_path(path));
            format!("provide::<{path}, {named}>")
        } else {
            format!("downcast::<{path}>")
        }
    }

    pub(super) fn deps_path(&self, number: ComponentIx) -> String {
        let component = &self.plan.components[number];
        match self.plan.plugins[component.plugin].own {
            true => format!("{}Deps", component.name),
            false => format!("{}::{}Deps", self.side_of(component.plugin), component.name),
        }
    }

    /// The inputs of an entry with services, and the call that makes it of them.
    pub(super) fn made_by(&self, number: ComponentIx) -> (String, String) {
        let component = &self.plan.components[number];
        let place = self.made.get(number).map_or(0, |entry| entry.number);
        let side = self.side_of(component.plugin);
        match self.plan.plugins[component.plugin].own {
            true => {
                let deps = self.deps.get(&in_rust(&component.ty)).cloned();
                (deps.unwrap_or_default(), format!("__entry_{place}(deps)"))
            }
            false => (
                format!("{side}::Deps{place}"),
                format!("{side}::entry_{place}(deps)"),
            ),
        }
    }

    /// Traits that `App` has a field for, with its name.
    pub(super) fn fields(&self) -> impl Iterator<Item = (ServiceIx, &Service, &str, ComponentIx)> {
        let services = self.plan.services.indexed();
        services
            .filter(|(_, service)| service.is_dyn())
            .filter_map(|(number, service)| {
                Some((
                    number,
                    service,
                    self.types.get_path(service.host_path.as_deref()?),
                    service.winner?,
                ))
            })
    }
}
