//! The real program, asked over real sockets, and ended by real signals.
#![cfg(unix)]

mod composed;
mod hook;
mod program;
mod troubles;
mod visits;

/// What is tested.
const PROGRAM: &str = env!("CARGO_BIN_EXE_gatehouse");

/// A configuration, as this program has it.
fn configuration(told: &program::Told) -> String {
    let webhooks = told.webhooks.iter().enumerate().map(|(place, url)| {
        let token = program::WEBHOOK_TOKEN;
        format!("    hook-{place}: {{ use: \"notify:Webhook\", params: {{ url: \"{url}\", token: {token} }} }}\n")
    });
    let services: String = webhooks.collect();
    let services = if services.is_empty() {
        services
    } else {
        format!("  services:\n{services}")
    };
    let metrics = told.metrics.as_ref().map_or_else(String::new, |file| {
        format!("    \"metrics:Counters\": {{ file: \"{file}\", interval: 50ms }}\n")
    });
    format!(
        "gatehouse:
  components:
    \"http:Server\": {{ listen: \"{}\", token: \"{}\" }}
    \"file:Store\": {{ path: \"{}\" }}
    \"cache:Cache\": {{ refresh: 50ms }}
{metrics}{services}",
        told.listen, told.token, told.list
    )
}
