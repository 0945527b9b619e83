//! Where a composition has its packages from: the lock where that is asked for, else Cargo, else the lock, with a warning.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::diagnostic::mistake::{
    CargoFault, LockBehind, LockDamaged, LockFault, LockNewer, LockOfAnother, LockStale,
    LockUncovered, NoLock, WithoutCargo,
};
use crate::diagnostic::{Diagnostics, Told};
use crate::discover::{self, Declared, DependencyFacts, Discovery, cargo_lock_above, this_machine};
use crate::files;
use crate::front::composed::Composed;
use crate::front::composer::Composer;
use crate::lock::{self, Finder, Lock, LockUse, OwnManifest};
use crate::model::Manifest;
use crate::source::{Origin, Sources};

/// Where the `plugins.lock` of the package in a folder lies: beside its manifest.
#[must_use]
pub fn lock_of(package: &Path) -> PathBuf {
    let (mut sources, mut ignored) = (Sources::default(), Diagnostics::default());
    let own = discover::own(package, &mut sources, &mut ignored);
    own.path.with_file_name(lock::FILE)
}

/// What is told of a lock that cannot be used.
pub(super) fn told(fault: &LockFault) -> Told {
    match fault {
        LockFault::Conflict { .. } => LockDamaged { conflict: true }.into(),
        LockFault::Damaged => LockDamaged { conflict: false }.into(),
        LockFault::Newer { format } => LockNewer { format: *format }.into(),
    }
}

impl Composer {
    /// Composes from `plugins.lock` alone: Cargo is not asked. A lock that is behind, or that does not know this build, is a
    /// mistake.
    #[must_use]
    pub fn locked(self) -> Self {
        self.lock_use(LockUse::Always)
    }

    /// The packages around the host; `None` where nobody knows them, which is reported. `is_asked` is set where Cargo says it.
    pub(super) fn packages(
        &self,
        own: &OwnManifest<'_>,
        is_asked: &Cell<bool>,
        host: &Manifest,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Discovery> {
        if self.is_locked(host) {
            return self.locked_packages(own, host, sources, problems);
        }
        let request = self.request(host);
        match self.answer_to(&request) {
            Ok(answer) => {
                is_asked.set(true);
                discover::found_in(&answer, &request, sources, problems)
            }
            // Whoever only looks is told that there is no answer.
            Err(failed)
                if self.is_of_a_build() && self.may_be_locked() && own.lock_file().is_file() =>
            {
                let words = failed.words;
                problems.report(WithoutCargo { words }, None);
                self.locked_packages(own, host, sources, problems)
            }
            Err(failed) => {
                let edition = host.distribution.as_ref();
                let edition = edition.filter(|_| failed.fault == CargoFault::Failed);
                let at = edition.map(|edition| edition.meant(&failed.words));
                problems.report(failed.of_edition(edition.is_some()), at);
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
        let stated = DependencyFacts::of(&self.package);
        let facts = own.differ_from(&lock, stated.as_ref());
        if !facts.is_empty() {
            problems.report(LockStale { facts }, None);
            return None;
        }
        let point = self.point(&lock, &stated?, problems)?;
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
            Err(fault) => {
                let mut at = None;
                if let LockFault::Conflict { start } = fault {
                    let source = sources.add(lock::FILE, &*text);
                    sources.lies_at(source, file);
                    at = Some(Origin::new(source, start..start + 7));
                }
                problems.report(told(&fault), at);
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
    fn point(
        &self,
        lock: &Lock,
        stated: &DependencyFacts,
        problems: &mut Diagnostics,
    ) -> Option<usize> {
        let features = self.features_on(stated);
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
        let lock = self.read_lock(&file, &mut sources, &mut problems);
        let unreadable = lock.is_none();
        let is_behind = lock.is_none_or(|lock| {
            let stated = DependencyFacts::of(&self.package);
            let features = stated.as_ref().map(|stated| self.features_on(stated));
            let target = self.target.clone().or_else(this_machine);
            let point = features
                .zip(target)
                .and_then(|(features, target)| lock.point(&features, &target))
                .filter(|_| self.overlays.is_empty());
            let is_other = |point: usize| lock.points[point].composition != now;
            point.is_some_and(is_other) || !own.differ_from(&lock, stated.as_ref()).is_empty()
        });
        composed.depends_on(file);
        if is_behind {
            composed.add(LockBehind { unreadable });
        }
    }
}
