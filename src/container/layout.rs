//! From the table and the configuration to the nodes.

use std::collections::{BTreeMap, BTreeSet};

use super::configured::{ConfigSource, Configured, Target};
use super::inventory::Inventory;
use super::plan::{Input, Plan, PlanNode};
use super::table::{Form, Need, Scope, Table};

/// Lays out the nodes of a composition.
pub(crate) fn lay_out(table: &'static Table, configured: &Configured) -> Plan {
    let mut layout = Layout {
        table,
        configured,
        plan: Plan {
            nodes: Vec::new(),
            early: 0,
            by_component: vec![Vec::new(); table.components.len()],
            instances: vec![usize::MAX; configured.instances.len()],
        },
        deferred: Vec::new(),
    };
    for (component, entry) in table.components.iter().enumerate() {
        match entry.scope {
            Scope::Singleton => _ = layout.singleton(component),
            Scope::Instance => _ = layout.instances_of(component),
            Scope::Transient | Scope::Decorator => {}
        }
    }
    layout.decorate();
    layout.resolve_lazy();
    let mut plan = layout.plan;
    let is_optional =
        |node: &PlanNode| table.plugins[table.components[node.component].plugin].optional;
    plan.put_first(plan.nodes.iter().map(is_optional).collect());
    plan
}

/// The nodes, while they are laid out: each after the nodes it needs.
struct Layout<'a> {
    table: &'static Table,
    configured: &'a Configured,
    plan: Plan,
    /// Lazy requirements, met when everything else has its place.
    deferred: Vec<(usize, usize, Target)>,
}

impl Layout<'_> {
    /// The one node of a component.
    fn singleton(&mut self, component: usize) -> usize {
        if let [node] = self.plan.nodes_of(component) {
            return *node;
        }
        let config = self.configured.configs.get(&component).cloned();
        let node = self.node(
            component,
            self.table.components[component].id.to_owned(),
            config.or_else(|| self.inventory_of_hooks(component)),
            self.configured.injects.get(&component),
            None,
        );
        if let Some((made, value)) = &self.configured.made
            && *made == component
        {
            self.plan.nodes[node].made = Some(value.clone());
        }
        self.plan.by_component[component].push(node);
        node
    }

    /// What is in the application, if the component is the hooks of its plugin: they take it as their configuration.
    fn inventory_of_hooks(&self, component: usize) -> Option<ConfigSource> {
        let (table, plugin) = (self.table, self.table.components[component].plugin);
        if table.plugins[plugin].hooks != Some(component) {
            return None;
        }
        let inventory = move || Ok(Box::new(Inventory::of(table, plugin)) as Box<_>);
        Some(ConfigSource::new(inventory))
    }

    /// A new node of a component, for one injection.
    fn transient(&mut self, component: usize) -> usize {
        let config = self.configured.configs.get(&component).cloned();
        self.node(
            component,
            self.table.components[component].id.to_owned(),
            config,
            self.configured.injects.get(&component),
            None,
        )
    }

    /// The nodes of all instances that the configuration has of a component.
    fn instances_of(&mut self, component: usize) -> Vec<usize> {
        let known = self.plan.nodes_of(component);
        if !known.is_empty() {
            return known.to_owned();
        }
        let configured = self.configured;
        let nodes = (0..configured.instances.len())
            .filter(|instance| configured.instances[*instance].component == component)
            .map(|instance| self.instance(instance))
            .collect::<Vec<_>>();
        self.plan.by_component[component].clone_from(&nodes);
        nodes
    }

    /// The node of an instance of the configuration. Those that it injects come first, without recursion, because chains may be
    /// long.
    fn instance(&mut self, number: usize) -> usize {
        let configured = self.configured;
        let mut way = vec![number];
        while let Some(last) = way.last().copied() {
            let targets = configured.instances[last].injects.iter();
            let needs = self.table.components[configured.instances[last].component].needs;
            let missing = targets.filter_map(|(need, target)| match target {
                Target::Instance(one) if needs[*need].form != Form::Lazy => Some(*one),
                _ => None,
            });
            let missing = missing.filter(|one| self.plan.instances[*one] == usize::MAX);
            let before = way.len();
            if self.plan.instances[last] == usize::MAX {
                way.extend(missing.rev());
            }
            if way.len() == before {
                way.pop();
                self.place(last);
            }
        }
        self.plan.instances[number]
    }

    /// Gives an instance of the configuration its node, where it has none.
    fn place(&mut self, number: usize) {
        if self.plan.instances[number] != usize::MAX {
            return;
        }
        let configured = self.configured;
        let instance = &configured.instances[number];
        let node = self.node(
            instance.component,
            instance.name.clone(),
            instance.config.clone(),
            Some(&instance.injects),
            None,
        );
        self.plan.nodes[node].made.clone_from(&instance.made);
        self.plan.instances[number] = node;
    }

    /// Every provider of a decorated service that there is without an injection, whether somebody asks for it or not.
    fn decorate(&mut self) {
        for (decorator, entry) in self.table.components.iter().enumerate() {
            let Some(inner) = entry.inner() else {
                continue;
            };
            for provider in inner.providers {
                for node in self.plan.nodes_of(*provider).to_owned() {
                    self.wrapped(node, Some(decorator));
                }
            }
        }
    }

    /// What is handed out of a provider: its own node, or the one of this decorator around it, which comes after those of the
    /// decorators before it.
    fn wrapped(&mut self, provider: usize, by: Option<usize>) -> usize {
        let mut missing = Vec::new();
        let mut inner = provider;
        let mut next = by;
        while let Some(decorator) = next {
            if let Some(known) = self.plan.nodes[provider].wrapped_by(decorator) {
                inner = known;
                break;
            }
            missing.push(decorator);
            let need = self.table.components[decorator].inner();
            next = need.and_then(|need| need.wrapped_by);
        }
        for decorator in missing.into_iter().rev() {
            let id = self.table.components[decorator].id;
            inner = self.node(
                decorator,
                format!("{id}({})", self.plan.nodes[inner].name),
                self.configured.configs.get(&decorator).cloned(),
                self.configured.injects.get(&decorator),
                Some(inner),
            );
            self.plan.nodes[inner].around = Some(provider);
            self.plan.nodes[provider].wrapped.push((decorator, inner));
        }
        inner
    }

    /// Adds a node, after those it needs; one of a decorator with the node that it wraps.
    fn node(
        &mut self,
        component: usize,
        name: String,
        config: Option<ConfigSource>,
        injects: Option<&BTreeMap<usize, Target>>,
        wraps: Option<usize>,
    ) -> usize {
        let mut inputs = Vec::new();
        let (mut needs, mut vital) = (BTreeSet::new(), BTreeSet::new());
        let mut lazy = Vec::new();
        let plugin = &self.table.plugins[self.table.components[component].plugin];
        if let Some(hooks) = plugin.hooks.filter(|hooks| *hooks != component) {
            let hooks = self.singleton(hooks);
            needs.insert(hooks);
            vital.insert(hooks);
        }
        for (number, need) in self.table.components[component].needs.iter().enumerate() {
            let chosen = injects.and_then(|injects| injects.get(&number));
            let target = chosen.copied().or(need.default.map(Target::Component));
            if let (Form::Lazy, Some(target)) = (need.form, target) {
                lazy.push((number, target));
            }
            let input = match wraps {
                Some(inner) if need.form == Form::Inner => Input::Node(inner),
                _ => self.input(need, target),
            };
            match &input {
                Input::Absent => {}
                Input::Node(node) => {
                    needs.insert(*node);
                    if matches!(need.form, Form::One | Form::Current | Form::Inner) {
                        vital.insert(*node);
                    }
                }
                Input::Nodes(nodes) => needs.extend(nodes),
            }
            inputs.push(input);
        }
        let node = self.plan.nodes.len();
        self.deferred
            .extend(lazy.into_iter().map(|(need, target)| (node, need, target)));
        let deadlines = &self.configured.lifecycle.components;
        // What a decorator's values are called is made up here; the configuration knows the decorator.
        let called = match wraps {
            Some(_) => self.table.components[component].id,
            None => &name,
        };
        self.plan.nodes.push(PlanNode {
            component,
            deadlines: deadlines.get(called).copied().unwrap_or_default(),
            name,
            inputs,
            config,
            made: None,
            needs,
            vital,
            around: None,
            wrapped: Vec::new(),
        });
        node
    }

    /// What a need is met by. A lazy one is met later.
    fn input(&mut self, need: &Need, target: Option<Target>) -> Input {
        match (need.form, target) {
            (Form::All | Form::Map | Form::Registry, _) => Input::Nodes(self.every(need)),
            (Form::One | Form::Optional | Form::Current, Some(target)) => {
                self.target(need, target).map_or(Input::Absent, Input::Node)
            }
            (Form::Lazy | Form::Own | Form::Inner, _) | (_, None) => Input::Absent,
        }
    }

    /// What a need is handed of a target; `None` if the configuration has no instance of it.
    fn target(&mut self, need: &Need, target: Target) -> Option<usize> {
        let node = match target {
            Target::Instance(instance) => self.instance(instance),
            Target::Component(component) => *self.nodes(component).first()?,
        };
        Some(self.wrapped(node, need.wrapped_by))
    }

    /// What a need is handed of all its providers.
    fn every(&mut self, need: &Need) -> Vec<usize> {
        let mut nodes = Vec::new();
        for component in need.providers {
            nodes.extend(self.nodes(*component));
        }
        for node in &mut nodes {
            *node = self.wrapped(*node, need.wrapped_by);
        }
        nodes
    }

    /// The nodes of a provider, for one injection.
    fn nodes(&mut self, component: usize) -> Vec<usize> {
        match self.table.components[component].scope {
            Scope::Singleton => vec![self.singleton(component)],
            Scope::Transient => vec![self.transient(component)],
            Scope::Instance => self.instances_of(component),
            Scope::Decorator => Vec::new(),
        }
    }

    /// A lazily required transient is a node of its own, which may need more of them; so until none is left.
    fn resolve_lazy(&mut self) {
        while let Some((node, need, target)) = self.deferred.pop() {
            let needs = self.table.components[self.plan.nodes[node].component].needs;
            if let Some(found) = self.target(&needs[need], target) {
                self.plan.nodes[node].inputs[need] = Input::Node(found);
            }
        }
    }
}
