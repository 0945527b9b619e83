//! Knows when a run has nothing left to do.
//!
//! The steps directly below the root are the helpdesk's jobs. A job is idle once it had a turn in which
//! no ticket was changed; when some job changes a ticket, the others have to look again. All idle: done. A reload may end a
//! cycle before every job had its turn, so a cycle counts only if the one before it had turns of the same jobs.

use std::collections::{BTreeMap, BTreeSet};

use treenail::{StepEvent, StepInfo, StepOutcome};

/// The pipes that change tickets.
const CHANGES: [&str; 2] = ["tickets:AddNotePipe", "tickets:UpdateTicketPipe"];
/// The gate that opens by itself as time goes by.
pub(crate) const TRIGGER: &str = "base:IntervalTrigger";
/// What `fail('…')` in a configuration ends.
const EXPRESSION: &str = "base:ExpressionPipe";

/// Whether a step that failed was asked to: its expression said that there is nothing to do, or its interval has not
/// passed. Its outcome ends what it is part of, and nothing is wrong.
pub(crate) fn is_an_answer(step: &StepInfo<'_>, outcome: StepOutcome, raised: bool) -> bool {
    outcome == StepOutcome::Failed && !raised && [TRIGGER, EXPRESSION].contains(&step.component)
}

/// Whether a step has changed a ticket.
pub(crate) fn is_a_change(step: &StepInfo<'_>, outcome: StepOutcome) -> bool {
    outcome == StepOutcome::Ok && CHANGES.contains(&step.component)
}

/// What is known of the jobs.
#[derive(Debug, Default)]
pub(crate) struct Idle {
    /// By the job's path, whether its last turn changed nothing.
    jobs: BTreeMap<String, bool>,
    /// By path, the jobs that had a turn in this cycle.
    turns: BTreeSet<String>,
    /// Those of the cycle before.
    turns_before: BTreeSet<String>,
    /// Changes in the turn that is under way.
    changes: usize,
    /// Whether that turn waits for time to pass.
    waits: bool,
    /// Changes of all turns.
    total: usize,
    /// Errors of all cycles.
    errors: usize,
}

impl Idle {
    /// Takes an event into account; says whether everything is done now.
    pub(crate) fn observe(&mut self, event: &StepEvent<'_>) -> bool {
        match event {
            StepEvent::Ended { step, outcome, .. } => {
                self.changes += usize::from(is_a_change(step, *outcome));
                if *outcome == StepOutcome::Failed && step.component == TRIGGER {
                    self.waits = true;
                }
                if step.depth == 1 {
                    self.turn(step.path, *outcome);
                }
                false
            }
            StepEvent::CycleEnded { error, .. } => {
                self.errors += usize::from(error.is_some());
                let turns = std::mem::take(&mut self.turns);
                let same = turns == self.turns_before;
                self.turns_before = turns;
                same && !self.jobs.is_empty() && self.jobs.values().all(|idle| *idle)
            }
            _ => false,
        }
    }

    /// There may be other jobs now.
    pub(crate) fn reloaded(&mut self) {
        self.jobs.clear();
        self.turns.clear();
        self.turns_before.clear();
    }

    fn turn(&mut self, path: &str, outcome: StepOutcome) {
        self.turns.insert(path.to_owned());
        let (changes, waits) = (
            std::mem::take(&mut self.changes),
            std::mem::take(&mut self.waits),
        );
        self.total += changes;
        if changes > 0 {
            self.jobs.values_mut().for_each(|idle| *idle = false);
            self.jobs.insert(path.to_owned(), false);
        } else if outcome == StepOutcome::Skipped && waits {
            // It had no turn yet.
            self.jobs.entry(path.to_owned()).or_insert(false);
        } else {
            self.jobs.insert(path.to_owned(), true);
        }
    }

    /// How many changes there were, and how many cycles with an error.
    pub(crate) fn summary(&self) -> (usize, usize) {
        (self.total + self.changes, self.errors)
    }
}

#[cfg(test)]
mod tests {
    use StepOutcome::{Ok, Skipped};

    use super::*;

    /// A turn of a job; `waits` as when its interval has not passed.
    fn turn(idle: &mut Idle, job: &str, changes: usize, outcome: StepOutcome, waits: bool) {
        idle.changes = changes;
        idle.waits = waits;
        idle.turn(job, outcome);
    }

    fn done(idle: &mut Idle) -> bool {
        idle.observe(&StepEvent::CycleEnded {
            number: 1,
            error: None,
        })
    }

    #[test]
    fn a_job_is_idle_after_a_turn_without_changes() {
        let mut idle = Idle::default();
        assert!(!done(&mut idle));
        turn(&mut idle, "a", 2, Ok, false);
        assert!(!done(&mut idle));
        turn(&mut idle, "a", 0, Ok, false);
        assert!(done(&mut idle));
        assert_eq!(idle.summary(), (2, 0));
    }

    #[test]
    fn a_job_that_waits_for_its_interval_has_had_no_turn() {
        let mut idle = Idle::default();
        turn(&mut idle, "a", 0, Skipped, true);
        assert!(!done(&mut idle));
        turn(&mut idle, "a", 0, Ok, false);
        turn(&mut idle, "a", 0, Skipped, true);
        assert!(done(&mut idle));
    }

    #[test]
    fn a_gate_that_time_does_not_open_makes_no_one_wait() {
        let mut idle = Idle::default();
        for is_done in [false, true] {
            turn(&mut idle, "a", 0, Skipped, false);
            assert_eq!(done(&mut idle), is_done);
        }
    }

    #[test]
    fn a_change_by_one_job_may_be_work_for_another() {
        let mut idle = Idle::default();
        turn(&mut idle, "a", 0, Ok, false);
        turn(&mut idle, "b", 1, Ok, false);
        assert!(!done(&mut idle));
        for (a, b, is_done) in [(0, 1, false), (1, 0, false), (0, 0, true)] {
            turn(&mut idle, "a", a, Ok, false);
            turn(&mut idle, "b", b, Ok, false);
            assert_eq!(done(&mut idle), is_done);
        }
    }

    #[test]
    fn a_cycle_that_a_reload_has_ended_is_not_the_last_one() {
        let mut idle = Idle::default();
        turn(&mut idle, "a", 0, Ok, false);
        assert!(!done(&mut idle), "another job may not have had its turn");
        turn(&mut idle, "a", 0, Ok, false);
        turn(&mut idle, "b", 0, Ok, false);
        assert!(!done(&mut idle));
        idle.reloaded();
        for is_done in [false, true] {
            turn(&mut idle, "c", 0, Ok, false);
            assert_eq!(done(&mut idle), is_done, "what is gone is not waited for");
        }
    }
}
