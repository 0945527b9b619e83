//! How long the start took, for `run --report`.

use std::io;

use treenail::{Error, Result};

use crate::cli::{Drawing, Report, Run, Timeline};
use crate::{events, output};

/// Says it in the way that was asked for: for programs an event, for people a table, and a file where one is named.
pub(crate) fn show(report: &treenail::Report, options: &Run) -> Result<()> {
    let Some(file) = &options.report else {
        return Ok(());
    };
    if options.format == Report::Json {
        output::data(&format!("{}\n", events::report(report)))?;
    } else if file.is_none() {
        output::data(&format!("{}\n", report.to_string().trim_end()))?;
    }
    if let Some(file) = file {
        write(report, file).map_err(|error| {
            let what = format!("cannot write the report to {}", file.path.display());
            Error::from(error).context(what)
        })?;
        if options.format == Report::Text {
            output::note(&format!("wrote the report to {}", file.path.display()));
        }
    }
    Ok(())
}

fn write(report: &treenail::Report, file: &Timeline) -> io::Result<()> {
    let text = match file.form {
        Drawing::Svg => report.to_svg(),
        Drawing::Html => report.to_html(),
    };
    std::fs::write(&file.path, text)
}
