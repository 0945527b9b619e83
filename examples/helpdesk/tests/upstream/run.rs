//! Running one case, and saying what was not as expected.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use treenail::{ConfigError, Settings, StepError, StepEvent};

use crate::App;
use crate::case::{Case, Cycle, Expect, LoadError};
use crate::compare::{missing, same, strip, without_nulls};
use crate::doubles::World;

/// What happened in one cycle.
#[derive(Clone, Default)]
struct Seen {
    steps: Vec<(String, String)>,
    messages: BTreeMap<String, String>,
    error: Option<SeenError>,
}

#[derive(Clone)]
struct SeenError {
    step: Option<String>,
    text: String,
}

/// Everything about the case that is not as expected.
pub(crate) fn differences(case: &Case) -> Vec<String> {
    let settings = Settings::file(&case.config).map(|settings| {
        let settings = settings.environment(case.script.env.clone());
        match &case.script.dotenv {
            Some(text) => settings.dotenv(text),
            None => settings,
        }
    });
    let loaded = settings.and_then(|settings| App::check(&settings).map(|()| settings));
    match (&case.script.expect, loaded) {
        (Expect::Error { errors }, Err(error)) => unreported(errors, &error),
        (Expect::Error { .. }, Ok(_)) => vec!["the configuration was accepted".to_owned()],
        (Expect::Ok { .. }, Err(error)) => vec![format!("the configuration was refused: {error}")],
        (Expect::Ok { .. }, Ok(settings)) => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime").block_on(run(case, settings))
        }
    }
}

/// The expected errors that were not reported.
fn unreported(expected: &[LoadError], error: &ConfigError) -> Vec<String> {
    let reported = |wanted: &&LoadError| {
        error.problems().iter().any(|problem| {
            let below = problem.path().strip_prefix(wanted.path.as_str());
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
                && missing(&problem.to_string(), &wanted.contains).is_empty()
        })
    };
    let unreported = expected.iter().filter(|wanted| !reported(wanted));
    unreported
        .map(|wanted| {
            format!(
                "not reported: {} with {:?}; but: {error}",
                wanted.path, wanted.contains
            )
        })
        .collect()
}

async fn run(case: &Case, settings: Settings) -> Vec<String> {
    let app = match App::start(settings).await {
        Ok(app) => app,
        Err(error) => return vec![format!("the application did not start: {error:?}")],
    };
    let world = Arc::clone(app.get::<World>());
    world.fill(&case.script.tickets, &case.script.classifier_rules);
    let cycles = observed(&app, case.script.cycles, &world).await;
    app.stop().await;
    compare(case, &cycles, &world)
}

/// Runs the cycles and gives what was seen of them.
async fn observed(app: &App, cycles: u64, world: &World) -> Vec<Seen> {
    let Some(pipeline) = app.pipeline() else {
        let text = "the configuration has no orchestrator".to_owned();
        let error = Some(SeenError { step: None, text });
        return vec![Seen {
            error,
            ..Seen::default()
        }];
    };
    let seen = Arc::new(Mutex::new(Vec::new()));
    let writer = Arc::clone(&seen);
    pipeline.observe(move |event| record(event, &mut writer.lock().expect("one observer")));
    world.clock.jump();
    // What it ends with is the error of its last cycle, which has been seen.
    let _ = pipeline.run_cycles(cycles).await;
    let seen = seen.lock().expect("one observer");
    seen.clone()
}

fn record(event: &StepEvent<'_>, cycles: &mut Vec<Seen>) {
    match event {
        StepEvent::CycleStarted { .. } => cycles.push(Seen::default()),
        StepEvent::Ended {
            step,
            outcome,
            message,
            ..
        } => {
            if let Some(cycle) = cycles.last_mut() {
                cycle
                    .steps
                    .push((step.id.to_owned(), outcome.as_str().to_owned()));
                cycle
                    .messages
                    .insert(step.id.to_owned(), (*message).to_owned());
            }
        }
        StepEvent::CycleEnded {
            error: Some(error), ..
        } => {
            if let Some(cycle) = cycles.last_mut() {
                cycle.error = Some(SeenError {
                    step: error
                        .downcast_ref::<StepError>()
                        .map(|error| error.id().to_owned()),
                    text: format!("{error:#}"),
                });
            }
        }
        _ => {}
    }
}

fn compare(case: &Case, seen: &[Seen], world: &World) -> Vec<String> {
    let Expect::Ok {
        cycles,
        calls,
        changed_tickets,
    } = &case.script.expect
    else {
        return Vec::new();
    };
    let mut differences = Vec::new();
    if cycles.len() != seen.len() {
        differences.push(format!("{} cycles instead of {}", seen.len(), cycles.len()));
    }
    for (number, (expected, seen)) in cycles.iter().zip(seen).enumerate() {
        let of_cycle = compare_cycle(expected, seen).into_iter();
        differences
            .extend(of_cycle.map(|difference| format!("cycle {}: {difference}", number + 1)));
    }
    compare_values(
        "calls",
        &Value::Array(calls.clone()),
        &Value::Array(world.calls()),
        &mut differences,
    );
    let expected = changed_tickets
        .iter()
        .map(|(id, ticket)| (id.clone(), strip(ticket.clone())));
    let tickets = world.tickets();
    let before = &case.script.tickets;
    let changed = tickets
        .iter()
        .filter(|ticket| !before.contains(ticket))
        .map(|ticket| (ticket.id.clone().unwrap_or_default(), without_nulls(ticket)));
    compare_values(
        "changed tickets",
        &Value::Object(expected.collect()),
        &Value::Object(changed.collect()),
        &mut differences,
    );
    differences
}

fn compare_values(what: &str, expected: &Value, seen: &Value, differences: &mut Vec<String>) {
    if !same(expected, seen) {
        differences.push(format!("{what}: {seen}\n    instead of {expected}"));
    }
}

fn compare_cycle(expected: &Cycle, seen: &Seen) -> Vec<String> {
    let mut differences = Vec::new();
    if expected.steps != seen.steps {
        differences.push(format!(
            "steps {:?}\n    instead of {:?}",
            seen.steps, expected.steps
        ));
    }
    match (&expected.error, &seen.error) {
        (None, None) => {}
        (None, Some(error)) => differences.push(format!("error: {}", error.text)),
        (Some(_), None) => differences.push("no error".to_owned()),
        (Some(expected), Some(error)) => {
            if expected.step != error.step {
                differences.push(format!(
                    "error in {:?} instead of {:?}",
                    error.step, expected.step
                ));
            }
            for word in missing(&error.text, &expected.contains) {
                differences.push(format!("the error does not say {word:?}: {}", error.text));
            }
        }
    }
    for (step, words) in &expected.messages {
        let message = seen.messages.get(step).map_or("", String::as_str);
        for word in missing(message, words) {
            differences.push(format!(
                "the message of {step} does not say {word:?}: {message:?}"
            ));
        }
    }
    differences
}
