//! `cargo treenail check`

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use treenail_build::{Composed, Severity};

use crate::MISTAKES;
use crate::package::Package;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    package: Package,
    /// How messages are printed
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    message_format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As rustc does, on standard error
    Human,
    /// One line each, on standard error
    Short,
    /// As Cargo prints the messages of rustc, a line of JSON each, on standard output: for editors
    Json,
}

pub(crate) fn run(arguments: Arguments) -> io::Result<ExitCode> {
    let composed = arguments.package.compose()?;
    match arguments.message_format {
        Format::Human => report(&composed)?,
        Format::Short => short(&composed)?,
        Format::Json => {
            let mut output = io::stdout().lock();
            for line in composed.json(&std::env::current_dir()?) {
                writeln!(output, "{line}")?;
            }
            return Ok(status(&composed));
        }
    };
    if !composed.has_errors() {
        let told = match composed.digest() {
            Some(digest) => format!(
                "composed {} from {}, composition {digest}",
                count(composed.components().count(), "component"),
                count(composed.plugins().count(), "plugin")
            ),
            None => "the manifest is fine: a plugin alone, for others to compose".to_owned(),
        };
        writeln!(io::stderr(), "{told}")?;
    }
    Ok(status(&composed))
}

/// Prints every message as rustc prints its own.
pub(crate) fn report(composed: &Composed) -> io::Result<ExitCode> {
    let mut errors = io::stderr().lock();
    let colour =
        errors.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = composed.report(colour);
    if !text.is_empty() {
        writeln!(errors, "{text}\n")?;
    }
    let messages = composed.messages().iter();
    if let Some(first) = messages.min_by_key(|message| message.severity) {
        let code = first.code;
        writeln!(
            errors,
            "For more about a message, try `cargo treenail explain {code}`."
        )?;
    }
    Ok(status(composed))
}

/// Prints a line for each message, as `rustc --error-format short` does.
fn short(composed: &Composed) -> io::Result<ExitCode> {
    let mut errors = io::stderr().lock();
    for message in composed.messages() {
        let place = message.place().map(|place| format!("{place}: "));
        let level = match message.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let (place, code) = (place.unwrap_or_default(), message.code);
        writeln!(errors, "{place}{level}[{code}]: {}", message.title)?;
    }
    Ok(status(composed))
}

fn status(composed: &Composed) -> ExitCode {
    if composed.has_errors() {
        ExitCode::from(MISTAKES)
    } else {
        ExitCode::SUCCESS
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
