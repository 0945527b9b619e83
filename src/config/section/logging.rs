//! The `infrastructure.logging` section. The library does not write a log: the host reads this and sets one up.

use schemars::JsonSchema;
use serde::Deserialize;

use super::names::Names;
use crate::config::problem::error::ConfigError;
use crate::config::problem::kind::ProblemKind;
use crate::config::problem::path::Path;
use crate::config::problem::place::Origin;
use crate::config::problem::problems::Problems;
use crate::config::read::node::Node;
use crate::config::read::settings::Settings;
use crate::config::value::compile::{Compiler, Mode};
use crate::config::value::declared_type::Shape;
use crate::container::Table;

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

/// The section of a configuration, with its defaults where there is none: an application sets up its log before it starts.
///
/// # Errors
/// The section is wrong.
pub fn logging(table: &'static Table, settings: &Settings) -> Result<Logging, ConfigError> {
    let roots = Names::new(table).roots();
    let loaded = settings.load(&roots);
    let mut problems = Problems::new(&loaded.layers);
    let found = roots
        .iter()
        .find_map(|root| Some((*root, loaded.node.get(root)?)));
    let section = found.and_then(|(name, root)| Some((name, root.get("infrastructure")?)));
    let logging = section.map_or_else(Logging::default, |(name, section)| {
        let path = Path::Root;
        let path = path.key(name);
        of(section, &path.key("infrastructure"), &mut problems)
    });
    problems.unless_any(logging)
}

/// Reads the `infrastructure` section.
pub(crate) fn of(node: &Node, path: &Path<'_>, problems: &mut Problems<'_>) -> Logging {
    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Infrastructure {
        #[serde(default)]
        logging: Option<Logging>,
    }

    if node.is_null() {
        return Logging::default();
    }
    let schema = schemars::schema_for!(Infrastructure).to_value();
    let before = problems.len();
    let compiled = Compiler::new(Mode::Plain, problems).compile(node, Shape::root(&schema), path);
    if problems.len() > before {
        return Logging::default();
    }
    match serde_json::from_value::<Infrastructure>(compiled.plain()) {
        Ok(infrastructure) => infrastructure.logging.unwrap_or_default(),
        Err(error) => {
            refused(problems, path, node.origin, &error);
            Logging::default()
        }
    }
}

fn refused(
    problems: &mut Problems<'_>,
    path: &Path<'_>,
    origin: Origin,
    error: &serde_json::Error,
) {
    problems.add(
        path,
        origin,
        ProblemKind::Refused {
            message: error.to_string(),
        },
    );
}
