//! The `infrastructure.logging` section. The library does not write a log: the host reads this and sets one up.

use schemars::JsonSchema;
use serde::Deserialize;

use super::structure::read_as;
use crate::config::problem::{Path, Problems};
use crate::config::read::Node;

/// How an application is to log: the `infrastructure.logging` section.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Logging {
    /// The lowest level that is written.
    pub level: LogLevel,
    /// Write to `log_file_path` instead of the standard error stream.
    pub log_to_file: bool,
    /// The file to write to.
    pub log_file_path: Option<String>,
    /// How a line looks.
    pub format: LogFormat,
}

/// A level of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum LogLevel {
    /// Everything.
    Debug,
    /// What happens in normal operation.
    #[default]
    Info,
    /// What may become a problem.
    Warning,
    /// What went wrong.
    Error,
    /// What ends the application.
    Critical,
}

/// How a line of the log looks, in the notation of Python's `logging` module: files of Open Ticket AI carry it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct LogFormat {
    /// The pattern of a line.
    pub message_format: String,
    /// The pattern of its time.
    pub date_format: String,
}

impl Default for LogFormat {
    fn default() -> Self {
        Self {
            message_format: "%(asctime)s - %(name)s - %(levelname)s - %(message)s".to_owned(),
            date_format: "%Y-%m-%d %H:%M:%S".to_owned(),
        }
    }
}

/// Reads the `infrastructure` section of what stands below the root key.
pub(super) fn read(root: &Node, path: &Path<'_>, problems: &mut Problems<'_>) -> Logging {
    #[derive(Default, Deserialize, JsonSchema)]
    #[serde(default, deny_unknown_fields)]
    struct Infrastructure {
        logging: Option<Logging>,
    }

    let path = path.key("infrastructure");
    let node = root.given("infrastructure");
    let section = node.and_then(|node| read_as::<Infrastructure>(node, &path, problems));
    section.unwrap_or_default().logging.unwrap_or_default()
}
