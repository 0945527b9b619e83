//! A generation takes the place of another one: what goes on is handed over; the rest is stopped, built and started by the
//! scheduler of every start and stop. In the end all that is new runs, or all that was.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::life::{Life, Progress};
use super::next_life::Begins;
use super::options::Lifecycle;
use super::reconfigure::reconfigure;
use super::reload_error::{AfterReload, ReloadCause, ReloadError};
use super::report::{Ended, StartError, StopReport};
use super::stop_on_drop::StopOnDrop;
use crate::container::{Form, NewNode, OldNode, Plan, Standing, Transition, transition};
use crate::error::Error;
use crate::supervision::{Handle, LOG_TARGET, Outcome, Phase};

/// The generation that shall take the place of another one, before anything is touched.
pub(crate) struct Successor {
    pub(crate) plan: Arc<Plan>,
    pub(crate) transition: Transition,
    pub(crate) options: Lifecycle,
    /// How long it took to check the configuration.
    pub(crate) configured: Duration,
}

/// What came of the attempt to replace a generation.
pub(crate) struct Replaced {
    /// The generation that runs now, where it is not the one that was to be replaced.
    pub(crate) now: Option<StopOnDrop>,
    /// What went wrong: then whatever runs now has the configuration of before.
    pub(crate) ended: Result<(), ReloadError>,
}

impl Life {
    /// What becomes of the nodes of this generation where this plan takes the place of its own.
    pub(crate) fn transition_to(&self, plan: &Plan) -> Transition {
        let progress = self.progress().clone();
        let standing = |node: usize| match progress[node] {
            Progress::Started if self.slots.slot(node).is_astray() => Standing::Astray,
            Progress::Started => Standing::Running,
            progress if progress.is_gone() => Standing::LeftOut,
            _ => Standing::Missing,
        };
        transition(self.table, &self.plan, standing, plan)
    }

    /// Lets a successor take the place of this generation: when this is done, it runs, and has been handed whatever goes on.
    /// What is stopped last is left to [`stop_last`](Self::stop_last).
    ///
    /// Where `wanted` closes, or somebody asks for a shutdown, the application ends: what is new is stopped again, and what was
    /// stopped for it is not built again.
    pub(crate) async fn replace(&self, next: &Successor, wanted: watch::Receiver<()>) -> Replaced {
        let transition = &next.transition;
        let reconfigured = reconfigure(self, &next.plan, transition).await;
        let reconfigured = match reconfigured {
            Ok(done) => done,
            Err((refused, undone)) => {
                let cause = ReloadCause::Refused(refused);
                return Replaced::not(cause, AfterReload::Unchanged, undone);
            }
        };
        let begins = begins(transition);
        let new = self.next(
            Arc::clone(&next.plan),
            next.options.clone(),
            next.configured,
            &begins,
        );
        let new = StopOnDrop::new(new);
        self.show_on_the_way(&new, transition);
        let first = nodes(transition, OldNode::StoppedFirst);
        let stopped = self.stop_these(first, self.options.total.stop).await;
        tell_of(&stopped);
        let begun = match new.begin(wanted.clone()).await {
            Ok(()) => new.refuse_lost(self, transition).await,
            Err(error) => Err(error),
        };
        let Err(error) = begun else {
            self.hand_over(&new, &begins);
            new.show_alone(&[self]);
            return Replaced {
                now: Some(new),
                ended: Ok(()),
            };
        };
        let undone = reconfigured.undo(self).await;
        let is_over = wanted.has_changed().is_err() || self.shutdown.borrow().is_some();
        let has_stopped = transition.last.contains(&OldNode::StoppedFirst);
        let (now, after) = match (has_stopped, is_over) {
            (_, true) => (None, AfterReload::Ending),
            (false, false) => (None, AfterReload::Unchanged),
            (true, false) => self.go_back(wanted).await,
        };
        let shown: &Life = now.as_deref().unwrap_or(self);
        shown.show_alone(&[self, &new]);
        Replaced {
            now,
            ..Replaced::not(ReloadCause::Start(error), after, undone)
        }
    }

    /// Builds again what was stopped for a successor that could not take over, on a time budget of its own. The values are new
    /// ones, and so are their holders, which were stopped as well.
    async fn go_back(&self, wanted: watch::Receiver<()>) -> (Option<StopOnDrop>, AfterReload) {
        let progress = self.progress().clone().into_iter().enumerate();
        let begins = progress.map(|(node, progress)| match progress {
            Progress::Started => Begins::Kept(node),
            progress if progress.is_gone() => Begins::LeftOut(node),
            _ => Begins::Waiting,
        });
        let begins: Vec<Begins> = begins.collect();
        let (plan, options) = (Arc::clone(&self.plan), self.options.clone());
        let back = StopOnDrop::new(self.next(plan, options, Duration::ZERO, &begins));
        back.show_alone(&[self]);
        match back.begin(wanted).await {
            Ok(()) => {
                self.hand_over(&back, &begins);
                let again = begins.iter().enumerate().filter(|(node, begins)| {
                    **begins == Begins::Waiting && back.missing(*node).is_none()
                });
                let again = again.map(|(node, _)| self.node(node).name.clone());
                let again = AfterReload::Rebuilt(again.collect());
                (Some(back), again)
            }
            Err(error) => {
                self.show_alone(&[&back]);
                (None, AfterReload::Broken(Box::new(error)))
            }
        }
    }

    /// Stops what the successor has replaced while it ran. What nobody but the application's own host holds is left alone until
    /// that has let go of it, or until its deadline.
    pub(crate) async fn stop_last(&self, transition: &Transition) -> StopReport {
        let last = nodes(transition, OldNode::StoppedLast);
        let held: BTreeSet<usize> = (0..self.plan.nodes.len())
            .flat_map(|node| self.held_by(node, transition.last[node]))
            .collect();
        let begun = Instant::now();
        for node in last.difference(&held) {
            let end = begun + self.limits(*node).stop;
            let is_held = || self.slots.slot(*node).is_held();
            while is_held() && Instant::now() < end {
                sleep(LOOK_AGAIN).await;
            }
        }
        let stopped = self.stop_these(last, self.options.total.stop).await;
        tell_of(&stopped);
        stopped
    }

    /// The nodes whose values a node holds, where this becomes of it.
    fn held_by(&self, node: usize, becomes: OldNode) -> impl Iterator<Item = usize> {
        let needs = self.entry(node).needs.iter();
        let inputs = needs.zip(&self.node(node).inputs);
        // One that goes on has let go of what it follows.
        let held =
            inputs.filter(move |(need, _)| becomes != OldNode::Kept || need.form != Form::Current);
        held.flat_map(|(_, input)| input.nodes().iter().copied())
    }

    /// An optional plugin that runs refuses a reload in which it would not: then what is new is stopped again.
    async fn refuse_lost(&self, old: &Life, transition: &Transition) -> Result<(), StartError> {
        let ran = transition.last.iter().enumerate();
        let ran = ran.filter(|(_, last)| **last != OldNode::Absent);
        let ran: BTreeSet<&str> = ran.map(|(node, _)| old.plugin_of(node).id).collect();
        let nodes = 0..self.plan.nodes.len();
        let lost = nodes.filter(|node| {
            matches!(transition.next[*node], NewNode::Built(_))
                && self.missing(*node) == Some(*node)
                && self.plugin_of(*node).optional
                && ran.contains(self.plugin_of(*node).id)
        });
        let failures = lost.map(|node| {
            let status = self.handle(node).status();
            Ended {
                component: status.component,
                plugin: status.plugin.to_owned(),
                phase: Phase::Start,
                outcome: Outcome::Failed(Error::msg(status.reason.unwrap_or_default())),
                took: Duration::ZERO,
            }
        });
        let failures: Vec<Ended> = failures.collect();
        if failures.is_empty() {
            return Ok(());
        }
        Err(StartError {
            phase: Phase::Start,
            failures,
            given_up: false,
            shut_down_by: None,
            never_reached: Vec::new(),
            rollback: self.stop_all(self.options.rollback).await,
        })
    }

    /// Whatever goes on, or stays out, is no longer this generation's, but another one's.
    fn hand_over(&self, to: &Life, begins: &[Begins]) {
        let (mut own, mut theirs) = (self.progress(), to.progress());
        for (node, begins) in begins.iter().enumerate() {
            match begins {
                Begins::Waiting => {}
                Begins::Kept(was) => {
                    (own[*was], theirs[node]) = (Progress::Elsewhere, Progress::Started);
                }
                Begins::LeftOut(was) => {
                    (own[*was], theirs[node]) = (Progress::LeftOutElsewhere, Progress::LeftOut);
                }
            }
        }
        drop((own, theirs));
        let kept = begins.iter().enumerate();
        let kept = kept.filter(|(_, begins)| matches!(begins, Begins::Kept(_)));
        kept.for_each(|(node, _)| to.follow(node));
        self.current.set(to);
    }

    /// While a successor is on its way: its components, and those of this generation that are stopped for it. Of a component
    /// that overlaps with its successor, the one that is at work is shown.
    fn show_on_the_way(&self, new: &Life, transition: &Transition) {
        let shown = new.handles().iter().enumerate().map(|(node, handle)| {
            let was = transition.predecessors[node];
            match was.filter(|was| transition.last[*was] == OldNode::StoppedLast) {
                Some(was) => self.handle(was),
                None => handle,
            }
        });
        let first = nodes(transition, OldNode::StoppedFirst);
        let stopping = first.iter().map(|node| self.handle(*node));
        let shown: Vec<&Handle> = shown.chain(stopping).collect();
        let others = self.handles().iter().chain(new.handles());
        self.show(&shown, &others.collect::<Vec<_>>());
    }

    /// Shows the components of this generation, and none of these others that are not its own.
    fn show_alone(&self, others: &[&Life]) {
        let shown: Vec<&Handle> = self.handles().iter().collect();
        let others = others.iter().flat_map(|life| life.handles());
        self.show(&shown, &others.collect::<Vec<_>>());
    }

    fn show(&self, shown: &[&Handle], others: &[&Handle]) {
        let is_shown: BTreeSet<usize> = shown.iter().map(|one| one.identity()).collect();
        let gone = others.iter().copied();
        let gone = gone.filter(|one| !is_shown.contains(&one.identity()));
        Handle::show(&self.supervision, shown, &gone.collect::<Vec<_>>());
    }
}

/// How often it is looked whether a value is held by others.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

impl Replaced {
    fn not(cause: ReloadCause, after: AfterReload, undone: Vec<Ended>) -> Self {
        let error = ReloadError {
            cause,
            after,
            undone,
        };
        Self {
            now: None,
            ended: Err(error),
        }
    }
}

/// What the nodes of the new plan begin with.
fn begins(transition: &Transition) -> Vec<Begins> {
    let nodes = transition.next.iter().zip(&transition.predecessors);
    let begins = nodes.map(|(next, was)| match (next, was) {
        (NewNode::Kept | NewNode::Reconfigured(_), Some(was)) => Begins::Kept(*was),
        (NewNode::LeftOut, Some(was)) => Begins::LeftOut(*was),
        _ => Begins::Waiting,
    });
    begins.collect()
}

/// The nodes of the old plan that are stopped then.
fn nodes(transition: &Transition, when: OldNode) -> BTreeSet<usize> {
    let nodes = transition.last.iter().enumerate();
    let nodes = nodes.filter(|(_, last)| **last == when);
    nodes.map(|(node, _)| node).collect()
}

/// What went wrong while something was stopped for a successor is no reason to refuse that.
fn tell_of(stopped: &StopReport) {
    if !stopped.is_clean() {
        tracing::warn!(target: LOG_TARGET, report = %stopped, "while components were replaced");
    }
}
