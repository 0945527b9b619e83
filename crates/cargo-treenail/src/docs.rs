//! `cargo treenail docs`

mod told;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::Value;
use treenail_build::lock_of;
use treenail_reference::{Composition, Reference, mismatches};

use crate::check::status;
use crate::description::Description;
use crate::diff::SCHEMA;
use crate::output::note;
use crate::package::Package;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    package: Package,
    /// The JSON Schema of the configuration, as the program prints it; by default config.schema.json beside plugins.toml
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// Language of the page
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Markdown,
    /// One page that needs no other file
    Html,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let Some(description) = Description::of(&arguments.package)? else {
        return Ok(status(true));
    };
    let composition = told::composition(&description);
    let schema = schema(arguments, &composition)?;
    let reference = Reference::new(&composition, schema.as_ref());
    let page = match arguments.format {
        Format::Markdown => reference.to_markdown(),
        Format::Html => reference.to_html(),
    };
    io::stdout().lock().write_all(page.as_bytes())?;
    Ok(status(false))
}

/// What a program prints its schema with.
const HOW: &str =
    "the program itself prints its schema, where it has a command that prints `App::schema()`";

/// The schema of this composition; nothing where nobody has asked for one and there is none.
fn schema(arguments: &Arguments, composition: &Composition) -> io::Result<Option<Value>> {
    let beside = lock_of(&arguments.package.selection.one()?.folder).with_file_name(SCHEMA);
    let (file, shown): (&Path, String) = match &arguments.schema {
        Some(file) => (file, format!("`{}`", file.display())),
        None if beside.is_file() => (&beside, SCHEMA.to_owned()),
        None => {
            note(format_args!(
                "the page has no keys: there is no {SCHEMA} beside plugins.toml, and no `--schema` is given; {HOW}"
            ))?;
            return Ok(None);
        }
    };
    let refused = |why: String| Err(io::Error::other(format!("{shown} {why}")));
    let text = match fs::read(file) {
        Ok(text) => text,
        Err(error) => return refused(format!("cannot be read: {error}; {HOW}")),
    };
    let schema: Value = match serde_json::from_slice(&text) {
        Ok(schema) => schema,
        Err(error) => return refused(format!("is no JSON: {error}; {HOW}")),
    };
    let wrong: Vec<String> = mismatches(composition, &schema)
        .iter()
        .map(|one| format!("\n  - {one}"))
        .collect();
    match wrong.is_empty() {
        true => Ok(Some(schema)),
        false => refused(format!(
            "is not the schema of this composition:{}\nwrite it anew from this version of the program, at the features and overlays \
             that are composed here; {HOW}",
            wrong.concat()
        )),
    }
}
