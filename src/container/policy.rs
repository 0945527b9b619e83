//! How a component is treated: its deadlines, and what follows when its run fails.

use std::any::Any;
use std::time::Duration;

use crate::component::AnyComponent;
use crate::supervision::StepFuture;

/// How long the steps of one component may take; `None`: as long as those of any other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Deadlines {
    /// To be built.
    pub build: Option<Duration>,
    /// To start.
    pub start: Option<Duration>,
    /// To stop.
    pub stop: Option<Duration>,
}

/// When a run that failed begins again: the intensity of an Erlang supervisor, with a back-off that doubles, and that is up
/// to half shorter at random, so that what failed together does not begin again together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restart {
    /// So many restarts are allowed...
    pub restarts: u32,
    /// ...in so much time.
    pub within: Duration,
    /// The time before the first restart; it doubles with each.
    pub initial: Duration,
    /// The time before a restart is never longer.
    pub longest: Duration,
    /// So long the next run has to hold before all is well again.
    pub healthy_after: Duration,
}

/// How a component is replaced where a reload has another configuration for it, or other values of what it holds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Reload {
    /// The old one is stopped, then the new one is built.
    #[default]
    Recreate,
    /// The new one is built and started, then the old one is stopped.
    Overlap,
    /// Another configuration is handed to the one there is. Where what it holds is another value, it is recreated.
    #[cfg_attr(
        not(feature = "config"),
        expect(dead_code, reason = "there is no reload")
    )]
    Reconfigure(fn(AnyComponent, Box<dyn Any + Send>) -> StepFuture<()>),
}
