//! Circles of services and of the components between them, which could never be built.

use std::collections::BTreeMap;

use super::context::Context;
use super::service::Services;
use crate::config::problem::{Origin, Path, ProblemKind, Problems};
use crate::container::{Form, Scope, Target};

/// So many names there are in circles that are told, and more only where one circle alone has more: there may be as many as
/// services, and each through most of them.
const NAMES: usize = 10_000;

/// Refuses services that need each other, straight or by way of components: a walk down from each, without recursion, because
/// chains may be long.
pub(super) fn refuse(
    services: &Services,
    injects: &BTreeMap<usize, BTreeMap<usize, Target>>,
    context: &Context,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) {
    let graph = Graph::new(services, injects, context);
    let mut named = 0;
    let mut done = vec![false; graph.needs.len()];
    let mut is_on_way = done.clone();
    for start in 0..services.all.len() {
        // The nodes on the way down, each with the number of its needs that were followed.
        let mut way = vec![(start, 0)];
        is_on_way[start] = true;
        while let Some((node, followed)) = way.last_mut() {
            let below = graph.needs[*node].get(*followed).copied();
            *followed += 1;
            let Some(below) = below.filter(|_| !done[*node]) else {
                done[*node] = true;
                is_on_way[*node] = false;
                way.pop();
                continue;
            };
            if is_on_way[below] {
                let circle = way.iter().map(|(node, _)| *node);
                let circle = circle.skip_while(|node| *node != below).collect();
                let (origin, names) = graph.shown(circle);
                named += names.len();
                if named > NAMES && names.len() < named {
                    return;
                }
                problems.add(path, origin, ProblemKind::Cycle { names });
            } else if !done[below] {
                is_on_way[below] = true;
                way.push((below, 0));
            }
        }
    }
}

/// What cannot be built without what. The nodes are the services, and after them the components that there are once or for each
/// injection.
struct Graph<'c> {
    services: &'c Services,
    context: &'c Context,
    needs: Vec<Vec<usize>>,
}

impl<'c> Graph<'c> {
    fn new(
        services: &'c Services,
        injects: &BTreeMap<usize, BTreeMap<usize, Target>>,
        context: &'c Context,
    ) -> Self {
        let mut graph = Self {
            services,
            context,
            needs: Vec::new(),
        };
        let of_services = services.all.iter().map(|service| {
            let component = service.component;
            component.map_or_else(Vec::new, |it| graph.needs_of(it, Some(&service.targets)))
        });
        let components = 0..context.table.components.len();
        let of_components = components.map(|it| match context.entry(it).scope {
            Scope::Instance => services.of(it).to_vec(),
            _ => graph.needs_of(it, injects.get(&it)),
        });
        let needs = of_services.chain(of_components).collect();
        graph.needs = needs;
        graph
    }

    /// What a component, or a service that is one, needs to be built. The node of a component that is configured stands for all
    /// services that are one. A lazy need is met later, so it may lead back. The node of a
    /// decorator stands for what it needs besides what it wraps, and whoever is handed something wrapped needs that too.
    fn needs_of(&self, component: usize, targets: Option<&BTreeMap<usize, Target>>) -> Vec<usize> {
        let mut needs = Vec::new();
        for (number, need) in self.context.entry(component).needs.iter().enumerate() {
            let chosen = targets.and_then(|targets| targets.get(&number)).copied();
            match (need.form, chosen.or(need.default.map(Target::Component))) {
                (Form::Lazy | Form::Own, _) => continue,
                (Form::Inner, _) => {}
                (Form::All | Form::Map | Form::Registry, _) => {
                    needs.extend(need.providers.iter().map(|one| self.node_of(*one)));
                }
                (_, Some(Target::Instance(service))) => needs.push(service),
                (_, Some(Target::Component(one))) => needs.push(self.node_of(one)),
                (_, None) => continue,
            }
            let decorators = need.wrapped_by.into_iter();
            needs.extend(decorators.map(|one| self.node_of(one)));
        }
        needs
    }

    fn node_of(&self, component: usize) -> usize {
        self.services.all.len() + component
    }

    /// The names on a circle, from one of its services back to it, and where that one stands.
    fn shown(&self, mut circle: Vec<usize>) -> (Origin, Vec<String>) {
        let services = &self.services.all;
        circle.retain(|node| {
            let component = node.checked_sub(services.len());
            component.is_none_or(|one| self.context.entry(one).scope != Scope::Instance)
        });
        let first = circle.iter().position(|node| *node < services.len());
        circle.rotate_left(first.unwrap_or_default());
        circle.extend(circle.first().copied());
        let name = |node: &usize| match services.get(*node) {
            Some(service) => service.name.clone(),
            None => self.context.entry(*node - services.len()).id.to_owned(),
        };
        let service = circle.first().and_then(|node| services.get(*node));
        let origin = service.map_or_else(Origin::default, |service| service.origin);
        (origin, circle.iter().map(name).collect())
    }
}
