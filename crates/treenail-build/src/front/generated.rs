//! Generated code that a package ships, so that its build needs neither a build script nor a macro of treenail's.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::digest::digest;
use crate::discover::{self, Declared};
use crate::emit::{Shipped, Stub};
use crate::files;
use crate::front::committed::Committed;
use crate::front::composed::Composed;
use crate::front::composer::Composer;
use crate::manifest;
use crate::source::{Sources, relative, slashed};

/// The file, in the folder of the package.
const FILE: &str = "src/treenail.rs";

impl Composer {
    /// Generates what the package may ship in place of its build script, of `plugin!()` or of `registries!()`. Nothing is written.
    #[must_use]
    pub fn generated(&self) -> Committed {
        let mut composer = self.clone();
        let declared = Declared::of(&self.package, false);
        if let Some(declared) = &declared {
            composer = composer.runtime(format!("::{}", declared.runtime));
        }
        let composed = composer.compose();
        let text = composer.text_to_ship(&composed, &declared.unwrap_or_default());
        Committed {
            composed,
            file: self.generated_file(),
            text,
        }
    }

    /// The file that generated code is shipped in.
    #[must_use]
    pub fn generated_file(&self) -> PathBuf {
        self.package.join(FILE)
    }

    fn text_to_ship(&self, composed: &Composed, declared: &Declared) -> Option<String> {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let path = discover::own(&self.package, &mut sources, &mut problems).path;
        let bytes = files::read(&path).ok()?;
        let manifest = manifest::read_bytes("plugins.toml", &bytes, &mut sources, &mut problems);
        let stub = match manifest.host {
            Some(_) => Stub::App,
            None if self.is_library(&manifest) => Stub::Registries,
            None => Stub::Nothing,
        };
        let mut refused = self.in_place(Some(&manifest), stub);
        if let Some(plan) = composed.composition() {
            refused.runtime.clone_from(&plan.host.runtime);
        }
        let file = self.generated_file();
        let folder = file.parent().unwrap_or(Path::new(""));
        let shipped = Shipped {
            manifest: &manifest,
            path: &slashed(&relative(&path, folder)),
            digest: &digest(&bytes),
            file: FILE,
            refused: &refused,
        };
        let part = composed.shipped(&shipped)?;
        let named = manifest.features.iter().map(|name| name.value.as_str());
        let named = named.collect();
        let target = self.target.as_deref();
        let condition = composed.composition().and_then(|_| {
            let conditions = composed.conditions().clone();
            conditions.same(declared, &named, target)
        });
        Some(shipped.file(vec![(condition, part)]))
    }
}
