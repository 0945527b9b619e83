//! `helpdesk` routes support tickets through a pipeline that a configuration file describes.
//!
//! What it can do is decided by the plugins that are composed into it, see `plugins.toml`. What it does with them is the library
//! `helpdesk-host`, so that another program with other plugins is a few lines as well.
#![doc = include_str!("../README.md")]

use std::process::ExitCode;

treenail::compose!();

#[tokio::main]
async fn main() -> ExitCode {
    helpdesk_host::main::<App>().await
}
