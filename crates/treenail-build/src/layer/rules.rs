//! `[plugins]`

use std::collections::BTreeMap;

use super::part::{Part, State};
use crate::compose::Inputs;
use crate::diagnostic::{Diagnostics, Problem};
use crate::model::{Layer, PluginRule, Poison};
use crate::suggest::suggest;

/// Applies the rules of the layers; one of an overlay replaces the host's for the same plugin.
pub(super) fn apply<'a>(
    inputs: &Inputs,
    layers: &[&'a Layer],
    parts: &mut [Part<'a>],
    poison: &Poison,
    problems: &mut Diagnostics,
) {
    let rules: BTreeMap<&str, &'a PluginRule> = layers
        .iter()
        .flat_map(|layer| &layer.rules)
        .map(|rule| (rule.id.value.as_str(), rule))
        .collect();
    for (id, rule) in rules {
        let off = rule.enabled.as_ref().filter(|enabled| !enabled.value);
        let found = parts
            .binary_search_by(|part| part.id.cmp(id))
            .ok()
            .filter(|found| !parts[*found].own);
        let Some(part) = found.map(|found| &mut parts[found]) else {
            if !poison.anything {
                unknown(rule, parts, problems);
            }
            continue;
        };
        part.rule = Some(rule);
        match (&part.state, off) {
            (_, Some(off)) => part.state = State::Off(off.origin),
            (State::Indirect(_), None) => {
                problems.report(indirect(inputs, part, None), rule.id.origin);
                part.state = State::Poisoned;
            }
            _ => {}
        }
    }
    // A rule that could not be read may have switched its plugin off, or made it optional: nothing is known of the plugin.
    for part in parts
        .iter_mut()
        .filter(|part| part.state == State::In && poison.rules.contains(part.id))
    {
        part.state = State::Poisoned;
    }
}

fn unknown(rule: &PluginRule, parts: &[Part<'_>], problems: &mut Diagnostics) {
    let known: Vec<String> = parts
        .iter()
        .filter(|part| !part.own)
        .map(|part| part.id.to_owned())
        .collect();
    let suggestion = suggest(&rule.id.value, known.iter().map(String::as_str));
    problems.report(
        Problem::UnknownPlugin {
            id: rule.id.value.clone(),
            suggestion,
            known,
        },
        rule.id.origin,
    );
}

/// A plugin is needed, but the host does not depend on its package directly.
pub(crate) fn indirect(inputs: &Inputs, part: &Part<'_>, service: Option<String>) -> Problem {
    let packages = &inputs.discovery.universe.packages;
    let package = &packages[part.package];
    let via = match part.state {
        State::Indirect(via) => packages[via].name.clone(),
        _ => String::new(),
    };
    let (id, name, version) = (
        part.id.to_owned(),
        package.name.clone(),
        package.version.to_string(),
    );
    Problem::IndirectPlugin {
        id,
        package: name,
        version,
        via,
        service,
    }
}
