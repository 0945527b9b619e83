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
mod side;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::cargo::workspace;
use crate::check::status;
use crate::description::Description;
use crate::package::Package;
use configuration::Schemas;
use fact::{Class, Fact};
pub(crate) use side::SCHEMA;
use side::Side;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    package: Package,
    /// The earlier composition: a plugins.lock, the lock of a revision, or what `cargo treenail graph --format json` printed; by default the
    /// lock of the last commit
    #[arg(long, value_name = "FILE|REV")]
    against: Option<String>,
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

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let package = &arguments.package;
    let old = Side::then(package, arguments.against.as_deref())?;
    let (Some(old), Some(new)) = (old, Side::now(package)?) else {
        return Ok(status(true));
    };
    let schemas = schemas(&old, &new);
    let facts = compare::compare(&old.description, &new.description, schemas.as_ref().ok());
    let mut output = io::stdout().lock();
    match arguments.format {
        Format::Text => output.write_all(print::text(&facts).as_bytes())?,
        Format::Json => print::json(&facts, schemas.is_ok(), &mut output)?,
        Format::Github => print::github(&facts, &within_repository(package)?, &mut output)?,
    }
    if let Err(why) = schemas {
        writeln!(io::stderr(), "configurations were not compared: {why}")?;
    }
    let denied = |deny: Deny| facts.iter().any(|fact| deny.denies(fact));
    Ok(status(arguments.deny.is_some_and(denied)))
}

/// What is different between two compositions, without their configurations, for people.
pub(crate) fn differences(old: &Description, new: &Description) -> String {
    print::text(&compare::compare(old, new, None))
}

/// The folder of the workspace in the repository of a workflow.
fn within_repository(package: &Package) -> io::Result<PathBuf> {
    let workspace = workspace(&package.selection.one()?.folder);
    let repository = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
    let within = repository.and_then(|root| Some(workspace.strip_prefix(root).ok()?.to_owned()));
    Ok(within.unwrap_or_default())
}

/// The schemas of both; or why they cannot be compared.
fn schemas(old: &Side, new: &Side) -> Result<Schemas, String> {
    let of = |side: &Side, which: &str| {
        let schema = side.schema.clone();
        let schema = schema.ok_or_else(|| format!("the {which} composition has no {SCHEMA}"))?;
        let root = &side.description.host.root;
        match schema["properties"].get(root) {
            Some(_) => Ok(schema),
            None => Err(format!(
                "{SCHEMA} of the {which} composition does not know `{root}`, its root key"
            )),
        }
    };
    let (old, new) = (of(old, "old")?, of(new, "new")?);
    Ok(Schemas { old, new })
}
