//! Composes a package on disk: reads its manifest, asks Cargo, analyses, prints. What build scripts, the macros and the
//! command line have in common.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::compose::{Inputs, analyse};
use crate::composed::Composed;
use crate::declared;
use crate::diagnostic::{Diagnostics, Problem};
use crate::digest::digest;
use crate::discover::{Discovery, Request, discover, own_manifest};
use crate::emit::{self, Chunk, Side, Unprinted};
use crate::files;
use crate::layer::{APP, own_components};
use crate::manifest;
use crate::model::{Layer, Manifest, Universe};
use crate::report::Subject;
use crate::source::Sources;

/// Composes the package in a folder.
///
/// Build scripts call [`compose`](crate::compose); this is for what has other needs.
///
/// ```no_run
/// let composed = treenail_build::Composer::new("path/to/package").overlay("test").compose();
/// for message in composed.messages() {
///     eprintln!("{}", message.text);
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Composer {
    package: PathBuf,
    manifest: Option<PathBuf>,
    overlay: Option<String>,
    features: Option<BTreeSet<String>>,
    target: Option<String>,
    runtime: Option<String>,
    development: bool,
    crate_name: Option<String>,
}

impl Composer {
    /// Composes the package with its `Cargo.toml` in this folder, from the manifest that it names.
    pub fn new(package: impl Into<PathBuf>) -> Self {
        Self {
            package: package.into(),
            manifest: None,
            overlay: None,
            features: None,
            target: None,
            runtime: None,
            development: false,
            crate_name: None,
        }
    }

    /// Composes from this file instead of the package's own manifest.
    #[must_use]
    pub fn manifest(mut self, file: impl Into<PathBuf>) -> Self {
        self.manifest = Some(file.into());
        self
    }

    /// Applies this overlay of the manifest.
    #[must_use]
    pub fn overlay(mut self, name: impl Into<String>) -> Self {
        self.overlay = Some(name.into());
        self
    }

    /// The package's features that are on, named as Cargo does after `CARGO_FEATURE_`. Without this, its default features.
    #[must_use]
    pub fn features(mut self, features: impl IntoIterator<Item = String>) -> Self {
        self.features = Some(features.into_iter().collect());
        self
    }

    /// Features that the package declares, by their own names.
    #[must_use]
    pub fn declared_features(&self) -> BTreeSet<String> {
        declared::features(&self.package)
    }

    /// Composes for this target triple instead of this machine's.
    #[must_use]
    pub fn target(mut self, triple: impl Into<String>) -> Self {
        self.target = Some(triple.into());
        self
    }

    /// Composes for a test of the package: its development dependencies count, and so does its own library.
    #[must_use]
    pub fn development(mut self) -> Self {
        self.development = true;
        self
    }

    /// Name of the crate that the generated code stands in: in the package's own library, its plugin is `crate`.
    #[must_use]
    pub(crate) fn within(mut self, crate_name: impl Into<String>) -> Self {
        self.crate_name = Some(crate_name.into());
        self
    }

    /// What generated code calls the runtime crate, instead of the package's name for it.
    #[must_use]
    pub fn runtime(mut self, path: impl Into<String>) -> Self {
        self.runtime = Some(path.into());
        self
    }

    /// Reads, analyses and prints. Mistakes are in the result, never a panic.
    #[must_use]
    pub fn compose(&self) -> Composed {
        let path = self
            .manifest
            .clone()
            .unwrap_or_else(|| own_manifest(&self.package));
        let name = shown(&path, &self.package);
        let watched = vec![path.clone()];
        let bytes = match files::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let mut problems = Diagnostics::default();
                problems.report(
                    Problem::Unreadable {
                        package: String::new(),
                        path: name,
                        words: error.words(),
                    },
                    None,
                );
                let stub = self.stub(Vec::new());
                return Composed::new(stub, problems, Sources::default(), watched, self.subject());
            }
        };
        self.compose_from(&name, &bytes, watched, |host, sources, problems| {
            let request = Request {
                features: self.features.as_ref(),
                target: self.target.as_deref(),
                development: self.development,
                ..Request::new(&self.package, host)
            };
            discover(&request, sources, problems)
        })
    }

    /// Composes from a manifest that has been read, with the packages that `discover` finds.
    pub(crate) fn compose_from(
        &self,
        name: &str,
        bytes: &[u8],
        mut watched: Vec<PathBuf>,
        discover: impl FnOnce(&Manifest, &mut Sources, &mut Diagnostics) -> Option<Discovery>,
    ) -> Composed {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let host = manifest::read_bytes(name, bytes, &mut sources, &mut problems);
        if let Some(path) = watched.first() {
            sources.lies_at(host.source, path);
        }
        if host.host.is_none() {
            return self.plugin_only(&host, &digest(bytes), problems, sources, watched);
        }
        let Some(discovery) = discover(&host, &mut sources, &mut problems) else {
            let stub = self.stub(self.own_side(&host, &digest(bytes), None, false));
            return Composed::new(stub, problems, sources, watched, self.subject());
        };
        watched.extend(discovery.files.iter().cloned());
        let subject = discovery.subject.clone().unwrap_or_else(|| self.subject());
        let inside_library =
            self.crate_name.is_some() && self.crate_name == library(&discovery.universe);
        let inputs = Inputs {
            host,
            host_name: name.to_owned(),
            host_digest: digest(bytes),
            discovery,
            overlay: self.overlay.clone(),
            inside_library,
            runtime: self.runtime.clone(),
        };
        let composition = analyse(&inputs, &mut problems);
        let code = match composition {
            Some(plan) => {
                let runtime = Some(plan.host.runtime.as_str());
                let own = self.own_side(&inputs.host, &inputs.host_digest, runtime, true);
                Unprinted::Composition(Box::new(plan), own)
            }
            None => self.stub(self.own_side(&inputs.host, &inputs.host_digest, None, false)),
        };
        Composed::new(code, problems, sources, watched, subject)
    }

    fn stub(&self, own: Vec<Chunk>) -> Unprinted {
        let runtime = self.runtime_path();
        Unprinted::Stub { runtime, own }
    }

    /// What is known of the package without asking Cargo.
    fn subject(&self) -> Subject {
        Subject::unasked(&self.package)
    }

    /// The plugin's side alone, whatever else the manifest says.
    pub(crate) fn plugin_side(&self) -> Composed {
        let mut sources = Sources::default();
        let mut problems = Diagnostics::default();
        let path = self
            .manifest
            .clone()
            .unwrap_or_else(|| own_manifest(&self.package));
        let name = shown(&path, &self.package);
        let watched = vec![path.clone()];
        match files::read(&path) {
            Ok(bytes) => {
                let manifest = manifest::read_bytes(&name, &bytes, &mut sources, &mut problems);
                sources.lies_at(manifest.source, &path);
                self.plugin_only(&manifest, &digest(&bytes), problems, sources, watched)
            }
            Err(error) => {
                problems.report(
                    Problem::Unreadable {
                        package: String::new(),
                        path: name,
                        words: error.words(),
                    },
                    None,
                );
                Composed::new(
                    Unprinted::Side(Vec::new()),
                    problems,
                    sources,
                    watched,
                    self.subject(),
                )
            }
        }
    }

    /// A manifest without `[host]`: the plugin's side alone, without asking Cargo.
    fn plugin_only(
        &self,
        manifest: &Manifest,
        digest: &str,
        mut problems: Diagnostics,
        sources: Sources,
        watched: Vec<PathBuf>,
    ) -> Composed {
        let code = match &manifest.plugin {
            Some(plugin) => {
                let components = manifest.layer.components.iter().collect::<Vec<_>>();
                Unprinted::Side(emit::side(&Side {
                    plugin: &plugin.id.value,
                    runtime: &self.runtime_path(),
                    components: &components,
                    digest: Some(digest),
                    complete: !problems.has_errors(),
                }))
            }
            None => {
                if !manifest.layer.poison.anything {
                    let start = crate::source::Origin {
                        source: manifest.source,
                        start: 0,
                        end: 0,
                    };
                    problems.report(Problem::NothingToCompose { has_plugin: false }, start);
                }
                Unprinted::Side(Vec::new())
            }
        };
        Composed::new(code, problems, sources, watched, self.subject())
    }

    /// The side of the components that the composing crate brings itself.
    fn own_side(
        &self,
        host: &Manifest,
        digest: &str,
        runtime: Option<&str>,
        complete: bool,
    ) -> Vec<Chunk> {
        let overlay = host
            .overlays
            .iter()
            .find(|overlay| Some(&overlay.name.value) == self.overlay.as_ref());
        let layers: Vec<&Layer> = std::iter::once(&host.layer)
            .chain(overlay.map(|overlay| &overlay.layer))
            .collect();
        let components = own_components(&layers);
        emit::side(&Side {
            plugin: host.plugin.as_ref().map_or(APP, |plugin| &plugin.id.value),
            runtime: runtime.unwrap_or(&self.runtime_path()),
            components: &components,
            // A package that composes and is a plugin as well may itself be composed by others.
            digest: host
                .plugin
                .as_ref()
                .filter(|_| !self.development)
                .map(|_| digest),
            complete,
        })
    }

    fn runtime_path(&self) -> String {
        self.runtime
            .clone()
            .unwrap_or_else(|| "::treenail".to_owned())
    }
}

/// Name of the composing package's library.
fn library(universe: &Universe) -> Option<String> {
    universe.packages[universe.host].lib.clone()
}

/// A path as people know it: relative to the package, never absolute.
fn shown(path: &Path, package: &Path) -> String {
    let known = path
        .strip_prefix(package)
        .ok()
        .or_else(|| path.file_name().map(Path::new));
    known.unwrap_or(path).to_string_lossy().replace('\\', "/")
}
