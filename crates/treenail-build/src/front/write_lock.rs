//! How a lock is written: Cargo's answers at every point, composed and pinned.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::diagnostic::Diagnostics;
use crate::digest::digest;
use crate::discover::{self, DependencyFacts, Discovery, Found, LockedVersions, this_machine};
use crate::files;
use crate::front::committed::Committed;
use crate::front::composed::Composed;
use crate::front::composer::{Composer, shown};
use crate::front::lock::lock_of;
use crate::lock::{self, LockUse, Pin, Point};
use crate::manifest;
use crate::model::Manifest;
use crate::source::Sources;

impl Composer {
    /// The `plugins.lock` of the package: what Cargo says of it, for each set of features and each target that its `[lock]` asks for;
    /// and the texts of all manifests, where that is asked for, or the file that is there has them. Nothing is written. A package that
    /// composes nothing has none.
    #[must_use]
    pub fn lock(&self, hermetic: bool) -> Committed {
        let (file, first) = (
            lock_of(&self.package),
            self.clone().lock_use(LockUse::Never).frozen(),
        );
        let committed = |composed: Composed, text: Option<String>| Committed {
            composed,
            file: file.clone(),
            text,
        };
        let default = first.clone().compose();
        if default.composition().is_none() {
            return committed(default, None);
        }
        let own = discover::own(
            &self.package,
            &mut Sources::default(),
            &mut Diagnostics::default(),
        );
        let bytes = files::read(&own.path).unwrap_or_default();
        let name = shown(&own.path, &self.package);
        let (mut sources, mut ignored) = (Sources::default(), Diagnostics::default());
        let host = manifest::read_bytes(&name, &bytes, &mut sources, &mut ignored);
        let facts = DependencyFacts::of(&self.package).unwrap_or_default();
        let sets = sets(&host, &facts);
        let mut found = Vec::new();
        for target in self.targets(&host) {
            let of_target = first.clone().target(&target).ask_once();
            for features in &sets {
                let composer = of_target.clone().only_features(features);
                let composed = composer.compose();
                let Some(composition) = composed.digest() else {
                    return committed(composed, None);
                };
                let point = Point {
                    features: features.clone(),
                    target: target.clone(),
                    composition: composition.to_owned(),
                };
                found.extend(composer.found_at(point, &name, &bytes));
            }
        }
        let workspace = found.iter().find_map(FoundAt::workspace);
        let workspace = workspace.unwrap_or_else(|| self.package.clone());
        let versions = LockedVersions::of_file(&workspace.join("Cargo.lock")).unwrap_or_default();
        let pins: Vec<Pin<'_>> = found.iter().map(|one| one.pin(&workspace)).collect();
        let hermetic = hermetic || is_hermetic(&file);
        let lock = lock::pin(&pins, facts, &versions, hermetic);
        committed(default, Some(lock::print(&lock)))
    }

    /// The triples that a lock is written for.
    fn targets(&self, host: &Manifest) -> Vec<String> {
        let stated = host.lock.targets.iter().map(|one| one.value.clone());
        let targets: Vec<String> = stated.collect();
        match targets.is_empty() {
            true => self
                .target
                .clone()
                .or_else(this_machine)
                .into_iter()
                .collect(),
            false => targets,
        }
    }

    /// What discovery finds at a point.
    fn found_at(&self, point: Point, name: &str, bytes: &[u8]) -> Option<FoundAt> {
        let mut sources = Sources::default();
        let mut ignored = Diagnostics::default();
        let manifest = manifest::read_bytes(name, bytes, &mut sources, &mut ignored);
        let request = self.request(&manifest);
        let answer = match &self.answer {
            Some(known) => Rc::clone(known),
            None => Rc::new(discover::answer(&request).ok()?),
        };
        let discovery = discover::found_in(&answer, &request, &mut sources, &mut ignored)?;
        Some(FoundAt {
            host: Found {
                package: discovery.universe.host,
                via: discovery.universe.host,
                manifest,
                name: name.to_owned(),
                digest: digest(bytes),
                declared: None,
            },
            point,
            discovery,
            sources,
        })
    }
}

/// What discovery has found at a point.
struct FoundAt {
    point: Point,
    discovery: Discovery,
    sources: Sources,
    host: Found,
}

impl FoundAt {
    fn workspace(&self) -> Option<PathBuf> {
        let subject = self.discovery.subject.as_ref()?;
        Some(subject.workspace.clone())
    }

    fn pin<'a>(&'a self, workspace: &'a Path) -> Pin<'a> {
        Pin {
            point: self.point.clone(),
            discovery: &self.discovery,
            sources: &self.sources,
            host: &self.host,
            workspace,
        }
    }
}

/// Whether the lock that is there has the texts of all manifests.
fn is_hermetic(file: &Path) -> bool {
    let text = files::read(file).unwrap_or_default();
    lock::read(&String::from_utf8_lossy(&text)).is_ok_and(|lock| lock.hermetic)
}

/// The sets of features that a lock is written for, those that each brings along included: the default ones, none, all, each alone, and
/// those that the manifest asks for.
fn sets(host: &Manifest, facts: &DependencyFacts) -> Vec<BTreeSet<String>> {
    let all: BTreeSet<String> = facts.features().cloned().collect();
    let default = all.iter().filter(|name| *name == "default").cloned();
    let mut asked = vec![default.collect(), BTreeSet::new(), all.clone()];
    asked.extend(all.into_iter().map(|one| BTreeSet::from([one])));
    let stated_sets = host.lock.features.iter();
    asked.extend(stated_sets.map(|set| set.iter().map(|one| one.value.clone()).collect()));
    let mut sets: Vec<BTreeSet<String>> = Vec::new();
    for features in asked {
        let features = facts.with_implied(&features);
        if !sets.contains(&features) {
            sets.push(features);
        }
    }
    sets
}
