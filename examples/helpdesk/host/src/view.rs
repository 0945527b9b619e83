//! How the events of a run are shown.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;
use treenail::{Changes, ReloadError, StepEvent};

use crate::cli::Report;
use crate::jobs::Jobs;
use crate::output::printable;
use crate::progress::Progress;
use crate::{events, output, screen};

/// So often the lines in a terminal are drawn anew.
const REDRAW: Duration = Duration::from_millis(100);

/// One way to show events.
pub(crate) enum View {
    /// A line for each step, as they end.
    Lines(Progress),
    /// A line for each job that changes in place.
    Live {
        /// What the jobs are doing.
        jobs: Arc<Mutex<Jobs>>,
        /// The task that draws them.
        drawing: JoinHandle<()>,
    },
    /// A JSON object for each event.
    Json,
}

impl View {
    /// The way that fits what was asked for and where it is shown.
    pub(crate) fn of(format: Report) -> Self {
        match format {
            Report::Json => Self::Json,
            Report::Text if screen::begin() => {
                let jobs = Arc::<Mutex<Jobs>>::default();
                let shown = Arc::clone(&jobs);
                let drawing = tokio::spawn(async move {
                    let mut moments = tokio::time::interval(REDRAW);
                    loop {
                        moments.tick().await;
                        draw(&shown);
                    }
                });
                Self::Live { jobs, drawing }
            }
            Report::Text => Self::Lines(Progress::default()),
        }
    }

    /// Shows an event.
    pub(crate) fn observe(&mut self, event: &StepEvent<'_>) {
        match self {
            Self::Lines(progress) => progress.observe(event),
            Self::Live { jobs, .. } => {
                let news = lock(jobs).observe(event);
                if let Some(news) = news {
                    output::note(&news);
                }
            }
            Self::Json => {
                if let Some(event) = events::step(event) {
                    // That nobody listens is no reason to stop.
                    let _ = output::data(&format!("{event}\n"));
                }
            }
        }
    }

    /// Shows what came of a reload.
    pub(crate) fn reloaded(&mut self, reloaded: &Result<Changes, ReloadError>) {
        match self {
            Self::Json => {
                let _ = output::data(&format!("{}\n", events::reload(reloaded)));
                return;
            }
            Self::Live { jobs, .. } if reloaded.is_ok() => *lock(jobs) = Jobs::default(),
            Self::Lines(_) | Self::Live { .. } => {}
        }
        match reloaded {
            Ok(changes) => {
                let (generation, changes) = (changes.generation, printed(changes));
                output::note(&format!("reloaded, generation {generation}\n{changes}"));
            }
            Err(error) => output::refused(error),
        }
    }

    /// Shows how it ended; from now on others write.
    pub(crate) fn finish(&mut self) {
        if let Self::Live { jobs, drawing } = self {
            drawing.abort();
            draw(jobs);
            screen::end();
        }
    }
}

/// Names of a configuration are foreign text.
fn printed(changes: &Changes) -> String {
    let changes = changes.to_string();
    let lines = changes.lines().map(|line| format!("  {}", printable(line)));
    lines.collect::<Vec<_>>().join("\n")
}

fn draw(jobs: &Mutex<Jobs>) {
    let (width, height) = screen::size();
    screen::show(lock(jobs).rows(width, height));
}

fn lock(jobs: &Mutex<Jobs>) -> MutexGuard<'_, Jobs> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner)
}
