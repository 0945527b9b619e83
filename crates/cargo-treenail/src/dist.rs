//! `cargo treenail dist`

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use treenail_build::{Composer, Distribution};

use crate::NOT_ASKED;
use crate::cargo;
use crate::check::{report, status};
use crate::output::note;
use crate::selection::{plain, shown};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder of the plugins.toml with `[distribution]`; by default this one
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Write nothing, and fail where a file is not what would be written
    #[arg(long, conflicts_with_all = ["emit_only", "cargo"])]
    check: bool,
    /// Write the package, and do not build it
    #[arg(long)]
    emit_only: bool,
    /// What `cargo build` is told: any of its arguments, such as `--release`
    #[arg(last = true, value_name = "CARGO")]
    cargo: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let here = std::env::current_dir()?;
    let folder = folder(&here, arguments.folder.as_deref())?;
    let composer = asked(Composer::new(&folder).shown_from(&here), &arguments.cargo);
    let mut distribution = match arguments.check {
        true => composer.distribution(),
        false => composer.new_distribution(),
    };
    report([&distribution.composed].into_iter())?;
    if distribution.files.is_empty() {
        return Ok(ended(distribution.composed.is_unasked()));
    }
    refuse_foreign(&composer.foreign_files())?;
    if arguments.check {
        return check(&distribution, arguments);
    }
    let written = distribution.write()?;
    let composed = composer.compose();
    report([&composed].into_iter())?;
    if composed.is_unasked() {
        return Ok(ended(true));
    }
    written.keep();
    note(format_args!(
        "{} is written, from its plugins.toml",
        shown(&distribution.files[0].path)?
    ))?;
    match composed.has_errors() || arguments.emit_only {
        true => Ok(status(composed.has_errors())),
        false => build(&folder, &arguments.cargo),
    }
}

/// The folder that is meant, which a plugins.toml may be named for.
fn folder(here: &Path, named: Option<&Path>) -> io::Result<PathBuf> {
    let named = plain(&here.join(named.unwrap_or(Path::new(""))));
    let folder = match named.ends_with("plugins.toml") {
        true => named.parent().map(Path::to_owned).unwrap_or_default(),
        false => named,
    };
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(io::Error::other(format!(
            "there is no folder `{folder}`: name the one of a plugins.toml with `[distribution]`"
        )));
    }
    Ok(folder)
}

/// What is looked up is looked up as the build does it.
fn asked(mut composer: Composer, cargo: &[String]) -> Composer {
    let has = |names: &[&str]| cargo.iter().any(|one| names.contains(&one.as_str()));
    let values = |name: &str| {
        let inline = format!("{name}=");
        let after = cargo.iter().zip(cargo.iter().skip(1));
        let after = after
            .filter(|(one, _)| *one == name)
            .map(|(_, value)| value.clone());
        let inline = cargo
            .iter()
            .filter_map(|one| one.strip_prefix(&inline).map(str::to_owned));
        after.chain(inline).collect::<Vec<_>>()
    };
    if !has(&["--offline", "--frozen"]) {
        composer = composer.online();
    }
    if has(&["--locked", "--frozen"]) {
        composer = composer.frozen();
    }
    if let Some(target) = values("--target").pop() {
        composer = composer.target(target);
    }
    composer.cargo_config(values("--config"))
}

/// A file that somebody else wrote is not written over.
fn refuse_foreign(files: &[PathBuf]) -> io::Result<()> {
    let files: io::Result<Vec<String>> = files.iter().map(|file| shown(file)).collect();
    match files?.as_slice() {
        [] => Ok(()),
        files => Err(io::Error::other(format!(
            "`{}` would be written over, and `cargo treenail dist` did not write it: move the plugins.toml into a folder of its own, \
             or remove what stands in the way",
            files.join("`, `")
        ))),
    }
}

fn check(distribution: &Distribution, arguments: &Arguments) -> io::Result<ExitCode> {
    let mut failed = false;
    for file in &distribution.files {
        if let Some(difference) = file.difference() {
            failed = true;
            anstream::eprintln!(
                "error: {} is not what `cargo treenail dist` writes: {difference}",
                shown(&file.path)?
            );
        }
    }
    match failed {
        true => {
            let folder = arguments.folder.as_deref();
            let folder = folder.map(|folder| format!(" {}", folder.display()));
            anstream::eprintln!(
                "  = help: write it anew: `cargo treenail dist --emit-only{}`",
                folder.unwrap_or_default()
            );
        }
        false => note(format_args!(
            "{} is current",
            shown(&distribution.files[0].path)?
        ))?,
    }
    Ok(status(failed))
}

/// Builds the package, and ends as Cargo does.
fn build(folder: &Path, arguments: &[String]) -> io::Result<ExitCode> {
    let mut command = cargo::cargo(folder);
    let ended = command.arg("build").args(arguments).status();
    let ended = ended.map_err(|error| {
        io::Error::other(format!(
            "`cargo` could not be started: {error}; put it on the PATH, or name it in the variable CARGO"
        ))
    })?;
    let code = ended.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(NOT_ASKED)))
}

fn ended(is_unasked: bool) -> ExitCode {
    match is_unasked {
        true => ExitCode::from(NOT_ASKED),
        false => status(true),
    }
}
