//! Worlds that bytes decide about.

use std::collections::BTreeMap;

use treenail::__private::{Form, Scope};
use treenail::Phase;

use super::graph::Graph;
use super::world::{
    Caller, Configuration, End, Fault, Instance, Kind, Part, Service, Step, Want, Way, World,
};

/// So many nodes a graph may have.
const MOST_NODES: usize = 30;

/// Bytes, as choices. When there are none left, the first choice is taken.
struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or_default()) % limit.max(1)
    }

    fn one_in(&mut self, limit: usize) -> bool {
        self.below(limit) == limit - 1
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

impl World {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut choices = Choices(bytes.iter());
        let mut world = Self {
            parts: Vec::new(),
            services: Vec::new(),
            first: Configuration::default(),
            faults: Vec::new(),
            steps: Vec::new(),
            end: End::Stop,
        };
        for service in 0..1 + choices.below(8) {
            let before = (world.parts.len(), world.services.len());
            world.add_service(&mut choices, service);
            if Graph::of(&world, &world.largest()).nodes.len() > MOST_NODES {
                world.parts.truncate(before.0);
                world.services.truncate(before.1);
                break;
            }
        }
        world.first = world.configuration(&mut choices);
        world.faults = world.faults(&mut choices);
        let mut now = world.first.clone();
        for _ in 0..1 + choices.below(5) {
            let mut next = now.clone();
            for _ in 0..choices.below(4) {
                world.change(&mut choices, &mut next);
            }
            let caller = match choices.below(6) {
                4 => Caller::Drops(choices.below(20) as u64),
                5 => Caller::GoesOn,
                _ => Caller::Waits,
            };
            let faults = world.faults(&mut choices);
            if !choices.one_in(4) {
                now.clone_from(&next);
            }
            next.is_wrong = choices.one_in(8);
            world.steps.push(Step {
                next,
                faults,
                caller,
            });
        }
        world.end = match choices.below(5) {
            3 => End::StopDuring(choices.below(20) as u64),
            4 => End::Drop,
            _ => End::Stop,
        };
        world
    }

    fn add_service(&mut self, choices: &mut Choices<'_>, service: usize) {
        self.services.push(Service::default());
        for _ in 0..choices.of(&[1, 1, 2, 3]) {
            let scopes = [
                Scope::Singleton,
                Scope::Singleton,
                Scope::Instance,
                Scope::Transient,
            ];
            let scope = choices.of(&scopes);
            self.add_part(choices, service, scope);
        }
        for _ in 0..choices.of(&[0, 0, 0, 1, 1, 2]) {
            self.add_part(choices, service, Scope::Decorator);
        }
    }

    fn add_part(&mut self, choices: &mut Choices<'_>, service: usize, scope: Scope) {
        let mut part = Part {
            number: self.parts.len(),
            plugin: choices.of(&[0, 0, 0, 1, 2]),
            scope,
            kind: choices.of(&[
                Kind::Recreate,
                Kind::Recreate,
                Kind::Overlap,
                Kind::Reconfigure,
            ]),
            wants: Vec::new(),
        };
        for _ in 0..choices.below(4).min(service) {
            let want = self.want(choices, &part, service);
            part.wants.extend(want);
        }
        let of = &mut self.services[service];
        if scope == Scope::Decorator {
            part.wants.push(Want {
                service,
                form: Form::Inner,
                default: None,
                named: false,
            });
            of.decorators.push(part.number);
        } else {
            of.providers.push(part.number);
        }
        self.parts.push(part);
    }

    /// Something that a part may ask for among the services before its own.
    fn want(&self, choices: &mut Choices<'_>, part: &Part, before: usize) -> Option<Want> {
        let service = choices.below(before);
        let of = &self.services[service];
        let is_single = |one: &&usize| self.parts[**one].scope != Scope::Instance;
        let singles: Vec<usize> = of.providers.iter().filter(is_single).copied().collect();
        let mut all = of.providers.iter().chain(&of.decorators);
        let is_optional = all.any(|one| self.parts[*one].plugin > 0);
        let forms = [
            Form::One,
            Form::Optional,
            Form::All,
            Form::Map,
            Form::Lazy,
            Form::Current,
        ];
        let mut form = choices.of(&forms);
        if is_optional && part.plugin == 0 && matches!(form, Form::One | Form::Current) {
            form = Form::Optional;
        }
        let default = match (form, singles.as_slice()) {
            (Form::All | Form::Map, _) | (Form::Optional, []) => None,
            (_, []) => return None,
            (Form::Optional, _) if choices.one_in(3) => None,
            (_, singles) => Some(choices.of(singles)),
        };
        Some(Want {
            service,
            form,
            default,
            named: default.is_some() && choices.one_in(2),
        })
    }

    /// The one with all instances.
    fn largest(&self) -> Configuration {
        let mut largest = Configuration::default();
        for part in &self.parts {
            for number in 0..2 {
                self.put_instance(&mut largest, part.number, number, 0);
            }
        }
        largest
    }

    fn put_instance(
        &self,
        configuration: &mut Configuration,
        part: usize,
        number: usize,
        value: u32,
    ) {
        if self.parts[part].scope == Scope::Instance {
            configuration.instances.push(Instance {
                part,
                name: format!("i{part}_{number}"),
                value,
                injects: BTreeMap::new(),
            });
        }
    }

    fn configuration(&self, choices: &mut Choices<'_>) -> Configuration {
        let mut made = Configuration::default();
        for part in &self.parts {
            made.values.insert(part.number, choices.below(3) as u32);
            for number in 0..choices.below(3) {
                self.put_instance(&mut made, part.number, number, choices.below(3) as u32);
            }
        }
        for _ in 0..choices.below(4) {
            self.inject(choices, &mut made);
        }
        made
    }

    fn change(&self, choices: &mut Choices<'_>, now: &mut Configuration) {
        let part = choices.below(self.parts.len());
        let value = choices.below(3) as u32;
        match (choices.below(4), self.parts[part].scope) {
            (3, _) => self.inject(choices, now),
            (2, _) if !now.instances.is_empty() => {
                let count = now.instances.len();
                now.instances.rotate_left(choices.below(count));
            }
            (0, Scope::Instance) => {
                let name = format!("i{part}_{}", choices.below(2));
                match now.instances.iter_mut().find(|one| one.name == name) {
                    Some(one) => one.value = value,
                    None => self.put_instance(now, part, usize::from(name.ends_with('1')), value),
                }
            }
            (_, Scope::Instance) => {
                let name = format!("i{part}_{}", choices.below(2));
                now.instances.retain(|one| one.name != name);
                now.injects.retain(|_, target| *target != name);
                let others = now.instances.iter_mut();
                others.for_each(|one| one.injects.retain(|_, target| *target != name));
            }
            _ => _ = now.values.insert(part, value),
        }
    }

    /// Lets somebody have something else for what it asks for, or what it has where nothing is said.
    fn inject(&self, choices: &mut Choices<'_>, now: &mut Configuration) {
        let part = &self.parts[choices.below(self.parts.len())];
        let number = choices.below(part.wants.len());
        let Some(want) = part.wants.get(number) else {
            return;
        };
        let is_chosen = want.named || part.scope == Scope::Instance;
        if matches!(want.form, Form::All | Form::Map | Form::Inner) || !is_chosen {
            return;
        }
        let mut targets: Vec<String> = Vec::new();
        for provider in &self.services[want.service].providers {
            match self.parts[*provider].scope {
                Scope::Instance => {
                    let instances = now.instances.iter();
                    let instances = instances.filter(|one| one.part == *provider);
                    targets.extend(instances.map(|one| one.name.clone()));
                }
                _ => targets.push(self.id(*provider)),
            }
        }
        let target = targets.get(choices.below(targets.len() + 1)).cloned();
        let instances: Vec<usize> = (0..now.instances.len())
            .filter(|one| now.instances[*one].part == part.number)
            .collect();
        match (part.scope, instances.as_slice(), target) {
            (Scope::Instance, [], _) => {}
            (Scope::Instance, those, Some(target)) => {
                let one = choices.of(those);
                now.instances[one].injects.insert(number, target);
            }
            (Scope::Instance, those, None) => {
                _ = now.instances[choices.of(those)].injects.remove(&number);
            }
            (_, _, Some(target)) => _ = now.injects.insert((part.number, number), target),
            (_, _, None) => _ = now.injects.remove(&(part.number, number)),
        }
    }

    fn faults(&self, choices: &mut Choices<'_>) -> Vec<Fault> {
        let count = choices.of(&[0, 0, 1, 1, 2, 4]);
        let faults = (0..count).map(|_| Fault {
            part: choices.below(self.parts.len()),
            value: choices.of(&[Some(0), Some(1), Some(2), None]),
            phase: choices.of(&[Phase::Build, Phase::Start, Phase::Stop, Phase::Reconfigure]),
            way: choices.of(&[Way::Error, Way::Panic, Way::Hang]),
        });
        faults.collect()
    }
}
