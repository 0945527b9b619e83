//! `cargo treenail check`

mod github;
mod points;
mod told;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use treenail_build::{Composed, Severity};

use crate::output::note;
use crate::package::Package;
use crate::selection::Kind;
use crate::{MISTAKES, NOT_ASKED};
use points::{Point, points};
use told::Told;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    package: Package,
    /// Look at the composition with the default features, with none, with each alone, and with all
    #[arg(long, conflicts_with_all = ["features", "all_features", "no_default_features"])]
    each_feature: bool,
    /// Look at the composition without an overlay and with each alone
    #[arg(long, conflicts_with = "overlay")]
    all_overlays: bool,
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
    /// As annotations in a workflow of GitHub, on standard output
    Github,
}

/// What came of one package at one point.
struct Looked {
    /// Its name, where several are looked at.
    name: Option<String>,
    /// Where it was looked at.
    point: Point,
    /// The composition, with its mistakes.
    composed: Composed,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let format = arguments.message_format;
    // A workflow shows annotations beside files by their paths in the repository.
    let reader = std::env::var_os("GITHUB_WORKSPACE").filter(|_| format == Format::Github);
    let reader = reader.map_or_else(std::env::current_dir, |root| Ok(PathBuf::from(root)))?;
    let selection = &arguments.package.selection;
    let mut all = Vec::new();
    for package in selection.chosen(Kind::Manifest)? {
        for (point, composer) in points(arguments, &package.folder)? {
            let composed = composer.shown_from(&reader).compose();
            // Of what composes nothing Cargo has not been asked yet.
            if composed.digest().is_none() && !composed.has_errors() {
                selection.known_to_cargo(&package.folder)?;
            }
            let name = package.name.clone();
            all.push(Looked {
                name,
                point,
                composed,
            });
        }
    }
    let told = told::once(&all);
    for Told {
        first,
        message,
        when,
        ..
    } in &told
    {
        if let Some(when) = when {
            all[*first].composed.annotate(*message, when);
        }
    }
    let failed = all.iter().any(|one| one.composed.has_errors());
    match format {
        Format::Human => human(&all, &told)?,
        Format::Short => short(&all, &told)?,
        Format::Json => json(&all, &told, failed)?,
        Format::Github => github::print(&all, &told)?,
    }
    if matches!(format, Format::Human | Format::Short) {
        summary(&all)?;
    }
    if format == Format::Human {
        looked_into(&all)?;
        let message = |one: &Told| &all[one.first].composed.messages()[one.message];
        let messages = told.iter().map(message);
        explain(messages.map(|one| (one.severity, one.code)))?;
    }
    if all.iter().any(|one| one.composed.is_unasked()) {
        return Ok(ExitCode::from(NOT_ASKED));
    }
    Ok(status(failed))
}

/// Says what composes, in a line for each package.
fn summary(all: &[Looked]) -> io::Result<()> {
    for package in all.chunk_by(|one, next| one.name == next.name) {
        let composes = package.iter().filter(|one| !one.composed.has_errors());
        let composes: Vec<&Looked> = composes.collect();
        let told = match (package, composes.as_slice()) {
            ([_], []) => continue,
            ([_], [one, ..]) => composed(&one.composed),
            (points, composes) => {
                let count = |part: fn(&Looked) -> &String| {
                    let all: BTreeSet<&String> = points.iter().map(part).collect();
                    all.len()
                };
                let features = count(|one| &one.point.features);
                let features = self::count(features, "choice") + " of features";
                let overlays = match count(|one| &one.point.overlay) {
                    1 => String::new(),
                    some => format!(
                        ", each without an overlay and with {} alone",
                        self::count(some - 1, "overlay")
                    ),
                };
                let (good, every) = (composes.len(), points.len());
                format!("composes at {good} of {every} points: {features}{overlays}")
            }
        };
        let name = package[0].name.as_ref().map(|name| format!("{name}: "));
        note(format_args!("{}{told}", name.unwrap_or_default()))?;
    }
    Ok(())
}

/// What came of a composition without mistakes.
fn composed(composed: &Composed) -> String {
    let Some(digest) = composed.digest() else {
        return "the manifest is fine; it has no `[host]`, so nothing is composed here".to_owned();
    };
    let mut what = count(composed.components().count(), "component");
    match composed.entries().count() {
        0 => {}
        1 => what.push_str(" and 1 entry"),
        entries => what.push_str(&format!(" and {entries} entries")),
    }
    let plugins = count(composed.plugins().count(), "plugin");
    format!("composed {what} from {plugins}, composition {digest}")
}

/// Says in which packages it looked.
fn looked_into(all: &[Looked]) -> io::Result<()> {
    let packages = all.iter().flat_map(|one| one.composed.looked_into());
    let packages: BTreeSet<&str> = packages.collect();
    if !packages.is_empty() {
        let names = packages.iter().map(|name| format!("`{name}`"));
        let names = names.collect::<Vec<_>>().join(", ");
        let manifests = count(packages.len(), "manifest");
        note(format_args!("looked into {manifests}: {names}"))?;
    }
    Ok(())
}

/// Prints every message as rustc prints its own.
pub(crate) fn report<'c>(all: impl Iterator<Item = &'c Composed>) -> io::Result<()> {
    for composed in all {
        for text in composed.report(true) {
            writeln!(anstream::stderr(), "{text}\n")?;
        }
        explain(
            composed
                .messages()
                .iter()
                .map(|one| (one.severity, one.code)),
        )?;
    }
    Ok(())
}

/// Prints every message as rustc prints its own, each once.
fn human(all: &[Looked], told: &[Told]) -> io::Result<()> {
    let mut more = BTreeSet::new();
    for (at, Looked { composed, .. }) in all.iter().enumerate() {
        let mut of_this = told.iter().filter(|one| one.first == at).peekable();
        let is_last = composed.messages().len();
        if of_this.peek().is_none() && composed.report(false).len() == is_last {
            continue;
        }
        let texts = composed.report(true);
        for one in of_this {
            let when = one.when.as_ref().map(|when| format!("\n   = note: {when}"));
            writeln!(
                anstream::stderr(),
                "{}{}\n",
                texts[one.message],
                when.unwrap_or_default()
            )?;
        }
        // The last text may be about all that are not shown, and is no message.
        for text in texts.into_iter().skip(is_last) {
            if !more.contains(&text) {
                writeln!(anstream::stderr(), "{text}\n")?;
                more.insert(text);
            }
        }
    }
    Ok(())
}

/// Says how more is told about the first of the worst messages.
fn explain(messages: impl Iterator<Item = (Severity, &'static str)>) -> io::Result<()> {
    match messages.min_by_key(|(severity, _)| *severity) {
        None => Ok(()),
        Some((_, code)) => note(format_args!(
            "For more about a message, try `cargo treenail explain {code}`."
        )),
    }
}

/// Prints a line for each message, as `rustc --error-format short` does.
fn short(all: &[Looked], told: &[Told]) -> io::Result<()> {
    for Told {
        first,
        message,
        when,
        ..
    } in told
    {
        let message = &all[*first].composed.messages()[*message];
        let place = message.place().map(|place| format!("{place}: "));
        let (place, level, code) = (
            place.unwrap_or_default(),
            level(message.severity),
            message.code,
        );
        let when = when.as_ref().map(|when| format!(" ({when})"));
        let (title, when) = (&message.title, when.unwrap_or_default());
        writeln!(io::stderr(), "{place}{level}[{code}]: {title}{when}")?;
    }
    Ok(())
}

pub(crate) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Prints a line of JSON for each message; last, the one with which Cargo ends.
fn json(all: &[Looked], told: &[Told], failed: bool) -> io::Result<()> {
    let mut output = io::stdout().lock();
    for (at, looked) in all.iter().enumerate() {
        let of_this = told.iter().filter(|one| one.first == at);
        let numbers: BTreeSet<usize> = of_this.map(|one| one.message).collect();
        if numbers.is_empty() {
            continue;
        }
        let lines = looked.composed.json().into_iter().enumerate();
        for (_, line) in lines.filter(|(number, _)| numbers.contains(number)) {
            writeln!(output, "{line}")?;
        }
    }
    writeln!(
        output,
        r#"{{"reason":"build-finished","success":{}}}"#,
        !failed
    )
}

/// The status with which the program ends.
pub(crate) fn status(failed: bool) -> ExitCode {
    match failed {
        true => ExitCode::from(MISTAKES),
        false => ExitCode::SUCCESS,
    }
}

pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
