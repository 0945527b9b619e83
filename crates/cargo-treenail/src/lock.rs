//! `cargo treenail lock`

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use treenail_build::{Committed, lock_of};

use crate::check::{report, status};
use crate::output::note;
use crate::selection::{Chosen, Kind, Selection, shown};

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
    let mut all = match selection.is_made() || arguments.check {
        true => selection.chosen(Kind::Host)?,
        false => vec![selection.one()?],
    };
    if all.len() > 1 && !selection.is_made() {
        all.retain(|one| lock_of(&one.folder).is_file());
    }
    if all.is_empty() {
        return Err(io::Error::other(
            "no package of this workspace has a plugins.lock: write one with `cargo treenail lock -p NAME`",
        ));
    }
    let mut failed = false;
    for one in &all {
        let lock = made(selection, one, arguments.hermetic)?;
        failed |= match lock {
            Some(lock) if arguments.check => !is_current(&lock, one)?,
            Some(lock) => {
                write(&lock)?;
                false
            }
            None => true,
        };
    }
    Ok(status(failed))
}

fn write(lock: &Committed) -> io::Result<()> {
    match lock.write()? {
        true => note(format_args!("{} is written", shown(&lock.file)?)),
        false => Ok(()),
    }
}

/// Whether the lock of a package is what would be written; says what differs.
fn is_current(lock: &Committed, package: &Chosen) -> io::Result<bool> {
    let Some(difference) = lock.difference() else {
        return Ok(true);
    };
    let (file, mut stderr) = (shown(&lock.file)?, io::stderr().lock());
    writeln!(
        stderr,
        "error: {file} is not what Cargo says now: {difference}"
    )?;
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

/// The lock of a package as it should be; `None` with mistakes, which are printed.
fn made(selection: &Selection, package: &Chosen, hermetic: bool) -> io::Result<Option<Committed>> {
    let composer = selection.writing_composer(&package.folder)?;
    let lock = composer.shown_from(std::env::current_dir()?).lock(hermetic);
    match (&lock.text, lock.composed.has_errors()) {
        (Some(_), _) => Ok(Some(lock)),
        (None, false) => Err(io::Error::other(
            "a plugin alone has no lock: its manifest has no [host]",
        )),
        (None, true) => {
            report([&lock.composed].into_iter())?;
            Ok(None)
        }
    }
}
