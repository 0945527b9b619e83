//! Where every component is in its life.

use std::fmt;

use tokio::sync::watch;

/// The state of one component.
///
/// The states, their names and what may follow what are those of the OpenTelemetry Collector's component status, with
/// two differences: a component that failed for good or fatally is still stopped when the application stops, and one that
/// is never built because something it needs failed goes from `None` to `Permanent`.
///
/// | from | to |
/// |---|---|
/// | `None` | `Starting`, `Permanent` |
/// | `Starting` | `Ok`, `Recoverable`, `Permanent`, `Fatal`, `Stopping`, `Stopped` |
/// | `Ok` | `Recoverable`, `Permanent`, `Fatal`, `Stopping` |
/// | `Recoverable` | `Ok`, `Permanent`, `Fatal`, `Stopping` |
/// | `Permanent` | `Fatal`, `Stopping` |
/// | `Fatal` | `Stopping` |
/// | `Stopping` | `Stopped` |
/// | `Stopped` | nothing |
///
/// The lifecycle sets `Starting`, `Ok`, `Stopping` and `Stopped`, and a failure of its own. A component reports `Ok`,
/// `Recoverable`, `Permanent` and `Fatal` through its [`Handle`](crate::Handle). A report that the table does not allow
/// changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "config", derive(serde::Serialize))]
#[cfg_attr(feature = "config", serde(rename_all = "snake_case"))]
pub enum State {
    /// Not built yet.
    #[default]
    None,
    /// Being built or started.
    Starting,
    /// Started.
    Ok,
    /// In trouble that may pass.
    Recoverable,
    /// Failed for good, or left out; what does not depend on it goes on.
    Permanent,
    /// Failed so that the application cannot go on: `App::run` ends.
    Fatal,
    /// Being stopped.
    Stopping,
    /// Stopped, or built and given up again because something else failed.
    Stopped,
}

impl State {
    /// Whether a component in this state may get into `next`. To stay is not a change.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use State::{Fatal, None, Ok, Permanent, Recoverable, Starting, Stopped, Stopping};
        matches!(
            (self, next),
            (None, Starting | Permanent)
                | (
                    Starting,
                    Ok | Recoverable | Permanent | Fatal | Stopping | Stopped
                )
                | (Ok, Recoverable | Permanent | Fatal | Stopping)
                | (Recoverable, Ok | Permanent | Fatal | Stopping)
                | (Permanent, Fatal | Stopping)
                | (Fatal, Stopping)
                | (Stopping, Stopped)
        )
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Starting => "starting",
            Self::Ok => "ok",
            Self::Recoverable => "recoverable",
            Self::Permanent => "permanent",
            Self::Fatal => "fatal",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
        })
    }
}

/// A component and its state.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "config", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Status {
    /// `plugin:Name` for singletons; for named instances the name in the configuration; `plugin:Name(of)` for what wraps `of`.
    pub component: String,
    /// Its plugin.
    pub plugin: &'static str,
    /// Its state.
    pub state: State,
    /// Why it is in that state, where something went wrong.
    pub reason: Option<String>,
    /// Whether the application can do without it: its plugin is optional.
    pub optional: bool,
    /// Why its last run failed, until the run after that has held long enough.
    #[cfg_attr(feature = "config", serde(skip))]
    pub(super) unproven: Option<String>,
}

impl Status {
    /// Puts it into a state if it may get there.
    pub(super) fn set(&mut self, state: State, reason: Option<String>) -> StatusChange {
        if self.state == state && self.reason == reason {
            return StatusChange::Nothing;
        }
        if self.state != state && !self.state.may_become(state) {
            return StatusChange::Refused;
        }
        (self.state, self.reason) = (state, reason);
        StatusChange::Made
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.component, self.state)?;
        match &self.reason {
            Some(reason) => write!(f, " ({reason})"),
            None => Ok(()),
        }
    }
}

/// The states of all components as they change; given by `App::watch`. See [`tokio::sync::watch`].
pub type Watch = watch::Receiver<Vec<Status>>;

/// What came of putting a component into a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatusChange {
    /// It is there now.
    Made,
    /// It was there already, for the same reason.
    Nothing,
    /// It may not get there.
    Refused,
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;

    #[test]
    fn nothing_follows_stopped_and_everything_else_leads_there() {
        use State::{Fatal, None, Ok, Permanent, Recoverable, Starting, Stopped, Stopping};
        let all = [
            None,
            Starting,
            Ok,
            Recoverable,
            Permanent,
            Fatal,
            Stopping,
            Stopped,
        ];
        assert!(all.iter().all(|next| !Stopped.may_become(*next)));
        for state in [Starting, Ok, Recoverable, Permanent, Fatal] {
            assert!(state.may_become(Stopping) && Stopping.may_become(Stopped));
        }
        assert!(all.iter().all(|state| !state.may_become(*state)));
    }
}
