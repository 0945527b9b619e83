//! `helpdesk` routes support tickets through a pipeline that a configuration file describes.
//!
//! What it can do is decided by the plugins that are composed into it, see `plugins.toml`. This
//! program itself only picks a configuration, shows what happens and knows when to end.
#![doc = include_str!("../README.md")]

use std::process::ExitCode;

use clap::Parser;
use treenail::Reloader;

mod cli;
mod configuration;
mod events;
mod idle;
mod jobs;
mod log;
mod output;
mod progress;
mod run;
mod screen;
mod table;
mod tickets;
mod timeline;
mod view;

treenail::compose!();

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    let command = arguments.command().unwrap_or_else(|error| error.exit());
    let source = configuration::Source::of(&arguments.configuration);
    match dispatch(command, &source).await {
        Ok(code) => code,
        Err(error) => {
            output::error(&error);
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(
    command: cli::Command,
    source: &configuration::Source,
) -> treenail::Result<ExitCode> {
    match command {
        cli::Command::Run(options) => run::run(source, options).await,
        cli::Command::Check(options) => check(source, options),
        cli::Command::Schema => {
            output::data(&format!(
                "{}\n",
                serde_json::to_string_pretty(&App::schema())?
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        cli::Command::Reload(options) => reload(source, options),
        cli::Command::Tickets(options) => tickets::list(source, &options).await,
    }
}

/// Says what would become of a helpdesk with one configuration that reads another one.
fn reload(
    source: &configuration::Source,
    cli::Reload { plan }: cli::Reload,
) -> treenail::Result<ExitCode> {
    let next = configuration::Source::File(plan);
    let changes = Reloader::<App>::compare(&source.settings()?, &next.settings()?)?;
    output::data(&format!("{changes}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Says everything that is wrong with the configuration.
fn check(source: &configuration::Source, options: cli::Check) -> treenail::Result<ExitCode> {
    let checked = source.settings().and_then(|settings| App::check(&settings));
    match options.format {
        cli::Report::Text => {
            checked?;
            output::note(&format!("{} is fine", source.name()));
            Ok(ExitCode::SUCCESS)
        }
        cli::Report::Json => {
            output::data(&format!(
                "{:#}\n",
                events::checked(&source.name(), &checked)
            ))?;
            Ok(match checked {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            })
        }
    }
}
