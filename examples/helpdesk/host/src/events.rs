//! What is said to programs: problems and events as JSON. Values of a configuration, and what a step
//! leaves behind, are never part of it.

use serde_json::{Value, json};
use treenail::{
    Change, Changes, ConfigError, Error, ReloadCause, ReloadError, StepEvent, StepInfo,
};

/// The outcome of a check as one document.
pub(crate) fn checked(configuration: &str, checked: &Result<(), ConfigError>) -> Value {
    json!({
        "configuration": configuration,
        "ok": checked.is_ok(),
        "problems": checked.as_ref().err().map_or_else(|| json!([]), ConfigError::to_json),
    })
}

/// An event of a pipeline as an object; `None` for kinds of events that this program does not know yet.
pub(crate) fn step(event: &StepEvent<'_>) -> Option<Value> {
    Some(match event {
        StepEvent::CycleStarted { number } => {
            json!({"event": "cycle", "number": number, "state": "started"})
        }
        StepEvent::CycleEnded { number, error } => json!({
            "event": "cycle",
            "number": number,
            "state": "ended",
            "error": error.map(|error| format!("{error:#}")),
        }),
        StepEvent::Started { step } => with("started", step, json!({})),
        StepEvent::Ended {
            step,
            outcome,
            message,
            elapsed,
            ..
        } => {
            let how = json!({
                "outcome": outcome.as_str(),
                "message": message,
                "elapsed": elapsed.as_secs_f64(),
            });
            with("ended", step, how)
        }
        _ => return None,
    })
}

/// How long a start took, as the first event of a run that was asked for it.
pub(crate) fn report(report: &treenail::Report) -> Value {
    json!({"event": "report", "report": report})
}

/// What came of a reload. Of a configuration, names alone are part of it.
pub(crate) fn reload(reloaded: &Result<Changes, ReloadError>) -> Value {
    match reloaded {
        Ok(changes) => {
            let changed: Vec<&Change> = changes.changed().collect();
            json!({
                "event": "reload",
                "ok": true,
                "generation": changes.generation,
                "elapsed": changes.took.as_secs_f64(),
                "kept": changes.components.len() - changed.len(),
                "changed": changed,
                "pipeline": changes.pipeline,
            })
        }
        Err(error) => {
            let refused = match &error.cause {
                ReloadCause::Config(problems) => Some(problems),
                _ => None,
            };
            json!({
                "event": "reload",
                "ok": false,
                "error": match refused {
                    Some(_) => "the configuration is refused".to_owned(),
                    None => error.to_string(),
                },
                "problems": refused.map_or_else(|| json!([]), ConfigError::to_json),
            })
        }
    }
}

fn with(event: &str, step: &StepInfo<'_>, more: Value) -> Value {
    let mut object = json!({
        "event": event,
        "step": step.id,
        "path": step.path,
        "component": step.component,
    });
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

/// The last event of every run: how it ended.
pub(crate) fn stop((changes, failed_cycles): (usize, usize), error: Option<&Error>) -> Value {
    let refused = error.and_then(|error| error.downcast_ref::<ConfigError>());
    json!({
        "event": "stop",
        "ok": error.is_none(),
        "changes": changes,
        "failed_cycles": failed_cycles,
        "error": error.map(|error| match refused {
            Some(_) => "the configuration is refused".to_owned(),
            None => format!("{error:#}"),
        }),
        "problems": refused.map_or_else(|| json!([]), ConfigError::to_json),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_event_says_how_the_run_ended() {
        let well = stop((3, 0), None);
        assert_eq!((&well["ok"], &well["changes"]), (&json!(true), &json!(3)));
        assert_eq!(well["error"], Value::Null);
        let badly = stop((0, 1), Some(&Error::msg("no luck")));
        assert_eq!(
            (&badly["ok"], &badly["error"]),
            (&json!(false), &json!("no luck"))
        );
    }

    #[test]
    fn a_check_lists_the_problems_and_says_what_was_checked() {
        let error = treenail::Settings::file("nowhere.yml").expect_err("there is no such file");
        let document = checked("nowhere.yml", &Err(error));
        let problem = &document["problems"][0];
        assert_eq!(
            (&problem["code"], &problem["line"]),
            (&json!("unreadable"), &Value::Null)
        );
    }
}
