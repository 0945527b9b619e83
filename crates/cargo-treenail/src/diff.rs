//! `cargo treenail diff`

mod compare;
mod comparison;
mod components;
mod fact;
mod pairs;
mod plugins;
mod print;
mod registries;
mod services;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::check::{report, status};
use crate::description::Description;
use crate::package::Package;
use fact::{Class, Fact};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    package: Package,
    /// The earlier composition: a file that `cargo treenail graph --format json` printed
    #[arg(long, value_name = "FILE")]
    against: PathBuf,
    /// How facts are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// End with status 1 where there are such facts
    #[arg(long, value_enum, value_name = "FACTS")]
    deny: Option<Deny>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One document
    Json,
    /// As annotations in a workflow of GitHub
    Github,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// What breaks configurations, or code of the host
    Breaking,
    /// Everything that is different
    Any,
}

impl Deny {
    fn denies(self, fact: &Fact) -> bool {
        self == Self::Any || fact.class == Class::Breaking
    }
}

/// The file with the JSON Schema of the program's configuration, beside plugins.toml.
const SCHEMA: &str = "config.schema.json";

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let folder = arguments.package.one()?.folder;
    let composed = arguments.package.compose_one()?;
    report([&composed].into_iter())?;
    let Some(new) = composed.describe() else {
        return Ok(status(composed.has_errors()));
    };
    let new = Description::read(&new)?;
    let old = Description::read(&fs::read_to_string(&arguments.against)?)?;
    let facts = compare::compare(&old, &new, false);
    match arguments.format {
        Format::Text => io::stdout().write_all(print::text(&facts).as_bytes())?,
        Format::Json => print::json(&facts, false, &mut io::stdout())?,
        Format::Github => print::github(&facts, &mut io::stdout())?,
    }
    let _ = (folder, SCHEMA);
    let denied = arguments
        .deny
        .is_some_and(|deny| facts.iter().any(|fact| deny.denies(fact)));
    Ok(status(denied))
}
