//! `cargo treenail diff`

mod compare;
mod comparison;
mod components;
mod configuration;
mod fact;
mod kept;
mod pairs;
mod plugins;
mod print;
mod registries;
mod schema;
mod services;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::check::{report, status};
use crate::description::Description;
use crate::package::Package;
use configuration::Schemas;
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
    let composed = arguments.package.compose_one()?;
    report([&composed].into_iter())?;
    let Some(new) = composed.describe() else {
        return Ok(status(composed.has_errors()));
    };
    let new = Description::read(&new)?;
    let old = Description::read(&fs::read_to_string(&arguments.against)?)?;
    let schemas = schemas(&arguments.against, &arguments.package.one()?.folder)?;
    let facts = compare::compare(&old, &new, schemas.as_ref());
    let mut output = io::stdout().lock();
    match arguments.format {
        Format::Text => output.write_all(print::text(&facts).as_bytes())?,
        Format::Json => print::json(&facts, schemas.is_some(), &mut output)?,
        Format::Github => print::github(&facts, &mut output)?,
    }
    if schemas.is_none() {
        writeln!(
            io::stderr(),
            "configurations were not compared: there is no {SCHEMA} beside both manifests"
        )?;
    }
    let denied = |deny: Deny| facts.iter().any(|fact| deny.denies(fact));
    Ok(status(arguments.deny.is_some_and(denied)))
}

/// The schemas of both, where both have one.
fn schemas(old: &Path, new: &Path) -> io::Result<Option<Schemas>> {
    let read = |folder: Option<&Path>| -> io::Result<Option<Value>> {
        let file = folder.unwrap_or(Path::new("")).join(SCHEMA);
        match file.exists() {
            true => Ok(Some(serde_json::from_str(&fs::read_to_string(file)?)?)),
            false => Ok(None),
        }
    };
    let both = read(old.parent())?.zip(read(Some(new))?);
    Ok(both.map(|(old, new)| Schemas { old, new }))
}
