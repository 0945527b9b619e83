//! What happens, as it happens, for people.
//!
//! A helpdesk that waits for tickets does the same nothing again and again. So the lines of a cycle are
//! held back as long as they are those of a wait, or those of the cycle before, and are forgotten if
//! that is all there was.

use std::time::Duration;

use anstyle::Style;
use serde_json::Value;
use treenail::{StepEvent, StepOutcome};

use crate::idle::is_an_answer;
use crate::output::{FAINT, note, printable, shown};
use crate::table::cut;

/// So much of a value is shown.
const VALUE: usize = 40;
/// So much of everything that a step leaves behind.
const LINE: usize = 90;
/// The pipes that work on tickets.
const OWN: &str = "tickets:";

/// Prints steps to standard error.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// What the cycle before said, without times.
    before: Vec<String>,
    /// What this one says, without times.
    said: Vec<String>,
    /// Lines that are not printed yet.
    held: Vec<String>,
    /// Whether something in this cycle was worth to be told.
    told: bool,
    /// Whether anything in this cycle succeeded: until then it waits.
    begun: bool,
    /// How deep the step was that ended last.
    depth: usize,
}

impl Progress {
    /// Prints what there is to say about an event.
    pub(crate) fn observe(&mut self, event: &StepEvent<'_>) {
        match event {
            StepEvent::CycleStarted { .. } => self.begin(),
            StepEvent::Ended {
                step,
                outcome,
                message,
                result,
                error,
                elapsed,
            } => {
                // What is around other steps only repeats what they left behind.
                let inside = std::mem::replace(&mut self.depth, step.depth) > step.depth;
                let data = result
                    .filter(|_| !inside)
                    .map(|result| summary(step.component, result.data.iter()));
                let text = if message.is_empty() {
                    data.unwrap_or_default()
                } else {
                    printable(message)
                };
                let said = format!("{} {} {text}", outcome.as_str(), step.path);
                let answered = is_an_answer(step, *outcome, error.is_some());
                let shown = shown(*outcome, answered);
                let line = line(step.depth, step.id, shown, &text, *elapsed);
                self.begun |= *outcome == StepOutcome::Ok
                    || (*outcome == StepOutcome::Failed && result.is_none());
                self.say(said, line);
            }
            _ => {}
        }
    }

    fn begin(&mut self) {
        *self = Self {
            before: std::mem::take(&mut self.said),
            ..Self::default()
        };
    }

    fn say(&mut self, said: String, line: String) {
        let repeats = self.before.get(self.said.len()) == Some(&said);
        self.told |= self.begun && !repeats;
        self.said.push(said);
        self.held.push(line);
        if self.told {
            self.flush();
        }
    }

    /// Prints what was held back.
    fn flush(&mut self) {
        self.held.drain(..).for_each(|line| note(&line));
    }
}

fn line(
    depth: usize,
    id: &str,
    (style, outcome): (Style, &str),
    text: &str,
    elapsed: Duration,
) -> String {
    let indent = "  ".repeat(depth.saturating_sub(1));
    let name = format!("{indent}{}", printable(id));
    let gap = if text.is_empty() { "" } else { " " };
    format!("{style}{outcome:<7}{style:#} {name:<24} {text}{gap}{FAINT}({elapsed:.0?}){FAINT:#}")
}

/// What a step leaves behind, on one line. Text is shown only where it is known what it is: that of any other step
/// may have come from a variable, and be a secret.
fn summary<'a>(component: &str, data: impl Iterator<Item = (&'a String, &'a Value)>) -> String {
    let known = component.starts_with(OWN);
    let shown: Vec<String> = data
        .map(|(key, value)| match value {
            Value::String(text) if !known => format!("{key}=({} letters)", text.chars().count()),
            value => format!("{key}={}", value_text(value)),
        })
        .collect();
    cut(&shown.join(" "), LINE)
}

fn value_text(value: &Value) -> String {
    match value {
        Value::String(text) => cut(&printable(text), VALUE),
        Value::Number(number) if number.is_f64() => {
            format!("{:.2}", number.as_f64().unwrap_or_default())
        }
        Value::Array(items) => match items.len() {
            1 => "[1 item]".to_owned(),
            several => format!("[{several} items]"),
        },
        Value::Object(fields) => {
            let word = |key: &str| fields.get(key).and_then(Value::as_str).map(printable);
            match (word("id"), word("subject")) {
                (Some(id), Some(subject)) => format!("{id} ({})", cut(&subject, VALUE)),
                (Some(id), None) => id,
                _ => format!("{{{} fields}}", fields.len()),
            }
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_shown_on_one_short_line() {
        assert_eq!(value_text(&json!("a\nb")), "a b");
        assert_eq!(value_text(&json!(0.83333)), "0.83");
        assert_eq!(value_text(&json!([1])), "[1 item]");
        assert_eq!(value_text(&json!({"id": "7", "subject": "VPN"})), "7 (VPN)");
        assert_eq!(value_text(&json!({"a": 1})), "{1 fields}");
        assert_eq!(value_text(&json!("x".repeat(200))).chars().count(), VALUE);
    }

    #[test]
    fn text_is_shown_of_steps_that_are_known_and_counted_of_others() {
        let data = std::collections::BTreeMap::from([("value".to_owned(), json!("hush"))]);
        assert_eq!(
            summary("tickets:ClassificationPipe", data.iter()),
            "value=hush"
        );
        assert_eq!(
            summary("base:ExpressionPipe", data.iter()),
            "value=(4 letters)"
        );
    }

    fn cycle(progress: &mut Progress, steps: &[(&str, bool)]) -> usize {
        progress.begin();
        for (said, ok) in steps {
            progress.begun |= ok;
            progress.say((*said).to_owned(), String::new());
        }
        steps.len() - progress.held.len()
    }

    #[test]
    fn a_wait_and_a_cycle_like_the_one_before_are_not_told() {
        let mut progress = Progress::default();
        assert_eq!(
            cycle(&mut progress, &[("trigger", false), ("runner", false)]),
            0
        );
        let idle = [("trigger", true), ("empty", false)];
        assert_eq!(cycle(&mut progress, &idle), 2);
        assert_eq!(cycle(&mut progress, &idle), 0);
        assert_eq!(
            cycle(&mut progress, &[("trigger", true), ("ticket 1", true)]),
            2
        );
    }
}
