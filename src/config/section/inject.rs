//! `injects`: which service meets which need.

use std::collections::BTreeMap;

use treenail_core::nearest::nearest;

use super::context::Context;
use super::service::{Service, Services};
use super::structure::wrong_type;
use crate::config::problem::{Origin, Path, ProblemKind, Problems};
use crate::config::read::{Node, Pair};
use crate::container::{Configured, Form, Need, Scope, Target};

/// So many services are named of those that would fit: each of many mistakes would name all of them.
const CANDIDATES: usize = 20;

/// A service, a step or a component that there is once, whose needs are to be met.
pub(super) struct Consumer<'n> {
    pub(super) component: usize,
    pub(super) injects: Option<&'n Node>,
    pub(super) origin: Origin,
    /// Its number, if it is a service: it is no candidate for its own needs.
    pub(super) service: Option<usize>,
}

/// Resolves what the services inject into each other.
pub(super) fn wire(
    services: &mut Services,
    context: &Context,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) {
    for number in 0..services.all.len() {
        let service = &services.all[number];
        let Some(component) = service.component else {
            continue;
        };
        let consumer = Consumer {
            component,
            injects: service.injects.as_ref(),
            origin: service.origin,
            service: Some(number),
        };
        let path = path.key(&service.name);
        let path = path.key("injects");
        services.all[number].targets = consumer.resolve(context, services, &path, problems);
    }
}

impl Consumer<'_> {
    /// Meets every need that is for the configuration to choose for, or says why not. The path is that of its `injects`.
    pub(super) fn resolve(
        &self,
        context: &Context,
        services: &Services,
        path: &Path<'_>,
        problems: &mut Problems<'_>,
    ) -> BTreeMap<usize, Target> {
        let needs = context.entry(self.component).needs;
        let mut named = Vec::new();
        let mut targets = BTreeMap::new();
        if let Some(node) = self.injects
            && !node.is_null()
            && node.pairs().is_none()
        {
            let expected = "a map from inputs to names of services";
            wrong_type(node, path, expected, problems);
        }
        for pair in self.injects.and_then(Node::pairs).unwrap_or_default() {
            let path = path.key(&pair.key);
            let Some(number) = self.named_need(context, pair, &named, &path, problems) else {
                continue;
            };
            named.push(number);
            let need = &needs[number];
            let target = self.chosen(context, services, &pair.value, need, &path, problems);
            targets.extend(target.map(|target| (number, target)));
        }
        for (number, need) in context.entry(self.component).chosen_needs() {
            if !named.contains(&number) {
                let target = self.not_chosen(context, services, need, path, problems);
                targets.extend(target.map(|target| (number, target)));
            }
        }
        targets
    }

    /// The need that a key of `injects` names, or nearly names where no other key names it, and none of those that have been
    /// named already.
    fn named_need(
        &self,
        context: &Context,
        pair: &Pair,
        named: &[usize],
        path: &Path<'_>,
        problems: &mut Problems<'_>,
    ) -> Option<usize> {
        let entry = context.entry(self.component);
        let mut needs = entry.chosen_needs();
        let found = needs.find(|(_, need)| need.field == pair.key);
        if let Some((found, _)) = found {
            return Some(found).filter(|found| !named.contains(found));
        }
        let fields = entry.chosen_needs().map(|(_, need)| need.field);
        let suggestion = nearest(&pair.key, fields.clone());
        let written = self.injects.and_then(Node::pairs).unwrap_or_default();
        let mut needs = entry.needs.iter();
        let meant = needs.position(|need| Some(need.field) == suggestion.as_deref());
        let meant = meant.filter(|meant| {
            let field = entry.needs[*meant].field;
            !named.contains(meant) && !written.iter().any(|pair| pair.key == field)
        });
        let kind = ProblemKind::UnknownInject {
            name: pair.key.clone(),
            component: entry.id.to_owned(),
            known: fields.map(str::to_owned).collect(),
            suggestion,
        };
        problems.add(path, pair.key_origin, kind);
        meant
    }

    /// The service, or the singleton by its component id, that the configuration names.
    fn chosen(
        &self,
        context: &Context,
        services: &Services,
        node: &Node,
        need: &Need,
        path: &Path<'_>,
        problems: &mut Problems<'_>,
    ) -> Option<Target> {
        let Some(name) = node.text() else {
            wrong_type(node, path, "the name of a service", problems);
            return None;
        };
        if let Some((number, service)) = services.named(name) {
            let component = service.component?;
            if need.providers.contains(&component) {
                return Some(Target::Instance(number));
            }
            let kind = ProblemKind::WrongService {
                name: name.to_owned(),
                component: context.entry(component).id.to_owned(),
                service: need.service.to_owned(),
            };
            problems.add(path, node.origin, kind);
            return None;
        }
        let component = context.names.component(name);
        let fits = |component: &usize| {
            context.entry(*component).scope != Scope::Instance && need.providers.contains(component)
        };
        if let Some(component) = component.filter(fits) {
            return Some(Target::Component(component));
        }
        // A service with a wrong `use` may be meant.
        let may_fit = |number: usize, service: &Service| {
            let component = service.component;
            Some(number) != self.service
                && component.is_none_or(|component| need.providers.contains(&component))
        };
        let kind = ProblemKind::UnknownService {
            name: name.to_owned(),
            suggestion: services.near(name, may_fit),
        };
        problems.add(path, node.origin, kind);
        None
    }

    /// A need that the configuration says nothing about.
    fn not_chosen(
        &self,
        context: &Context,
        services: &Services,
        need: &Need,
        path: &Path<'_>,
        problems: &mut Problems<'_>,
    ) -> Option<Target> {
        if need.default.is_some() {
            return None;
        }
        let fitting: Vec<usize> = self.fitting(services, need).take(2).collect();
        // Where several components could meet a need, the configuration has to choose, even if it names but one of them:
        // adding a second service must not change what the first step does.
        let only = match (need.providers, fitting.as_slice()) {
            (_, [instance]) if need.named => Some(Target::Instance(*instance)),
            ([_], [instance]) => Some(Target::Instance(*instance)),
            ([component], []) if context.entry(*component).scope != Scope::Instance => {
                Some(Target::Component(*component))
            }
            _ => None,
        };
        if need.form == Form::Optional && need.named && fitting.len() < 2 {
            return only;
        }
        if need.form == Form::Optional && !need.named {
            // Two services that could each have the other would make a circle that nobody asked for.
            return only.filter(|_| self.service.is_none());
        }
        // A service with a wrong `use` may have been meant.
        let may_be_meant = || services.all.iter().any(|one| one.component.is_none());
        if only.is_none() && !(fitting.is_empty() && may_be_meant()) {
            let mut fitting: Vec<usize> = self.fitting(services, need).take(CANDIDATES).collect();
            fitting.sort_unstable();
            let names = fitting.iter().map(|one| services.all[*one].name.clone());
            let entry = context.entry(self.component);
            let instances = need.providers.iter().map(|one| context.entry(*one));
            let instances = instances.filter(|one| one.scope == Scope::Instance);
            let kind = ProblemKind::MissingInject {
                name: need.field.to_owned(),
                service: need.service.to_owned(),
                component: (entry.scope != Scope::Instance).then(|| entry.id.to_owned()),
                candidates: names.collect(),
                providers: instances.map(|one| one.id.to_owned()).collect(),
            };
            problems.add(&path.key(need.field), self.origin, kind);
        }
        only
    }

    /// The services that could meet a need, but for itself.
    fn fitting(&self, services: &Services, need: &Need) -> impl Iterator<Item = usize> {
        let providers = need.providers.iter();
        let all = providers.flat_map(|component| services.of(*component).iter().copied());
        all.filter(|number| Some(*number) != self.service)
    }
}

/// A need, or the host itself, that is bound to a component of scope `instance` wants exactly one service of it. Said only
/// where nothing else is wrong: any other mistake may be the cause.
pub(super) fn refuse_not_exactly_one(
    context: &Context,
    configured: &Configured,
    path: &Path<'_>,
    origin: Origin,
    problems: &mut Problems<'_>,
) {
    for (component, needed_by) in wanted_once(context, configured) {
        let instances = configured.instances.iter();
        let found: Vec<String> = instances
            .filter(|instance| instance.component == component)
            .map(|instance| instance.name.clone())
            .collect();
        if found.len() != 1 && problems.is_empty() {
            let kind = ProblemKind::NotExactlyOne {
                needed_by: needed_by.to_owned(),
                component: context.entry(component).id.to_owned(),
                found,
            };
            problems.add(path, origin, kind);
        }
    }
}

/// The components of scope `instance` of which exactly one service is wanted, each with somebody who wants it.
fn wanted_once(context: &Context, configured: &Configured) -> BTreeMap<usize, &'static str> {
    let table = context.table;
    let is_instance = |component: usize| context.entry(component).scope == Scope::Instance;
    let bound = table.bound.iter().map(|bound| (*bound, table.host));
    let mut wanted: BTreeMap<usize, &'static str> = bound.collect();
    for (component, entry) in table.components.iter().enumerate() {
        let instances = configured.instances.iter();
        let instances = instances.filter(|instance| instance.component == component);
        if is_instance(component) && instances.clone().next().is_none() {
            continue;
        }
        for (number, need) in entry.needs.iter().enumerate() {
            let Some(default) = need.default.filter(|default| is_instance(*default)) else {
                continue;
            };
            let chosen_everywhere = is_instance(component)
                && instances
                    .clone()
                    .all(|instance| instance.injects.contains_key(&number));
            if need.form != Form::Optional && !chosen_everywhere {
                wanted.entry(default).or_insert(entry.id);
            }
        }
    }
    wanted
}
