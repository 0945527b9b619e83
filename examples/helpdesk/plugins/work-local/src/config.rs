//! What the store of work can be told.

use std::num::NonZeroU32;
use std::time::Duration as Time;

use schemars::JsonSchema;
use serde::Deserialize;
use treenail::Duration;

/// Configuration of [`LocalWork`](crate::LocalWork).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LocalWorkConfig {
    /// The database file, made if it is not there, which all processes name that share their work. Without it who works on what is kept
    /// with the tickets, where those are in a SQLite database, and else in memory, where no other process sees it.
    pub path: Option<String>,
    /// How often a piece of work is tried before it is a dead letter.
    pub attempts: NonZeroU32,
    /// How long it is remembered that a piece of work is done: for longer than a helpdesk works on tickets that it has once listed.
    pub remember: Duration,
}

impl Default for LocalWorkConfig {
    fn default() -> Self {
        Self {
            path: None,
            attempts: const { NonZeroU32::new(5).unwrap() },
            remember: Time::from_secs(60).into(),
        }
    }
}
