//! The program by hand does what the composed one does: it is held to the same tests.
#![cfg(unix)]

#[path = "../../tests/over_http/hook.rs"]
mod hook;
#[path = "../../tests/over_http/program.rs"]
mod program;
#[path = "../../tests/over_http/troubles.rs"]
mod troubles;
#[path = "../../tests/over_http/visits.rs"]
mod visits;

/// What is tested.
const PROGRAM: &str = env!("CARGO_BIN_EXE_gatehouse-by-hand");

/// A configuration, as this program has it.
fn configuration(told: &program::Told) -> String {
    let metrics = told.metrics.as_ref();
    let metrics = metrics.map(|file| format!(", metrics: {{ file: \"{file}\", interval: 0.05 }}"));
    let token = program::WEBHOOK_TOKEN;
    let webhooks = told.webhooks.iter();
    let webhooks = webhooks.map(|url| format!("{{ url: \"{url}\", token: {token} }}"));
    format!(
        "{{ listen: \"{}\", token: \"{}\", keep: {{ file: {{ path: \"{}\" }} }}, refresh: 0.05, webhooks: [{}]{} }}\n",
        told.listen,
        told.token,
        told.list,
        webhooks.collect::<Vec<_>>().join(", "),
        metrics.unwrap_or_default()
    )
}
