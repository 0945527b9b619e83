//! From the table and the configuration to the nodes that are built: one for each singleton, for each named instance
//! and for each injection of a transient.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::Result;
use crate::container::{Deadlines, Form, Scope, Table, Value};
use crate::redact::Redactor;

/// Makes the configuration of one node. It was checked before; a source is called once for every node it configures.
pub(crate) type ConfigSource = Arc<dyn Fn() -> Result<Box<dyn Any + Send>> + Send + Sync>;

/// A configuration that was read and checked.
#[derive(Default)]
pub(crate) struct Configured {
    /// Configuration of singletons and transients, by component.
    pub(crate) configs: BTreeMap<usize, ConfigSource>,
    /// How the application is taken through its life, as far as the configuration says.
    pub(crate) lifecycle: Overrides,
    /// Named instances first, then the steps of the pipeline, in the order of the file.
    pub(crate) instances: Vec<Instance>,
    /// A singleton that was made while the configuration was read, with its value.
    pub(crate) made: Option<(usize, Value)>,
    /// Knows the secrets among the values.
    pub(crate) redactor: Redactor,
    /// The pipeline, whose steps are `instances`.
    #[cfg(feature = "pipes")]
    pub(crate) pipeline: Option<crate::pipe::PipelinePlan>,
}

/// What a configuration says about the lifecycle.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Overrides {
    pub(crate) sequential: Option<bool>,
    /// Deadlines of every component.
    pub(crate) deadline: Deadlines,
    /// Budgets of the phases.
    pub(crate) total: Deadlines,
    pub(crate) rollback: Option<Duration>,
    /// Deadlines of components and instances, by their name.
    pub(crate) components: BTreeMap<String, Deadlines>,
}

/// A component that the configuration asks for.
pub(crate) struct Instance {
    /// Its component.
    pub(crate) component: usize,
    /// Its name: the key under `services`, or the path of a step.
    pub(crate) name: String,
    /// What the configuration injects, by need.
    pub(crate) injects: BTreeMap<usize, Target>,
    /// Its configuration, where it takes one.
    pub(crate) config: Option<ConfigSource>,
    /// Its value, if it was made while the configuration was read.
    pub(crate) made: Option<Value>,
}

/// What is injected.
#[cfg_attr(
    not(feature = "config"),
    expect(dead_code, reason = "only a configuration names instances")
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// The instance with this number.
    Instance(usize),
    /// The singleton or transient component with this number.
    Component(usize),
}

/// One thing to build.
pub(crate) struct Node {
    pub(crate) component: usize,
    pub(crate) name: String,
    pub(crate) inputs: Vec<Input>,
    pub(crate) config: Option<ConfigSource>,
    /// Its value, where it was made before.
    pub(crate) made: Option<Value>,
    /// Its deadlines, as far as the configuration says.
    pub(crate) deadlines: Deadlines,
    /// Nodes that have to be built and started before this one.
    pub(crate) needs: BTreeSet<usize>,
    /// Those among them that this one cannot do without.
    pub(crate) vital: BTreeSet<usize>,
}

/// What one need of a node is met by.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    /// Nothing: an optional requirement without a provider.
    Absent,
    /// One node.
    Node(usize),
    /// Every provider, in order.
    Nodes(Vec<usize>),
}

/// The nodes, dependencies first.
pub(crate) struct Plan {
    pub(crate) nodes: Vec<Node>,
    /// Nodes of singletons and instances, by component.
    by_component: BTreeMap<usize, Vec<usize>>,
    /// Node of each instance of the configuration.
    instances: Vec<usize>,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.nodes.iter().map(|node| &node.name))
            .finish()
    }
}

impl Plan {
    /// Lays out the nodes of a composition.
    pub(crate) fn new(table: &'static Table, configured: &Configured) -> Self {
        let mut layout = Layout {
            table,
            configured,
            plan: Self {
                nodes: Vec::new(),
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
        layout.plan
    }

    /// One node that needs nothing.
    #[cfg(feature = "config")]
    pub(crate) fn only(component: usize, name: &str, config: Option<ConfigSource>) -> Self {
        let node = Node {
            component,
            name: name.to_owned(),
            inputs: Vec::new(),
            config,
            made: None,
            deadlines: Deadlines::default(),
            needs: BTreeSet::new(),
            vital: BTreeSet::new(),
        };
        Self {
            nodes: vec![node],
            by_component: BTreeMap::new(),
            instances: Vec::new(),
        }
    }

    /// The singletons and instances of a component.
    pub(crate) fn nodes_of(&self, component: usize) -> &[usize] {
        self.by_component.get(&component).map_or(&[], Vec::as_slice)
    }

    /// Nodes of the configuration's instances, in its order.
    #[cfg(feature = "pipes")]
    pub(crate) fn instances(&self) -> &[usize] {
        &self.instances
    }
}

struct Layout<'a> {
    table: &'static Table,
    configured: &'a Configured,
    plan: Plan,
    /// Lazy requirements, met when everything else has its place.
    deferred: Vec<(usize, usize, Target)>,
}

impl Layout<'_> {
    fn singleton(&mut self, component: usize) -> usize {
        if let [node] = self.plan.nodes_of(component) {
            return *node;
        }
        let config = self.configured.configs.get(&component).cloned();
        let node = self.node(
            component,
            self.table.components[component].id.to_owned(),
            config,
            &BTreeMap::new(),
        );
        if let Some((made, value)) = &self.configured.made
            && *made == component
        {
            self.plan.nodes[node].made = Some(value.clone());
        }
        self.plan.by_component.insert(component, vec![node]);
        node
    }

    fn transient(&mut self, component: usize) -> usize {
        let config = self.configured.configs.get(&component).cloned();
        self.node(
            component,
            self.table.components[component].id.to_owned(),
            config,
            &BTreeMap::new(),
        )
    }

    fn instances_of(&mut self, component: usize) -> Vec<usize> {
        let configured = self.configured;
        let nodes = (0..configured.instances.len())
            .filter(|instance| configured.instances[*instance].component == component)
            .map(|instance| self.instance(instance))
            .collect::<Vec<_>>();
        self.plan.by_component.insert(component, nodes.clone());
        nodes
    }

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
            &instance.injects,
        );
        self.plan.nodes[node].made.clone_from(&instance.made);
        self.plan.instances[number] = node;
        node
    }

    fn node(
        &mut self,
        component: usize,
        name: String,
        config: Option<ConfigSource>,
        injects: &BTreeMap<usize, Target>,
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
            let target = injects
                .get(&number)
                .copied()
                .or(need.default.map(Target::Component));
            let input = match (need.form, target) {
                (Form::All | Form::Map, _) => Input::Nodes(self.every(need.providers)),
                (Form::Lazy, Some(target)) => {
                    lazy.push((number, target));
                    Input::Absent
                }
                (Form::One | Form::Optional, Some(target)) => {
                    self.target(target).map_or(Input::Absent, Input::Node)
                }
                (Form::Handle, _) | (_, None) => Input::Absent,
            };
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
        self.plan.nodes.push(Node {
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
