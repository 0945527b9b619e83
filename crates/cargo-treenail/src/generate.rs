//! `cargo treenail generate`

use std::io;
use std::process::ExitCode;

use clap::Args;

use crate::check::{report, status};
use crate::output::note;
use crate::package::Package;
use crate::selection::{Kind, shown};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    package: Package,
    /// Write nothing; fail where the file is not what would be written
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let here = std::env::current_dir()?;
    let mut failed = false;
    for package in arguments.package.selection.chosen(Kind::Shipping)? {
        let composer = arguments.package.composer(&package.folder)?;
        let generated = composer.shown_from(&here).generated();
        report([&generated.composed].into_iter())?;
        if generated.text.is_none() {
            failed = true;
            continue;
        }
        let file = shown(&generated.file)?;
        match generated.difference() {
            None => note(format_args!("{file} is current"))?,
            Some(difference) if arguments.check => {
                failed = true;
                anstream::eprintln!(
                    "error: {file} is not what `cargo treenail generate` writes: {difference}"
                );
            }
            Some(_) => {
                generated.write()?;
                note(format_args!(
                    "{file} is written: the package's code has `include!(\"treenail.rs\");`"
                ))?;
            }
        }
    }
    Ok(status(failed))
}
