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
        let composer = match Declared::of(&self.package, false) {
            Some(Declared { runtime, .. }) => self.clone().runtime(format!("::{runtime}")),
            None => self.clone(),
        };
        let composed = composer.compose();
        let text = composer.text_to_ship(&composed);
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

    fn text_to_ship(&self, composed: &Composed) -> Option<String> {
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
        composed.shipped(&Shipped {
            manifest: &manifest,
            path: &slashed(&relative(&path, folder)),
            digest: &digest(&bytes),
            file: FILE,
            refused: &refused,
        })
    }
}
