//! For tests of plugins and of hosts: faults in any component and phase, a clock that a test moves, and the sequence of
//! what happened. Needs the feature `testing`.
//!
//! What is composed is said elsewhere: [`compose!`](crate::compose!) with a file of its own for a plugin in isolation, or
//! with an overlay of the host's, `compose!("../plugins.toml", overlay = "test")`. This is for what happens then.
//!
//! ```ignore
//! treenail::compose!("isolated.toml"); // the plugin, and doubles for what it needs
//!
//! #[tokio::test(start_paused = true)]
//! async fn a_store_that_does_not_start_is_named_and_the_cache_is_stopped() {
//!     let trial = treenail::testing::Trial::new()
//!         .fault("store:Store", Phase::Start, Fault::error("disk full"));
//!     let error = App::start_with(Settings::none(), trial.lifecycle()).await.unwrap_err();
//!     assert!(error.to_string().contains("disk full"));
//!     trial.events().assert_order(&["cache:Cache started", "store:Store start failed", "cache:Cache stopped"]);
//! }
//! ```

mod clock;
mod sequence;

pub use clock::ManualClock;
pub use sequence::Sequence;

use crate::lifecycle::Lifecycle;
pub use crate::supervision::Fault;
use crate::supervision::Phase;

/// One trial of an application: the faults to inject, and what happened.
#[derive(Debug, Default)]
pub struct Trial {
    lifecycle: Lifecycle,
    sequence: Sequence,
}

impl Trial {
    /// Without faults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets other deadlines. An observer among them is replaced by the trial's.
    #[must_use]
    pub fn with(mut self, lifecycle: Lifecycle) -> Self {
        let faults = std::mem::take(&mut self.lifecycle.faults);
        self.lifecycle = lifecycle;
        self.lifecycle.faults = faults;
        self
    }

    /// Lets a component fail in a phase. `component` is its id, or for an instance its name in the configuration, which
    /// for a step of a pipeline is its path; for a value of a decorator `plugin:Name(of)`, with the name of what it wraps. A later fault of the same component and phase takes the place of an earlier one.
    #[must_use]
    pub fn fault(self, component: &str, phase: Phase, fault: Fault) -> Self {
        self.break_it(component, phase, fault);
        self
    }

    /// Lets a component fail from now on, as [`fault`](Self::fault) does from the beginning: for a reload, or a stop.
    pub fn break_it(&self, component: &str, phase: Phase, fault: Fault) {
        self.lifecycle.faults.add(component, phase, fault);
    }

    /// Lets a component fail no more in a phase.
    pub fn mend(&self, component: &str, phase: Phase) {
        self.lifecycle.faults.remove(component, phase);
    }

    /// What `App::start_with` is given. The pauses before restarts are the longest that they may be, each time.
    #[must_use]
    pub fn lifecycle(&self) -> Lifecycle {
        let sequence = self.sequence.clone();
        let mut lifecycle = self.lifecycle.clone();
        lifecycle.jitter = false;
        lifecycle.observe(move |event| sequence.record(event))
    }

    /// What has happened so far.
    #[must_use]
    pub fn events(&self) -> &Sequence {
        &self.sequence
    }

    /// The faults whose component never came to the phase: most likely a name that is misspelt.
    #[must_use]
    pub fn unused_faults(&self) -> Vec<String> {
        self.lifecycle.faults.unused()
    }
}
