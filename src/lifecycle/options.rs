//! How an application is taken through its life: deadlines, budgets, order, who watches.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::container::{ConfiguredLifecycle, Deadlines};
#[cfg(feature = "testing")]
use crate::supervision::Faults;
use crate::supervision::{LifecycleEvent, LifecycleObserver, Phase};

/// How an application is taken through its life.
///
/// ```
/// use std::time::Duration;
/// use treenail::{Lifecycle, Phase};
///
/// let lifecycle = Lifecycle::new()
///     .deadline(Phase::Start, Duration::from_secs(10)) // each component
///     .total(Phase::Stop, Duration::from_secs(25)); // all together
/// ```
///
/// For the deadline of one component, what is closest to the running application counts: the configuration
/// (`lifecycle.components`), then the host's manifest (`[lifecycle]`), then the component's own (`deadline`), then this.
#[derive(Clone)]
pub struct Lifecycle {
    pub(crate) sequential: bool,
    pub(crate) each: Limits,
    pub(crate) total: Limits,
    pub(crate) rollback: Duration,
    pub(crate) patience: Duration,
    /// Whether back-offs vary at random; not in a trial, whose events are compared.
    pub(crate) jitter: bool,
    pub(crate) observer: Option<LifecycleObserver>,
    #[cfg(feature = "testing")]
    pub(crate) faults: Faults,
}

/// A duration for each phase that has one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) build: Duration,
    pub(crate) start: Duration,
    pub(crate) stop: Duration,
}

impl Limits {
    fn of(&mut self, phase: Phase) -> Option<&mut Duration> {
        match phase {
            Phase::Build => Some(&mut self.build),
            Phase::Start => Some(&mut self.start),
            Phase::Stop => Some(&mut self.stop),
            Phase::Run | Phase::Reconfigure => None,
        }
    }
}

impl Default for Lifecycle {
    fn default() -> Self {
        let (minute, half) = (Duration::from_secs(60), Duration::from_secs(30));
        Self {
            sequential: false,
            each: Limits {
                build: minute,
                start: minute,
                stop: half,
            },
            total: Limits {
                build: 5 * minute,
                start: 5 * minute,
                stop: 2 * minute,
            },
            rollback: 2 * minute,
            patience: Duration::from_secs(5),
            jitter: true,
            observer: None,
            #[cfg(feature = "testing")]
            faults: Faults::default(),
        }
    }
}

impl Lifecycle {
    /// The defaults: concurrent; for each component 60 s to build, 60 s to start and 30 s to stop; for all together 5
    /// minutes to build, 5 to start, 2 to stop and 2 to roll back; a component that hangs is named every 5 s.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One component at a time, in the order of the composition; a stop is then the exact reverse.
    #[must_use]
    pub fn sequential(mut self, sequential: bool) -> Self {
        self.sequential = sequential;
        self
    }

    /// How long one component may take in a phase, where nothing closer says otherwise. `Phase::Run` has no deadline,
    /// and `Phase::Reconfigure` that of a start.
    ///
    /// A stop is two steps for a component with tasks of its own (its `work` among them), and each has this deadline: the
    /// tasks end or are aborted, then its `stop` is called.
    #[must_use]
    pub fn deadline(mut self, phase: Phase, each: Duration) -> Self {
        if let Some(limit) = self.each.of(phase) {
            *limit = each;
        }
        self
    }

    /// How long a phase may take as a whole. When it is spent, whatever is under way has failed. A stop goes on all the
    /// same: each component that is left is told to stop, in order, and not waited for. `Phase::Run` has no budget.
    #[must_use]
    pub fn total(mut self, phase: Phase, all: Duration) -> Self {
        if let Some(limit) = self.total.of(phase) {
            *limit = all;
        }
        self
    }

    /// How long the stop after a failed start may take as a whole. It is a budget of its own: what the start has spent is
    /// not missing here, as it is in fx.
    #[must_use]
    pub fn rollback(mut self, all: Duration) -> Self {
        self.rollback = all;
        self
    }

    /// After how long a component that hangs is named in the log, and then again and again.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Calls `observer` at everything that happens to a component, in whatever task it happens: be quick.
    /// A second observer takes the place of the first.
    #[must_use]
    pub fn observe(
        mut self,
        observer: impl Fn(&LifecycleEvent<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }
}

impl Lifecycle {
    /// Lays what the configuration says over it.
    pub(crate) fn with(mut self, said: &ConfiguredLifecycle) -> Self {
        let over = |limits: &mut Limits, said: &Deadlines| {
            limits.build = said.build.unwrap_or(limits.build);
            limits.start = said.start.unwrap_or(limits.start);
            limits.stop = said.stop.unwrap_or(limits.stop);
        };
        over(&mut self.each, &said.deadline);
        over(&mut self.total, &said.total);
        self.sequential = said.sequential.unwrap_or(self.sequential);
        self.rollback = said.rollback.unwrap_or(self.rollback);
        self
    }
}

impl fmt::Debug for Lifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lifecycle")
            .field("sequential", &self.sequential)
            .field("each", &self.each)
            .field("total", &self.total)
            .field("rollback", &self.rollback)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}
