//! What the jobs of a run, the steps directly below the root, are doing: a line for each.

use anstyle::Style;
use treenail::{StepEvent, StepInfo, StepOutcome};

use crate::idle::{TRIGGER, is_an_answer};
use crate::output::{BAD, FAINT, printable, shown};
use crate::table::cut;

/// So wide are the names of jobs and steps.
const NAME: usize = 18;

/// The jobs, in the order in which they first began.
#[derive(Debug, Default)]
pub(crate) struct Jobs(Vec<Job>);

#[derive(Debug)]
struct Job {
    path: String,
    id: String,
    /// The step that is under way.
    now: Option<String>,
    /// How many steps have ended; those that only hold others and those that wait are not counted.
    steps: u64,
    last: Option<Last>,
    /// How deep the step was that began or ended last.
    depth: usize,
}

#[derive(Debug)]
struct Last {
    id: String,
    outcome: StepOutcome,
    message: String,
    raised: bool,
    /// Whether it failed because there was nothing to do.
    answered: bool,
}

impl Jobs {
    /// Takes an event into account; gives a line for the record if a step raised an error, once for the same one.
    pub(crate) fn observe(&mut self, event: &StepEvent<'_>) -> Option<String> {
        match event {
            StepEvent::Started { step } => {
                let job = self.of(step)?;
                job.depth = step.depth;
                job.now = Some(printable(step.id));
                None
            }
            StepEvent::Ended {
                step,
                outcome,
                message,
                error,
                ..
            } => {
                let job = self.of(step)?;
                let holds = std::mem::replace(&mut job.depth, step.depth) > step.depth;
                if step.depth == 1 {
                    job.now = None;
                }
                if holds || (step.component == TRIGGER && *outcome == StepOutcome::Failed) {
                    return None;
                }
                let raised = error.is_some();
                job.end(Last {
                    id: printable(step.id),
                    outcome: *outcome,
                    message: printable(message),
                    raised,
                    answered: is_an_answer(step, *outcome, raised),
                })
            }
            _ => None,
        }
    }

    /// The job that a step is, or belongs to.
    fn of(&mut self, step: &StepInfo<'_>) -> Option<&mut Job> {
        let known = self.0.iter().position(|job| job.holds(step.path));
        let index = match known {
            Some(index) => index,
            None if step.depth == 1 => {
                self.0.push(Job::new(step.path, step.id));
                self.0.len() - 1
            }
            None => return None,
        };
        self.0.get_mut(index)
    }

    /// The lines, at most so many columns wide and so many.
    pub(crate) fn rows(&self, width: usize, height: usize) -> Vec<String> {
        let room = height.saturating_sub(2).max(1);
        let mut rows: Vec<String> = self.0.iter().take(room).map(|job| job.row(width)).collect();
        if self.0.len() > room {
            rows.push(format!("{FAINT}and {} more{FAINT:#}", self.0.len() - room));
        }
        rows
    }
}

impl Job {
    fn new(path: &str, id: &str) -> Self {
        Self {
            path: path.to_owned(),
            id: printable(id),
            now: None,
            steps: 0,
            last: None,
            depth: 1,
        }
    }

    fn holds(&self, path: &str) -> bool {
        path.strip_prefix(&self.path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    }

    fn end(&mut self, last: Last) -> Option<String> {
        self.steps += 1;
        let before = self.last.replace(last);
        let last = self.last.as_ref().filter(|last| last.raised)?;
        let same = before
            .is_some_and(|old| old.raised && old.id == last.id && old.message == last.message);
        let Last { id, message, .. } = last;
        (!same).then(|| format!("{BAD}failed{BAD:#}  {}/{id} {message}", self.id))
    }

    fn row(&self, width: usize) -> String {
        let now = self.now.as_deref().unwrap_or("waits");
        let mut text = format!(
            "{:<NAME$} {:<NAME$} {:>6} steps",
            cut(&self.id, NAME),
            cut(now, NAME),
            self.steps
        );
        let mut mark = Style::new();
        if let Some(last) = &self.last {
            let (style, word) = shown(last.outcome, last.answered);
            text.push_str(&format!("  last: {} {word} {}", last.id, last.message));
            mark = style;
        }
        // A line that reaches the edge would break into two.
        format!(
            "{mark}*{mark:#} {}",
            cut(text.trim_end(), width.saturating_sub(3))
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(jobs: &Jobs, width: usize) -> Vec<String> {
        let rows = jobs.rows(width, 24);
        rows.iter()
            .map(|row| anstream::adapter::strip_str(row).to_string())
            .collect()
    }

    #[test]
    fn a_line_says_what_a_job_does_and_how_the_last_step_ended() {
        let mut job = Job::new("r.steps[0]", "routing");
        job.now = Some("update".to_owned());
        assert_eq!(job.end(failed("fetch", "no\nluck", false)), None);
        let mut jobs = Jobs(vec![job]);
        assert_eq!(
            plain(&jobs, 90),
            ["* routing            update                  1 steps  last: fetch failed no luck"]
        );
        jobs.0[0].now = None;
        assert_eq!(plain(&jobs, 30), ["* routing            waits  …"]);
    }

    fn failed(id: &str, message: &str, raised: bool) -> Last {
        Last {
            id: printable(id),
            outcome: StepOutcome::Failed,
            message: printable(message),
            raised,
            answered: false,
        }
    }

    #[test]
    fn a_step_that_found_nothing_to_do_has_not_failed() {
        let mut job = Job::new("r.steps[0]", "routing");
        let last = Last {
            answered: true,
            ..failed("ticket", "the inbox is empty", false)
        };
        assert_eq!(job.end(last), None);
        let row = &plain(&Jobs(vec![job]), 120)[0];
        assert!(
            row.ends_with("last: ticket ended the inbox is empty"),
            "{row}"
        );
    }

    #[test]
    fn an_error_is_told_once_until_another_comes() {
        let mut job = Job::new("r.steps[0]", "routing");
        let told = |job: &mut Job, message| job.end(failed("s", message, true)).is_some();
        assert!(told(&mut job, "a") && !told(&mut job, "a") && told(&mut job, "b"));
    }

    #[test]
    fn a_step_belongs_to_the_job_above_it_and_not_to_one_with_a_similar_path() {
        let job = Job::new("r.steps[1]", "one");
        assert!(job.holds("r.steps[1]") && job.holds("r.steps[1].params.run"));
        assert!(!job.holds("r.steps[10]") && !job.holds("r"));
    }

    #[test]
    fn there_are_never_more_lines_than_the_terminal_has() {
        let jobs = Jobs((0..9).map(|n| Job::new(&n.to_string(), "x")).collect());
        assert_eq!(jobs.rows(80, 6).len(), 5);
        assert!(jobs.rows(80, 6)[4].contains("and 5 more"));
    }
}
