//! The states of components, as numbers.

use metrics::{describe_gauge, gauge};
use metrics_exporter_prometheus::PrometheusBuilder;
use treenail::{State, Status};

const STATES: [State; 8] = [
    State::None,
    State::Starting,
    State::Ok,
    State::Recoverable,
    State::Permanent,
    State::Fatal,
    State::Stopping,
    State::Stopped,
];

/// Whether it is a step of the orchestrator. There may be thousands, whose names are paths.
pub(crate) fn is_step(status: &Status) -> bool {
    let mut path = status.component.split('/');
    path.next() == Some("orchestrator")
}

/// Their exposition. The recorder is a new one each time, so that nothing is left of what a reload has stopped.
pub(crate) fn exposition(statuses: &[Status]) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || {
        describe_gauge!(
            "helpdesk_component_state",
            "Whether a component is in a state."
        );
        for status in statuses.iter().filter(|status| !is_step(status)) {
            for state in STATES {
                let component = status.component.clone();
                let labels = [("component", component), ("state", state.to_string())];
                let is_in_it = f64::from(u8::from(status.state == state));
                gauge!("helpdesk_component_state", &labels).set(is_in_it);
            }
        }
    });
    recorder.handle().render()
}
