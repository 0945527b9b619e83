//! `[host]`: what the host and the overlays in force say about the application as a whole.

use semver::Version;

use super::condition::Facts;
use super::merge::{Contradicted, Rank, Stated, strongest};
use crate::compose::Inputs;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::About;
use crate::model::{HostSection, Overlay, Services, Setting, TypeExpr};
use crate::source::{Located, Origin};

/// What came of it.
#[derive(Debug)]
pub(crate) struct Hosting<'a> {
    /// Root key of the configuration; an alias may give it further names.
    pub(crate) root: String,
    /// Something about the root key is wrong and has been reported: it may be another one.
    pub(crate) root_unsure: bool,
    /// The version that plugins and configurations mean by the host's.
    pub(crate) api: Version,
    /// Where that is written; without a place it is the version of the package.
    pub(crate) api_at: Option<Origin>,
    /// Something about the version is wrong and has been reported: nothing is checked against it.
    pub(crate) api_unsure: bool,
    /// Services of which the host's code asks for every provider.
    pub(crate) all: &'a [Located<TypeExpr>],
}

/// Lays the overlays' tables over the host's.
pub(super) fn settle<'a>(
    inputs: &'a Inputs,
    overlays: &[&'a Overlay],
    own: usize,
    problems: &mut Diagnostics,
) -> Hosting<'a> {
    let universe = &inputs.discovery.universe;
    let package = &universe.packages[universe.host];
    let stated = inputs.host.host.iter().map(|host| (host, Rank::Host));
    let over = overlays.iter().filter_map(|overlay| overlay.host.as_ref());
    let sections: Vec<_> = stated
        .chain(over.map(|host| (host, Rank::Overlay)))
        .map(|(host, rank)| (host, (rank, own)))
        .collect();
    let partial = sections.iter().any(|(host, _)| host.partial);
    let facts = Facts::new(inputs);
    let mut of = Sections {
        inputs,
        facts,
        sections,
        problems,
    };
    let api = of.strongest("api", |host| host.api.as_ref());
    let root = of.strongest("root", |host| host.root.as_ref());
    let all = of.strongest("all", |host| host.all.as_ref());
    Hosting {
        all: match all {
            Ok(Some((Services(all), _))) => all,
            _ => &[],
        },
        root_unsure: partial || root.is_err(),
        root: match root {
            Ok(Some((root, _))) => root.clone(),
            _ => package.name.replace('-', "_"),
        },
        api_unsure: partial || api.is_err(),
        api_at: api.as_ref().ok().and_then(|api| api.map(|(_, at)| at)),
        api: match api {
            Ok(Some((api, _))) => api.clone(),
            _ => package.version.clone(),
        },
    }
}

struct Sections<'a, 'p> {
    inputs: &'a Inputs,
    facts: Facts<'a>,
    /// Each with who states it.
    sections: Vec<(&'a HostSection, (Rank, usize))>,
    problems: &'p mut Diagnostics,
}

impl<'a> Sections<'a, '_> {
    /// The value of a key that counts, with its place.
    fn strongest<T: ToString>(
        &mut self,
        key: &'static str,
        get: impl Fn(&'a HostSection) -> Option<&'a Setting<T>>,
    ) -> Result<Option<(&'a T, Origin)>, Contradicted> {
        let host = self.inputs.discovery.universe.host;
        let mut statements = Vec::new();
        for (section, who) in &self.sections {
            let Some(setting) = get(section) else {
                continue;
            };
            let holds = self.facts.holds(setting.when.as_ref(), host, self.problems);
            if holds.ok_or(Contradicted)? {
                let (value, at) = (&setting.value.value, setting.value.origin);
                statements.push(Stated::new(value, at, *who, setting.priority));
            }
        }
        let best = strongest(
            &statements,
            || About::HostKey(key),
            T::to_string,
            self.problems,
        )?;
        Ok(best.map(|best| (best.what, best.at)))
    }
}
