//! The helpdesk as a library: it picks a configuration, shows what happens and knows when to end. What it can do is decided by the
//! plugins that a program composes, which hands its `App` to [`main`].

use std::process::ExitCode;
use std::sync::Arc;

use clap::FromArgMatches;
use helpdesk_api::TicketSystem;
use helpdesk_work::Work;
use treenail::{AllProvidedBy, Application, Reloader};

mod cli;
mod configuration;
mod counts;
mod dead_letters;
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

/// An application that looks after tickets: some plugin of it has a ticket system, and one knows who works on what.
pub trait Desk: Application + Send + Sync {
    /// Its ticket systems, as the configuration has them.
    #[doc(hidden)]
    fn ticket_systems(&self) -> Vec<Arc<dyn TicketSystem>>;

    /// Where it keeps who works on what.
    #[doc(hidden)]
    fn work(&self) -> Vec<Arc<dyn Work>>;
}

impl<A: Application + Send + Sync> Desk for A
where
    dyn TicketSystem: AllProvidedBy<A>,
    dyn Work: AllProvidedBy<A>,
{
    fn ticket_systems(&self) -> Vec<Arc<dyn TicketSystem>> {
        self.all()
    }

    fn work(&self) -> Vec<Arc<dyn Work>> {
        self.all()
    }
}

/// The whole program, from its command line to its exit status. Its name and its version are those of the package that composes it.
pub async fn main<A: Desk>() -> ExitCode {
    let command_line = command_line::<A>();
    let arguments = cli::Arguments::from_arg_matches(&command_line.get_matches())
        .unwrap_or_else(|error| error.exit());
    let command = arguments.command().unwrap_or_else(|error| error.exit());
    let source = configuration::Source::of(&arguments.configuration);
    match dispatch::<A>(command, &source).await {
        Ok(code) => code,
        Err(error) => {
            output::error(&error);
            ExitCode::FAILURE
        }
    }
}

/// What can be typed.
fn command_line<A: Application>() -> clap::Command {
    let inventory = A::inventory();
    cli::Arguments::command_line()
        .name(inventory.host())
        .version(inventory.api())
}

async fn dispatch<A: Desk>(
    command: cli::Command,
    source: &configuration::Source,
) -> treenail::Result<ExitCode> {
    match command {
        cli::Command::Run(options) => run::run::<A>(source, options).await,
        cli::Command::Check(options) => check::<A>(source, options),
        cli::Command::Schema => {
            let schema = serde_json::to_string_pretty(&A::schema())?;
            output::data(&format!("{schema}\n"))?;
            Ok(ExitCode::SUCCESS)
        }
        cli::Command::Features => features::<A>(source),
        cli::Command::Docs(cli::Docs { format }) => {
            let reference = A::reference();
            output::data(&match format {
                cli::Page::Markdown => reference.to_markdown(),
                cli::Page::Html => reference.to_html(),
            })?;
            Ok(ExitCode::SUCCESS)
        }
        cli::Command::Reload(options) => reload::<A>(source, options),
        cli::Command::Plugins => {
            let plugins = A::inventory().plugins();
            let lines = plugins.map(|one| format!("{} {}\n", one.id, one.version));
            output::data(&lines.collect::<String>())?;
            Ok(ExitCode::SUCCESS)
        }
        cli::Command::Tickets(options) => tickets::list::<A>(source, &options).await,
        cli::Command::DeadLetters(options) => dead_letters::list::<A>(source, &options).await,
    }
}

/// Says what the configuration needs: the plugins to people, and what Cargo is told on a line of its own.
fn features<A: Desk>(source: &configuration::Source) -> treenail::Result<ExitCode> {
    let needed = A::features(&source.settings()?)?;
    let plugins: Vec<&str> = needed.plugins.iter().map(String::as_str).collect();
    output::note(&format!("{} needs {}", source.name(), plugins.join(", ")));
    output::data(&format!("{needed}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Says what would become of a helpdesk with one configuration that reads another one.
fn reload<A: Desk>(
    source: &configuration::Source,
    cli::Reload { plan }: cli::Reload,
) -> treenail::Result<ExitCode> {
    let next = configuration::Source::File(plan);
    let changes = Reloader::<A>::compare(&source.settings()?, &next.settings()?)?;
    output::data(&format!("{changes}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Says everything that is wrong with the configuration.
fn check<A: Desk>(
    source: &configuration::Source,
    options: cli::Check,
) -> treenail::Result<ExitCode> {
    let checked = source.settings().and_then(|settings| A::check(&settings));
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
