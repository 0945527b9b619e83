//! Where a composition has its packages from: the lock where that is asked for, else Cargo, else the lock, with a warning; and how
//! a lock is written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{
    LockBehind, LockDamaged, LockFault, LockNewer, LockOfAnother, LockStale, LockUncovered, NoLock,
    WithoutCargo,
};
use crate::digest::digest;
use crate::discover::{
    self, Declared, DependencyFacts, Discovery, Found, LockedVersions, cargo_lock_above,
    this_machine,
};
use crate::files;
use crate::front::composed::Composed;
use crate::front::composer::{Composer, shown};
use crate::lock::{self, Finder, Lock, LockUse, OwnManifest, Pin, Point};
use crate::manifest;
use crate::model::Manifest;
use crate::source::{Origin, Sources};

/// Where the `plugins.lock` of the package in a folder lies: beside its manifest.
#[must_use]
pub fn lock_of(package: &Path) -> PathBuf {
    let (mut sources, mut ignored) = (Sources::default(), Diagnostics::default());
    let own = discover::own(package, &mut sources, &mut ignored);
    own.path.with_file_name(lock::FILE)
}

impl Composer {
    /// Composes from `plugins.lock` alone: Cargo is not asked. A lock that is behind, or that does not know this build, is a
    /// mistake.
    #[must_use]
    pub fn locked(self) -> Self {
        self.lock_use(LockUse::Always)
    }

    /// The packages around the host; `None` where nobody knows them, which is reported.
    pub(super) fn packages(
        &self,
        own: &OwnManifest<'_>,
        host: &Manifest,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Discovery> {
        if self.is_locked(host) {
            return self.locked_packages(own, host, sources, problems);
        }
        let request = self.request(host);
        let answer = match &self.answer {
            Some(known) => Ok(Rc::clone(known)),
            None => discover::answer(&request).map(Rc::new),
        };
        match answer {
            Ok(answer) => discover::found_in(&answer, &request, sources, problems),
            Err(failed) if self.may_be_locked() && own.lock_file().is_file() => {
                let words = failed.words;
                problems.report(WithoutCargo { words }, None);
                self.locked_packages(own, host, sources, problems)
            }
            Err(failed) => {
                problems.report(failed, None);
                None
            }
        }
    }

    /// Whether Cargo is not asked.
    fn is_locked(&self, host: &Manifest) -> bool {
        let stated = host.host.as_ref().is_some_and(|host| host.locked);
        match self.lock_use {
            LockUse::AsStated => stated && self.may_be_locked(),
            LockUse::Always => self.may_be_locked(),
            LockUse::Never => false,
        }
    }

    /// A lock is of the package's own manifest, and knows nothing of its tests.
    fn may_be_locked(&self) -> bool {
        self.lock_use != LockUse::Never && self.manifest.is_none() && !self.development
    }

    fn locked_packages(
        &self,
        own: &OwnManifest<'_>,
        host: &Manifest,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Discovery> {
        let file = own.lock_file();
        let lock = self.read_lock(&file, sources, problems)?;
        let facts = own.differ_from(&lock);
        if !facts.is_empty() {
            problems.report(LockStale { facts }, None);
            return None;
        }
        let point = self.point(&lock, problems)?;
        let root = lock.root(&self.package);
        let finder = Finder {
            lock: &lock,
            point,
            package: &self.package,
            host,
            read: &|path| files::read(&root.join(path)).ok(),
        };
        let mut found = finder.find(sources, problems)?;
        found.files.push(file);
        found.files.extend(self.cargo_lock(&lock));
        Some(found)
    }

    fn cargo_lock(&self, lock: &Lock) -> Option<PathBuf> {
        cargo_lock_above(&self.package, lock.depth())
    }

    /// The lock of this package.
    fn read_lock(
        &self,
        file: &Path,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Lock> {
        let Ok(bytes) = files::read(file) else {
            let file = lock::FILE.to_owned();
            problems.report(NoLock { file }, None);
            return None;
        };
        let text = String::from_utf8_lossy(&bytes);
        let lock = match lock::read(&text) {
            Ok(lock) => lock,
            Err(LockFault::Newer { format }) => {
                problems.report(LockNewer { format }, None);
                return None;
            }
            Err(LockFault::Damaged) => {
                problems.report(LockDamaged { conflict: false }, None);
                return None;
            }
            Err(LockFault::Conflict { start }) => {
                let source = sources.add(lock::FILE, &*text);
                sources.lies_at(source, file);
                let at = Origin::new(source, start..start + 7);
                problems.report(LockDamaged { conflict: true }, at);
                return None;
            }
        };
        let package = Declared::of(&self.package, false)?.package;
        if lock.host != package {
            let locked = lock.host;
            problems.report(LockOfAnother { locked, package }, None);
            return None;
        }
        Some(lock)
    }

    /// The features that are on, named as Cargo does after `CARGO_FEATURE_`, with those that they bring along.
    fn features_on(&self, stated: &DependencyFacts) -> BTreeSet<String> {
        let all = stated.features();
        let on = all.filter(|name| match &self.features {
            None => *name == "default",
            Some(on) => on.contains(&discover::env_name(name)),
        });
        stated.with_implied(&on.cloned().collect())
    }

    /// The point of this build.
    fn point(&self, lock: &Lock, problems: &mut Diagnostics) -> Option<usize> {
        let stated = DependencyFacts::of(&self.package)?;
        let features = self.features_on(&stated);
        let target = self.target.clone().or_else(this_machine)?;
        if let Some(point) = lock.point(&features, &target) {
            return Some(point);
        }
        let targets: BTreeSet<String> = lock.points.iter().map(|one| one.target.clone()).collect();
        let is_known = targets.contains(&target);
        problems.report(
            LockUncovered {
                features: stated.without_implied(&features),
                target,
                targets: (!is_known).then(|| targets.into_iter().collect()),
            },
            None,
        );
        None
    }

    /// Says of a composition that Cargo was asked about that the lock, if there is one, would make another.
    pub(super) fn compare_with_lock(&self, own: &OwnManifest<'_>, composed: &mut Composed) {
        let file = own.lock_file();
        let Some(now) = composed
            .digest()
            .filter(|_| self.may_be_locked() && file.is_file())
        else {
            return;
        };
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let unreadable = match self.read_lock(&file, &mut sources, &mut problems) {
            None => true,
            Some(lock) => {
                let stated = DependencyFacts::of(&self.package).unwrap_or_default();
                let target = self.target.clone().or_else(this_machine);
                let point = target
                    .and_then(|target| lock.point(&self.features_on(&stated), &target))
                    .filter(|_| self.overlays.is_empty());
                let is_same = point.is_none_or(|point| lock.points[point].composition == now);
                if is_same && own.differ_from(&lock).is_empty() {
                    return;
                }
                false
            }
        };
        composed.add(LockBehind { unreadable });
    }

    /// What `cargo treenail lock` writes: what Cargo says of this package, for each set of features and each target that its
    /// `[lock]` asks for, and with `hermetic` the texts of all manifests. `None` for a package that composes nothing.
    ///
    /// # Errors
    /// A composition has mistakes.
    pub fn lock(&self, hermetic: bool) -> Result<Option<String>, Box<Composed>> {
        let first = self.clone().lock_use(LockUse::Never).frozen();
        let default = first.clone().compose();
        if default.has_errors() {
            return Err(Box::new(default));
        }
        if default.composition().is_none() {
            return Ok(None);
        }
        let mut sources = Sources::default();
        let own = discover::own(&self.package, &mut sources, &mut Diagnostics::default());
        let bytes = files::read(&own.path).unwrap_or_default();
        let name = shown(&own.path, &self.package);
        let read = manifest::read_bytes(&name, &bytes, &mut sources, &mut Diagnostics::default());
        let stated = DependencyFacts::of(&self.package).unwrap_or_default();
        let sets = sets(&read, &stated);
        let mut found = Vec::new();
        for target in self.targets(&read) {
            let of_target = first.clone().target(&target).ask_once();
            for features in &sets {
                let composer = of_target.clone().only_features(features);
                let composed = composer.compose();
                let Some(composition) = composed.digest() else {
                    return Err(Box::new(composed));
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
        let versions = LockedVersions::of_file(&workspace.join("Cargo.lock"));
        let pins: Vec<Pin<'_>> = found.iter().map(|one| one.pin(&workspace)).collect();
        let lock = lock::pin(&pins, stated, &versions.unwrap_or_default(), hermetic);
        Ok(Some(lock::print(&lock)))
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

/// The sets of features that a lock is written for, those that each brings along included: the default ones, none, all, each alone, and
/// those that the manifest asks for.
fn sets(host: &Manifest, stated: &DependencyFacts) -> Vec<BTreeSet<String>> {
    let all: BTreeSet<String> = stated.features().cloned().collect();
    let default = all.iter().filter(|name| *name == "default").cloned();
    let mut asked = vec![default.collect(), BTreeSet::new(), all.clone()];
    asked.extend(all.into_iter().map(|one| BTreeSet::from([one])));
    let stated_sets = host.lock.features.iter();
    asked.extend(stated_sets.map(|set| set.iter().map(|one| one.value.clone()).collect()));
    let mut sets: Vec<BTreeSet<String>> = Vec::new();
    for features in asked {
        let features = stated.with_implied(&features);
        if !sets.contains(&features) {
            sets.push(features);
        }
    }
    sets
}
