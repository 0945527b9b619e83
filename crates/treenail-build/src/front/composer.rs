//! Composes a package on disk: reads its manifest, asks Cargo, analyses, prints. What build scripts, the macros and the
//! command line have in common. It is one long page because they differ only in which of these steps they take.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::check;
use crate::compose::{Planned, compose};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{CargoFailed, Role, Unreadable};
use crate::digest::digest;
use crate::discover::{self, CargoLock, Declared, Discovery, Found, Metadata, Request};
use crate::emit::{self, Chunk, PrintedSide, Refused, Side, SideEntry, Stub, Unprinted};
use crate::files;
use crate::front::composed::Composed;
use crate::front::conditions::Conditions;
use crate::inputs::Inputs;
use crate::layer::HostLayers;
use crate::lock::{LockUse, OwnManifest};
use crate::manifest;
use crate::model::type_path::is_identifier;
use crate::model::{ComponentDecl, Composition, EntryDecl, Manifest, Package, Subject, Universe};
use crate::runtime::{self, RUNTIME};
use crate::source::{Origin, Sources, View, slashed};

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
    pub(super) package: PathBuf,
    pub(super) manifest: Option<PathBuf>,
    pub(super) overlays: Vec<String>,
    pub(super) features: Option<BTreeSet<String>>,
    pub(super) target: Option<String>,
    cfg: Option<BTreeSet<String>>,
    runtime: Option<String>,
    is_expansion: bool,
    /// The code is shipped, so what decides it is noted.
    pub(super) ships: bool,
    pub(super) development: bool,
    crate_name: Option<String>,
    reader: Option<PathBuf>,
    cargo_lock: CargoLock,
    pub(super) cargo_config: Vec<String>,
    online: bool,
    pub(super) lock_use: LockUse,
    /// What Cargo has answered about all features.
    answer: Option<Rc<Metadata>>,
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
            is_expansion: false,
            ships: false,
            development: false,
            crate_name: None,
            reader: None,
            cargo_lock: CargoLock::default(),
            cargo_config: Vec::new(),
            online: false,
            lock_use: LockUse::default(),
            answer: None,
        }
    }

    /// Whether the packages are those of `plugins.lock`.
    pub(super) fn lock_use(self, lock_use: LockUse) -> Self {
        Self { lock_use, ..self }
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

    /// Switches these features of the package on, and no other: by their own names.
    #[must_use]
    pub fn only_features(self, names: &BTreeSet<String>) -> Self {
        let names = names.iter();
        self.features(names.map(|name| name.to_uppercase().replace('-', "_")))
    }

    /// The overlays that the package's manifest has, by name; `None` where it cannot be read, or composes nothing: it has no
    /// `[host]`.
    #[must_use]
    pub fn declared_overlays(&self) -> Option<BTreeSet<String>> {
        let mut reading = self.reading();
        let (name, bytes) = self.read(&mut reading, || self.role())?;
        let manifest = reading.manifest(&name, &bytes);
        manifest.host.as_ref()?;
        let overlays = manifest.overlays.into_iter();
        Some(overlays.map(|overlay| overlay.name.value).collect())
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

    /// For the expansion of a procedural macro.
    #[must_use]
    pub(crate) fn expanded(mut self) -> Self {
        self.is_expansion = true;
        self
    }

    /// Paths in messages start from this folder, instead of the root of the package's workspace.
    #[must_use]
    pub fn shown_from(mut self, folder: impl Into<PathBuf>) -> Self {
        self.reader = Some(folder.into());
        self
    }

    /// Leaves the Cargo.lock as it is. Where it is not there, or not up to date, Cargo is asked about a copy.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.cargo_lock = CargoLock::Kept;
        self
    }

    /// Leaves the Cargo.lock as it is, and takes one that is not there, or not up to date, for a mistake.
    #[must_use]
    pub fn frozen(mut self) -> Self {
        self.cargo_lock = CargoLock::Required;
        self
    }

    /// Asks Cargo under these settings, besides those of its files: each is what stands after Cargo's own `--config`.
    #[must_use]
    pub fn cargo_config(mut self, settings: impl IntoIterator<Item = String>) -> Self {
        self.cargo_config = settings.into_iter().collect();
        self
    }

    /// Lets Cargo ask the network, as it does in a build.
    #[must_use]
    pub fn online(mut self) -> Self {
        self.online = true;
        self
    }

    /// Lets Cargo ask nothing of the network.
    pub(super) fn offline(mut self) -> Self {
        self.online = false;
        self
    }

    /// Asks Cargo now, about all features of the package. Compositions with other features or overlays are then made from this one
    /// answer; where there is none, each asks for itself.
    #[must_use]
    pub fn ask_once(mut self) -> Self {
        let all = self.clone().only_features(&self.declared_features());
        let nothing = Manifest::unreadable(Sources::default().next(), "");
        let answer = discover::answer(&all.request(&nothing));
        self.answer = answer.ok().map(Rc::new);
        self
    }

    /// Whether this is part of a build, in which Cargo writes the Cargo.lock.
    pub(super) fn is_of_a_build(&self) -> bool {
        self.cargo_lock == CargoLock::Written
    }

    /// The question to Cargo about this package.
    pub(super) fn request<'a>(&'a self, host: &'a Manifest) -> Request<'a> {
        Request {
            features: self.features.as_ref(),
            target: self.target.as_deref(),
            development: self.development,
            cargo_lock: self.cargo_lock,
            cargo_config: &self.cargo_config,
            online: self.online,
            ..Request::new(&self.package, host)
        }
    }

    /// What Cargo answers, or has answered about all features.
    pub(super) fn answer_to(&self, request: &Request<'_>) -> Result<Rc<Metadata>, CargoFailed> {
        match &self.answer {
            Some(known) => Ok(Rc::clone(known)),
            None => discover::answer(request).map(Rc::new),
        }
    }

    /// Reads, analyses and prints. Mistakes are in the result, never a panic.
    #[must_use]
    pub fn compose(&self) -> Composed {
        let mut reading = self.reading();
        let Some((name, bytes)) = self.read(&mut reading, || self.role()) else {
            return self.refused(None, Stub::App, reading);
        };
        let file = reading.watched.first().cloned().unwrap_or_default();
        let own = OwnManifest {
            package: &self.package,
            file: &file,
            bytes: &bytes,
        };
        let is_asked = Cell::new(false);
        let mut composed = self.compose_from(&name, &bytes, reading, &|host, sources, problems| {
            self.packages(&own, &is_asked, host, sources, problems)
        });
        if is_asked.get() {
            self.compare_with_lock(&own, &mut composed);
        }
        composed
    }

    /// Nothing yet.
    pub(super) fn reading(&self) -> Reading {
        let workspace = discover::workspace_of(&self.package);
        Reading {
            reader: self.reader.clone(),
            ..Reading::of(&self.package, workspace)
        }
    }

    /// The composition's own manifest: its name for people, and its bytes.
    pub(super) fn read(
        &self,
        reading: &mut Reading,
        should: impl FnOnce() -> Role,
    ) -> Option<(String, Vec<u8>)> {
        let Reading {
            sources,
            problems,
            watched,
            ..
        } = reading;
        let (path, doubtful) = match &self.manifest {
            Some(path) => (path.clone(), false),
            None => {
                let own = discover::own(&self.package, sources, problems);
                (own.path, own.doubtful)
            }
        };
        let name = shown(&path, &self.package);
        watched.push(path.clone());
        if self.manifest.is_none() {
            watched.push(self.package.join("Cargo.toml"));
        }
        match files::read(&path) {
            Ok(bytes) => return Some((name, bytes)),
            // Another file may be meant.
            Err(_) if doubtful => {}
            Err(error) => {
                let named = self.manifest.is_none();
                let at = named.then(|| discover::named_at(&self.package, sources));
                let instead = discover::instead(&self.package, &name).filter(|_| named);
                let missing = || {
                    let file = sources.add(&name, "");
                    sources.lies_at(file, &path);
                    Origin::new(file, 0..0)
                };
                let at = at.flatten().unwrap_or_else(missing);
                let problem = Unreadable {
                    package: String::new(),
                    path: name,
                    error: error.into_cause(),
                    instead,
                    should: should(),
                };
                problems.report(problem, at);
            }
        }
        None
    }

    /// Whether the package has registries of its own, for `registries!()`: neither it nor anything else composes them.
    pub(super) fn is_library(&self, manifest: &Manifest) -> bool {
        let declared = Declared::of(&self.package, false).filter(|_| self.manifest.is_none());
        manifest.plugin.is_none()
            && !manifest.layer.entries.is_empty()
            && declared.is_some_and(|declared| !declared.composes && !declared.has_manifest)
    }

    /// What the package is to be, as far as its Cargo.toml shows that.
    pub(super) fn role(&self) -> Role {
        let declared = Declared::of(&self.package, false).filter(|_| self.manifest.is_none());
        match declared {
            Some(declared) if declared.has_manifest && !declared.composes => {
                Role::Plugin(declared.package)
            }
            _ => Role::Host,
        }
    }

    /// Composes from a manifest that has been read, with the packages that `discover` finds.
    pub(crate) fn compose_from(
        &self,
        name: &str,
        bytes: &[u8],
        mut reading: Reading,
        discover: &dyn Fn(&Manifest, &mut Sources, &mut Diagnostics) -> Option<Discovery>,
    ) -> Composed {
        let host = reading.manifest(name, bytes);
        if host.host.is_none() && self.is_library(&host) {
            return self.library();
        }
        if host.host.is_none() {
            return self.plugin_only(&host, bytes, None, self.role(), reading);
        }
        let (sources, problems) = (&mut reading.sources, &mut reading.problems);
        let Some(mut discovery) = discover(&host, sources, problems) else {
            return self.refused(Some(&host), Stub::App, reading);
        };
        if sources.any(|name, text| !name.ends_with("Cargo.toml") && text.contains("cfg(")) {
            discovery.target = match &self.cfg {
                Some(known) => known.clone(),
                None => discover::cfg(self.target.as_deref()),
            };
        }
        reading.watched.extend(discovery.files.iter().cloned());
        let packages = &discovery.universe.packages;
        let read = discovery.direct.iter().map(|found| found.package);
        let read = read.chain([discovery.universe.host]);
        reading.manifests = read.map(|package| packages[package].name.clone()).collect();
        if let Some(subject) = &discovery.subject {
            reading.subject = subject.clone();
        }
        let library = &discovery.universe.packages[discovery.universe.host].lib;
        let inside_library = self.crate_name.is_some() && self.crate_name == *library;
        let inputs = Inputs {
            host: Found {
                package: discovery.universe.host,
                via: discovery.universe.host,
                manifest: host,
                name: name.to_owned(),
                digest: digest(bytes),
                declared: None,
            },
            discovery,
            overlays: self.overlays.clone(),
            inside_library,
            runtime: self.runtime.clone(),
        };
        if self.ships {
            let declared = Declared::of(&self.package, false).unwrap_or_default();
            reading.conditions = Conditions::of(&inputs, &declared, &reading.sources);
        }
        let alone = check::alone(&inputs.discovery);
        let problems = &mut reading.problems;
        problems.take_in(&alone);
        let layers = HostLayers::of(&inputs, problems);
        let planned = compose(&inputs, &layers, problems);
        problems.leave_out_doubles(&alone);
        if inputs.host.manifest.distribution.is_some() {
            problems.in_edition();
        }
        reading.watched.extend(inputs.discovery.looked_at());
        let plan = match planned {
            Some(Planned {
                plan,
                is_whole: true,
            }) => plan,
            rest => {
                reading.rest = rest.map(|rest| {
                    let digest = String::new();
                    Box::new(Composition {
                        digest,
                        ..rest.plan
                    })
                });
                return self.refused(Some(&inputs.host.manifest), Stub::App, reading);
            }
        };
        let universe = &inputs.discovery.universe;
        let own = self.own_side(&layers, universe, &plan, &reading.sources);
        reading.finish(Unprinted::Composition(Box::new(plan), own))
    }

    /// The plugin's side alone, whatever else the manifest says, for a runtime with these features.
    pub(crate) fn plugin_side(&self, runtime: &BTreeSet<String>) -> Composed {
        let mut reading = self.reading();
        let declared = Declared::of(&self.package, false);
        let role = Role::Plugin(declared.map_or_else(String::new, |declared| declared.package));
        let Some((name, bytes)) = self.read(&mut reading, || role.clone()) else {
            return self.refused(None, Stub::Nothing, reading);
        };
        let manifest = reading.manifest(&name, &bytes);
        self.plugin_only(&manifest, &bytes, Some(runtime), role, reading)
    }

    /// The registries of a library, whatever else the manifest says: nothing is composed, and Cargo is not asked.
    pub(crate) fn library(&self) -> Composed {
        let mut reading = self.reading();
        let declared = Declared::of(&self.package, self.development).unwrap_or_default();
        let role = Role::Plugin(declared.package.clone());
        let Some((name, bytes)) = self.read(&mut reading, || role.clone()) else {
            return self.refused(None, Stub::Registries, reading);
        };
        let manifest = reading.manifest(&name, &bytes);
        reading.manifests.insert(declared.package.clone());
        check::check_library(&manifest, &declared, role, &mut reading.problems);
        if reading.problems.has_errors() {
            return self.refused(Some(&manifest), Stub::Registries, reading);
        }
        let entries = manifest.layer.entries.iter().enumerate();
        let entries = entries.map(|(number, decl)| SideEntry {
            decl,
            // What needs services is made by an application.
            number: decl.wired.is_none().then_some(number),
            reached: None,
        });
        let plugin = manifest.plugin.as_ref();
        let side = Side {
            plugin: plugin.map_or(&declared.package, |plugin| &plugin.id.value),
            sources: &reading.sources,
            runtime: &self.runtime_path(),
            runtime_name: &declared.runtime,
            components: &[],
            built: BTreeSet::new(),
            entries: &entries.collect::<Vec<_>>(),
            brought: &declared.brought,
            digest: None,
            is_expansion: self.is_expansion,
            conditional: true,
        };
        let side = emit::library(&side, &declared.features_of);
        reading.finish(Unprinted::Side(side))
    }

    /// A manifest without `[host]`: the plugin's side alone, without asking Cargo.
    fn plugin_only(
        &self,
        manifest: &Manifest,
        bytes: &[u8],
        runtime: Option<&BTreeSet<String>>,
        role: Role,
        mut reading: Reading,
    ) -> Composed {
        let problems = &mut reading.problems;
        let declared = Declared::of(&self.package, self.development);
        let name = declared.as_ref().map(|declared| declared.package.clone());
        reading.manifests.extend(name);
        check::check_plugin(manifest, declared.as_ref(), runtime, role, problems);
        if problems.has_errors() {
            return self.refused(Some(manifest), Stub::Nothing, reading);
        }
        let components: Vec<&ComponentDecl> = manifest.layer.components.iter().collect();
        let entries = manifest.layer.entries.iter().enumerate();
        let entries = entries.map(|(number, decl)| SideEntry {
            decl,
            number: Some(number),
            reached: Some(number),
        });
        let declared = declared.unwrap_or_default();
        let side = emit::side(&Side {
            plugin: manifest
                .plugin
                .as_ref()
                .map_or("", |plugin| &plugin.id.value),
            runtime: &self.runtime_path(),
            runtime_name: &declared.runtime,
            sources: &reading.sources,
            components: &components,
            built: BTreeSet::new(),
            entries: &entries.collect::<Vec<_>>(),
            brought: &declared.brought,
            digest: Some(&digest(bytes)),
            is_expansion: self.is_expansion,
            conditional: true,
        });
        reading.finish(Unprinted::Side(side))
    }

    /// The side of the components that the composing crate brings itself. What their conditions come to has been decided.
    fn own_side(
        &self,
        host: &HostLayers<'_>,
        universe: &Universe,
        plan: &Composition,
        sources: &Sources,
    ) -> PrintedSide {
        let mut components = host.components.there.clone();
        let replaced = replaced(host);
        components.extend(&replaced);
        // A package that composes and is a plugin as well may itself be composed by others.
        let is_reached = host.own.manifest.plugin.is_some() && !self.development;
        let built = plan.components.iter();
        let built = built.filter(|one| !is_reached && plan.plugins[one.plugin].own);
        let built = built.map(|one| one.name.as_str()).collect();
        let named = runtime::of(universe, host.own.package);
        emit::side(&Side {
            plugin: host.id(),
            runtime: &plan.host.runtime,
            runtime_name: named.map_or(RUNTIME, |(name, _)| name),
            sources,
            components: &components,
            built,
            entries: &own_entries(host, &universe.packages[host.own.package]),
            brought: &BTreeMap::new(),
            digest: is_reached.then_some(host.own.digest.as_str()),
            is_expansion: self.is_expansion,
            conditional: false,
        })
    }

    /// What stands in for generated code where there are mistakes.
    fn refused(&self, manifest: Option<&Manifest>, stub: Stub, mut reading: Reading) -> Composed {
        let mut refused = self.in_place(manifest, stub);
        refused.rest = reading.rest.take();
        if let Some(manifest) = manifest {
            refused.in_editor = self.in_editor(manifest, &reading.sources);
        }
        reading.finish(Unprinted::Refused(refused))
    }

    /// What an editor has of a manifest with mistakes: the inputs of what could be read.
    fn in_editor(&self, manifest: &Manifest, sources: &Sources) -> Vec<Chunk> {
        let declared = Declared::of(&self.package, self.development).unwrap_or_default();
        let mut names = BTreeSet::new();
        let overlays = manifest.overlays.iter().map(|overlay| &overlay.layer);
        let components = std::iter::once(&manifest.layer).chain(overlays);
        let components = components.flat_map(|layer| &layer.components);
        let components = components.filter(|one| names.insert(&one.name.value));
        let entries = manifest.layer.entries.iter();
        let entries = entries.map(|decl| SideEntry {
            decl,
            number: None,
            reached: None,
        });
        let plugin = manifest.plugin.as_ref();
        emit::in_editor(&Side {
            plugin: plugin.map_or("app", |plugin| &plugin.id.value),
            runtime: &self.runtime_path(),
            runtime_name: &declared.runtime,
            sources,
            components: &components.collect::<Vec<_>>(),
            built: BTreeSet::new(),
            entries: &entries.collect::<Vec<_>>(),
            brought: &declared.brought,
            digest: None,
            is_expansion: self.is_expansion,
            conditional: true,
        })
    }

    /// What the crate's own code finds in place of generated code.
    pub(super) fn in_place(&self, manifest: Option<&Manifest>, stub: Stub) -> Refused {
        let mut deps = BTreeSet::new();
        let mut layers = Vec::new();
        if let Some(manifest) = manifest {
            layers.push(&manifest.layer);
            layers.extend(manifest.overlays.iter().map(|overlay| &overlay.layer));
        }
        for layer in layers {
            let names = layer.components.iter().map(|one| &one.name.value);
            let names = names.chain(&layer.poison.components);
            let names = names.chain(&layer.poison.wired);
            let names = names.filter(|name| is_identifier(name));
            deps.extend(names.map(|name| format!("{name}Deps")));
            let wired = layer.entries.iter().filter_map(|one| one.wired.as_ref());
            deps.extend(emit::deps(layer.components.iter(), wired).into_values());
        }
        Refused {
            runtime: self.runtime_path(),
            deps,
            stub,
            in_editor: Vec::new(),
            rest: None,
        }
    }

    fn runtime_path(&self) -> String {
        self.runtime
            .clone()
            .unwrap_or_else(|| "::treenail".to_owned())
    }
}

/// Components of the composing crate whose place another of their name takes, in an overlay. They are not in the composition, but
/// the crate implements them all the same, so their types have inputs, under names of ours.
fn replaced(host: &HostLayers<'_>) -> Vec<ComponentDecl> {
    let there = host.components.there.iter();
    let mut types: BTreeSet<String> = there.map(|one| one.ty.value.to_string()).collect();
    let mut found = Vec::new();
    for component in &host.components.replaced {
        if types.insert(component.ty.value.to_string()) {
            let mut component = (*component).clone();
            component.name.value = format!("__Replaced{}", found.len());
            found.push(component);
        }
    }
    found
}

/// Entries of the composing crate. Those that need a crate that is not in this build have no line; and those whose place another of
/// their key takes, in an overlay, have none either, but the crate implements what they are made of all the same.
fn own_entries<'a>(host: &HostLayers<'a>, package: &Package) -> Vec<SideEntry<'a>> {
    let manifest = &host.own.manifest.layer.entries;
    let is_there = |decl: &EntryDecl| {
        let mut externs = decl.types().flat_map(|ty| ty.value.externs());
        externs.all(|name| !package.off.contains_key(name))
    };
    let declared = manifest.iter().enumerate();
    let places: BTreeMap<*const EntryDecl, usize> = declared
        .map(|(place, one)| (std::ptr::from_ref(one), place))
        .collect();
    let there = host.entries.there.iter().map(|(number, decl)| SideEntry {
        decl,
        number: Some(*number),
        reached: places.get(&std::ptr::from_ref(*decl)).copied(),
    });
    let replaced = host.entries.replaced.iter().map(|decl| SideEntry {
        decl,
        number: None,
        reached: None,
    });
    let mut all: Vec<SideEntry<'a>> = there.chain(replaced).collect();
    all.retain(|entry| is_there(entry.decl));
    all
}

/// What has been read and reported so far, and of which package.
#[derive(Debug)]
pub(crate) struct Reading {
    sources: Sources,
    pub(super) problems: Diagnostics,
    /// The files, the manifest first.
    watched: Vec<PathBuf>,
    /// What messages are about, as Cargo says it.
    subject: Subject,
    /// The folder that paths in messages start from, if it is not the root of the workspace.
    reader: Option<PathBuf>,
    /// The packages whose manifests were read.
    manifests: BTreeSet<String>,
    /// What decided the composition.
    conditions: Conditions,
    /// What there is of a composition with mistakes.
    rest: Option<Box<Composition>>,
}

impl Reading {
    /// Nothing yet, of the package in this folder.
    pub(crate) fn of(package: &Path, workspace: PathBuf) -> Self {
        Self {
            sources: Sources::default(),
            problems: Diagnostics::default(),
            watched: Vec::new(),
            subject: Subject::unasked(package, workspace),
            reader: None,
            manifests: BTreeSet::new(),
            conditions: Conditions::default(),
            rest: None,
        }
    }

    /// The manifest, with its mistakes reported.
    pub(super) fn manifest(&mut self, name: &str, bytes: &[u8]) -> Manifest {
        let manifest = manifest::read_bytes(name, bytes, &mut self.sources, &mut self.problems);
        if let Some(path) = self.watched.first() {
            self.sources.lies_at(manifest.source, path);
        }
        manifest
    }

    /// Nothing was read, because of this.
    pub(crate) fn with(problems: Diagnostics) -> Self {
        Self {
            problems,
            ..Self::of(Path::new(""), PathBuf::new())
        }
    }

    /// Nothing came of it.
    pub(crate) fn nothing(self) -> Composed {
        self.finish(Unprinted::Refused(Refused {
            runtime: "::treenail".to_owned(),
            deps: BTreeSet::new(),
            stub: Stub::Nothing,
            in_editor: Vec::new(),
            rest: None,
        }))
    }

    /// What came of it, with this code.
    fn finish(mut self, code: Unprinted) -> Composed {
        let workspace = &self.subject.workspace;
        self.sources.seen_from(View {
            workspace: workspace.clone(),
            reader: self.reader.unwrap_or_else(|| workspace.clone()),
        });
        Composed::new(
            code,
            self.problems,
            self.sources,
            self.watched,
            self.subject,
            self.manifests,
            self.conditions,
        )
    }
}

/// A path as people know it: relative to the package, never absolute.
pub(super) fn shown(path: &Path, package: &Path) -> String {
    let known = path
        .strip_prefix(package)
        .ok()
        .or_else(|| path.file_name().map(Path::new));
    slashed(known.unwrap_or(path))
}
