//! `injects`: which service meets which need.

use std::collections::BTreeMap;

use treenail_core::nearest::nearest;

use super::document::Check;
use super::node::{Node, Origin};
use super::path::Path;
use super::problem::ProblemKind;
use super::service::Services;
use crate::container::{Configured, Form, Need, Scope, Target};

/// A service or a step whose needs are to be met.
pub(super) struct Wanted<'n> {
    pub(super) component: usize,
    pub(super) injects: Option<&'n Node>,
    pub(super) origin: Origin,
    /// Its number, if it is a service: it is no candidate for its own needs.
    pub(super) this: Option<usize>,
}

impl Wanted<'_> {
    /// Meets every need, or says why not.
    pub(super) fn resolve(
        &self,
        check: &mut Check<'_>,
        services: &Services,
        path: &Path<'_>,
    ) -> BTreeMap<usize, Target> {
        let path = path.key("injects");
        let entry = &check.table.components[self.component];
        let (id, needs) = (entry.id, entry.needs);
        let mut targets = BTreeMap::new();
        let mut named = Vec::new();
        match self.injects {
            Some(node) if !node.is_null() && node.entries().is_none() => {
                check.wrong_type(node, &path, "a map from inputs to names of services");
            }
            _ => {}
        }
        for entry in self.injects.and_then(Node::entries).unwrap_or_default() {
            let path = path.key(&entry.key);
            let choosable = |need: &&Need| need.form.is_chosen();
            let Some(number) = needs
                .iter()
                .position(|need| need.field == entry.key && choosable(&need))
            else {
                let kind = ProblemKind::UnknownInject {
                    name: entry.key.clone(),
                    component: id.to_owned(),
                    known: needs
                        .iter()
                        .filter(choosable)
                        .map(|need| need.field.to_owned())
                        .collect(),
                    suggestion: nearest(
                        &entry.key,
                        needs.iter().filter(choosable).map(|need| need.field),
                    ),
                };
                check.problems.add(&path, entry.key_origin, kind);
                continue;
            };
            named.push(number);
            targets.extend(
                chosen(check, services, &entry.value, &needs[number], &path)
                    .map(|target| (number, target)),
            );
        }
        for (number, need) in needs
            .iter()
            .enumerate()
            .filter(|(number, _)| !named.contains(number))
        {
            targets.extend(
                self.left_out(check, services, need, &path)
                    .map(|target| (number, target)),
            );
        }
        targets
    }

    /// A need that the configuration says nothing about.
    fn left_out(
        &self,
        check: &mut Check<'_>,
        services: &Services,
        need: &Need,
        path: &Path<'_>,
    ) -> Option<Target> {
        if need.default.is_some() || !need.form.is_chosen() {
            return None;
        }
        let fitting: Vec<usize> = services
            .all
            .iter()
            .enumerate()
            .filter(|(number, service)| {
                Some(*number) != self.this
                    && service
                        .component
                        .is_some_and(|component| need.providers.contains(&component))
            })
            .map(|(number, _)| number)
            .collect();
        // Where several components could meet a need, the configuration has to choose, even if it names but one of them:
        // adding a second service must not change what the first step does.
        let only = match (need.providers, fitting.as_slice()) {
            ([_], [instance]) => Some(Target::Instance(*instance)),
            ([component], []) if check.table.components[*component].scope != Scope::Instance => {
                Some(Target::Component(*component))
            }
            _ => None,
        };
        if need.form == Form::Optional {
            // Two services that could each have the other would make a circle that nobody asked for.
            return only.filter(|_| self.this.is_none());
        }
        if only.is_none() {
            // A service with a wrong `use` may have been meant.
            if services
                .all
                .iter()
                .any(|service| service.component.is_none())
                && fitting.is_empty()
            {
                return None;
            }
            let kind = ProblemKind::MissingInject {
                name: need.field.to_owned(),
                service: need.service.to_owned(),
                candidates: fitting
                    .iter()
                    .map(|number| services.all[*number].name.clone())
                    .collect(),
            };
            check.problems.add(&path.key(need.field), self.origin, kind);
        }
        only
    }
}

/// The service, or the singleton by its component id, that the configuration names.
fn chosen(
    check: &mut Check<'_>,
    services: &Services,
    node: &Node,
    need: &Need,
    path: &Path<'_>,
) -> Option<Target> {
    let Some(name) = node.text() else {
        check.wrong_type(node, path, "the name of a service");
        return None;
    };
    if let Some((number, service)) = services.named(name) {
        let component = service.component?;
        if need.providers.contains(&component) {
            return Some(Target::Instance(number));
        }
        let component = check.table.components[component].id.to_owned();
        let kind = ProblemKind::WrongService {
            name: name.to_owned(),
            component,
            service: need.service.to_owned(),
        };
        check.problems.add(path, node.origin, kind);
        return None;
    }
    let singleton = check
        .names
        .component(name)
        .filter(|component| check.table.components[*component].scope != Scope::Instance);
    match singleton {
        Some(component) if need.providers.contains(&component) => {
            Some(Target::Component(component))
        }
        _ => {
            let kind = ProblemKind::UnknownService {
                name: name.to_owned(),
                suggestion: nearest(name, services.names()),
            };
            check.problems.add(path, node.origin, kind);
            None
        }
    }
}

/// A need, or the host itself, that is bound to a component of scope `instance` wants exactly one service of it.
pub(super) fn only_ones(check: &mut Check<'_>, configured: &Configured) {
    let table = check.table;
    let mut wanted: BTreeMap<usize, &'static str> = table
        .bound
        .iter()
        .map(|bound| (*bound, table.host))
        .collect();
    let used = |component: usize| {
        table.components[component].scope != Scope::Instance
            || configured
                .instances
                .iter()
                .any(|instance| instance.component == component)
    };
    for (component, entry) in table
        .components
        .iter()
        .enumerate()
        .filter(|(component, _)| used(*component))
    {
        for (number, need) in entry.needs.iter().enumerate() {
            let Some(default) = need
                .default
                .filter(|default| table.components[*default].scope == Scope::Instance)
            else {
                continue;
            };
            let everywhere_chosen = table.components[component].scope == Scope::Instance
                && configured
                    .instances
                    .iter()
                    .filter(|instance| instance.component == component)
                    .all(|instance| instance.injects.contains_key(&number));
            if need.form != Form::Optional && !everywhere_chosen {
                wanted.entry(default).or_insert(entry.id);
            }
        }
    }
    for (component, needed_by) in wanted {
        let found: Vec<String> = configured
            .instances
            .iter()
            .filter(|instance| instance.component == component)
            .map(|instance| instance.name.clone())
            .collect();
        if found.len() != 1 && check.problems.is_empty() {
            let (root, path) = (Path::Root, table.root);
            let path = root.key(path);
            let kind = ProblemKind::NotExactlyOne {
                needed_by: needed_by.to_owned(),
                component: table.components[component].id.to_owned(),
                found,
            };
            check
                .problems
                .add(&path.key("services"), Origin::default(), kind);
        }
    }
}
