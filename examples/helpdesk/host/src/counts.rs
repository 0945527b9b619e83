//! What is counted while a pipeline works, for whoever has a recorder of metrics. Without one nothing is.

use metrics::{Counter, counter, describe_counter, describe_histogram, histogram};
use treenail::{StepEvent, StepInfo, StepOutcome};

use crate::idle::{is_a_change, is_an_answer};
use crate::output::shown;

/// Says what is counted, and that it is 0 so far. The recorder may be a new one after every reload, and keeps what it has.
pub(crate) fn begin() {
    describe_counter!("helpdesk_tickets_changed_total", "Changes of tickets.");
    describe_counter!("helpdesk_cycles_total", "Cycles that have ended.");
    describe_counter!(
        "helpdesk_cycles_failed_total",
        "Cycles that have ended with an error."
    );
    describe_counter!("helpdesk_steps_total", "Steps that have ended.");
    describe_histogram!("helpdesk_step_seconds", "How long steps took.");
    counter!("helpdesk_tickets_changed_total").increment(0);
    counter!("helpdesk_cycles_total").increment(0);
    counter!("helpdesk_cycles_failed_total").increment(0);
}

/// Counts an event.
pub(crate) fn observe(event: &StepEvent<'_>) {
    match event {
        // A failure that is the first of its kind is an increase all the same.
        StepEvent::Started { step } => {
            let (_, failed) = shown(StepOutcome::Failed, false);
            ended(step, failed).increment(0);
        }
        StepEvent::Ended {
            step,
            outcome,
            error,
            elapsed,
            ..
        } => {
            let is_change = is_a_change(step, *outcome);
            counter!("helpdesk_tickets_changed_total").increment(u64::from(is_change));
            let answered = is_an_answer(step, *outcome, error.is_some());
            let (_, word) = shown(*outcome, answered);
            ended(step, word).increment(1);
            histogram!("helpdesk_step_seconds", "component" => step.component).record(*elapsed);
        }
        StepEvent::CycleEnded { error, .. } => {
            counter!("helpdesk_cycles_total").increment(1);
            counter!("helpdesk_cycles_failed_total").increment(u64::from(error.is_some()));
        }
        _ => {}
    }
}

/// The counter of the steps that end so. It has no ids and no paths: whoever collects the numbers keeps every combination of labels.
fn ended(step: &StepInfo<'_>, outcome: &'static str) -> Counter {
    counter!("helpdesk_steps_total", "component" => step.component, "outcome" => outcome)
}
