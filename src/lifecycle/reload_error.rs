//! Why a reload was refused, and how the application goes on; as data, and its words.

use std::fmt;
use std::time::Duration;

use super::report::{Ended, StartError};
use crate::config::ConfigError;

/// Why a reload was refused. The application has the configuration of before.
///
/// ```text
/// cannot start `tickets` (plugin `zammad`): connection refused
///   never reached: poller:Poller
/// built again from the configuration of before: tickets, poller:Poller
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct ReloadError {
    /// Why.
    pub cause: ReloadCause,
    /// How the application goes on.
    pub after: AfterReload,
    /// Components that had taken their new configuration, and did not take their old one again.
    pub undone: Vec<Ended>,
}

/// What was wrong with a reload.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReloadCause {
    /// The configuration. Nothing was touched.
    Config(ConfigError),
    /// A component did not take its new configuration.
    Refused(Ended),
    /// Something that is new could not be built or started; it was stopped again.
    Start(StartError),
    /// A step of the pipeline was under way, and did not end in this time: that of a stop.
    Busy(Duration),
    /// The application is being stopped, or has been.
    Stopping,
    /// The application is run by no [`Reloader`](crate::Reloader).
    NoReloader,
}

/// How an application goes on after a reload that was refused.
#[derive(Debug)]
#[non_exhaustive]
pub enum AfterReload {
    /// As before, with the values of before.
    Unchanged,
    /// As before. These components had been stopped for the reload, and were built again: they are new values.
    Rebuilt(Vec<String>),
    /// Components that had been stopped for the reload could not be built again, and do not run; all others do. Another
    /// reload tries them again.
    Broken(Box<StartError>),
    /// It ends: that was asked for in the meantime.
    Ending,
}

impl ReloadError {
    /// Nothing was touched.
    pub(crate) fn refused(cause: ReloadCause) -> Self {
        Self {
            cause,
            after: AfterReload::Unchanged,
            undone: Vec::new(),
        }
    }
}

impl fmt::Display for ReloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            ReloadCause::Config(error) => write!(f, "{error}")?,
            ReloadCause::Refused(ended) => write!(f, "cannot reconfigure {ended}")?,
            ReloadCause::Start(error) => write!(f, "{error}")?,
            ReloadCause::Busy(within) => write!(
                f,
                "a step of the pipeline was under way, and did not end within {within:?}"
            )?,
            ReloadCause::Stopping => return write!(f, "the application is being stopped"),
            ReloadCause::NoReloader => {
                return write!(
                    f,
                    "the application is run by no `Reloader`, so it has one generation"
                );
            }
        }
        for ended in &self.undone {
            write!(f, "\nhas not taken its old configuration again: {ended}")?;
        }
        match &self.after {
            AfterReload::Unchanged => write!(f, "\nnothing is changed"),
            AfterReload::Rebuilt(again) => {
                let again = again.join(", ");
                write!(f, "\nbuilt again from the configuration of before: {again}")
            }
            AfterReload::Broken(error) => write!(
                f,
                "\nand what had been stopped for it does not run again: {error}"
            ),
            AfterReload::Ending => write!(f, "\nthe application ends"),
        }
    }
}

impl std::error::Error for ReloadError {}
