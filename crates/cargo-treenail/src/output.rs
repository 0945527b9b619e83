//! What is printed besides answers, mistakes and warnings, and in which colours.

use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ColorChoice};

/// How this program prints.
#[derive(Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// Print mistakes, warnings and answers, and nothing else
    #[arg(long, short, global = true)]
    quiet: bool,
    /// When messages have colours
    #[arg(long, value_enum, value_name = "WHEN", global = true, default_value_t = ColorChoice::Auto, env = "CARGO_TERM_COLOR")]
    color: ColorChoice,
}

/// Whether notes are left out.
static QUIET: AtomicBool = AtomicBool::new(false);

impl Output {
    /// From now on it is printed so.
    pub(crate) fn set(&self) {
        QUIET.store(self.quiet, Ordering::Relaxed);
        let choice = match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// Says something on standard error that is no mistake and no warning.
pub(crate) fn note(text: fmt::Arguments<'_>) -> io::Result<()> {
    match QUIET.load(Ordering::Relaxed) {
        true => Ok(()),
        false => writeln!(io::stderr(), "{text}"),
    }
}
