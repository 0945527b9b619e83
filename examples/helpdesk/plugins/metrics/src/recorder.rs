//! The recorder, of which a process has one.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use treenail::{Error, Result};

/// The upper ends of the buckets that durations are sorted into, in seconds: from a look into memory to a model that thinks.
const BUCKETS: [f64; 12] = [
    0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0,
];
/// So often what was measured goes into its buckets: until then each duration takes memory.
const UPKEEP: Duration = Duration::from_secs(5);

static INSTALLED: Mutex<Option<PrometheusHandle>> = Mutex::new(None);

/// The recorder of this process, which the first call installs.
///
/// # Errors
/// If the process has another one, or cannot have one more thread.
pub(crate) fn installed() -> Result<PrometheusHandle> {
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(recorder) = &*installed {
        return Ok(recorder.clone());
    }
    let recorder = install().map_err(|error| {
        let context = "this program counts for another recorder: leave out that one, or `listen`";
        Error::from(error).context(context)
    })?;
    keep_up(recorder.clone())
        .map_err(|error| Error::from(error).context("cannot keep up with what is measured"))?;
    Ok(installed.insert(recorder).clone())
}

fn install() -> std::result::Result<PrometheusHandle, BuildError> {
    let durations = Matcher::Suffix("_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(durations, &BUCKETS)?;
    builder.install_recorder()
}

/// Whoever counts goes on for as long as the process, whether or not there is a port at the moment.
fn keep_up(recorder: PrometheusHandle) -> std::io::Result<()> {
    let upkeep = move || loop {
        thread::sleep(UPKEEP);
        recorder.run_upkeep();
    };
    let thread = thread::Builder::new().name("metrics".to_owned());
    thread.spawn(upkeep).map(drop)
}
