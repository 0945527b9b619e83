//! `cargo treenail lock`

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use similar::{ChangeTag, TextDiff};
use treenail_build::{Composer, lock_of};

use crate::check::{report, status};
use crate::package::{Chosen, Scope, Selection};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// Write nothing, and fail where plugins.lock is not what would be written, or is not there
    #[arg(long)]
    check: bool,
    /// Write down the manifests of the workspace's members as well, for builds that do not have their files
    #[arg(long, conflicts_with = "check")]
    hermetic: bool,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let selection = &arguments.selection;
    if !arguments.check {
        return write(&selection.one()?, arguments.hermetic);
    }
    let mut all = selection.chosen(&Scope::Hosts)?;
    if all.len() > 1 && !selection.names_packages() {
        all.retain(|one| lock_of(&one.folder).is_file());
    }
    if all.is_empty() {
        return Err(io::Error::other(
            "no package of this workspace has a plugins.lock: write one with `cargo treenail lock -p NAME`",
        ));
    }
    let mut failed = false;
    for one in &all {
        failed |= !check(one)?;
    }
    Ok(status(failed))
}

fn write(package: &Chosen, hermetic: bool) -> io::Result<ExitCode> {
    let Some(text) = text(&package.folder, hermetic)? else {
        return Ok(status(true));
    };
    let file = lock_of(&package.folder);
    if fs::read_to_string(&file).is_ok_and(|before| before == text) {
        return Ok(ExitCode::SUCCESS);
    }
    fs::write(&file, text).map_err(|error| failed("write", &file, &error))?;
    writeln!(io::stderr(), "wrote {}", shown(&file))?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the lock of a package is what would be written.
fn check(package: &Chosen) -> io::Result<bool> {
    let file = lock_of(&package.folder);
    let before = match fs::read_to_string(&file) {
        Ok(before) => before.replace("\r\n", "\n"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed("read", &file, &error)),
    };
    let is_hermetic = before.lines().any(|line| line == "hermetic = true");
    let Some(now) = text(&package.folder, is_hermetic)? else {
        return Ok(false);
    };
    if before == now {
        return Ok(true);
    }
    let (file, mut stderr) = (shown(&file), io::stderr().lock());
    if before.is_empty() {
        writeln!(stderr, "error: there is no {file}")?;
    } else {
        writeln!(
            stderr,
            "error: {file} is behind: it is not what Cargo says now"
        )?;
        changes(&before, &now)?;
    }
    let package = match &package.name {
        Some(name) => format!(" -p {name}"),
        None => String::new(),
    };
    writeln!(
        stderr,
        "  = help: write it anew: `cargo treenail lock{package}`"
    )?;
    Ok(false)
}

/// Prints what would be written otherwise, as a unified diff.
fn changes(before: &str, now: &str) -> io::Result<()> {
    let (diff, mut stdout) = (TextDiff::from_lines(before, now), io::stdout().lock());
    for hunk in diff.unified_diff().context_radius(2).iter_hunks() {
        writeln!(stdout, "{}", hunk.header())?;
        for change in hunk.iter_changes() {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            write!(stdout, "{sign}{change}")?;
        }
    }
    Ok(())
}

/// What is to stand in the lock of the package in a folder; `None` with mistakes, which are printed.
fn text(folder: &Path, hermetic: bool) -> io::Result<Option<String>> {
    let composer = Composer::new(folder).shown_from(std::env::current_dir()?);
    match composer.lock(hermetic) {
        Ok(Some(text)) => Ok(Some(text)),
        Ok(None) => Err(io::Error::other(
            "a plugin alone has no lock: its manifest has no [host]",
        )),
        Err(composed) => {
            report([&*composed].into_iter())?;
            Ok(None)
        }
    }
}

fn failed(action: &str, file: &Path, error: &io::Error) -> io::Error {
    io::Error::other(format!("cannot {action} {}: {error}", shown(file)))
}

/// A path from where this was started, if it leads down.
fn shown(file: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let below = file.strip_prefix(here).unwrap_or(file);
    below.display().to_string()
}
