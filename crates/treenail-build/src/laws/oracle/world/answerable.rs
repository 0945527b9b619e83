//! Makes of a composition one that composes, as far as requirements and `[bind]` go.

use std::collections::{BTreeMap, BTreeSet};

use super::super::rules;
use super::{
    Component, Entry, Line, REGISTRIES, SERVICES, Setting, Statements, When, World, is_of_runtime,
    service,
};
use crate::model::{Form, Scope};

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
            .filter(|one| one.decorates.is_none() && !is_asker(one))
            .filter(is_there)
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
            let (own, asks) = (component.ty.clone(), is_asker(component));
            component.needs.retain(|need| {
                let number = (0..SERVICES).find(|number| service(*number) == need.service);
                number.map_or(
                    is_of_runtime(&need.service)
                        || need.form == Form::Registry && asks
                        || types.contains(&need.service) && need.service < own,
                    |number| number < least && !providers[number].is_empty(),
                )
            });
            for need in &mut component.needs {
                need.named &= instances.contains(&need.service);
            }
        }
        for made in self.makers() {
            made.needs.retain(|need| {
                let number = (0..SERVICES).find(|number| service(*number) == need.service);
                let registry = REGISTRIES.iter().position(|one| *one == need.service);
                is_of_runtime(&need.service)
                    || types.contains(&need.service)
                    || number.is_some_and(|number| !providers[number].is_empty())
                    || registry.is_some() && registry < made.registry
            });
            for need in &mut made.needs {
                need.named &= instances.contains(&need.service);
            }
        }
        self.point_entries();
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
    /// What makes entries, wherever it is declared.
    fn makers(&mut self) -> impl Iterator<Item = &mut Component> {
        let overlay = self.overlay.iter_mut().map(|(says, _)| says);
        let says = self.plugins.iter_mut().map(|plugin| &mut plugin.says);
        let lines = says.chain(overlay).flat_map(|says| says.lines.values_mut());
        lines.filter_map(|line| line.made_mut()?.as_mut())
    }

    /// Leaves out choices of entries that are not there, and of several entries of one key all but one.
    fn point_entries(&mut self) {
        let mut declared: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for (number, plugin) in self.plugins.iter().enumerate().skip(1) {
            let lines = plugin.says.lines.iter().filter(|(_, line)| is_sure(line));
            for (place, _) in lines.filter(|_| !plugin.indirect) {
                declared.entry(*place).or_default().push(number);
            }
        }
        let ids: Vec<String> = (0..self.plugins.len()).map(|one| self.id(one)).collect();
        let overlay = self.overlay.as_mut().map(|(says, _)| &mut says.lines);
        let mut hosts = vec![&mut self.plugins[0].says.lines];
        hosts.extend(overlay);
        for lines in &mut hosts {
            lines.retain(|place, line| match line {
                Line::Entry(_) => true,
                Line::Choice(choice) => declared.get(place).is_some_and(|numbers| {
                    let named = choice.value.as_ref();
                    named.is_none_or(|plugin| numbers.iter().any(|one| ids[*one] == *plugin))
                }),
            });
        }
        let stated: BTreeSet<(usize, usize)> =
            hosts.iter().flat_map(|one| one.keys().copied()).collect();
        let mut surplus = Vec::new();
        for (place, numbers) in &declared {
            if stated.contains(place) {
                let owns =
                    |one: &&mut BTreeMap<_, Line>| matches!(one.get(place), Some(Line::Entry(_)));
                let is_own = hosts.iter().any(owns);
                surplus.extend(is_own.then_some((*place, &numbers[..])));
            } else if place.1 == 0 && numbers.len() > 1 {
                let value = Some(ids[numbers[0]].clone());
                let choice = Line::Choice(Setting {
                    value,
                    priority: None,
                    when: When::Always,
                });
                hosts[0].insert(*place, choice);
            } else {
                surplus.push((*place, &numbers[1..]));
            }
        }
        for (place, numbers) in surplus {
            for number in numbers {
                self.plugins[*number].says.lines.remove(&place);
            }
        }
    }
}

/// Whether a component asks for registries, and nobody can ask for it.
fn is_asker(component: &Component) -> bool {
    let mut needs = component.needs.iter();
    let asks = needs.any(|need| need.form == Form::Registry);
    asks && component.provides.is_empty() && component.decorates.is_none()
}

fn is_sure(line: &Line) -> bool {
    matches!(line, Line::Entry(Entry { when, .. }) if matches!(when, When::Always | When::Holds))
}
