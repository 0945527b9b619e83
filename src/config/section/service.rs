//! `services`: named instances.

use std::cell::Cell;
use std::collections::BTreeMap;

use treenail_core::environment::spelling;
use treenail_core::nearest::nearest;

use super::component::{SERVICE_KEYS, config, no_service, used};
use super::context::Context;
use super::renderer::ChosenRenderer;
use super::structure::{known_keys, wrong_type};
use crate::component::AnyComponent;
use crate::config::problem::{Origin, Path, ProblemKind, Problems};
use crate::config::read::{Node, Pair};
use crate::container::{ConfigSource, Entry, Instance, Target};

/// The named instances of a configuration.
#[derive(Default)]
pub(super) struct Services {
    pub(super) all: Vec<Service>,
    by_name: BTreeMap<String, usize>,
    /// The services of each component, by their numbers.
    of_component: BTreeMap<usize, Vec<usize>>,
    /// How many names have been compared with one that is not there.
    compared: Cell<usize>,
}

/// So many names are compared with those that are not there: as many mistakes as there are names would take for ever.
const COMPARISONS: usize = 100_000;

/// A named instance, as far as it is known.
pub(super) struct Service {
    pub(super) name: String,
    /// `None`: its `use` is wrong, and nothing more is said about it.
    pub(super) component: Option<usize>,
    pub(super) origin: Origin,
    pub(super) injects: Option<Node>,
    config: Option<ConfigSource>,
    made: Option<AnyComponent>,
    /// What it injects, by the number of the need.
    pub(super) targets: BTreeMap<usize, Target>,
}

impl Services {
    /// The service with this name, and its number.
    pub(super) fn named(&self, name: &str) -> Option<(usize, &Service)> {
        let number = *self.by_name.get(name)?;
        Some((number, &self.all[number]))
    }

    /// The services of a component, in order.
    pub(super) fn of(&self, component: usize) -> &[usize] {
        self.of_component.get(&component).map_or(&[], Vec::as_slice)
    }

    /// The service that was probably meant by a name, among those that fit.
    pub(super) fn near(
        &self,
        name: &str,
        fits: impl Fn(usize, &Service) -> bool,
    ) -> Option<String> {
        if self.compared.get() > COMPARISONS {
            return None;
        }
        self.compared.set(self.compared.get() + self.all.len());
        let services = self.all.iter().enumerate();
        let fitting = services.filter(|(number, service)| fits(*number, service));
        nearest(name, fitting.map(|(_, service)| service.name.as_str()))
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

/// Reads the section. What the services inject into each other is resolved when all are known.
pub(super) fn read(
    context: &Context,
    renderer: &ChosenRenderer,
    root: &Node,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Services {
    let path = path.key("services");
    let mut services = Services::default();
    let Some(node) = root.given("services") else {
        return services;
    };
    let Some(pairs) = node.pairs() else {
        let expected = "a map of services: a name for each, and `use` and `params` below it";
        wrong_type(node, &path, expected, problems);
        return services;
    };
    let mut spelled: BTreeMap<String, &str> = BTreeMap::new();
    for pair in pairs {
        let service = read_one(context, renderer, pair, &path.key(&pair.key), problems);
        if let Some(first) = spelled.insert(spelling(&pair.key), &pair.key) {
            let kind = ProblemKind::ReadAlike {
                names: vec![first.to_owned(), pair.key.clone()],
            };
            problems.add(&path.key(&pair.key), pair.key_origin, kind);
        }
        if context.names.is_singleton(&pair.key) {
            let name = pair.key.clone();
            let kind = ProblemKind::NameOfComponent { name };
            problems.add(&path.key(&pair.key), pair.key_origin, kind);
        }
        let number = services.all.len();
        services.by_name.insert(pair.key.clone(), number);
        if let Some(component) = service.component {
            let of_component = services.of_component.entry(component);
            of_component.or_default().push(number);
        }
        services.all.push(service);
    }
    services
}

fn read_one(
    context: &Context,
    renderer: &ChosenRenderer,
    pair: &Pair,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Service {
    let expected = "a map with `use`, `injects` and `params`";
    let is_map = pair.value.pairs().is_some();
    if !is_map {
        wrong_type(&pair.value, path, expected, problems);
    }
    let node = &*known_keys(&pair.value, path, SERVICE_KEYS, problems);
    let mut service = Service {
        name: pair.key.clone(),
        component: None,
        origin: pair.key_origin,
        injects: node.get("injects").cloned(),
        config: None,
        made: None,
        targets: BTreeMap::new(),
    };
    if !is_map {
        return service;
    }
    let fits = |entry: &Entry| no_service(entry).is_none();
    let Some(component) = used(context, node, pair.key_origin, path, fits, problems) else {
        return service;
    };
    let entry = context.entry(component);
    if let Some(found) = no_service(entry) {
        let kind = ProblemKind::WrongKind {
            component: entry.id.to_owned(),
            expected: "a service of scope `instance`",
            found,
        };
        let origin = node.get("use").map_or(service.origin, |node| node.origin);
        problems.add(&path.key("use"), origin, kind);
        return service;
    }
    service.component = Some(component);
    if let Some((config, value)) = renderer.of_service(&pair.key) {
        service.config = config;
        service.made = value;
        return service;
    }
    let empty = Node::empty(pair.key_origin);
    let params = node.given("params").unwrap_or(&empty);
    let path = path.key("params");
    service.config = config(context, &renderer.texts, component, params, &path, problems);
    service
}
