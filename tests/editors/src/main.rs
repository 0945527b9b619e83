//! Drives language servers as an editor does, and compares what they say with what the manual promises. Prints a line for each check,
//! and fails where one does. A server that is not installed is said to be skipped.

mod report;
mod rust;
mod server;
mod toml;
mod workspace;
mod yaml;

use std::process::ExitCode;

use report::Report;

fn main() -> ExitCode {
    let mut report = Report::default();
    rust::check(&mut report);
    toml::check(&mut report);
    yaml::check(&mut report);
    report.end()
}
