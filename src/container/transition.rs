//! What becomes of the nodes of a plan where the plan of another configuration takes its place: which of them go on, which are
//! built, which are stopped and when, and why. Nothing is touched here.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::{Input, Plan};
use super::policy::Reload;
use super::table::{Form, Scope, Table};

/// How far a node of the old plan has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Running,
    /// Its plugin is optional, and it, or something that it cannot do without, has failed.
    LeftOut,
    /// It should run, and does not: a reload has failed, and so has the way back.
    Missing,
}

/// From one plan to the next.
#[derive(Debug)]
pub(crate) struct Transition {
    /// By node of the new plan: the node of the old one that has its place.
    pub(crate) predecessors: Vec<Option<usize>>,
    /// By node of the new plan.
    pub(crate) next: Vec<NewNode>,
    /// By node of the old plan.
    pub(crate) last: Vec<OldNode>,
}

/// What becomes of a place in the new plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NewNode {
    /// Its predecessor goes on.
    Kept,
    /// Its predecessor goes on, with a configuration that differs at these paths.
    Reconfigured(Vec<String>),
    /// It is built.
    Built(Cause),
    /// It was left out, nothing about it is different, and it stays so.
    LeftOut,
}

/// Why a node is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// There was none.
    New,
    /// Its configuration differs at these paths.
    Config(Vec<String>),
    /// What it has as this need is built, or other than before.
    Need(&'static str, Vec<usize>),
    /// It should run, and does not.
    Missing,
}

/// What becomes of a node of the old plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OldNode {
    /// It goes on.
    Kept,
    /// It is stopped before anything new is built.
    StoppedFirst,
    /// It is stopped when all that is new runs.
    StoppedLast,
    /// There is nothing of it.
    Absent,
}

/// Compares two plans of a table. `standing`: how far a node of the old one has come.
pub(crate) fn transition(
    table: &'static Table,
    old: &Plan,
    standing: impl Fn(usize) -> Standing,
    new: &Plan,
) -> Transition {
    let places: BTreeMap<NodePlace, usize> = places(table, old).into_iter().zip(0..).collect();
    let predecessors = places_of(table, new, &places);
    let standing: Vec<Standing> = (0..old.nodes.len()).map(standing).collect();
    let comparison = Comparison {
        table,
        old,
        new,
        predecessors: &predecessors,
        standing: &standing,
    };
    let mut next: Vec<NewNode> = (0..new.nodes.len())
        .map(|node| comparison.alone(node))
        .collect();
    comparison.spread(&mut next);
    let last = comparison.last(&next);
    Transition {
        predecessors,
        next,
        last,
    }
}

/// What makes a node the successor of another one: a name, or, for what is made for one holder, where that has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum NodePlace {
    Named(usize, String),
    Within(usize, Box<Self>, usize, usize),
}

/// The place of every node.
fn places(table: &Table, plan: &Plan) -> Vec<NodePlace> {
    let mut holders: BTreeMap<usize, (usize, usize, usize)> = BTreeMap::new();
    for (holder, node) in plan.nodes.iter().enumerate() {
        for (need, input) in node.inputs.iter().enumerate() {
            for (at, held) in input.nodes().iter().enumerate() {
                holders.insert(*held, (holder, need, at));
            }
        }
    }
    let mut places: Vec<Option<NodePlace>> = vec![None; plan.nodes.len()];
    for node in 0..plan.nodes.len() {
        // Chains of transients may be long: from the one that has a name inwards.
        let mut way = vec![node];
        while let Some(last) = way.last().copied() {
            let holder = holders
                .get(&last)
                .filter(|_| is_anonymous(table, plan, last));
            match holder {
                Some((holder, _, _)) if places[*holder].is_none() && !way.contains(holder) => {
                    way.push(*holder);
                    continue;
                }
                _ => {}
            }
            let component = plan.nodes[last].component;
            let within = holder.and_then(|(holder, need, at)| {
                let around = Box::new(places[*holder].clone()?);
                Some(NodePlace::Within(component, around, *need, *at))
            });
            let named = || NodePlace::Named(component, plan.nodes[last].name.clone());
            places[last] = Some(within.unwrap_or_else(named));
            way.pop();
        }
    }
    places.into_iter().flatten().collect()
}

/// Whether others may have the name of a node: it is made for one injection, or around what is.
fn is_anonymous(table: &Table, plan: &Plan, node: usize) -> bool {
    let node = plan.nodes[node].around.unwrap_or(node);
    table.components[plan.nodes[node].component].scope == Scope::Transient
}

/// By node of a plan: the one that had its place.
fn places_of(table: &Table, plan: &Plan, known: &BTreeMap<NodePlace, usize>) -> Vec<Option<usize>> {
    let places = places(table, plan).into_iter();
    places.map(|place| known.get(&place).copied()).collect()
}

struct Comparison<'a> {
    table: &'static Table,
    old: &'a Plan,
    new: &'a Plan,
    predecessors: &'a [Option<usize>],
    standing: &'a [Standing],
}

impl Comparison<'_> {
    /// What becomes of a node of the new plan as far as it itself goes.
    fn alone(&self, node: usize) -> NewNode {
        let Some(was) = self.predecessors[node] else {
            return NewNode::Built(Cause::New);
        };
        if self.standing[was] == Standing::Missing {
            return NewNode::Built(Cause::Missing);
        }
        if let Some(cause) = self.other_inputs(node, was) {
            return NewNode::Built(cause);
        }
        let config = |plan: &Plan, node: usize| {
            let source = plan.nodes[node].config.as_ref();
            source.map(|source| source.fingerprint.clone())
        };
        let differences = match (config(self.old, was), config(self.new, node)) {
            (Some(old), Some(new)) => old.differences(&new),
            _ => Vec::new(),
        };
        let is_running = self.standing[was] == Standing::Running;
        match differences.is_empty() {
            true if is_running => NewNode::Kept,
            true => NewNode::LeftOut,
            false if is_running && matches!(self.reload(node), Reload::Reconfigure(_)) => {
                NewNode::Reconfigured(differences)
            }
            false => NewNode::Built(Cause::Config(differences)),
        }
    }

    fn reload(&self, node: usize) -> Reload {
        self.table.components[self.new.nodes[node].component].reload
    }

    /// The first need that is met by others than before.
    fn other_inputs(&self, node: usize, was: usize) -> Option<Cause> {
        let (old, new) = (&self.old.nodes[was], &self.new.nodes[node]);
        let needs = self.table.components[new.component].needs.iter();
        let inputs = needs.zip(old.inputs.iter().zip(&new.inputs));
        inputs.into_iter().find_map(|(need, (was, is))| {
            let before: Vec<Option<usize>> = was.nodes().iter().copied().map(Some).collect();
            let now = is.nodes().iter().map(|one| self.predecessors[*one]);
            let now: Vec<Option<usize>> = now.collect();
            (before != now).then(|| {
                let nodes = is.nodes().iter().zip(&now);
                let others = nodes.filter(|(_, one)| !before.contains(one));
                Cause::Need(need.field, others.map(|(node, _)| *node).collect())
            })
        })
    }

    /// Whoever holds what is built is built as well.
    fn spread(&self, next: &mut [NewNode]) {
        let mut holders: Vec<Vec<(usize, &'static str)>> = vec![Vec::new(); next.len()];
        for (holder, node) in self.new.nodes.iter().enumerate() {
            let needs = self.table.components[node.component].needs.iter();
            let mut held = BTreeSet::new();
            for (need, input) in needs.zip(&node.inputs) {
                if need.form == Form::Current {
                    continue;
                }
                for one in input.nodes() {
                    held.insert(*one);
                    holders[*one].push((holder, need.field));
                }
            }
            // The hooks of its plugin.
            let current = self.current(self.new, holder);
            for one in node.needs.iter().filter(|one| !current.contains(one)) {
                if held.insert(*one) {
                    holders[*one].push((holder, "hooks"));
                }
            }
        }
        let mut open: Vec<usize> = (0..next.len())
            .filter(|node| matches!(next[*node], NewNode::Built(_)))
            .collect();
        while let Some(built) = open.pop() {
            for (holder, field) in &holders[built] {
                if !matches!(next[*holder], NewNode::Built(_)) {
                    next[*holder] = NewNode::Built(Cause::Need(field, vec![built]));
                    open.push(*holder);
                }
            }
        }
    }

    /// What a node holds by `current` alone, and follows.
    fn current(&self, plan: &Plan, node: usize) -> BTreeSet<usize> {
        let node = &plan.nodes[node];
        let needs = self.table.components[node.component].needs.iter();
        let inputs = needs.zip(&node.inputs);
        let inputs = inputs.filter(|(need, _)| need.form == Form::Current);
        inputs
            .flat_map(|(_, input)| input.nodes().to_owned())
            .collect()
    }

    /// What becomes of the nodes of the old plan.
    fn last(&self, next: &[NewNode]) -> Vec<OldNode> {
        let mut successors: Vec<Option<usize>> = vec![None; self.old.nodes.len()];
        for (node, was) in self.predecessors.iter().enumerate() {
            if let Some(was) = was {
                successors[*was] = Some(node);
            }
        }
        let mut last: Vec<OldNode> = Vec::with_capacity(successors.len());
        for (node, successor) in successors.into_iter().enumerate() {
            if self.standing[node] != Standing::Running {
                last.push(OldNode::Absent);
                continue;
            }
            let current = self.current(self.old, node);
            let mut needs = self.old.nodes[node].needs.iter();
            // What it holds has a lower number.
            let holds_first =
                needs.any(|one| last[*one] == OldNode::StoppedFirst && !current.contains(one));
            let entry = &self.table.components[self.old.nodes[node].component];
            last.push(match successor.map(|node| &next[node]) {
                Some(NewNode::Kept | NewNode::Reconfigured(_)) => OldNode::Kept,
                Some(_) if !holds_first && matches!(entry.reload, Reload::Overlap) => {
                    OldNode::StoppedLast
                }
                _ => OldNode::StoppedFirst,
            });
        }
        last
    }
}

impl Input {
    /// The nodes that meet a need.
    pub(crate) fn nodes(&self) -> &[usize] {
        match self {
            Self::Absent => &[],
            Self::Node(node) => std::slice::from_ref(node),
            Self::Nodes(nodes) => nodes,
        }
    }
}
