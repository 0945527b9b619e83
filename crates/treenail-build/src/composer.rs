//! Composes a package on disk: reads its manifest, asks Cargo, analyses, prints. What build scripts, the macros and the
//! command line have in common. It is one long page because they differ only in which of these steps they take.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::alias;
use crate::compose::{Inputs, analyse};
use crate::composed::Composed;
use crate::declared::Declared;
use crate::desk::{self, Desk};
use crate::diagnostic::{Diagnostics, Problem};
use crate::digest::digest;
use crate::discover::{self, Discovery, Request, discover};
use crate::elsewhere::{self, Elsewhere, Split};
use crate::emit::{self, Chunk, Unprinted};
use crate::files;
use crate::layer::{self, APP, Facts};
use crate::lint;
use crate::manifest;
use crate::model::{ComponentDecl, Manifest, Overlay, Subject, Universe};
use crate::own::{self, Own, OwnSide};
use crate::source::Sources;
use crate::unused;

/// Composes the package in a folder.
///
/// Build scripts call [`compose`](crate::compose), or [`Composer::build_script`] where they have more to say; this is for what
/// has other needs.
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
    overlays: Vec<String>,
    features: Option<BTreeSet<String>>,
    target: Option<String>,
    cfg: Option<BTreeSet<String>>,
    runtime: Option<String>,
    development: bool,
    components: Vec<Elsewhere>,
    crate_name: Option<String>,
}

impl Composer {
    /// Composes the package with its `Cargo.toml` in this folder, from the manifest that it names.
    pub fn new(package: impl Into<PathBuf>) -> Self {
        Self {
            package: package.into(),
            manifest: None,
            overlays: Vec::new(),
            cfg: None,
            features: None,
            target: None,
            runtime: None,
            development: false,
            components: Vec::new(),
            crate_name: None,
        }
    }

    /// Composes from this file instead of the package's own manifest.
    #[must_use]
    pub fn manifest(mut self, file: impl Into<PathBuf>) -> Self {
        self.manifest = Some(file.into());
        self
    }

    /// Applies this overlay of the manifest, besides those that were named before and those whose `when` holds.
    #[must_use]
    pub fn overlay(mut self, name: impl Into<String>) -> Self {
        self.overlays.push(name.into());
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
        let declared = Declared::of(&self.package, false);
        declared.map_or_else(BTreeSet::new, |declared| declared.features)
    }

    /// Composes for this target triple instead of this machine's.
    #[must_use]
    pub fn target(mut self, triple: impl Into<String>) -> Self {
        self.target = Some(triple.into());
        self
    }

    /// What is known of the target, one line of `rustc --print cfg` each: `unix`, `target_os="linux"`. Without this, rustc is
    /// asked where a manifest wants to know.
    #[must_use]
    pub fn cfg(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.cfg = Some(lines.into_iter().collect());
        self
    }

    /// Composes for a test of the package: its development dependencies count, and so does its own library.
    #[must_use]
    pub fn development(mut self) -> Self {
        self.development = true;
        self
    }

    /// The host's own components are those that another composition of the same file brought in, in the module at this path
    /// of Rust: then the two can stand in one crate. What an overlay adds is brought in here.
    #[must_use]
    pub fn components(self, module: impl Into<String>) -> Self {
        self.components_with(module, std::iter::empty())
    }

    /// The same for a composition with these overlays: what they add is taken from there too, where this one's overlays add the
    /// very same. Of several modules, the first counts that has a component.
    #[must_use]
    pub fn components_with(
        mut self,
        module: impl Into<String>,
        overlays: impl IntoIterator<Item = String>,
    ) -> Self {
        self.components.push(Elsewhere {
            module: module.into(),
            overlays: overlays.into_iter().collect(),
        });
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
        let (name, bytes, read) = match self.read() {
            Ok(found) => found,
            Err(read) => {
                let stub = self.stub(self.unread().chunks);
                return read.composed(stub, self.subject());
            }
        };
        self.compose_from((&name, &bytes), read, |host, sources, problems| {
            let request = Request {
                features: self.features.as_ref(),
                target: self.target.as_deref(),
                development: self.development,
                ..Request::new(&self.package, host)
            };
            discover(&request, sources, problems)
        })
    }

    /// The composition's own manifest: its name for people, and its bytes.
    fn read(&self) -> Result<(String, Vec<u8>, Read), Read> {
        let mut read = Read::default();
        let Read {
            sources, problems, ..
        } = &mut read;
        let (path, doubtful) = match &self.manifest {
            Some(path) => (path.clone(), false),
            None => {
                let own = discover::own(&self.package, sources, problems);
                (own.path, own.doubtful)
            }
        };
        let name = shown(&path, &self.package);
        read.watched.push(path.clone());
        if self.manifest.is_none() {
            read.watched.push(self.package.join("Cargo.toml"));
        }
        match files::read(&path) {
            Ok(bytes) => Ok((name, bytes, read)),
            // Another file may be meant.
            Err(_) if doubtful => Err(read),
            Err(error) => {
                let named = self.manifest.is_none();
                let at = named.then(|| discover::named_at(&self.package, &mut read.sources));
                let problem = Problem::Unreadable {
                    package: String::new(),
                    path: name,
                    words: error.words(),
                };
                read.problems.report(problem, at.flatten());
                Err(read)
            }
        }
    }

    /// Composes from a manifest that has been read, with the packages that `discover` finds.
    pub(crate) fn compose_from(
        &self,
        (name, bytes): (&str, &[u8]),
        read: Read,
        discover: impl FnOnce(&Manifest, &mut Sources, &mut Diagnostics) -> Option<Discovery>,
    ) -> Composed {
        let Read {
            mut sources,
            mut problems,
            mut watched,
        } = read;
        let host = manifest::read_bytes(name, bytes, &mut sources, &mut problems);
        if let Some(path) = watched.first() {
            sources.lies_at(host.source, path);
        }
        if host.host.is_none() {
            return self.plugin_only(&host, &digest(bytes), None, problems, sources, watched);
        }
        let Some(mut discovery) = discover(&host, &mut sources, &mut problems) else {
            let components = self.stated_components(&host);
            let mut unheard = Diagnostics::default();
            let of = (&host, [].as_slice());
            let split = elsewhere::split(&self.components, of, &components, |_| true, &mut unheard);
            let own = self.own_side(&host, &digest(bytes), &split, None, None);
            let stub = self.stub(own.chunks);
            return Composed::new(stub, problems, sources, watched, self.subject());
        };
        if sources.any(|name, text| !name.ends_with("Cargo.toml") && text.contains("cfg(")) {
            discovery.target = match &self.cfg {
                Some(known) => known.clone(),
                None => discover::cfg(self.target.as_deref()),
            };
        }
        watched.extend(discovery.files.iter().cloned());
        let subject = discovery.subject.clone().unwrap_or_else(|| self.subject());
        let inside_library =
            self.crate_name.is_some() && self.crate_name == library(&discovery.universe);
        let inputs = Inputs {
            host,
            host_name: name.to_owned(),
            host_digest: digest(bytes),
            discovery,
            overlays: self.overlays.clone(),
            elsewhere: self
                .components
                .iter()
                .flat_map(|one| one.overlays.clone())
                .collect(),
            inside_library,
            runtime: self.runtime.clone(),
        };
        let split = self.split(&inputs, &mut problems);
        let desk = self.desk(&inputs.host, &split, &mut problems);
        watched.extend(desk.iter().flat_map(Desk::doubtful_files));
        let composition = analyse(&inputs, &mut problems);
        let runtime = composition.as_ref().map(|plan| plan.host.runtime.as_str());
        let own = self.own_side(&inputs.host, &inputs.host_digest, &split, runtime, desk);
        let code = match composition {
            Some(mut plan) => {
                own.rename(&mut plan);
                Unprinted::Composition(Box::new(plan), own.chunks)
            }
            None => self.stub(own.chunks),
        };
        drop(split);
        Composed::new(code, problems, sources, watched, subject).keep(inputs)
    }

    fn stub(&self, own: Vec<Chunk>) -> Unprinted {
        let runtime = self.runtime_path();
        Unprinted::Stub { runtime, own }
    }

    /// What is known of the package without asking Cargo.
    fn subject(&self) -> Subject {
        Subject::unasked(&self.package)
    }

    /// The plugin's side alone, whatever else the manifest says, for a runtime with these features.
    pub(crate) fn plugin_side(&self, runtime: &BTreeSet<String>) -> Composed {
        let (name, bytes, mut read) = match self.read() {
            Ok(found) => found,
            Err(read) => {
                let own = self.unread();
                let code = Unprinted::Side(own.chunks);
                return read.composed(code, self.subject()).compiles(own.compiles);
            }
        };
        let manifest = manifest::read_bytes(&name, &bytes, &mut read.sources, &mut read.problems);
        if let Some(path) = read.watched.first() {
            read.sources.lies_at(manifest.source, path);
        }
        let Read {
            sources,
            problems,
            watched,
        } = read;
        let digest = digest(&bytes);
        self.plugin_only(
            &manifest,
            &digest,
            Some(runtime),
            problems,
            sources,
            watched,
        )
    }

    /// A manifest without `[host]`: the plugin's side alone, without asking Cargo.
    fn plugin_only(
        &self,
        manifest: &Manifest,
        digest: &str,
        runtime: Option<&BTreeSet<String>>,
        mut problems: Diagnostics,
        sources: Sources,
        watched: Vec<PathBuf>,
    ) -> Composed {
        let mut desk = Desk::of(&self.package, false);
        desk.check(manifest, runtime, &mut problems);
        let shared = problems.errors();
        // A build script would not look again when the code has changed.
        if runtime.is_some() {
            let types = manifest.layer.components.iter().flat_map(desk::types);
            desk.check_names(types, &mut problems);
        }
        let plugin = manifest.plugin.as_ref();
        if plugin.is_some() {
            unused::in_a_plugin(manifest, &mut problems);
            alias::check_alone(manifest, &mut problems);
        }
        lint::apply_alone(manifest, &mut problems);
        if plugin.is_none() && !problems.has_errors() {
            let start = crate::source::Origin {
                source: manifest.source,
                start: 0,
                end: 0,
            };
            problems.report(Problem::NothingToCompose { has_plugin: false }, start);
        }
        let components = manifest.layer.components.iter().collect::<Vec<_>>();
        let own = Own {
            plugin: plugin.map_or("", |plugin| &plugin.id.value),
            components: &components,
            spare: &[],
            left_out: &manifest.layer.left_out,
            digest: Some(digest),
            runtime: &self.runtime_path(),
            complete: !problems.has_errors(),
            conditional: true,
        };
        let own = own::side(&own, &self.package, self.development, Some(desk));
        let code = Unprinted::Side(own.chunks);
        // What has been found since is between the manifest and its author: no host shows it.
        let compiles = own.compiles && problems.errors() == shared;
        Composed::new(code, problems, sources, watched, self.subject()).compiles(compiles)
    }

    /// The side of a crate whose manifest could not be read.
    fn unread(&self) -> OwnSide {
        let own = Own {
            plugin: "",
            components: &[],
            spare: &[],
            left_out: &[],
            digest: None,
            runtime: &self.runtime_path(),
            complete: false,
            conditional: false,
        };
        own::side(&own, &self.package, self.development, None)
    }

    /// The composing crate's own components that are there, by where they are brought in.
    fn split<'a>(&'a self, inputs: &'a Inputs, problems: &mut Diagnostics) -> Split<'a> {
        let mut unheard = Diagnostics::default();
        let overlays = layer::in_force(inputs, &mut unheard);
        let components = layer::own(inputs, &overlays);
        let by_condition = layer::by_condition(inputs);
        let (facts, package) = (Facts::new(inputs), inputs.discovery.universe.host);
        let is_there = |one: &ComponentDecl| {
            let mut unheard = Diagnostics::default();
            facts.holds(one.when.as_ref(), package, &mut unheard) == Some(true)
        };
        let of = (&inputs.host, by_condition.as_slice());
        elsewhere::split(&self.components, of, &components, is_there, problems)
    }

    /// The composing package's desk, with what the types of its own components lack in its code. A plugin says so itself, and a
    /// test has its types wherever it likes.
    fn desk(&self, host: &Manifest, split: &Split<'_>, problems: &mut Diagnostics) -> Option<Desk> {
        let is_here = self.package.is_absolute() && !self.development && host.plugin.is_none();
        (is_here && !split.here.is_empty()).then(|| {
            let mut desk = Desk::of(&self.package, false);
            desk.check_names(split.here.iter().copied().flat_map(desk::made_of), problems);
            desk
        })
    }

    /// The side of the components that the composing crate brings itself. `runtime` is what the composition calls the runtime
    /// crate; `None` where there is none because of a mistake.
    fn own_side(
        &self,
        host: &Manifest,
        digest: &str,
        Split {
            here,
            elsewhere,
            spare,
        }: &Split<'_>,
        runtime: Option<&str>,
        desk: Option<Desk>,
    ) -> OwnSide {
        let unset = self.runtime_path();
        let of = Own {
            plugin: host.plugin.as_ref().map_or(APP, |plugin| &plugin.id.value),
            components: here,
            spare,
            left_out: &host.layer.left_out,
            // A package that composes and is a plugin as well may itself be composed by others.
            digest: host
                .plugin
                .as_ref()
                .filter(|_| !self.development)
                .map(|_| digest),
            runtime: runtime.unwrap_or(&unset),
            complete: runtime.is_some(),
            // What a condition comes to has been decided.
            conditional: false,
        };
        let mut own = own::side(&of, &self.package, self.development, desk);
        for (module, components) in elsewhere.iter().rev() {
            let chunk = emit::wired_elsewhere(module, components);
            own.chunks.insert(0, chunk);
        }
        own
    }

    /// The own components of a composition of which nothing else is known.
    fn stated_components<'m>(&self, host: &'m Manifest) -> Vec<&'m ComponentDecl> {
        let asked = |overlay: &&Overlay| self.overlays.contains(&overlay.name.value);
        let overlays = host.overlays.iter().filter(asked);
        let layers = std::iter::once(&host.layer).chain(overlays.map(|overlay| &overlay.layer));
        let layers: Vec<Vec<&ComponentDecl>> = layers
            .map(|layer| layer.components.iter().collect())
            .collect();
        layer::own_components(&layers)
    }

    fn runtime_path(&self) -> String {
        self.runtime
            .clone()
            .unwrap_or_else(|| "::treenail".to_owned())
    }
}

/// What has been read and reported before a composition begins.
#[derive(Debug, Default)]
pub(crate) struct Read {
    sources: Sources,
    problems: Diagnostics,
    /// The files, the manifest first.
    watched: Vec<PathBuf>,
}

impl Read {
    /// There is nothing to go on with.
    fn composed(self, code: Unprinted, subject: Subject) -> Composed {
        Composed::new(code, self.problems, self.sources, self.watched, subject)
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
