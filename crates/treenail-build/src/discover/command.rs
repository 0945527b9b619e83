//! Runs cargo and rustc, and reads what they say.

#![expect(
    clippy::disallowed_methods,
    reason = "discovery starts the programs of this build"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use super::metadata::Metadata;
use super::request::Request;
use crate::diagnostic::mistake::CargoFault;

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Failure {
    /// What went wrong.
    pub(super) fault: CargoFault,
    /// What was asked, as it is written on a command line.
    pub(super) asked: String,
    /// Cargo's own words, or the system's.
    pub(super) words: String,
}

impl Failure {
    /// What the system says of files that a question needs.
    pub(super) fn of_system(error: &std::io::Error) -> Self {
        Self {
            fault: CargoFault::NotStarted,
            asked: String::new(),
            words: error.to_string(),
        }
    }
}

/// What `cargo metadata` says of the package of this Cargo.toml.
pub(super) fn cargo_metadata(
    request: &Request<'_>,
    manifest: &Path,
    arguments: &[String],
) -> Result<Metadata, Failure> {
    let settings = request.cargo_config.iter();
    let mut question: Vec<String> = settings
        .flat_map(|setting| ["--config".to_owned(), setting.clone()])
        .collect();
    question.extend(["metadata", "--format-version", "1"].map(str::to_owned));
    question.extend((!request.online).then(|| "--offline".to_owned()));
    question.extend_from_slice(arguments);
    let failure = |fault: CargoFault, words: String| Failure {
        fault,
        asked: written(&question),
        words,
    };
    let mut command = Command::new(&request.cargo);
    command
        .args(&question)
        .args(["--quiet", "--color", "never", "--manifest-path"])
        .arg(manifest)
        .current_dir(request.package);
    let output = command.output();
    let output = output.map_err(|error| failure(CargoFault::NotStarted, error.to_string()))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(failure(CargoFault::Failed, words));
    }
    Metadata::parse(output.stdout).map_err(|error| failure(CargoFault::Output, error.to_string()))
}

/// A question to Cargo as it is written on a command line.
fn written(question: &[String]) -> String {
    let words = question.iter().map(|word| match word.as_str() {
        "" => "''",
        word => word,
    });
    let words = std::iter::once("cargo").chain(words);
    words.collect::<Vec<_>>().join(" ")
}

/// The triple of this machine, as the compiler has it. It is asked once.
pub(crate) fn this_machine() -> Option<String> {
    static TRIPLE: OnceLock<Option<String>> = OnceLock::new();
    let ask = || {
        let text = rustc(&["-vV"])?;
        let host = text.lines().find_map(|line| line.strip_prefix("host: "));
        host.map(str::to_owned)
    };
    TRIPLE.get_or_init(ask).clone()
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
