//! What has to come of a reload, worked out from the two graphs and the faults alone.

use std::collections::{BTreeMap, BTreeSet};

use treenail::__private::{Form, Scope};
use treenail::{Changed, Phase};

use super::graph::{Graph, Place};
use super::world::{Fault, Kind, World};

/// How it is with a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// This value runs.
    Running(u64),
    LeftOut,
    /// It could not be built again.
    Missing,
}

/// A value that is known to run, and not yet which one it is.
pub(crate) const SOME: Standing = Standing::Running(u64::MAX);

/// What runs now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Now {
    pub(crate) graph: Graph,
    pub(crate) standing: BTreeMap<Place, Standing>,
    /// Values that have not taken their old configuration again.
    pub(crate) astray: BTreeSet<u64>,
}

/// What becomes of a node of the new graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Keep,
    Reconfigure,
    Build,
    StayOut,
}

/// What has to come of a reload.
#[derive(Debug)]
pub(crate) struct Prediction {
    pub(crate) decisions: BTreeMap<Place, Decision>,
    /// What is stopped before anything is built.
    pub(crate) first: BTreeSet<Place>,
    /// What is stopped when all that is new runs.
    pub(crate) last: BTreeSet<Place>,
    /// What a plan says: names, and what becomes of them.
    pub(crate) changes: Vec<(String, Changed)>,
    pub(crate) verdict: Verdict,
}

/// How a reload ends. What is new, or new again, is to be built, and but for what is left out, runs.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    Accepted {
        left_out: BTreeSet<Place>,
    },
    /// A component did not take its new configuration.
    Refused,
    /// Nothing had been stopped.
    Unchanged,
    Rebuilt {
        again: BTreeSet<Place>,
        left_out: BTreeSet<Place>,
    },
    Broken,
}

impl Verdict {
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Refused => "refused",
            Self::Unchanged => "unchanged",
            Self::Rebuilt { .. } => "rebuilt",
            Self::Broken => "broken",
        }
    }
}

/// What fails, and what cannot do without it.
struct Fate {
    /// Something fails that the application cannot do without.
    is_fatal: bool,
    left_out: BTreeSet<Place>,
}

fn is_vital(form: Form) -> bool {
    matches!(form, Form::One | Form::Current | Form::Inner)
}

fn is_held(form: Form) -> bool {
    form != Form::Current
}

pub(crate) fn fails(faults: &[Fault], part: usize, value: u32, phase: Phase) -> Option<&Fault> {
    let mut faults = faults.iter();
    faults.find(|fault| {
        fault.part == part && fault.phase == phase && fault.value.is_none_or(|one| one == value)
    })
}

/// What has to come of this graph in the place of what runs.
pub(crate) fn predict(world: &World, now: &Now, next: &Graph, faults: &[Fault]) -> Prediction {
    let decisions = decide(world, now, next);
    let (first, last) = stopped(world, now, &decisions);
    let changes = changes(now, next, &decisions, &last);
    Prediction {
        verdict: judge(world, now, next, faults, &decisions, &first),
        decisions,
        first,
        last,
        changes,
    }
}

/// Equal means untouched; who holds what is built is built; who is made for one holder lives and dies with it.
fn decide(world: &World, now: &Now, next: &Graph) -> BTreeMap<Place, Decision> {
    let mut decisions: BTreeMap<Place, Decision> = BTreeMap::new();
    for (place, node) in &next.nodes {
        let decision = match (now.graph.nodes.get(place), now.standing.get(place)) {
            (Some(was), Some(Standing::Running(id))) if was.held == node.held => {
                match was.value == node.value && !now.astray.contains(id) {
                    true => Decision::Keep,
                    false if world.parts[node.part].kind == Kind::Reconfigure => {
                        Decision::Reconfigure
                    }
                    false => Decision::Build,
                }
            }
            (Some(was), Some(Standing::LeftOut))
                if was.held == node.held && was.value == node.value =>
            {
                Decision::StayOut
            }
            _ => Decision::Build,
        };
        decisions.insert(place.clone(), decision);
    }
    loop {
        let is_built = |place: &Place| decisions[place] == Decision::Build;
        let also = next.nodes.iter().find(|(place, node)| {
            let holds = || next.held(world, place, is_held).any(is_built);
            let lost = || next.held(world, place, is_vital).any(is_built);
            let of_holder = || node.holder.as_ref().is_some_and(is_built);
            let stays_out = decisions[*place] == Decision::StayOut;
            !is_built(place) && (holds() || of_holder() || stays_out && lost())
        });
        let Some((also, _)) = also else {
            return decisions;
        };
        decisions.insert(also.clone(), Decision::Build);
    }
}

/// What runs and is stopped: first, or last.
fn stopped(
    world: &World,
    now: &Now,
    decisions: &BTreeMap<Place, Decision>,
) -> (BTreeSet<Place>, BTreeSet<Place>) {
    let (mut first, mut last) = (BTreeSet::new(), BTreeSet::new());
    for (place, standing) in &now.standing {
        let is_replaced = match decisions.get(place) {
            Some(decision) => *decision == Decision::Build,
            None => true,
        };
        if !is_replaced || !matches!(standing, Standing::Running(_)) {
            continue;
        }
        let overlaps = world.parts[now.graph.nodes[place].part].kind == Kind::Overlap;
        match overlaps && decisions.contains_key(place) {
            true => last.insert(place.clone()),
            false => first.insert(place.clone()),
        };
    }
    loop {
        let also = last.iter().find(|place| {
            let mut held = now.graph.held(world, place, is_held);
            held.any(|one| first.contains(one))
        });
        let Some(also) = also.cloned() else {
            return (first, last);
        };
        last.remove(&also);
        first.insert(also);
    }
}

fn changes(
    now: &Now,
    next: &Graph,
    decisions: &BTreeMap<Place, Decision>,
    last: &BTreeSet<Place>,
) -> Vec<(String, Changed)> {
    let ran = |place: &Place| matches!(now.standing.get(place), Some(Standing::Running(_)));
    let mut changes = Vec::new();
    for (place, node) in &next.nodes {
        let what = match decisions[place] {
            Decision::Keep => Changed::Kept,
            Decision::Reconfigure => Changed::Reconfigure,
            Decision::StayOut => Changed::LeftOut,
            Decision::Build if last.contains(place) => Changed::Overlap,
            Decision::Build if ran(place) => Changed::Recreate,
            Decision::Build => Changed::Start,
        };
        changes.push((node.name.clone(), what));
    }
    for (place, node) in &now.graph.nodes {
        if ran(place) && !next.nodes.contains_key(place) {
            changes.push((node.name.clone(), Changed::Stop));
        }
    }
    changes.sort();
    changes
}

fn judge(
    world: &World,
    now: &Now,
    next: &Graph,
    faults: &[Fault],
    decisions: &BTreeMap<Place, Decision>,
    first: &BTreeSet<Place>,
) -> Verdict {
    let those = |what: Decision| {
        let those = decisions.iter().filter(move |(_, one)| **one == what);
        those
            .map(|(place, _)| place.clone())
            .collect::<BTreeSet<Place>>()
    };
    let refuses = |place: &Place| {
        let node = &next.nodes[place];
        fails(faults, node.part, node.value, Phase::Reconfigure).is_some()
    };
    if those(Decision::Reconfigure).iter().any(refuses) {
        return Verdict::Refused;
    }
    let built = those(Decision::Build);
    let fate = fate(world, next, faults, &built, &those(Decision::StayOut));
    let ran = now.standing.iter();
    let ran = ran.filter(|(_, one)| matches!(one, Standing::Running(_)));
    let ran: BTreeSet<usize> = ran
        .map(|(place, _)| world.parts[now.graph.nodes[place].part].plugin)
        .collect();
    // An optional plugin that runs, and would not any more.
    let is_lost = |place: &Place| {
        let plugin = world.parts[next.nodes[place].part].plugin;
        plugin > 0 && ran.contains(&plugin)
    };
    if !fate.is_fatal && !fate.left_out.iter().any(is_lost) {
        return Verdict::Accepted {
            left_out: fate.left_out,
        };
    }
    if first.is_empty() {
        return Verdict::Unchanged;
    }
    let are = |what: Standing| {
        let those = now.standing.iter().filter(move |(_, one)| **one == what);
        those
            .map(|(place, _)| place.clone())
            .collect::<BTreeSet<Place>>()
    };
    let again: BTreeSet<Place> = first.union(&are(Standing::Missing)).cloned().collect();
    let back = self::fate(world, &now.graph, faults, &again, &are(Standing::LeftOut));
    match back.is_fatal {
        true => Verdict::Broken,
        false => Verdict::Rebuilt {
            again,
            left_out: back.left_out,
        },
    }
}

/// What comes of building and starting these nodes of a graph, where those are out.
fn fate(
    world: &World,
    graph: &Graph,
    faults: &[Fault],
    built: &BTreeSet<Place>,
    out: &BTreeSet<Place>,
) -> Fate {
    let mut left_out: BTreeSet<Place> = BTreeSet::new();
    let fails = |place: &Place| {
        let node = &graph.nodes[place];
        [Phase::Build, Phase::Start]
            .iter()
            .any(|phase| fails(faults, node.part, node.value, *phase).is_some())
    };
    loop {
        let is_out = |place: &Place| left_out.contains(place) || out.contains(place);
        let also = built.iter().find(|place| {
            let lacks = || graph.held(world, place, is_vital).any(is_out);
            let is_optional = world.parts[graph.nodes[*place].part].plugin > 0;
            !is_out(place) && (lacks() || is_optional && fails(place))
        });
        let Some(also) = also.cloned() else { break };
        left_out.insert(also);
    }
    let required = built.iter().filter(|place| {
        world.parts[graph.nodes[*place].part].plugin == 0 && !left_out.contains(*place)
    });
    Fate {
        is_fatal: required.into_iter().any(fails),
        left_out,
    }
}

/// What runs after a reload that ends like this.
pub(crate) fn after(mut now: Now, next: &Graph, prediction: &Prediction) -> Now {
    match &prediction.verdict {
        Verdict::Accepted { left_out } => {
            let standing = prediction.decisions.iter().map(|(place, decision)| {
                let standing = match decision {
                    Decision::Keep | Decision::Reconfigure => now.standing[place],
                    Decision::Build if !left_out.contains(place) => SOME,
                    Decision::Build | Decision::StayOut => Standing::LeftOut,
                };
                (place.clone(), standing)
            });
            now.standing = standing.collect();
            now.graph = next.clone();
        }
        Verdict::Refused | Verdict::Unchanged => {}
        Verdict::Rebuilt { again, left_out } => {
            for place in again {
                let is_left_out = left_out.contains(place);
                let standing = if is_left_out { Standing::LeftOut } else { SOME };
                now.standing.insert(place.clone(), standing);
            }
        }
        Verdict::Broken => {
            let missing = prediction.first.iter();
            now.standing
                .extend(missing.map(|place| (place.clone(), Standing::Missing)));
        }
    }
    now
}

/// Whether a transient, or what wraps one, was made for a holder that does not run.
pub(crate) fn is_nobodys(now: &Now, place: &Place) -> bool {
    let holder = now.graph.nodes[place].holder.as_ref();
    holder.is_some_and(|one| !matches!(now.standing.get(one), Some(Standing::Running(_))))
}

/// Whether a node has a scope in which others may have its name.
pub(crate) fn is_anonymous(world: &World, graph: &Graph, place: &Place) -> bool {
    let node = &graph.nodes[place];
    node.holder.is_some() || world.parts[node.part].scope == Scope::Transient
}
