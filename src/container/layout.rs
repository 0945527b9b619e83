//! From the table and the configuration to the nodes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
            by_component: BTreeMap::new(),
            instances: vec![usize::MAX; configured.instances.len()],
        },
        deferred: Vec::new(),
    };
    for (component, entry) in table.components.iter().enumerate() {
        match entry.scope {
            Scope::Singleton => _ = layout.singleton(component),
            Scope::Instance => _ = layout.instances_of(component),
            Scope::Transient => {}
        }
    }
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
        );
        if let Some((made, value)) = &self.configured.made
            && *made == component
        {
            self.plan.nodes[node].made = Some(value.clone());
        }
        self.plan.by_component.insert(component, vec![node]);
        node
    }

    /// What is in the application, if the component is the hooks of its plugin: they take it as their configuration.
    fn inventory_of_hooks(&self, component: usize) -> Option<ConfigSource> {
        let (table, plugin) = (self.table, self.table.components[component].plugin);
        if table.plugins[plugin].hooks != Some(component) {
            return None;
        }
        Some(Arc::new(move || Ok(Box::new(Inventory::of(table, plugin)))))
    }

    /// A new node of a component, for one injection.
    fn transient(&mut self, component: usize) -> usize {
        let config = self.configured.configs.get(&component).cloned();
        self.node(
            component,
            self.table.components[component].id.to_owned(),
            config,
            self.configured.injects.get(&component),
        )
    }

    /// The nodes of all instances that the configuration has of a component.
    fn instances_of(&mut self, component: usize) -> Vec<usize> {
        let configured = self.configured;
        let nodes = (0..configured.instances.len())
            .filter(|instance| configured.instances[*instance].component == component)
            .map(|instance| self.instance(instance))
            .collect::<Vec<_>>();
        self.plan.by_component.insert(component, nodes.clone());
        nodes
    }

    /// The node of an instance of the configuration.
    fn instance(&mut self, number: usize) -> usize {
        if self.plan.instances[number] != usize::MAX {
            return self.plan.instances[number];
        }
        let configured = self.configured;
        let instance = &configured.instances[number];
        let node = self.node(
            instance.component,
            instance.name.clone(),
            instance.config.clone(),
            Some(&instance.injects),
        );
        self.plan.nodes[node].made.clone_from(&instance.made);
        self.plan.instances[number] = node;
        node
    }

    /// Adds a node, after those it needs.
    fn node(
        &mut self,
        component: usize,
        name: String,
        config: Option<ConfigSource>,
        injects: Option<&BTreeMap<usize, Target>>,
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
            let input = self.input(need, target);
            match &input {
                Input::Absent => {}
                Input::Node(node) => {
                    needs.insert(*node);
                    if need.form == Form::One {
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
        self.plan.nodes.push(PlanNode {
            component,
            deadlines: deadlines.get(&name).copied().unwrap_or_default(),
            name,
            inputs,
            config,
            made: None,
            needs,
            vital,
        });
        node
    }

    /// What a need is met by. A lazy one is met later.
    fn input(&mut self, need: &Need, target: Option<Target>) -> Input {
        match (need.form, target) {
            (Form::All | Form::Map, _) => Input::Nodes(self.every(need.providers)),
            (Form::One | Form::Optional, Some(target)) => {
                self.target(target).map_or(Input::Absent, Input::Node)
            }
            (Form::Lazy | Form::Own, _) | (_, None) => Input::Absent,
        }
    }

    /// The node of a target; `None` if the configuration has no instance of it.
    fn target(&mut self, target: Target) -> Option<usize> {
        match target {
            Target::Instance(instance) => Some(self.instance(instance)),
            Target::Component(component) => match self.table.components[component].scope {
                Scope::Singleton => Some(self.singleton(component)),
                Scope::Transient => Some(self.transient(component)),
                Scope::Instance => self.instances_of(component).first().copied(),
            },
        }
    }

    /// The nodes of all these components.
    fn every(&mut self, providers: &[usize]) -> Vec<usize> {
        let mut nodes = Vec::new();
        for &component in providers {
            match self.table.components[component].scope {
                Scope::Singleton => nodes.push(self.singleton(component)),
                Scope::Transient => nodes.push(self.transient(component)),
                Scope::Instance => nodes.extend(self.instances_of(component)),
            }
        }
        nodes
    }

    /// A lazily required transient is a node of its own, which may need more of them; so until none is left.
    fn resolve_lazy(&mut self) {
        while let Some((node, need, target)) = self.deferred.pop() {
            if let Some(found) = self.target(target) {
                self.plan.nodes[node].inputs[need] = Input::Node(found);
            }
        }
    }
}
