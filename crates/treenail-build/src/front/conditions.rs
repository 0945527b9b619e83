//! What decided a composition besides manifests and packages: features of the host and the target, which another build has otherwise.

use std::collections::{BTreeMap, BTreeSet};

use crate::discover::{Declared, cfg};
use crate::inputs::Inputs;
use crate::manifest::platform;
use crate::model::{Manifest, PackageIx, cfg_of};
use crate::source::Sources;

/// What decided a composition.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conditions {
    /// The features of the host, and whether each is on.
    features: BTreeMap<String, bool>,
    /// What manifests and the platforms of dependencies ask of the target, as `rustc --print cfg` says it.
    target: BTreeSet<String>,
    /// A dependency is for a target that is named by its triple.
    names_triple: bool,
}

/// What a target's triple comes to.
const TRIPLE: [&str; 4] = ["target_arch", "target_vendor", "target_os", "target_env"];

impl Conditions {
    /// What these inputs, with these texts and this Cargo.toml of the host, are composed under.
    pub(crate) fn of(inputs: &Inputs, declared: &Declared, sources: &Sources) -> Self {
        let discovery = &inputs.discovery;
        let host = &discovery.universe.packages[inputs.host.package];
        let features = host.declared.iter();
        let features = features.map(|name| (name.clone(), host.features.contains(name)));
        // A dependency of the host counts where its manifest names it, and where it is a plugin, or may be one.
        let mut counts: BTreeSet<String> = host.off.keys().cloned().collect();
        let is_plugin = |package: PackageIx| {
            let mut direct = discovery.direct.iter();
            direct.any(|found| found.package == package)
        };
        let plugins = host.externs.iter();
        let plugins = plugins.filter(|(_, package)| is_plugin(**package));
        counts.extend(plugins.map(|(name, _)| name.clone()));
        let mut conditions = Self {
            features: features.collect(),
            ..Self::default()
        };
        conditions.add(&inputs.host.manifest, declared, &counts, sources);
        for found in &discovery.direct {
            if let Some(declared) = &found.declared {
                conditions.add(&found.manifest, declared, &BTreeSet::new(), sources);
            }
        }
        conditions
    }

    /// Adds what a manifest asks, and the platforms of dependencies that it names, or that count all the same.
    fn add(
        &mut self,
        manifest: &Manifest,
        declared: &Declared,
        counts: &BTreeSet<String>,
        sources: &Sources,
    ) {
        self.target.extend(manifest.target.iter().cloned());
        let text = &sources.get(manifest.source).text;
        for (name, platform) in &declared.platforms {
            if counts.contains(name) || text.contains(name) {
                self.add_platform(platform);
            }
        }
    }

    fn add_platform(&mut self, text: &str) {
        match platform(text) {
            Some(asked) => self.target.extend(asked),
            None => self.names_triple = true,
        }
    }

    /// The condition under which rustc finds the same: `None` always. Of the host's features those count that bring something, by its
    /// Cargo.toml, and these, which its manifest names.
    pub(crate) fn same(
        &self,
        host: &Declared,
        named: &BTreeSet<&str>,
        target: Option<&str>,
    ) -> Option<String> {
        let counts = |name: &str| named.contains(name) || host.bringing.contains(name);
        let features = self.features.iter().filter(|(name, _)| counts(name));
        let line = |(name, is_on): (&String, &bool)| met(&format!("feature = {name:?}"), *is_on);
        let mut all: Vec<String> = features.map(line).collect();
        if self.names_triple || !self.target.is_empty() {
            let known = cfg(target);
            let of_triple = known.iter().filter(|line| {
                let name = line.split('=').next().unwrap_or_default();
                self.names_triple && TRIPLE.contains(&name)
            });
            all.extend(of_triple.map(|line| spaced(line)));
            let asked = self.target.iter();
            all.extend(asked.map(|line| met(&spaced(line), known.contains(line))));
        }
        (!all.is_empty()).then(|| cfg_of("all", &all))
    }
}

/// A line of `rustc --print cfg`, as people write it.
fn spaced(line: &str) -> String {
    line.replacen('=', " = ", 1)
}

fn met(condition: &str, is_met: bool) -> String {
    match is_met {
        true => condition.to_owned(),
        false => format!("not({condition})"),
    }
}
