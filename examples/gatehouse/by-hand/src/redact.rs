//! The log, on standard error, without secrets.

use std::io::{self, Write};
use std::sync::Arc;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// Writes the log, and shows `***` in the place of any of these. `RUST_LOG` says how much of it.
pub(crate) fn log(secrets: Vec<String>) {
    let secrets: Arc<[String]> = secrets.into();
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into());
    tracing_subscriber::fmt()
        .with_env_filter(filter.from_env_lossy())
        .with_writer(move || Redacting(Arc::clone(&secrets)))
        .init();
}

/// A line of the log comes in one piece.
struct Redacting(Arc<[String]>);

impl Write for Redacting {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut text = String::from_utf8_lossy(line).into_owned();
        for secret in &*self.0 {
            text = text.replace(secret, "***");
        }
        io::stderr().write_all(text.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
