//! Which questions Cargo is asked about a package.

use super::alone;
use super::command::{Failure, cargo_metadata, this_machine};
use super::metadata::Metadata;
use super::request::{CargoLock, Request};
use crate::diagnostic::mistake::CargoFault;

/// Asks about the package, with its features if they are not the default ones.
pub(super) fn ask(request: &Request<'_>) -> Result<Metadata, Failure> {
    let manifest = request.package.join("Cargo.toml");
    let members = || cargo_metadata(request, &manifest, &["--no-deps".to_owned()]);
    let mut arguments: Vec<String> = Vec::new();
    let mut workspace = None;
    if let Some(features) = request.features {
        let on = if features.is_empty() {
            String::new()
        } else {
            features_of(request, workspace.insert(members()?))
        };
        arguments.extend(["--no-default-features", "--features", &on].map(str::to_owned));
    }
    let target = request.target.map(str::to_owned);
    if let Some(target) = target.or_else(this_machine) {
        arguments.extend(["--filter-platform".to_owned(), target]);
    }
    let mut question = arguments.clone();
    if request.cargo_lock != CargoLock::Written {
        question.push("--locked".to_owned());
    }
    let failure = match cargo_metadata(request, &manifest, &question) {
        Err(failure) if failure.fault == CargoFault::Failed => failure,
        other => return other,
    };
    let is_behind = failure.words.contains("--locked");
    if is_behind && request.cargo_lock == CargoLock::Required {
        return Err(failure);
    }
    let workspace = match workspace {
        Some(known) => known,
        None => members()?,
    };
    let package = workspace.find(request.package);
    let alone = package.and_then(|package| alone::ask(request, &workspace, package, &arguments));
    match alone {
        Some(Ok(answer)) => Ok(answer),
        // What is wrong besides the Cargo.lock.
        Some(Err(other)) if is_behind => Err(other),
        _ => Err(failure),
    }
}

/// The features that are on. Cargo tells a build script `FOO_BAR`; these are all that may be: `foo-bar,foo_bar`.
fn features_of(request: &Request<'_>, workspace: &Metadata) -> String {
    let package = workspace.find(request.package).into_iter();
    let features = package.flat_map(|package| package.features.keys());
    let on = features.filter(|feature| request.has_feature(feature));
    on.map(String::as_str).collect::<Vec<_>>().join(",")
}
