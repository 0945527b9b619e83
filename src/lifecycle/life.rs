//! An application's nodes, and how far each of them has come.

#[cfg(feature = "config")]
use std::any::Any;
#[cfg(feature = "config")]
use std::sync::OnceLock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};
use std::time::Duration;

use tokio::sync::watch;

use super::options::{Lifecycle, Limits};
use super::report::Ended;
use super::start_report::Report;
use super::timeline::Timeline;
use crate::component::AnyComponent;
use crate::container::{Entry, Plan, PlanNode, PluginEntry, Slot, Slots, Table};
use crate::redact::Redactor;
use crate::supervision::{Handle, Outcome, Phase, State, Supervision};

/// The nodes of one application, on their way through its life.
pub(crate) struct Life {
    pub(crate) table: &'static Table,
    pub(crate) plan: Arc<Plan>,
    pub(crate) slots: Arc<Slots>,
    pub(crate) supervision: Arc<Supervision>,
    /// By node.
    pub(super) handles: Vec<Handle>,
    /// The component, or the signal, that has asked for a shutdown of the application, once one has.
    pub(crate) shutdown: watch::Sender<Option<String>>,
    pub(super) this: Weak<Self>,
    /// The generation that the application is in, for the handles that components have on it.
    pub(super) current: Arc<CurrentLife>,
    pub(super) options: Lifecycle,
    /// The values of nodes that have started after their start was given up.
    pub(super) late: Mutex<Vec<(usize, Slot)>>,
    pub(super) progress: Mutex<Vec<Progress>>,
    /// What the stop that is under way has come to.
    pub(super) stopped: Mutex<Vec<Ended>>,
    pub(super) timeline: Mutex<Timeline>,
}

/// The generation that an application is in. It keeps none alive.
pub(crate) struct CurrentLife {
    life: RwLock<Weak<Life>>,
    /// Who makes the next one, whose type is known further up.
    #[cfg(feature = "config")]
    reloaded_by: OnceLock<Weak<dyn Any + Send + Sync>>,
}

impl CurrentLife {
    fn new(life: Weak<Life>) -> Self {
        Self {
            life: RwLock::new(life),
            #[cfg(feature = "config")]
            reloaded_by: OnceLock::new(),
        }
    }

    pub(crate) fn life(&self) -> Option<Arc<Life>> {
        let life = self.life.read().unwrap_or_else(PoisonError::into_inner);
        life.upgrade()
    }

    /// Whether the application is in this generation, and not in one whose place it shall take.
    pub(super) fn is(&self, life: &Life) -> bool {
        let current = self.life.read().unwrap_or_else(PoisonError::into_inner);
        Weak::ptr_eq(&current, &life.this)
    }

    /// Lets this be asked for the next generation.
    #[cfg(feature = "config")]
    pub(crate) fn reloaded_by(&self, whom: Weak<dyn Any + Send + Sync>) {
        let _ = self.reloaded_by.set(whom);
    }

    /// Who is asked for the next generation, while there is somebody.
    #[cfg(feature = "config")]
    pub(crate) fn reloads(&self) -> Option<Arc<dyn Any + Send + Sync>> {
        self.reloaded_by.get()?.upgrade()
    }

    #[cfg(feature = "config")]
    pub(super) fn set(&self, life: &Life) {
        let mut current = self.life.write().unwrap_or_else(PoisonError::into_inner);
        current.clone_from(&life.this);
    }
}

/// Asks for a shutdown of the application, in the name of `whom`. Whether nobody had done so before.
pub(crate) fn ask_to_end(shutdown: &watch::Sender<Option<String>>, whom: &str) -> bool {
    shutdown.send_if_modified(|asked| {
        let is_first = asked.is_none();
        asked.get_or_insert_with(|| whom.to_owned());
        is_first
    })
}

/// How far a node has come. Unlike its state, which a component may report, this is what was done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Waiting,
    Begun,
    Started,
    /// Failed to build or to start, without taking the application down; or needs something that did.
    LeftOut,
    Failed,
    /// Failed or left out because its start took too long; and then it did start.
    StartedLate,
    /// Its turn to be stopped has come, whether or not there was anything to stop.
    Stopped,
    /// Started, and in the hands of another generation.
    Elsewhere,
    /// Left out, and in the hands of another generation.
    #[cfg_attr(not(feature = "config"), expect(dead_code, reason = "there is one"))]
    LeftOutElsewhere,
}

impl Progress {
    pub(super) fn is_to_be_stopped(self) -> bool {
        matches!(self, Self::Started | Self::StartedLate)
    }

    /// What others do without.
    pub(super) fn is_gone(self) -> bool {
        matches!(
            self,
            Self::LeftOut | Self::LeftOutElsewhere | Self::StartedLate
        )
    }
}

/// A handle for a node that is going to be built.
pub(super) fn handle_of(table: &Table, supervision: &Arc<Supervision>, node: &PlanNode) -> Handle {
    let plugin = &table.plugins[table.components[node.component].plugin];
    let (supervision, name) = (Arc::clone(supervision), node.name.clone());
    Handle::new(supervision, name, plugin.id, plugin.optional)
}

impl Life {
    /// `configured` is how long it took to check the configuration.
    pub(crate) fn new(
        table: &'static Table,
        plan: Plan,
        options: Lifecycle,
        configured: Duration,
        redactor: Redactor,
    ) -> Arc<Self> {
        let nodes = plan.nodes.len();
        let mut supervision = Supervision::new(redactor);
        supervision.observer.clone_from(&options.observer);
        #[cfg(feature = "testing")]
        supervision.faults.clone_from(&options.faults);
        let supervision = Arc::new(supervision);
        let handles = plan.nodes.iter();
        let handles: Vec<Handle> = handles
            .map(|node| handle_of(table, &supervision, node))
            .collect();
        Handle::show(&supervision, &handles.iter().collect::<Vec<_>>(), &[]);
        Arc::new_cyclic(|this| Self {
            table,
            shutdown: watch::Sender::new(None),
            this: Weak::clone(this),
            current: Arc::new(CurrentLife::new(Weak::clone(this))),
            slots: Arc::new(Slots::new(handles.iter().cloned())),
            late: Mutex::default(),
            handles,
            supervision: Arc::clone(&supervision),
            progress: Mutex::new(vec![Progress::Waiting; nodes]),
            stopped: Mutex::default(),
            timeline: Mutex::new(Timeline::new(configured)),
            plan: Arc::new(plan),
            options,
        })
    }

    /// What a node cannot do without and cannot have, or may not have because it was left out itself.
    pub(super) fn missing(&self, node: usize) -> Option<usize> {
        let progress = self.progress();
        let gone = |node: &usize| progress[*node].is_gone();
        let vital = &self.node(node).vital;
        if gone(&node) {
            Some(node)
        } else {
            vital.iter().copied().find(gone)
        }
    }

    /// The value of a node, if it is in use.
    pub(crate) fn value(&self, node: usize) -> Option<AnyComponent> {
        if self.progress()[node].is_gone() {
            None
        } else {
            self.slots.get(node)
        }
    }

    /// How long everything took.
    pub(crate) fn report(&self) -> Report {
        self.timeline()
            .report(self.table, &self.plan, self.options.sequential)
    }

    pub(super) fn timeline(&self) -> MutexGuard<'_, Timeline> {
        self.timeline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn handle(&self, node: usize) -> &Handle {
        &self.handles[node]
    }

    pub(crate) fn current(&self) -> &Arc<CurrentLife> {
        &self.current
    }

    #[cfg(feature = "config")]
    pub(super) fn handles(&self) -> &[Handle] {
        &self.handles
    }

    /// Aborts all tasks of all nodes that are its own.
    pub(crate) fn abort_tasks(&self) {
        let progress = self.progress().clone();
        let own = self.handles.iter().zip(progress);
        let own = own.filter(|(_, progress)| *progress != Progress::Elsewhere);
        own.for_each(|(one, _)| one.tasks().abort());
    }

    pub(super) fn node(&self, node: usize) -> &PlanNode {
        &self.plan.nodes[node]
    }

    pub(super) fn entry(&self, node: usize) -> &'static Entry {
        &self.table.components[self.node(node).component]
    }

    pub(super) fn plugin_of(&self, node: usize) -> &'static PluginEntry {
        &self.table.plugins[self.entry(node).plugin]
    }

    /// The deadlines of a node: those of the configuration, of the composition, of all.
    pub(super) fn limits(&self, node: usize) -> Limits {
        let (own, node) = (self.entry(node).deadlines, self.node(node).deadlines);
        let each = self.options.each;
        Limits {
            build: node.build.or(own.build).unwrap_or(each.build),
            start: node.start.or(own.start).unwrap_or(each.start),
            stop: node.stop.or(own.stop).unwrap_or(each.stop),
        }
    }

    /// How long a stop may take.
    #[cfg(any(feature = "signals", feature = "pipes"))]
    pub(crate) fn time_to_stop(&self) -> Duration {
        self.options.total.stop
    }

    /// How long a start may take that is not wanted any more: those that are starting come to their end, then what has started
    /// is stopped.
    #[cfg(feature = "signals")]
    pub(crate) fn time_to_give_up(&self) -> Duration {
        let each = (0..self.plan.nodes.len()).map(|node| self.limits(node).start);
        let start = each.max().unwrap_or_default().min(self.options.total.start);
        start.saturating_add(self.options.rollback.max(self.options.total.stop))
    }

    pub(super) fn progress(&self) -> MutexGuard<'_, Vec<Progress>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a node is in the hands of another generation.
    pub(super) fn is_elsewhere(&self, node: usize) -> bool {
        matches!(
            self.progress()[node],
            Progress::Elsewhere | Progress::LeftOutElsewhere
        )
    }

    pub(super) fn set_progress(&self, node: usize, progress: Progress) {
        self.progress()[node] = progress;
    }

    /// A start that was given up has succeeded after all. The node is stopped in its turn; where that is over, its value is
    /// given back to be stopped at once.
    pub(super) fn started_late(&self, node: usize, value: AnyComponent) -> Option<AnyComponent> {
        let slot = Slot::with(self.handle(node).clone(), value.clone());
        self.late().push((node, slot));
        let mut progress = self.progress();
        if progress[node] == Progress::Stopped {
            return Some(value);
        }
        progress[node] = Progress::StartedLate;
        None
    }

    /// A node's turn to be stopped has come: its value, if it has started.
    pub(super) fn to_stop(&self, node: usize) -> Option<AnyComponent> {
        let progress = std::mem::replace(&mut self.progress()[node], Progress::Stopped);
        match progress {
            Progress::Started => self.slots.get(node),
            Progress::StartedLate => {
                let late = self.late();
                late.iter().find(|(one, _)| *one == node)?.1.get()
            }
            _ => None,
        }
    }

    fn late(&self) -> MutexGuard<'_, Vec<(usize, Slot)>> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn stopped(&self) -> MutexGuard<'_, Vec<Ended>> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How a step of a node has ended, for a report.
    pub(super) fn ended(
        &self,
        node: usize,
        phase: Phase,
        outcome: Outcome,
        took: Duration,
    ) -> Ended {
        Ended {
            component: self.node(node).name.clone(),
            plugin: self.plugin_of(node).id.to_owned(),
            phase,
            outcome,
            took,
        }
    }

    /// Names of the nodes that have started and whose stop has not ended.
    pub(super) fn not_stopped(&self) -> Vec<String> {
        let progress = self.progress().clone();
        let open = progress.iter().enumerate().filter(|(node, progress)| {
            progress.is_to_be_stopped() || self.handle(*node).state() == State::Stopping
        });
        open.map(|(node, _)| self.node(node).name.clone()).collect()
    }

    /// Names of the nodes that building, or starting, was not done with and that are not at fault.
    pub(super) fn never_reached(&self, phase: Phase) -> Vec<String> {
        let progress = self.progress();
        let nodes = progress.iter().enumerate();
        let open = nodes.filter(|(node, progress)| match progress {
            Progress::Waiting => true,
            Progress::Begun => phase != Phase::Build || self.slots.get(*node).is_none(),
            _ => false,
        });
        open.map(|(node, _)| self.node(node).name.clone()).collect()
    }
}
