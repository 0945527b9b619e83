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
    /// It runs, and has not taken its configuration again after a reload that was given up.
    Astray,
    /// Its plugin is optional, and it, or something that it cannot do without, has failed.
    LeftOut,
    /// It should run, and does not: a reload has failed, and so has the way back.
    Missing,
}

impl Standing {
    fn runs(self) -> bool {
        matches!(self, Self::Running | Self::Astray)
    }
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
    /// Its predecessor goes on, with a configuration that differs at these paths; or with the same, which it has not taken.
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
    /// It is made for this holder, which is built.
    Holder(usize),
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
    let predecessors = predecessors(table, old, new);
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

/// By node of the new plan: the node of the old one that has its place. That is the one of its name, or, of what is made for one
/// holder alone, the one that was made for the holder's own predecessor.
fn predecessors(table: &Table, old: &Plan, new: &Plan) -> Vec<Option<usize>> {
    let named = |plan: &Plan, node: usize| !is_anonymous(table, plan, node);
    let old_names = old.nodes.iter().enumerate();
    let old_names = old_names.filter(|(node, _)| named(old, *node));
    let old_names: BTreeMap<(usize, &str), usize> = old_names
        .map(|(node, one)| ((one.component, one.name.as_str()), node))
        .collect();
    let mut predecessors = vec![None; new.nodes.len()];
    let mut holders: Vec<usize> = Vec::new();
    for (node, one) in new.nodes.iter().enumerate() {
        if named(new, node) {
            predecessors[node] = old_names.get(&(one.component, one.name.as_str())).copied();
            holders.push(node);
        }
    }
    while let Some(holder) = holders.pop() {
        for (need, input) in new.nodes[holder].inputs.iter().enumerate() {
            for (at, node) in input.nodes().iter().enumerate() {
                if named(new, *node) {
                    continue;
                }
                let before =
                    predecessors[holder].map(|was: usize| old.nodes[was].inputs[need].nodes());
                let was = before.and_then(|before| before.get(at).copied());
                predecessors[*node] = was.filter(|was| {
                    let is_alike = old.nodes[*was].component == new.nodes[*node].component;
                    is_alike && !named(old, *was)
                });
                holders.push(*node);
            }
        }
    }
    predecessors
}

/// Whether others may have the name of a node: it is made for one injection, or around what is.
fn is_anonymous(table: &Table, plan: &Plan, node: usize) -> bool {
    let node = plan.nodes[node].around.unwrap_or(node);
    table.components[plan.nodes[node].component].scope == Scope::Transient
}

/// That somebody holds a node.
struct Holding {
    holder: usize,
    field: &'static str,
    /// By `current` alone.
    follows: bool,
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
        let (old, new) = (&self.old.nodes[was].config, &self.new.nodes[node].config);
        let differences = match (old, new) {
            (Some(old), Some(new)) => old.fingerprint.differences(&new.fingerprint),
            _ => Vec::new(),
        };
        let takes_another = matches!(self.reload(node), Reload::Reconfigure(_));
        match (self.standing[was], differences.is_empty()) {
            (Standing::Running, true) => NewNode::Kept,
            (Standing::LeftOut, true) => NewNode::LeftOut,
            (Standing::Running | Standing::Astray, _) if takes_another => {
                NewNode::Reconfigured(differences)
            }
            _ => NewNode::Built(Cause::Config(differences)),
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

    /// Whoever holds what is built is built as well, and what was made for it alone. Who was left out is tried again where
    /// anything is built that it needs.
    fn spread(&self, next: &mut [NewNode]) {
        let holders = self.holders(self.new);
        let mut open: Vec<usize> = (0..next.len())
            .filter(|node| matches!(next[*node], NewNode::Built(_)))
            .collect();
        while let Some(built) = open.pop() {
            let held_by = holders[built]
                .iter()
                .filter(|holding| !holding.follows || next[holding.holder] == NewNode::LeftOut);
            let held_by =
                held_by.map(|holding| (holding.holder, Cause::Need(holding.field, vec![built])));
            let inputs = self.new.nodes[built].inputs.iter().flat_map(Input::nodes);
            let own = inputs.filter(|one| is_anonymous(self.table, self.new, **one));
            let own = own.map(|one| (*one, Cause::Holder(built)));
            for (node, cause) in held_by.chain(own).collect::<Vec<_>>() {
                if !matches!(next[node], NewNode::Built(_)) {
                    next[node] = NewNode::Built(cause);
                    open.push(node);
                }
            }
        }
    }

    /// By node: who holds it.
    fn holders(&self, plan: &Plan) -> Vec<Vec<Holding>> {
        let mut holders: Vec<Vec<Holding>> = plan.nodes.iter().map(|_| Vec::new()).collect();
        for (holder, node) in plan.nodes.iter().enumerate() {
            let needs = self.table.components[node.component].needs.iter();
            let mut held = BTreeSet::new();
            for (need, input) in needs.zip(&node.inputs) {
                for one in input.nodes() {
                    held.insert(*one);
                    holders[*one].push(Holding {
                        holder,
                        field: need.field,
                        follows: need.form == Form::Current,
                    });
                }
            }
            // The hooks of its plugin.
            for one in node.needs.difference(&held) {
                holders[*one].push(Holding {
                    holder,
                    field: "hooks",
                    follows: false,
                });
            }
        }
        holders
    }

    /// What becomes of the nodes of the old plan.
    fn last(&self, next: &[NewNode]) -> Vec<OldNode> {
        let mut successors: Vec<Option<usize>> = vec![None; self.old.nodes.len()];
        for (node, was) in self.predecessors.iter().enumerate() {
            if let Some(was) = was {
                successors[*was] = Some(node);
            }
        }
        let nodes = successors.iter().enumerate().map(|(node, successor)| {
            let entry = &self.table.components[self.old.nodes[node].component];
            match successor.map(|node| &next[node]) {
                _ if !self.standing[node].runs() => OldNode::Absent,
                Some(NewNode::Kept | NewNode::Reconfigured(_)) => OldNode::Kept,
                Some(_) if matches!(entry.reload, Reload::Overlap) => OldNode::StoppedLast,
                _ => OldNode::StoppedFirst,
            }
        });
        let mut last: Vec<OldNode> = nodes.collect();
        // Who holds what is stopped first cannot go on until the last.
        let holders = self.holders(self.old);
        let mut open: Vec<usize> = (0..last.len())
            .filter(|node| last[*node] == OldNode::StoppedFirst)
            .collect();
        while let Some(first) = open.pop() {
            for holding in holders[first].iter().filter(|holding| !holding.follows) {
                if last[holding.holder] == OldNode::StoppedLast {
                    last[holding.holder] = OldNode::StoppedFirst;
                    open.push(holding.holder);
                }
            }
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
