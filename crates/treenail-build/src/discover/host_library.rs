//! How the library with an edition's `main` asks for the runtime. The edition asks for the same, and for the compiler beside it, so
//! that there is no version of theirs to write down, and none to get wrong.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::command::{Failure, cargo_metadata};
use super::failed;
use super::metadata::{Dependency, MetaPackage, Metadata};
use super::request::Request;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{HostWithoutLibrary, HostWithoutRuntime};
use crate::files::{self, Scratch};
use crate::model::{CargoDependency, DistributionSection, RuntimeLines};
use crate::runtime::RUNTIME;
use crate::source::{below, relative, slashed};
use crate::toml_text::quote;

/// The compiler's package.
const COMPILER: &str = "treenail-build";

/// The lines by which an edition depends on the runtime and the compiler; `None` where Cargo does not know the library, or it is none,
/// or does not depend on the runtime, which is reported.
pub(crate) fn runtime_lines(
    request: &Request<'_>,
    edition: &DistributionSection,
    problems: &mut Diagnostics,
) -> Option<RuntimeLines> {
    let (package, at) = (edition.host.package.clone(), edition.host.key.origin);
    let answer = match &edition.host.path {
        Some(path) => beside(request, path),
        None => elsewhere(request, edition),
    };
    let library = match answer {
        Ok(library) => library.filter(|library| library.library().is_some()),
        Err(failure) => {
            let failed = failed(failure, request.package).of_edition(true);
            let folder = edition.host.path.as_ref();
            let folder = folder.map(|path| below(request.package, Path::new(path)));
            let is_there =
                folder.is_some_and(|folder| files::read(&folder.join("Cargo.toml")).is_ok());
            let at = match is_there {
                true => edition.meant(&failed.words),
                false => at,
            };
            problems.report(failed, at);
            return None;
        }
    };
    let Some(library) = library else {
        problems.report(HostWithoutLibrary { package }, at);
        return None;
    };
    let mut asked = library.dependencies.iter();
    let is_runtime = |one: &&Dependency| one.name == RUNTIME && one.kind.is_none();
    let Some(runtime) = asked.find(is_runtime) else {
        problems.report(HostWithoutRuntime { package }, at);
        return None;
    };
    Some(lines(request, runtime))
}

/// The library in this folder, which is from the edition's on.
fn beside(request: &Request<'_>, path: &str) -> Result<Option<MetaPackage>, Failure> {
    let folder = below(request.package, Path::new(path));
    let members = of_workspace(request, &folder)?;
    Ok(members.find(&folder).cloned())
}

fn of_workspace(request: &Request<'_>, folder: &Path) -> Result<Metadata, Failure> {
    let cargo_toml = folder.join("Cargo.toml");
    cargo_metadata(request, &cargo_toml, &["--no-deps".to_owned()])
}

/// The library that a registry or a repository has, as Cargo finds it for a package that depends on it alone.
fn elsewhere(
    request: &Request<'_>,
    edition: &DistributionSection,
) -> Result<Option<MetaPackage>, Failure> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("treenail-host-{}-{number}", std::process::id());
    let scratch = Scratch(request.scratch.join(name));
    let CargoDependency { key, text, .. } = &edition.host;
    let cargo_toml = format!(
        "[workspace]\n[package]\nname = {}\nedition = \"2021\"\n[lib]\npath = \"lib.rs\"\n[dependencies]\n{} = {text}\n",
        quote(&edition.name.value),
        key.value
    );
    let file = scratch.0.join("Cargo.toml");
    let written = files::write_if_changed(&file, cargo_toml.as_bytes())
        .and_then(|()| files::write_if_changed(&scratch.0.join("lib.rs"), b""));
    written.map_err(|error| Failure::of_system(&error.into_cause()))?;
    let answer = cargo_metadata(request, &file, &[])?;
    let root = answer.root();
    let mut edges = root.into_iter().flat_map(|root| answer.edges(root));
    Ok(edges.next().map(|edge| answer.package(edge.to).clone()))
}

fn lines(request: &Request<'_>, runtime: &Dependency) -> RuntimeLines {
    let from_runtime = from(request, runtime);
    let compiler = match lies_in(runtime) {
        None => format!("{{ {from_runtime} }}"),
        Some(folder) => {
            let known = of_workspace(request, folder).ok();
            let lies = known.and_then(|known| {
                let mut members = known.packages().iter();
                let found = members.find(|package| package.name == COMPILER)?;
                Some(path_to(request, found.folder()))
            });
            let lies = lies.map(|path| format!("{{ {path} }}"));
            lies.unwrap_or_else(|| quote(&runtime.req))
        }
    };
    RuntimeLines {
        runtime: format!("{{ {from_runtime}, default-features = false }}"),
        compiler,
    }
}

/// The folder of a dependency that is found by its path.
fn lies_in(dependency: &Dependency) -> Option<&Path> {
    dependency
        .path
        .as_deref()
        .filter(|_| dependency.source.is_none())
}

fn path_to(request: &Request<'_>, folder: &Path) -> String {
    let path = slashed(&relative(folder, request.package));
    format!("path = {}", quote(&path))
}

/// Where a package has a dependency from, as the edition's Cargo.toml says it.
pub(super) fn from(request: &Request<'_>, dependency: &Dependency) -> String {
    if let Some(folder) = lies_in(dependency) {
        return path_to(request, folder);
    }
    let source = dependency.source.as_deref();
    let Some(git) = source.and_then(|source| source.strip_prefix("git+")) else {
        let index = dependency.registry.as_deref();
        let index = index.map(|index| format!(", registry-index = {}", quote(index)));
        return format!(
            "version = {}{}",
            quote(&dependency.req),
            index.unwrap_or_default()
        );
    };
    let git = git.split('#').next().unwrap_or(git);
    let (url, reference) = git.split_once('?').unwrap_or((git, ""));
    let reference = reference.split_once('=');
    let reference = reference.map(|(kind, name)| format!(", {kind} = {}", quote(name)));
    format!("git = {}{}", quote(url), reference.unwrap_or_default())
}
