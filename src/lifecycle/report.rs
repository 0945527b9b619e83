//! What came of a start or a stop, as data, and its words.

use std::fmt;
use std::time::Duration;

use crate::supervision::{Outcome, Phase, StrayPanic};

/// What happened to one component.
#[derive(Debug)]
#[non_exhaustive]
pub struct Ended {
    /// Component id, or the name of the instance.
    pub component: String,
    /// Its plugin.
    pub plugin: String,
    /// Which step of its life it was.
    pub phase: Phase,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
}

impl fmt::Display for Ended {
    /// Who it is, and how it ended.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` (plugin `{}`): {}",
            self.component, self.plugin, self.outcome
        )
    }
}

/// Why an application could not be started.
///
/// ```text
/// cannot start `app:Mailer` (plugin `app`): connection refused
///   stopped again: app:Store
///   never reached: app:Web
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct StartError {
    /// In which phase it failed: that of the first failure.
    pub phase: Phase,
    /// The components that failed: the first, and those that failed while it was being noticed.
    pub failures: Vec<Ended>,
    /// Nobody waited for the start any more: its future was dropped.
    pub given_up: bool,
    /// The component that asked for a shutdown, through its [`AppHandle`](crate::AppHandle); or the signal that did, by its name.
    pub shut_down_by: Option<String>,
    /// Components that the phase was not done with: those it never came to, and those under way that were dropped.
    pub never_reached: Vec<String>,
    /// How the components that had started were stopped again.
    pub rollback: StopReport,
}

impl StartError {
    /// Whether nothing went wrong: it was given up because nobody wanted it any more.
    pub(crate) fn is_unwanted_only(&self) -> bool {
        self.failures.is_empty() && self.rollback.is_clean()
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.failures.is_empty() {
            write!(f, "given up in phase {}: ", self.phase)?;
            match &self.shut_down_by {
                Some(component) => write!(f, "`{component}` asked for a shutdown")?,
                None => write!(f, "nobody waited for the start any more")?,
            }
        }
        for (number, ended) in self.failures.iter().enumerate() {
            let line = if number == 0 { "" } else { "\n" };
            write!(f, "{line}cannot {} {ended}", ended.phase)?;
        }
        let stopped = self
            .rollback
            .components
            .iter()
            .map(|ended| ended.component.as_str())
            .collect::<Vec<_>>();
        list(f, "stopped again", &stopped)?;
        for Ended {
            component, outcome, ..
        } in self.rollback.failures()
        {
            write!(f, "\n  while stopping `{component}`: {outcome}")?;
        }
        for panic in &self.rollback.panics {
            write!(f, "\n  {panic}")?;
        }
        let never = self
            .never_reached
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>();
        list(f, "never reached", &never)
    }
}

/// At most eight names; a large application is not read out in an error.
fn list(f: &mut fmt::Formatter<'_>, title: &str, names: &[&str]) -> fmt::Result {
    if names.is_empty() {
        return Ok(());
    }
    write!(f, "\n  {title}: {}", names[..names.len().min(8)].join(", "))?;
    if names.len() > 8 {
        write!(f, " and {} more", names.len() - 8)
    } else {
        Ok(())
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        None
    }
}

/// What came of a stop.
///
/// `{}` names the components that did not stop as they should, and what else went wrong; `{:#}` all components. Both say how
/// long each took.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct StopReport {
    /// Every component that was stopped, in the order in which they ended.
    pub components: Vec<Ended>,
    /// Panics that are nobody's outcome, since the last report: one for each component, and one for the observer.
    pub panics: Vec<StrayPanic>,
    /// The stop was cut off: its runtime, or its task, came to an end before it.
    pub cut_off: bool,
    /// Where it was cut off: the components that had started and that are not known to have stopped.
    pub not_stopped: Vec<String>,
}

impl StopReport {
    /// Those that did not end as they should.
    pub fn failures(&self) -> impl Iterator<Item = &Ended> {
        self.components
            .iter()
            .filter(|ended| !ended.outcome.is_done())
    }

    /// Whether everything ended as it should.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.failures().next().is_none() && self.panics.is_empty() && !self.cut_off
    }
}

impl fmt::Display for StopReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} components stopped", self.components.len())?;
        for ended in &self.components {
            match ended.outcome.is_done() {
                false => write!(f, "\n  cannot stop {ended} (after {:?})", ended.took)?,
                true if f.alternate() => write!(f, "\n  {ended} (after {:?})", ended.took)?,
                true => {}
            }
        }
        for panic in &self.panics {
            write!(f, "\n  {panic}")?;
        }
        if self.cut_off {
            write!(f, "\n  cut off before its end")?;
        }
        let not_stopped = self.not_stopped.iter().map(String::as_str);
        list(
            f,
            "not known to have stopped",
            &not_stopped.collect::<Vec<_>>(),
        )
    }
}
