//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Routes support tickets through a configurable pipeline.
///
/// Without a command and without a configuration it makes a store with demonstration tickets in the
/// current folder, routes them and ends.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(flatten)]
    run: Run,
    #[command(flatten)]
    pub(crate) configuration: Configuration,
    #[command(subcommand)]
    command: Option<Command>,
}

impl Arguments {
    /// What to do. The options of `run` may stand before the command, but mean something only to it.
    pub(crate) fn command(&self) -> Result<Command, clap::Error> {
        match &self.command {
            None => Ok(Command::Run(self.run.clone())),
            Some(Command::Run(run)) => Ok(Command::Run(Run {
                watch: run.watch || self.run.watch,
                format: run.format.max(self.run.format),
                report: run.report.clone().or_else(|| self.run.report.clone()),
            })),
            Some(_) if self.run != Run::default() => Err(Self::command_line().error(
                clap::error::ErrorKind::ArgumentConflict,
                "what stands before the command is an option of `run`",
            )),
            Some(command) => Ok(command.clone()),
        }
    }

    /// All that can be typed.
    pub(crate) fn command_line() -> clap::Command {
        <Self as clap::CommandFactory>::command()
    }
}

/// Which configuration.
#[derive(Debug, Args)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct Configuration {
    /// The configuration file; without it, the one that is built in
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The ticket store of the built-in configuration [default: helpdesk.db]
    #[arg(
        short,
        long,
        global = true,
        value_name = "FILE",
        conflicts_with = "config"
    )]
    pub(crate) store: Option<String>,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Route the tickets; this is what happens without a command
    Run(Run),
    /// Check the configuration and say everything that is wrong with it
    Check(Check),
    /// Say which plugins the configuration needs, and with which features a program is built that has them and no others
    Features,
    /// Print the JSON Schema of this program's configuration
    Schema,
    /// Print what this program is made of, and every key that its configuration may have
    Docs(Docs),
    /// Say what a reload would change, and why; nothing is touched
    Reload(Reload),
    /// List the tickets
    Tickets(Tickets),
    /// List the tickets that failed as often as they may, or have them worked on again
    DeadLetters(DeadLetters),
    /// List the plugins of this program, with their versions
    Plugins,
}

/// How to print the reference.
#[derive(Clone, Debug, Args)]
pub(crate) struct Docs {
    /// The language of the page
    #[arg(short, long, value_enum, default_value_t = Page::Markdown)]
    pub(crate) format: Page,
}

/// Languages of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Page {
    /// Text that GitHub shows
    Markdown,
    /// One page that needs no other file
    Html,
}

/// What to reload.
#[derive(Clone, Debug, Args)]
pub(crate) struct Reload {
    /// The configuration file that a helpdesk with the present configuration would read
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: PathBuf,
}

/// How to run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub(crate) struct Run {
    /// Keep running when there is nothing left to do, until SIGINT or SIGTERM
    #[arg(short, long)]
    pub(crate) watch: bool,
    /// For people, or for programs: a JSON object on a line for each event
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: Report,
    /// Show how long every component took to be built and to start: as a table, or as a timeline in a file that ends
    /// in .svg or .html
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        value_parser = Timeline::named
    )]
    pub(crate) report: Option<Option<Timeline>>,
}

/// A file for the timeline of a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timeline {
    /// Where it is written.
    pub(crate) path: PathBuf,
    /// What its name asks for.
    pub(crate) form: Drawing,
}

/// Forms of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drawing {
    /// A picture
    Svg,
    /// A page with the picture and the table
    Html,
}

impl Timeline {
    fn named(name: &str) -> Result<Self, String> {
        let path = PathBuf::from(name);
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        let form = match ending.to_str() {
            Some("svg") => Drawing::Svg,
            Some("html" | "htm") => Drawing::Html,
            _ => {
                return Err(
                    "the name has to end in .svg or .html; without a file, `--report` prints a table"
                        .to_owned(),
                );
            }
        };
        Ok(Self { path, form })
    }
}

/// How to say what is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
pub(crate) struct Check {
    /// For people, or for programs: a JSON document with all problems
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: Report,
}

/// Forms of what the program says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Report {
    /// Words on standard error
    #[default]
    Text,
    /// JSON on standard output
    Json,
}

/// Which tickets to list, and how.
#[derive(Clone, Debug, Args)]
pub(crate) struct Tickets {
    /// Only the tickets of this queue
    #[arg(short, long, value_name = "NAME")]
    pub(crate) queue: Option<String>,
    /// At most so many
    #[arg(short, long, value_name = "COUNT", default_value_t = 100)]
    pub(crate) limit: u32,
    /// For people or for programs
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
}

/// Which dead letters, and what becomes of them.
#[derive(Clone, Debug, Args)]
pub(crate) struct DeadLetters {
    /// Have these tickets worked on again, instead of listing them all
    #[arg(short, long, value_name = "TICKET", num_args = 1..)]
    pub(crate) revive: Vec<String>,
    /// For people or for programs
    #[arg(short, long, value_enum, default_value_t = Format::Table, conflicts_with = "revive")]
    pub(crate) format: Format,
}

/// Forms of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A line for each ticket
    Table,
    /// A JSON array with all that is known
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &[&str]) -> Command {
        Arguments::parse_from(line).command().expect("a command")
    }

    #[test]
    fn the_arguments_are_declared_without_contradiction() {
        Arguments::command_line().debug_assert();
    }

    #[test]
    fn to_run_is_what_happens_without_a_command() {
        for line in [
            &["helpdesk", "-w"][..],
            &["helpdesk", "run", "-w"],
            &["helpdesk", "-w", "run"],
        ] {
            assert!(
                matches!(command(line), Command::Run(Run { watch: true, .. })),
                "{line:?}"
            );
        }
        assert!(matches!(
            command(&["helpdesk"]),
            Command::Run(Run { watch: false, .. })
        ));
    }

    #[test]
    fn to_watch_is_something_for_run_only() {
        assert!(
            Arguments::parse_from(["helpdesk", "-w", "check"])
                .command()
                .is_err()
        );
        assert!(Arguments::try_parse_from(["helpdesk", "check", "-w"]).is_err());
    }

    #[test]
    fn a_form_may_stand_before_or_behind_the_command_it_is_for() {
        for line in [
            &["helpdesk", "--format", "json"][..],
            &["helpdesk", "-f", "json", "run"],
            &["helpdesk", "run", "--format", "json"],
        ] {
            let Command::Run(run) = command(line) else {
                panic!("{line:?} does not run");
            };
            assert_eq!(run.format, Report::Json, "{line:?}");
        }
        let line = ["helpdesk", "--format", "json", "check"];
        assert!(Arguments::parse_from(line).command().is_err());
    }

    #[test]
    fn a_report_is_a_table_or_a_file_whose_name_says_its_form() {
        let report = |line: &[&str]| match command(line) {
            Command::Run(run) => run.report,
            other => panic!("{other:?}"),
        };
        assert_eq!(report(&["helpdesk", "run"]), None);
        assert_eq!(report(&["helpdesk", "--report", "run"]), Some(None));
        assert_eq!(report(&["helpdesk", "run", "--report"]), Some(None));
        let form = |name: &str| {
            let named = format!("--report={name}");
            report(&["helpdesk", "run", &named])
                .flatten()
                .map(|file| file.form)
        };
        assert_eq!(form("start.svg"), Some(Drawing::Svg));
        assert_eq!(form("a b/START.HTML"), Some(Drawing::Html));
        for name in ["start.txt", "svg", ""] {
            let named = format!("--report={name}");
            assert!(
                Arguments::try_parse_from(["helpdesk", "run", &named]).is_err(),
                "{name}"
            );
        }
        assert!(
            Arguments::parse_from(["helpdesk", "--report", "check"])
                .command()
                .is_err()
        );
    }

    #[test]
    fn a_store_is_chosen_for_the_built_in_configuration_only() {
        assert!(Arguments::try_parse_from(["helpdesk", "tickets", "--store", "a.db"]).is_ok());
        assert!(Arguments::try_parse_from(["helpdesk", "-c", "x.yml", "-s", "a.db"]).is_err());
    }
}
