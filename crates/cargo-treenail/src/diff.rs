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

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let composed = arguments.package.compose_one()?;
    report([&composed].into_iter())?;
    let Some(new) = composed.describe() else {
        return Ok(status(composed.has_errors()));
    };
    let new = Side {
        description: Description::read(&new)?,
        schema: schema(&arguments.package.one()?.folder)?,
    };
    let old = Side {
        description: Description::read(&fs::read_to_string(&arguments.against)?)?,
        schema: schema(arguments.against.parent().unwrap_or(Path::new("")))?,
    };
    let schemas = schemas(&old, &new);
    let facts = compare::compare(&old.description, &new.description, schemas.as_ref().ok());
    let mut output = io::stdout().lock();
    match arguments.format {
        Format::Text => output.write_all(print::text(&facts).as_bytes())?,
        Format::Json => print::json(&facts, schemas.is_ok(), &mut output)?,
        Format::Github => print::github(&facts, &mut output)?,
    }
    if let Err(why) = schemas {
        writeln!(io::stderr(), "configurations were not compared: {why}")?;
    }
    let denied = |deny: Deny| facts.iter().any(|fact| deny.denies(fact));
    Ok(status(arguments.deny.is_some_and(denied)))
}

/// A composition with the schema of its configuration.
struct Side {
    description: Description,
    schema: Option<Value>,
}

/// The file with the schema, beside plugins.toml.
const SCHEMA: &str = "config.schema.json";

/// The schema in a folder, if it has one.
fn schema(folder: &Path) -> io::Result<Option<Value>> {
    let file = folder.join(SCHEMA);
    match file.exists() {
        true => Ok(Some(serde_json::from_str(&fs::read_to_string(file)?)?)),
        false => Ok(None),
    }
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
