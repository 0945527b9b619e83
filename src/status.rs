//! Where every component is in its life.

use tokio::sync::watch;

/// The state of one component; the states and their names are those of the OpenTelemetry Collector's component status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum State {
    /// Not built yet, or left out.
    #[default]
    None,
    /// Being built or started.
    Starting,
    /// Started.
    Ok,
    /// In trouble that may pass.
    Recoverable,
    /// Failed for good; what does not depend on it goes on.
    Permanent,
    /// Failed so that the application cannot go on.
    Fatal,
    /// Being stopped.
    Stopping,
    /// Stopped.
    Stopped,
}

/// A component's name and its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// `plugin:Name` for singletons; for named instances the name in the configuration.
    pub component: String,
    /// Its state.
    pub state: State,
}

/// The states of all components, by node; can be watched.
#[derive(Debug)]
pub(crate) struct Board(watch::Sender<Vec<State>>);

impl Board {
    pub(crate) fn new(nodes: usize) -> Self {
        Self(watch::Sender::new(vec![State::None; nodes]))
    }

    pub(crate) fn set(&self, node: usize, state: State) {
        self.0.send_modify(|states| states[node] = state);
    }

    pub(crate) fn get(&self, node: usize) -> State {
        self.0.borrow()[node]
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Vec<State>> {
        self.0.subscribe()
    }
}
