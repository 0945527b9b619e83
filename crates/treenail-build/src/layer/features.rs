//! The features that the host's manifest names in conditions: each has to be there, also where the condition is that of
//! something that is not in force, like a line of an overlay that nobody asked for.

use super::condition::Facts;
use crate::diagnostic::Diagnostics;
use crate::inputs::Inputs;
use crate::model::{Condition, HostSection, Layer, Mention, Setting};

/// Reports those that do not exist.
pub(crate) fn check(inputs: &Inputs, problems: &mut Diagnostics) {
    let mut found = Conditions(Vec::new());
    let host = &inputs.host;
    found.section(host.host.as_ref());
    found.layer(&host.layer);
    for overlay in &host.overlays {
        found.0.extend(&overlay.when);
        found.section(overlay.host.as_ref());
        found.layer(&overlay.layer);
    }
    let (facts, package) = (Facts::new(inputs), inputs.discovery.universe.host);
    for condition in found.0 {
        facts.holds(Some(condition), package, problems);
    }
}

struct Conditions<'a>(Vec<&'a Condition>);

impl<'a> Conditions<'a> {
    fn section(&mut self, host: Option<&'a HostSection>) {
        if let Some(section) = host {
            self.setting(section.api.as_ref());
            self.setting(section.root.as_ref());
            self.setting(section.all.as_ref());
        }
    }

    fn layer(&mut self, layer: &'a Layer) {
        for rule in &layer.rules {
            self.0.extend(&rule.when);
            self.setting(rule.version.as_ref());
            self.setting(rule.enabled.as_ref());
            self.setting(rule.optional.as_ref());
        }
        for bind in &layer.binds {
            self.0.extend(&bind.provider.when);
        }
        for alias in &layer.aliases {
            self.0.extend(&alias.to.when);
        }
        for Mention::Bind(setting) | Mention::Alias(setting) in &layer.mentions {
            self.setting(Some(setting));
        }
        for tuning in &layer.tunings {
            self.0.extend(&tuning.when);
            let terms = &tuning.terms;
            for limit in [&terms.build, &terms.start, &terms.stop] {
                self.setting(limit.as_ref());
            }
            self.setting(terms.restart.as_ref());
            self.setting(tuning.fatal.as_ref());
        }
        for one in &layer.overrides {
            self.0.extend(&one.when);
            self.setting(one.enabled.as_ref());
        }
        let components = layer.components.iter();
        self.0
            .extend(components.filter_map(|one| one.when.as_ref()));
        for assertion in &layer.assertions {
            self.0.extend(&assertion.when);
        }
        let lints = layer.lints.iter();
        self.0
            .extend(lints.filter_map(|line| line.level.when.as_ref()));
    }

    fn setting<T>(&mut self, setting: Option<&'a Setting<T>>) {
        self.0
            .extend(setting.and_then(|setting| setting.when.as_ref()));
    }
}
