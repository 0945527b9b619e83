//! `cargo treenail check`

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use treenail_build::{Composed, Severity};

use crate::MISTAKES;
use crate::package::{Looked, Package};

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

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let all = arguments.package.compose()?;
    let failed = all.iter().any(|one| one.composed.has_errors());
    match arguments.message_format {
        Format::Human => report(all.iter().map(|one| &one.composed))?,
        Format::Short => short(&all)?,
        Format::Json => return json(&all, failed),
    }
    for Looked { name, composed } in &all {
        if composed.has_errors() {
            continue;
        }
        let told = match composed.digest() {
            Some(digest) => {
                let mut what = count(composed.components().count(), "component");
                match composed.entries().count() {
                    0 => {}
                    1 => what.push_str(" and 1 entry"),
                    entries => what.push_str(&format!(" and {entries} entries")),
                }
                let plugins = count(composed.plugins().count(), "plugin");
                format!("composed {what} from {plugins}, composition {digest}")
            }
            None => "the manifest is fine: a plugin alone, for others to compose".to_owned(),
        };
        let name = name.as_ref().map(|name| format!("{name}: "));
        writeln!(io::stderr(), "{}{told}", name.unwrap_or_default())?;
    }
    Ok(status(failed))
}

/// Prints every message as rustc prints its own; what several compositions say, once. Further places that a message shows may
/// differ from one composition to the next, and are as the first one shows them.
pub(crate) fn report<'c>(all: impl Iterator<Item = &'c Composed>) -> io::Result<()> {
    let mut errors = io::stderr().lock();
    let colour =
        errors.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let mut told = Vec::new();
    let mut worst = None;
    for composed in all {
        for (index, text) in composed.report(colour).into_iter().enumerate() {
            let message = composed.messages().get(index);
            let said = message.map(|message| (message.place(), &message.title, &message.notes));
            // The last text may be about all that are not shown, and is no message.
            if said.is_none() || !told.contains(&said) {
                writeln!(errors, "{text}\n")?;
                told.push(said);
            }
        }
        let messages = composed.messages().iter();
        let messages = messages.map(|message| (message.severity, message.code));
        worst = worst
            .into_iter()
            .chain(messages)
            .min_by_key(|(severity, _)| *severity);
    }
    if let Some((_, code)) = worst {
        writeln!(
            errors,
            "For more about a message, try `cargo treenail explain {code}`."
        )?;
    }
    Ok(())
}

/// Prints a line for each message, as `rustc --error-format short` does.
fn short(all: &[Looked]) -> io::Result<()> {
    let mut errors = io::stderr().lock();
    let mut told = BTreeSet::new();
    for message in all.iter().flat_map(|one| one.composed.messages()) {
        let place = message.place().map(|place| format!("{place}: "));
        let level = match message.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let (place, code) = (place.unwrap_or_default(), message.code);
        let line = format!("{place}{level}[{code}]: {}", message.title);
        if !told.contains(&line) {
            writeln!(errors, "{line}")?;
            told.insert(line);
        }
    }
    Ok(())
}

/// Prints a line of JSON for each message; last, the one with which Cargo ends.
fn json(all: &[Looked], failed: bool) -> io::Result<ExitCode> {
    let mut output = io::stdout().lock();
    for line in all.iter().flat_map(|one| one.composed.json()) {
        writeln!(output, "{line}")?;
    }
    writeln!(
        output,
        r#"{{"reason":"build-finished","success":{}}}"#,
        !failed
    )?;
    Ok(status(failed))
}

/// The status with which the program ends.
pub(crate) fn status(failed: bool) -> ExitCode {
    match failed {
        true => ExitCode::from(MISTAKES),
        false => ExitCode::SUCCESS,
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
