//! The nodes that a configuration comes to, by where they stand, written to be seen to be right: it knows nothing of the
//! runtime's numbers, and lays everything out anew each time.

use std::collections::BTreeMap;

use treenail::__private::{Form, Scope};

use super::world::{Configuration, World};

/// Where a node stands: a name that nobody else has, or, for what is made for one holder, where that has it.
pub(crate) type Place = String;

/// All nodes of a configuration.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: BTreeMap<Place, Node>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) part: usize,
    /// What messages call it.
    pub(crate) name: String,
    pub(crate) value: u32,
    /// By number of what it asks for.
    pub(crate) held: Vec<Vec<Place>>,
    /// Whom it was made for.
    pub(crate) holder: Option<Place>,
}

impl Graph {
    pub(crate) fn of(world: &World, configuration: &Configuration) -> Self {
        let mut layout = Layout {
            world,
            configuration,
            graph: Self::default(),
        };
        for part in &world.parts {
            match part.scope {
                Scope::Singleton => {
                    let id = world.id(part.number);
                    layout.add(part.number, id.clone(), id, None, None);
                }
                Scope::Instance => {
                    for name in layout.instances(part.number) {
                        layout.add(part.number, name.clone(), name, None, None);
                    }
                }
                Scope::Transient | Scope::Decorator => {}
            }
        }
        for service in &world.services {
            for provider in &service.providers {
                for mut place in layout.named(*provider) {
                    for decorator in &service.decorators {
                        let name = format!("{}({place})", world.id(*decorator));
                        layout.add(*decorator, name.clone(), name.clone(), None, Some(&place));
                        place = name;
                    }
                }
            }
        }
        layout.graph
    }

    /// What a node has in one of these forms.
    pub(crate) fn held<'a>(
        &'a self,
        world: &'a World,
        place: &str,
        is_meant: impl Fn(Form) -> bool + 'a,
    ) -> impl Iterator<Item = &'a Place> {
        let node = &self.nodes[place];
        let wants = world.parts[node.part].wants.iter().zip(&node.held);
        let wants = wants.filter(move |(want, _)| is_meant(want.form));
        wants.flat_map(|(_, held)| held)
    }
}

struct Layout<'a> {
    world: &'a World,
    configuration: &'a Configuration,
    graph: Graph,
}

impl Layout<'_> {
    fn instances(&self, part: usize) -> Vec<String> {
        let instances = self.configuration.instances.iter();
        let instances = instances.filter(|one| one.part == part);
        instances.map(|one| one.name.clone()).collect()
    }

    /// The nodes of a component that have names.
    fn named(&self, part: usize) -> Vec<Place> {
        match self.world.parts[part].scope {
            Scope::Singleton => vec![self.world.id(part)],
            Scope::Instance => self.instances(part),
            Scope::Transient | Scope::Decorator => Vec::new(),
        }
    }

    fn add(
        &mut self,
        part: usize,
        place: Place,
        name: String,
        holder: Option<Place>,
        inner: Option<&Place>,
    ) {
        let instances = self.configuration.instances.iter();
        let instance = instances.clone().find(|one| one.name == place);
        let shared = self.configuration.values.get(&part).copied();
        let value = instance.map_or(shared.unwrap_or_default(), |one| one.value);
        let mut held = Vec::new();
        for (number, want) in self.world.parts[part].wants.iter().enumerate() {
            let chosen = match instance {
                Some(one) => one.injects.get(&number),
                None => self.configuration.injects.get(&(part, number)),
            };
            let default = want.default.map(|one| self.world.id(one));
            let providers = self.world.services[want.service].providers.clone();
            held.push(match want.form {
                Form::Inner => inner.into_iter().cloned().collect(),
                Form::All | Form::Map => {
                    let mut all = Vec::new();
                    for provider in providers {
                        let named = self.named(provider);
                        if self.world.parts[provider].scope == Scope::Transient {
                            all.push(self.made_for(
                                &place,
                                (number, all.len()),
                                want.service,
                                provider,
                            ));
                        }
                        all.extend(named.into_iter().map(|one| self.wrapped(want.service, one)));
                    }
                    all
                }
                _ => match chosen.cloned().or(default) {
                    None => Vec::new(),
                    Some(target) => {
                        let transient = providers.into_iter().find(|one| {
                            self.world.parts[*one].scope == Scope::Transient
                                && self.world.id(*one) == target
                        });
                        vec![match transient {
                            Some(one) => self.made_for(&place, (number, 0), want.service, one),
                            None => self.wrapped(want.service, target),
                        }]
                    }
                },
            });
        }
        let node = Node {
            part,
            name,
            value,
            held,
            holder,
        };
        let before = self.graph.nodes.insert(place, node);
        assert!(before.is_none(), "two nodes at one place");
    }

    /// What is handed out of a node that has a name.
    fn wrapped(&self, service: usize, place: Place) -> Place {
        let decorators = self.world.services[service].decorators.iter();
        decorators.fold(place, |inner, one| {
            format!("{}({inner})", self.world.id(*one))
        })
    }

    /// A node of a transient for one holder, with what wraps it.
    fn made_for(
        &mut self,
        holder: &str,
        (want, at): (usize, usize),
        service: usize,
        transient: usize,
    ) -> Place {
        let decorators = &self.world.services[service].decorators;
        let chain: Vec<usize> = [transient].iter().chain(decorators).copied().collect();
        // From the outermost one inwards, each made for the one around it.
        let mut way = vec![format!(
            "{holder} {want}.{at} {}",
            self.world.id(chain[chain.len() - 1])
        )];
        let mut holders = vec![holder.to_owned()];
        for (inner, outer) in chain.iter().zip(&chain[1..]).rev() {
            let last = self.world.parts[*outer].wants.len() - 1;
            let around = way[way.len() - 1].clone();
            way.push(format!("{around} {last}.0 {}", self.world.id(*inner)));
            holders.push(around);
        }
        let outermost = way[0].clone();
        let (mut name, mut inner): (String, Option<Place>) = (String::new(), None);
        for (part, (place, holder)) in chain.iter().zip(way.into_iter().zip(holders).rev()) {
            let id = self.world.id(*part);
            name = match name.is_empty() {
                true => id,
                false => format!("{id}({name})"),
            };
            self.add(
                *part,
                place.clone(),
                name.clone(),
                Some(holder),
                inner.replace(place).as_ref(),
            );
        }
        outermost
    }
}
