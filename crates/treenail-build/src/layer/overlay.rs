//! Which overlays are in force: those that were asked for, and those whose condition holds.

use treenail_core::nearest::nearest;

use super::condition::Facts;
use crate::compose::Inputs;
use crate::diagnostic::{Diagnostics, Problem};
use crate::model::Overlay;
use crate::source::Origin;

/// The overlays in force, in the order of the file.
pub(crate) fn in_force<'a>(inputs: &'a Inputs, problems: &mut Diagnostics) -> Vec<&'a Overlay> {
    let facts = Facts::new(inputs);
    let host = inputs.discovery.universe.host;
    let overlays = &inputs.host.overlays;
    for name in inputs.overlays.iter().chain(&inputs.elsewhere) {
        if !overlays.iter().any(|overlay| overlay.name.value == *name) {
            unknown(inputs, name, problems);
        }
    }
    let mut is_in_force = |overlay: &&Overlay| {
        inputs.overlays.contains(&overlay.name.value)
            || overlay.when.is_some()
                && facts.holds(overlay.when.as_ref(), host, problems) == Some(true)
    };
    overlays
        .iter()
        .filter(|overlay| is_in_force(overlay))
        .collect()
}

/// Those of them that nobody has to ask for.
pub(crate) fn by_condition(inputs: &Inputs) -> Vec<&Overlay> {
    let (facts, host) = (Facts::new(inputs), inputs.discovery.universe.host);
    let mut unheard = Diagnostics::default();
    let mut holds = |overlay: &&Overlay| {
        let when = overlay.when.as_ref();
        when.is_some() && facts.holds(when, host, &mut unheard) == Some(true)
    };
    inputs
        .host
        .overlays
        .iter()
        .filter(|overlay| holds(overlay))
        .collect()
}

fn unknown(inputs: &Inputs, name: &str, problems: &mut Diagnostics) {
    let host = &inputs.host;
    if host.layer.poison.may_name(name) {
        return;
    }
    let known: Vec<String> = host
        .overlays
        .iter()
        .map(|overlay| overlay.name.value.clone())
        .collect();
    let suggestion = nearest(name, known.iter().map(String::as_str));
    let start = Origin {
        source: host.source,
        start: 0,
        end: 0,
    };
    problems.report(
        Problem::UnknownOverlay {
            name: name.to_owned(),
            known,
            suggestion,
        },
        start,
    );
}
