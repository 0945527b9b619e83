//! The phases of a component's life, and how its part in one of them ended.

use std::fmt;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::future::BoxFuture;
use crate::redact::Redactor;

/// A phase of an application's life. (The configuration is checked before the first of them.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "config", derive(serde::Serialize))]
#[cfg_attr(feature = "config", serde(rename_all = "snake_case"))]
pub enum Phase {
    /// Components are made.
    Build,
    /// Components begin work.
    Start,
    /// Components are at work, those with a [`work`](crate::Component::work) in a task of their own.
    Run,
    /// Components end work.
    Stop,
    /// Components that are at work take another configuration.
    Reconfigure,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Build => "build",
            Self::Start => "start",
            Self::Run => "run",
            Self::Stop => "stop",
            Self::Reconfigure => "reconfigure",
        })
    }
}

/// One step of one node.
pub(crate) type StepFuture<T> = BoxFuture<'static, Result<T>>;

/// A panic that is the outcome of no step: when something that a component left behind was dropped (its value, a step or a
/// task that was given up), or of the observer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StrayPanic {
    /// Whose it was; `None`: the observer's, of [`Lifecycle::observe`](crate::Lifecycle::observe).
    pub component: Option<String>,
    /// Its message.
    pub message: String,
}

impl fmt::Display for StrayPanic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.component {
            Some(component) => write!(
                f,
                "something of `{component}` panicked while it was dropped"
            )?,
            None => write!(f, "the observer panicked")?,
        }
        write!(f, ": {}", self.message)
    }
}

/// How one component's build, start or stop ended.
#[derive(Debug)]
pub enum Outcome {
    /// As it should.
    Done,
    /// With an error.
    Failed(Error),
    /// With a panic; its message.
    Panicked(String),
    /// Not within its deadline.
    TimedOut(Duration),
    /// Not before the budget of the whole phase was spent.
    OutOfTime(Duration),
}

impl Outcome {
    /// Whether it ended as it should.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done)
    }

    /// What came of two steps, one after the other: whatever went wrong in either.
    pub(crate) fn and(self, next: Self) -> Self {
        match (self, next) {
            (Self::Done, next) => next,
            (first, Self::Done) => first,
            (first, Self::Panicked(message)) => Self::Panicked(format!("{message}; {first}")),
            (first, Self::Failed(error)) => Self::Failed(Error::msg(format!("{error:#}; {first}"))),
            (_, next) => next,
        }
    }

    /// Takes the secrets of the configuration out of its words, whatever the component said.
    pub(crate) fn without_secrets(self, redactor: &Redactor) -> Self {
        match self {
            Self::Failed(error) => Self::Failed(redactor.redact_error(error)),
            Self::Panicked(message) => Self::Panicked(redactor.redact(&message).into_owned()),
            other => other,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::Failed(error) => write!(f, "{error:#}"),
            Self::Panicked(message) => write!(f, "panicked: {message}"),
            Self::TimedOut(limit) => write!(f, "not finished within {limit:?}"),
            Self::OutOfTime(total) => write!(
                f,
                "not finished when the {total:?} for all components were spent"
            ),
        }
    }
}
