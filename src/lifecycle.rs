//! Build, start, run, stop: every node as soon as its own dependencies are ready, every step with a deadline, every phase
//! with a budget, panics and hangs attributed to the component, and a failed start rolled back on a budget of its own.
//!
//! The semantics are those of uber/fx and the OpenTelemetry Collector's service graph, and for runs that fail those of an
//! Erlang supervisor. Where they differ:
//!
//! - A rollback does not run on the deadline that has just expired, as it does in fx, where it then skips hooks.
//! - Every step has a deadline, which the Collector's have not; and a stop calls every component that started, whatever
//!   went wrong before.
//! - Independent components are built, started and stopped concurrently; fx and the Collector go one by one.
//! - An optional component, and what it needs, starts as the last part of its build: a failure in either is the same.
//! - A step that blocks its thread is given up like one that waits, where the runtime has several threads; fx waits for it.
//! - A component that is given up is not restarted together with others (Erlang's `one_for_all`): what it needs is still
//!   there, and what needs it holds on to it.

mod hooks;
mod life;
mod made;
#[cfg(feature = "config")]
mod next_life;
mod options;
mod ordered_log;
mod phases;
#[cfg(feature = "config")]
mod reconfigure;
#[cfg(feature = "config")]
mod reload;
#[cfg(feature = "config")]
mod reload_error;
mod report;
mod run;
mod scheduler;
mod start_report;
mod steps;
mod stop_on_drop;
#[cfg(test)]
mod tests;
mod timeline;
mod wanted;

pub use hooks::{Hooks, set_up};
pub(crate) use life::{CurrentLife, Life, ask_to_end};
pub use options::Lifecycle;
#[cfg(feature = "config")]
pub(crate) use reload::{Replaced, Successor};
#[cfg(feature = "config")]
pub use reload_error::{AfterReload, ReloadCause, ReloadError};
pub use report::{Ended, StartError, StopReport};
pub use start_report::{Report, Timing};
pub(crate) use stop_on_drop::StopOnDrop;
