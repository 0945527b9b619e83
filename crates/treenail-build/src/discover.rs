//! Finds the plugins among the host's dependencies. The only file (with its parts) that knows Cargo.
//!
//! It asks `cargo metadata`, offline, for this target and with this build's features, and never starts a build: that
//! would wait for the lock of the build it is part of. Where that fails it asks about the host alone, see `alone.rs`.

mod absent;
mod alone;
mod answer;
mod ask;
mod cargo_lock;
mod cargo_toml;
mod command;
mod contracts;
mod declaration;
mod declared;
mod dependency_facts;
mod discovery;
mod distribution;
mod features;
mod host_library;
mod items;
mod members;
mod metadata;
mod plugins;
mod request;
mod universe;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{CargoFailed, CargoFault};
use crate::source::Sources;
use ask::ask;
use command::Failure;
use metadata::MetaPackage;

pub(crate) use cargo_lock::{LockedVersions, cargo_lock_above};
pub(crate) use cargo_toml::{HostDependency, lines, texts};
pub(crate) use command::{cfg, this_machine};
pub(crate) use contracts::contracts;
pub(crate) use declaration::{named_at, own};
pub(crate) use declared::{Declared, workspace_of};
pub(crate) use dependency_facts::DependencyFacts;
pub(crate) use discovery::{Discovery, Found, Wordless};
pub(crate) use host_library::runtime_lines;
pub use members::{Member, members};
pub(crate) use metadata::Metadata;
pub(crate) use plugins::instead;
pub(crate) use request::{CargoLock, Request, env_name};

/// Finds packages and plugins; `None` where Cargo has no answer, which is reported.
pub(crate) fn discover(
    request: &Request<'_>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<Discovery> {
    match answer(request) {
        Ok(metadata) => found_in(&metadata, request, sources, problems),
        Err(problem) => {
            problems.report(problem, None);
            None
        }
    }
}

/// What Cargo answers about a package.
///
/// # Errors
/// It has no answer.
pub(crate) fn answer(request: &Request<'_>) -> Result<Metadata, CargoFailed> {
    ask(request).map_err(|failure| failed(failure, request.package))
}

/// Why there is no answer, as it is told.
fn failed(failure: Failure, package: &Path) -> CargoFailed {
    CargoFailed {
        fault: failure.fault,
        asked: failure.asked,
        words: without_path(&failure.words, package),
    }
}

/// Finds packages and plugins in Cargo's answer, which may be about more features than those of the request.
pub(crate) fn found_in(
    metadata: &Metadata,
    request: &Request<'_>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<Discovery> {
    let Some(root) = metadata.root() else {
        let problem = CargoFailed {
            fault: CargoFault::NoRoot,
            asked: String::new(),
            words: String::new(),
        };
        problems.report(problem, None);
        return None;
    };
    let selection = features::select(metadata, root, request);
    let (universe, packages) = universe::universe(&selection);
    let mut discovery = Discovery::of(universe);
    discovery.subject = metadata.package(root).subject(&metadata.workspace_root);
    discovery.files = watched(metadata, &packages, request.package);
    let dependencies = universe::dependencies(&discovery.universe, &selection);
    let cargo_toml = request.package.join("Cargo.toml");
    let edition = request.host.distribution.as_ref();
    discovery.lines = match edition {
        Some(edition) => edition.lines(&dependencies),
        None => cargo_toml::lines(&cargo_toml, &dependencies, sources),
    };
    let wordless = plugins::read(&mut discovery, &packages, request, sources, problems);
    discovery.report_wordless(request.host, wordless, problems);
    if let Some(edition) = edition {
        discovery.check_distribution(edition, &dependencies, problems);
    }
    plugins::report_without_library(&mut discovery, &selection, sources, problems);
    absent::find(&mut discovery, &selection, sources);
    let facts = DependencyFacts::of(request.package).unwrap_or_default();
    discovery.features = facts.bringing();
    let own = Some(request.host).filter(|_| !request.development);
    discovery.refuse_doubles(own, problems);
    Some(discovery)
}

/// A path on this machine does not belong into a message: the package and the two folders above it get relative names.
fn without_path(words: &str, package: &Path) -> String {
    let mut words = words.to_owned();
    for (folder, name) in package.ancestors().zip([".", "..", "../.."]) {
        let path = folder.to_string_lossy();
        if path.len() > 1 {
            words = words
                .replace(&format!("{path}/"), &format!("{name}/"))
                .replace(&*path, name);
        }
    }
    words
}

/// The files that Cargo's answer depends on.
fn watched(metadata: &Metadata, packages: &[&MetaPackage], package: &Path) -> Vec<PathBuf> {
    let workspace = &metadata.workspace_root;
    let mut files = vec![package.join("Cargo.toml"), workspace.join("Cargo.toml")];
    let local = packages.iter().filter(|package| package.source.is_none());
    files.extend(local.map(|package| package.manifest_path.clone()));
    // Cargo takes a file that does not exist for one that has changed; what it has read is there.
    let lock = workspace.join("Cargo.lock");
    if lock.exists() {
        files.push(lock);
    }
    files
}
