//! `cargo treenail graph`

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use treenail_build::GraphFormat;

use crate::check::{report, status};
use crate::package::Package;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    package: Package,
    /// Language of the graph
    #[arg(long, value_enum, default_value_t = Format::Dot)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Dot,
    Mermaid,
    /// All that is known of the composition, with who decided what
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let composed = arguments.package.compose_one()?;
    report([&composed].into_iter())?;
    let failed = composed.has_errors();
    let graph = match arguments.format {
        Format::Dot => composed.graph(GraphFormat::Dot),
        Format::Mermaid => composed.graph(GraphFormat::Mermaid),
        Format::Json => composed.describe(),
    };
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
