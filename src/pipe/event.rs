//! What a pipeline tells those who watch it.

use std::time::Duration;

use super::step::Stopping;
use crate::error::{Error, Result};
use crate::template::PipeResult;

/// Something that happened in a pipeline, in the order in which it happened.
#[derive(Debug)]
#[non_exhaustive]
pub enum StepEvent<'a> {
    /// A cycle of the orchestrator begins. A root that is no orchestrator has one cycle.
    CycleStarted {
        /// From 1.
        number: u64,
    },
    /// A step begins.
    Started {
        /// The step.
        step: StepInfo<'a>,
    },
    /// A step has ended: inner steps before the ones around them.
    Ended {
        /// The step.
        step: StepInfo<'a>,
        /// How it ended.
        outcome: StepOutcome,
        /// What its result says, or its error.
        message: &'a str,
        /// The result, unless the step raised an error.
        result: Option<&'a PipeResult>,
        /// The error, in every step it passes through; [`StepError`](super::StepError) says where it began.
        error: Option<&'a Error>,
        /// How long it took.
        elapsed: Duration,
    },
    /// A cycle has ended.
    CycleEnded {
        /// From 1.
        number: u64,
        /// The first error of the cycle.
        error: Option<&'a Error>,
    },
}

/// A step, for those who watch.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct StepInfo<'a> {
    /// Its id; its path where the configuration gives none.
    pub id: &'a str,
    /// Its path in the configuration.
    pub path: &'a str,
    /// Its component.
    pub component: &'static str,
    /// 0 for the root, 1 for its steps, and so on.
    pub depth: usize,
}

impl StepInfo<'_> {
    /// Says in the program's own events how the step ended, and with which error.
    pub(super) fn trace_end(&self, outcome: StepOutcome, error: Option<&str>) {
        let (id, path) = (self.id, self.path);
        match error {
            Some(error) => tracing::warn!(step = id, path, error = %error, "step failed"),
            None => tracing::debug!(step = id, path, outcome = outcome.as_str(), "step ended"),
        }
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StepOutcome {
    /// It succeeded.
    Ok,
    /// It failed, or raised an error.
    Failed,
    /// It was left out on purpose.
    Skipped,
    /// The pipeline stopped before it was done.
    Stopped,
}

impl StepOutcome {
    /// The outcome of a result.
    pub fn of(result: &PipeResult) -> Self {
        if result.was_skipped {
            Self::Skipped
        } else if result.succeeded {
            Self::Ok
        } else {
            Self::Failed
        }
    }

    /// How a run ended, and the error that it raised. That the pipeline stops is none.
    pub(super) fn of_run(ended: &Result<PipeResult>) -> (Self, Option<&Error>) {
        match ended {
            Ok(result) => (Self::of(result), None),
            Err(error) if error.downcast_ref::<Stopping>().is_some() => (Self::Stopped, None),
            Err(error) => (Self::Failed, Some(error)),
        }
    }

    /// `ok`, `failed`, `skipped` or `stopped`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Stopped => "stopped",
        }
    }
}
