//! Makes of a composition one that composes, as far as requirements and `[bind]` go.

use std::collections::BTreeSet;

use super::super::rules;
use super::{Component, SERVICES, Setting, Statements, When, World, is_of_runtime, service};
use crate::model::Scope;

impl World {
    /// Leaves out what cannot be met, and binds what several provide.
    pub(super) fn point_one_way(&mut self) {
        let there = rules::there(self);
        let is_there =
            |one: &&Component| there.iter().any(|(id, ty)| *id == one.id && *ty == one.ty);
        let providers: Vec<Vec<String>> = (0..SERVICES)
            .map(|service| {
                let all = self
                    .declared()
                    .filter(|one| one.provides.contains(&service));
                all.filter(is_there).map(|one| one.id.clone()).collect()
            })
            .collect();
        self.all.retain(|service| !providers[*service].is_empty());
        let types: BTreeSet<String> = self
            .declared()
            .filter(|one| one.decorates.is_none())
            .filter(is_there)
            .filter(|one| one.decorates.is_none())
            .map(|one| one.ty.clone())
            .collect();
        let instances = self.declared().filter(is_there);
        let instances = instances.filter(|one| one.scope == Scope::Instance);
        let instances: BTreeSet<String> = instances
            .flat_map(|one| {
                let traits = one.provides.iter().map(|number| service(*number));
                traits.chain([one.ty.clone()])
            })
            .collect();
        let doubles = self
            .overlay
            .iter_mut()
            .flat_map(|(_, components)| components);
        for component in self
            .plugins
            .iter_mut()
            .flat_map(|plugin| &mut plugin.components)
            .chain(doubles)
        {
            let least = component
                .provides
                .iter()
                .chain(&component.decorates)
                .min()
                .copied()
                .unwrap_or(SERVICES);
            component.decorates = component
                .decorates
                .filter(|service| !providers[*service].is_empty());
            let own = component.ty.clone();
            component.needs.retain(|need| {
                let number = (0..SERVICES).find(|number| service(*number) == need.service);
                number.map_or(
                    is_of_runtime(&need.service)
                        || types.contains(&need.service) && need.service < own,
                    |number| number < least && !providers[number].is_empty(),
                )
            });
            for need in &mut component.needs {
                need.named &= instances.contains(&need.service);
            }
        }
        let (first, _) = self.plugins.split_at_mut(1);
        let says = self.overlay.as_mut().map(|(says, _)| says);
        let mut layers: Vec<&mut Statements> = first
            .iter_mut()
            .map(|host| &mut host.says)
            .chain(says)
            .collect();
        for (service, providers) in providers.iter().enumerate() {
            for layer in &mut layers {
                if layer
                    .binds
                    .get(&service)
                    .is_some_and(|bind| !providers.contains(&bind.value))
                {
                    layer.binds.remove(&service);
                }
            }
            if providers.len() > 1
                && layers
                    .iter()
                    .all(|layer| !layer.binds.contains_key(&service))
            {
                let value = providers[0].clone();
                layers[0].binds.insert(
                    service,
                    Setting {
                        value,
                        priority: None,
                        when: When::Always,
                    },
                );
            }
        }
    }
}
