//! `cargo treenail explain`

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The code
    #[arg(value_name = "CODE")]
    code: String,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let code = &arguments.code;
    let Some(page) = treenail_build::explain(code) else {
        let codes: Vec<&str> = treenail_build::codes().collect();
        return Err(io::Error::other(format!(
            "there is no code `{code}`; the codes are {}",
            codes.join(", ")
        )));
    };
    io::stdout().write_all(page.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
