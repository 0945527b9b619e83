//! `cargo treenail`: makes packages, and looks at a composition from the command line, with the compiler that build scripts use.

mod add;
mod annotation;
mod before;
mod cargo;
#[cfg(test)]
mod cases;
mod check;
mod completions;
mod description;
mod diff;
mod dist;
mod docs;
mod explain;
mod features;
mod generate;
mod graph;
mod lock;
mod metadata;
mod new;
mod output;
mod package;
mod selection;
mod why;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use output::Output;

/// Make packages, and look at a composition, the plugins of a program, with the compiler that its build uses. Nothing is built, but by `dist`.
#[derive(Parser)]
#[command(name = "cargo treenail", bin_name = "cargo treenail", version)]
#[command(after_help = "\
Examples:
  cargo treenail new desk              make an application; with --plugin, a plugin
  cargo treenail add --path ../mail    add a plugin to the application of this folder
  cargo treenail check                 the package of this folder, or all of this workspace that have a manifest
  cargo treenail check --each-feature --all-overlays
                                       the same at all features and overlays
  cargo treenail check -p NAME         a package of this workspace
  cargo treenail lock                  write plugins.lock
  cargo treenail graph --format html   a page: who needs whom, and why
  cargo treenail diff --against v1.2   what is different since a release
  cargo treenail why mail:Smtp         who decided about a component, and who needs it
  cargo treenail docs > reference.md   what operators have to know: every component, every key

Exit status: 0 if there is a composition, 1 if there are mistakes in it, 2 if the question could not be asked, or nothing was made or added.")]
struct Command {
    #[command(flatten)]
    output: Output,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a package: an application, a plugin, or a contract that plugins share
    New(new::Arguments),
    /// Add a plugin to an application: the dependency, its feature, the lock; and say what it brings and needs
    Add(add::Arguments),
    /// Say everything that is wrong with a composition, without building anything
    Check(check::Arguments),
    /// Print a composition as a graph
    Graph(graph::Arguments),
    /// Write plugins.lock: what Cargo says of a host and its plugins, for builds that do not ask it
    Lock(lock::Arguments),
    /// Say what is different between this composition and an earlier one
    Diff(diff::Arguments),
    /// Say who decided something, and who needs it
    Why(why::Arguments),
    /// Say which plugins and features a configuration needs, in a line for Cargo
    Features(features::Arguments),
    /// Print the reference of a composition: its components, its entries, and every key of its configuration
    Docs(docs::Arguments),
    /// Write the code that a build generates into src/treenail.rs, so that it can be committed and a build needs no compiler of it
    Generate(generate::Arguments),
    /// Write the package of an edition from `[distribution]` in its plugins.toml, and build it
    Dist(dist::Arguments),
    /// Explain a code of a message, such as TN0203, with an example
    Explain(explain::Arguments),
    /// Print the JSON Schema of plugins.toml, for language servers
    Schema,
    /// Print a script that makes a shell complete these commands
    Completions(completions::Arguments),
}

/// There are mistakes in the composition.
const MISTAKES: u8 = 1;

/// The question could not be asked. clap ends with the same.
const NOT_ASKED: u8 = 2;

fn main() -> ExitCode {
    // Cargo passes the name of the subcommand along.
    let arguments = std::env::args_os()
        .enumerate()
        .filter(|(at, text)| *at != 1 || text != "treenail")
        .map(|(_, text)| text);
    let command = Command::parse_from(arguments);
    command.output.set();
    let result = match command.action {
        Action::New(arguments) => new::run(&arguments),
        Action::Add(arguments) => add::run(&arguments),
        Action::Check(arguments) => check::run(&arguments),
        Action::Graph(arguments) => graph::run(&arguments),
        Action::Lock(arguments) => lock::run(&arguments),
        Action::Diff(arguments) => diff::run(&arguments),
        Action::Why(arguments) => why::run(&arguments),
        Action::Docs(arguments) => docs::run(&arguments),
        Action::Generate(arguments) => generate::run(&arguments),
        Action::Dist(arguments) => dist::run(&arguments),
        Action::Features(arguments) => features::run(arguments),
        Action::Explain(arguments) => explain::run(&arguments),
        Action::Schema => io::stdout()
            .write_all(treenail_build::manifest_schema().as_bytes())
            .map(|()| ExitCode::SUCCESS),
        Action::Completions(arguments) => completions::run(&arguments, Command::command()),
    };
    match result {
        Ok(code) => code,
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(NOT_ASKED)
        }
    }
}
