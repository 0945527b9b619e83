//! How a lock is written: Cargo's answers at every point, composed and pinned.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::digest::digest;
use crate::discover::{self, DependencyFacts, Discovery, Found, LockedVersions};
use crate::files;
use crate::front::committed::Committed;
use crate::front::composed::Composed;
use crate::front::composer::{Composer, shown};
use crate::front::lock::lock_of;
use crate::front::points::WrittenPoint;
use crate::lock::{self, LockUse, Pin, Point};
use crate::manifest;
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
        let mut found = Vec::new();
        for WrittenPoint {
            composer,
            target,
            features,
        } in first.points(&host, &facts)
        {
            let composed = composer.compose();
            let Some(composition) = composed.digest() else {
                return committed(composed, None);
            };
            let point = Point {
                features,
                target,
                composition: composition.to_owned(),
            };
            found.extend(composer.found_at(point, &name, &bytes));
        }
        let workspace = found.iter().find_map(FoundAt::workspace);
        let workspace = workspace.unwrap_or_else(|| self.package.clone());
        let versions = LockedVersions::of_file(&workspace.join("Cargo.lock")).unwrap_or_default();
        let pins: Vec<Pin<'_>> = found.iter().map(|one| one.pin(&workspace)).collect();
        let hermetic = hermetic || is_hermetic(&file);
        let lock = lock::pin(&pins, facts, &versions, hermetic);
        committed(default, Some(lock::print(&lock)))
    }

    /// What discovery finds at a point.
    fn found_at(&self, point: Point, name: &str, bytes: &[u8]) -> Option<FoundAt> {
        let mut sources = Sources::default();
        let mut ignored = Diagnostics::default();
        let manifest = manifest::read_bytes(name, bytes, &mut sources, &mut ignored);
        let request = self.request(&manifest);
        let answer = self.answer_to(&request).ok()?;
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
