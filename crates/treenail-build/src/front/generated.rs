//! Generated code that a package ships, so that its build needs neither a build script nor a macro of treenail's.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::digest::digest;
use crate::discover::{self, Declared, DependencyFacts};
use crate::emit::{Shipped, Stub};
use crate::files;
use crate::front::committed::Committed;
use crate::front::composed::Composed;
use crate::front::composer::Composer;
use crate::front::lock::lock_of;
use crate::lock::LockUse;
use crate::manifest;
use crate::model::Manifest;
use crate::source::{Sources, relative, slashed};

/// The file, in the folder of the package.
const FILE: &str = "src/treenail.rs";

impl Composer {
    /// What the package may ship in place of its build script, of `plugin!()` or of `registries!()`, in `src/treenail.rs`. Nothing is
    /// written. A host with a lock has code for every build that the lock knows, any other one for that with its default features.
    #[must_use]
    pub fn generated(&self) -> Committed {
        let (mut sources, mut ignored) = (Sources::default(), Diagnostics::default());
        let path = discover::own(&self.package, &mut sources, &mut ignored).path;
        let bytes = files::read(&path).unwrap_or_default();
        let manifest = manifest::read_bytes("plugins.toml", &bytes, &mut sources, &mut ignored);
        let declared = Declared::of(&self.package, false);
        let mut composer = self.clone().lock_use(LockUse::Never);
        composer.ships = true;
        if let Some(declared) = &declared {
            composer = composer.runtime(format!("::{}", declared.runtime));
        }
        let builds = composer.builds(&manifest).into_iter();
        let mut builds: Vec<Build> = builds.map(Build::of).collect();
        let failed = builds.iter().position(|one| one.composed.has_errors());
        let text = failed.is_none().then(|| {
            let declared = declared.unwrap_or_default();
            let folder = self.generated_file();
            let folder = folder.parent().unwrap_or(Path::new(""));
            let shipped = Shipped {
                manifest: &manifest,
                path: &slashed(&relative(&path, folder)),
                digest: &digest(&bytes),
                file: FILE,
                refused: &composer.in_place(Some(&manifest), self.stub(&manifest)),
            };
            let parts = builds.iter().filter_map(|build| {
                let part = build.composed.shipped(&shipped)?;
                Some((build.condition(&declared, &manifest), part))
            });
            shipped.file(parts.collect())
        });
        Committed {
            composed: builds.swap_remove(failed.unwrap_or(0)).composed,
            file: self.generated_file(),
            text,
        }
    }

    /// What stands in for the code where it is refused.
    fn stub(&self, manifest: &Manifest) -> Stub {
        match manifest.host {
            Some(_) => Stub::App,
            None if self.is_library(manifest) => Stub::Registries,
            None => Stub::Nothing,
        }
    }

    /// What composes the builds that code is shipped for.
    fn builds(&self, manifest: &Manifest) -> Vec<Self> {
        let is_pinned = manifest.host.is_some() && lock_of(&self.package).is_file();
        if self.features.is_some() || !is_pinned {
            return vec![self.clone()];
        }
        let facts = DependencyFacts::of(&self.package).unwrap_or_default();
        let points = self.points(manifest, &facts).into_iter();
        let builds: Vec<Self> = points.map(|point| point.composer).collect();
        match builds.is_empty() {
            true => vec![self.clone()],
            false => builds,
        }
    }

    /// The file that generated code is shipped in.
    #[must_use]
    pub fn generated_file(&self) -> PathBuf {
        self.package.join(FILE)
    }
}

/// A build that code is shipped for.
struct Build {
    composer: Composer,
    composed: Composed,
}

impl Build {
    fn of(composer: Composer) -> Self {
        let composed = composer.compose();
        Self { composer, composed }
    }

    /// When it is this build, as rustc decides it; `None` always.
    fn condition(&self, declared: &Declared, manifest: &Manifest) -> Option<String> {
        self.composed.composition()?;
        let named = manifest.features.iter().map(|name| name.value.as_str());
        let target = self.composer.target.as_deref();
        let conditions = self.composed.conditions();
        conditions.same(declared, &named.collect(), target)
    }
}
