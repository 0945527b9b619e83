//! `cargo treenail completions`

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::{Shell, generate};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// Completions are those of the program, which the completions of Cargo hand the rest of a line to.
pub(crate) fn run(arguments: &Arguments, command: Command) -> io::Result<ExitCode> {
    let program = "cargo-treenail";
    let mut command = command.name(program).bin_name(program);
    let mut script = Vec::new();
    generate(arguments.shell, &mut command, program, &mut script);
    io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
