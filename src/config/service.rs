//! `services`: named instances, and what they inject into each other.

use std::collections::BTreeMap;

use super::document::Check;
use super::inject::Wanted;
use super::node::{Node, Origin};
use super::path::Path;
use super::problem::ProblemKind;
use crate::component::AnyComponent;
use crate::container::{ConfigSource, Instance, Scope, Target};

/// The named instances of a configuration.
pub(super) struct Services {
    pub(super) all: Vec<Service>,
    by_name: BTreeMap<String, usize>,
}

/// A named instance, as far as it is known.
pub(super) struct Service {
    pub(super) name: String,
    /// `None`: its `use` is wrong, and nothing more is said about it.
    pub(super) component: Option<usize>,
    pub(super) origin: Origin,
    injects: Option<Node>,
    config: Option<ConfigSource>,
    made: Option<AnyComponent>,
    pub(super) targets: BTreeMap<usize, Target>,
}

impl Services {
    pub(super) fn read(check: &mut Check<'_>, root: &Node, path: &Path<'_>) -> Self {
        let path = path.key("services");
        let mut services = Self {
            all: Vec::new(),
            by_name: BTreeMap::new(),
        };
        let Some(node) = root.get("services").filter(|node| !node.is_null()) else {
            return services;
        };
        let Some(entries) = node.entries() else {
            check.wrong_type(
                node,
                &path,
                "a map of services: a name for each, and `use` and `params` below it",
            );
            return services;
        };
        for entry in entries {
            let service = Service::read(
                check,
                &entry.value,
                &entry.key,
                entry.key_origin,
                &path.key(&entry.key),
            );
            services
                .by_name
                .insert(service.name.clone(), services.all.len());
            services.all.push(service);
        }
        services
    }

    /// Resolves what the services inject into each other, and refuses circles.
    pub(super) fn wire(&mut self, check: &mut Check<'_>, path: &Path<'_>) {
        for number in 0..self.all.len() {
            let service = &self.all[number];
            let Some(component) = service.component else {
                continue;
            };
            let service_path = path.key(&service.name);
            let wanted = Wanted {
                component,
                injects: service.injects.as_ref(),
                origin: service.origin,
                this: Some(number),
            };
            self.all[number].targets = wanted.resolve(check, self, &service_path);
        }
        self.refuse_cycles(check, path);
    }

    fn refuse_cycles(&self, check: &mut Check<'_>, path: &Path<'_>) {
        // 0: not seen, 1: on the way, 2: done.
        let mut state = vec![0u8; self.all.len()];
        for start in 0..self.all.len() {
            let mut way: Vec<(usize, usize)> = vec![(start, 0)];
            while let Some((service, next)) = way.last().copied() {
                if next == 0 && state[service] == 2 {
                    way.pop();
                    continue;
                }
                state[service] = 1;
                let below = self.needs(check, service).nth(next);
                match below {
                    None => {
                        state[service] = 2;
                        way.pop();
                    }
                    Some(below) => {
                        if let Some(last) = way.last_mut() {
                            last.1 += 1;
                        }
                        if let Some(at) = way.iter().position(|(on_way, _)| *on_way == below) {
                            let mut names: Vec<String> = way[at..]
                                .iter()
                                .map(|(service, _)| self.all[*service].name.clone())
                                .collect();
                            names.push(self.all[below].name.clone());
                            check.problems.add(
                                path,
                                self.all[below].origin,
                                ProblemKind::Cycle { names },
                            );
                        } else if state[below] == 0 {
                            way.push((below, 0));
                        }
                    }
                }
            }
        }
    }

    /// The services that this one cannot be built without. A lazy need is met later, so it may lead back.
    fn needs<'c>(
        &'c self,
        check: &'c Check<'_>,
        service: usize,
    ) -> impl Iterator<Item = usize> + 'c {
        let service = &self.all[service];
        let needs = service
            .component
            .map_or(&[][..], |component| check.table.components[component].needs);
        service
            .targets
            .iter()
            .filter_map(move |(need, target)| match target {
                Target::Instance(instance) if needs[*need].form != crate::container::Form::Lazy => {
                    Some(*instance)
                }
                _ => None,
            })
    }

    pub(super) fn named(&self, name: &str) -> Option<(usize, &Service)> {
        self.by_name
            .get(name)
            .map(|number| (*number, &self.all[*number]))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    pub(super) fn into_instances(self) -> Vec<Instance> {
        let instance = |service: Service| {
            Some(Instance {
                component: service.component?,
                name: service.name,
                injects: service.targets,
                config: service.config,
                made: service.made,
            })
        };
        self.all.into_iter().filter_map(instance).collect()
    }
}

impl Service {
    fn read(
        check: &mut Check<'_>,
        node: &Node,
        name: &str,
        origin: Origin,
        path: &Path<'_>,
    ) -> Self {
        let mut service = Self {
            name: name.to_owned(),
            component: None,
            origin,
            injects: node.get("injects").cloned(),
            config: None,
            made: None,
            targets: BTreeMap::new(),
        };
        if node.entries().is_none() {
            check.wrong_type(node, path, "a map with `use`, `injects` and `params`");
            return service;
        }
        check.known_keys(node, path, &["use", "injects", "params"]);
        let Some(component) = check.used(node, path, origin) else {
            return service;
        };
        let entry = &check.table.components[component];
        let found = match entry.scope {
            #[cfg(feature = "pipes")]
            _ if entry.pipe.is_some() => Some("a pipe"),
            Scope::Instance => None,
            Scope::Singleton => Some("a singleton, which is configured under `components`"),
            Scope::Transient => {
                Some("made anew for each injection, and is configured under `components`")
            }
        };
        if let Some(found) = found {
            let kind = ProblemKind::WrongKind {
                component: entry.id.to_owned(),
                expected: "a service of scope `instance`",
                found,
            };
            check.problems.add(
                &path.key("use"),
                node.get("use").map_or(origin, |node| node.origin),
                kind,
            );
            return service;
        }
        service.component = Some(component);
        if let Some(in_force) = &check.in_force
            && in_force.service.as_deref() == Some(name)
        {
            service.config.clone_from(&in_force.config);
            service.made.clone_from(&in_force.value);
            return service;
        }
        let empty = Node::empty(origin);
        let params = node
            .get("params")
            .filter(|node| !node.is_null())
            .unwrap_or(&empty);
        service.config = check.config(component, params, &path.key("params"));
        service
    }
}
