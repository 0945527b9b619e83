//! `cargo treenail graph`

mod drawing;
mod markup;
mod page;
mod start;
#[cfg(test)]
mod tests;
mod topics;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use treenail_build::{Composed, GraphFormat};

use crate::check::{report, status};
use crate::description::Description;
use crate::package::Package;
use page::Page;
use start::Start;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    package: Package,
    /// Language of the graph
    #[arg(long, value_enum, default_value_t = Format::Dot)]
    format: Format,
    /// How long a start took, as the JSON of an application's report: shown on the page, with the critical path of that start
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Dot,
    Mermaid,
    /// A page to look at in a browser, with who needs whom and why; also of what there is beside mistakes
    Html,
    /// All that is known of the composition, with who decided what
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let file = arguments.report.as_deref();
    if file.is_some() && arguments.format != Format::Html {
        return Err(io::Error::other(
            "a report is shown on the page alone: add `--format html`, or leave `--report` away",
        ));
    }
    let start = file.map(Start::read).transpose()?;
    let composed = arguments.package.compose_one()?;
    let failed = composed.has_errors();
    let graph = match arguments.format {
        Format::Dot => composed.graph(GraphFormat::Dot),
        Format::Mermaid => composed.graph(GraphFormat::Mermaid),
        Format::Html => page(&composed, start)?,
        Format::Json => composed.describe(),
    };
    report([&composed].into_iter())?;
    match graph {
        Some(graph) => io::stdout().write_all(graph.as_bytes())?,
        None if !failed => {
            writeln!(
                io::stderr(),
                "a plugin alone has no graph: this manifest has no [host]"
            )?;
        }
        None => {}
    }
    Ok(status(failed))
}

/// The page of a composition, or of what there is beside its mistakes; `None` for a plugin alone.
fn page(composed: &Composed, start: Option<Start>) -> io::Result<Option<String>> {
    let description = match composed.describe_in_part() {
        Some(description) => Description::read(&description)?,
        None if composed.has_errors() => Description::nothing(composed.messages()),
        None => return Ok(None),
    };
    let start = start.map(|start| start.of(&description)).transpose()?;
    let texts = composed.messages().iter().map(|one| one.text.as_str());
    let page = Page {
        description: &description,
        texts: texts.collect(),
        start: start.as_ref(),
    };
    Ok(Some(page.print()))
}
