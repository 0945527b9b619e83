//! Runs cargo and rustc, and reads what they say.

#![expect(
    clippy::disallowed_methods,
    reason = "discovery starts the programs of this build"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use super::metadata::Metadata;
use super::request::Request;
use crate::diagnostic::mistake::CargoFault;

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Failure {
    /// What went wrong.
    pub(super) fault: CargoFault,
    /// Cargo's own words, or the system's.
    pub(super) words: String,
}

/// What `cargo metadata` says of the package of this Cargo.toml.
pub(super) fn cargo_metadata(
    request: &Request<'_>,
    manifest: &Path,
    arguments: &[String],
) -> Result<Metadata, Failure> {
    let mut command = Command::new(&request.cargo);
    command.args([
        "metadata",
        "--format-version",
        "1",
        "--offline",
        "--quiet",
        "--color",
        "never",
        "--manifest-path",
    ]);
    command
        .arg(manifest)
        .args(arguments)
        .current_dir(request.package);
    let output = command.output().map_err(|error| Failure {
        fault: CargoFault::NotStarted,
        words: error.to_string(),
    })?;
    if !output.status.success() {
        return Err(Failure {
            fault: CargoFault::Failed,
            words: String::from_utf8_lossy(&output.stderr).into_owned(),
        });
    }
    Metadata::parse(&output.stdout).map_err(|error| Failure {
        fault: CargoFault::Output,
        words: error.to_string(),
    })
}

/// The triple of this machine, as the compiler has it.
pub(super) fn this_machine() -> Option<String> {
    let text = rustc(&["-vV"])?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
}

/// What is known of a target, or of this machine: one line of `rustc --print cfg` each.
pub(crate) fn cfg(target: Option<&str>) -> BTreeSet<String> {
    let mut arguments = vec!["--print", "cfg"];
    if let Some(target) = target {
        arguments.extend(["--target", target]);
    }
    let text = rustc(&arguments).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// What the compiler prints.
fn rustc(arguments: &[&str]) -> Option<String> {
    let program = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(program).args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()
}
