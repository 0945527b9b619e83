//! How a component is treated: its deadlines, and what follows when its run fails.

use std::time::Duration;

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
