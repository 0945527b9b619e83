//! Which overlays are in force: those that were asked for, and those whose condition holds.

use treenail_core::nearest::nearest;

use super::condition::Facts;
use crate::compose::Inputs;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::UnknownOverlay;
use crate::model::Overlay;
use crate::source::Origin;

/// The overlays in force, in the order of the file.
pub(crate) fn in_force<'a>(inputs: &'a Inputs, problems: &mut Diagnostics) -> Vec<&'a Overlay> {
    let facts = Facts::new(inputs);
    let host = inputs.discovery.universe.host;
    let overlays = &inputs.host.overlays;
    for name in &inputs.overlays {
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
        UnknownOverlay {
            name: name.to_owned(),
            known,
            suggestion,
        },
        start,
    );
}
