//! [`Settings`]: where the configuration of an application comes from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use figment::Figment;
use serde::Serialize;
use serde_json::Value as Json;

use super::dotenv::{self, Variable};
use super::file;
use super::node::{Kind, Node};
use super::yaml;
use crate::config::problem::{ConfigError, Layer, Lines, Origin, ProblemKind};
use crate::redact::Redactor;

/// Where the configuration of an application comes from, in layers: defaults, files, the `.env` file beside the first
/// of them, and the environment (`ROOT__A__B=value`, names in any case). Each layer wins over the ones before it, key by
/// key.
///
/// ```
/// # fn main() -> Result<(), treenail::ConfigError> {
/// let settings = treenail::Settings::yaml("defaults", "app: { api_version: '>=1.0' }")?
///     .environment([("APP__SERVICES__STORE__USE", "sqlite:Store")]);
/// # let _ = settings;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Settings {
    pub(super) base: Option<Figment>,
    pub(crate) files: Vec<File>,
    pub(super) set: Vec<(String, Json)>,
    pub(super) dotenv: Option<DotenvFile>,
    /// `None`: those of the process.
    pub(super) environment: Option<BTreeMap<String, String>>,
    /// The files, and how many bytes each may have.
    read: Option<(u64, Vec<PathBuf>)>,
    /// A figment and `none()` are complete in themselves unless an environment is given.
    pub(super) layered: bool,
    redactor: Redactor,
}

/// A file or a text as it was read; its number among the files is that of its layer.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) layer: Layer,
    pub(super) node: Node,
}

/// A `.env` file may have this part of the bytes of a file: each of its lines is looked for by name.
const DOTENV: u64 = 16;

/// A `.env` file.
#[derive(Clone)]
pub(super) struct DotenvFile {
    pub(super) name: String,
    pub(super) variables: BTreeMap<String, Variable>,
    /// As a text, and not beside a file.
    is_given: bool,
}

impl std::fmt::Debug for Settings {
    /// Names of sources only: values may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let files: Vec<&str> = self
            .files
            .iter()
            .map(|file| file.layer.name.as_str())
            .collect();
        f.debug_struct("Settings")
            .field("files", &files)
            .field("figment", &self.base.is_some())
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// No configuration at all: for applications whose components need none. Templates see the process environment.
    pub fn none() -> Self {
        Self::default()
    }

    /// One YAML file, the `.env` file beside it if there is one, and the environment of the process. The
    /// file may have 16 MiB, and `.env` 1 MiB.
    ///
    /// # Errors
    /// The file cannot be read or is not YAML.
    pub fn file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        Self::files([path])
    }

    /// Several YAML files: a later one wins over an earlier one, key by key; lists are replaced as a whole.
    ///
    /// # Errors
    /// A file cannot be read or is not YAML.
    pub fn files<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Result<Self, ConfigError> {
        Self::files_up_to(file::LARGEST, paths)
    }

    /// Several YAML files, of which each may have so many bytes, and the `.env` file a sixteenth of them. What its aliases and merge keys bring in may have as many, and
    /// eight times as many as the file has.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), treenail::ConfigError> {
    /// let settings = treenail::Settings::files_up_to(64 << 20, ["config.yml"])?;
    /// # let _ = settings;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A file cannot be read, is larger, or is not YAML.
    pub fn files_up_to<P: AsRef<Path>>(
        bytes: u64,
        paths: impl IntoIterator<Item = P>,
    ) -> Result<Self, ConfigError> {
        let paths: Vec<PathBuf> = paths
            .into_iter()
            .map(|path| path.as_ref().to_owned())
            .collect();
        let mut settings = Self {
            layered: true,
            read: Some((bytes, paths.clone())),
            ..Self::none()
        };
        let mut wrong: Option<ConfigError> = None;
        for (number, path) in paths.into_iter().enumerate() {
            let file = file::read(&path, bytes)
                .and_then(|text| File::parse(number, path.display().to_string(), text, bytes))
                .map(|file| settings.files.push(file));
            let beside = path.with_file_name(".env");
            // A link that leads nowhere is there.
            let dotenv = if number == 0 && beside.symlink_metadata().is_ok() {
                file::read(&beside, bytes / DOTENV).map(|text| {
                    settings.dotenv = Some(DotenvFile {
                        name: beside.display().to_string(),
                        variables: dotenv::parse(&text),
                        is_given: false,
                    });
                })
            } else {
                Ok(())
            };
            for error in [file.err(), dotenv.err()].into_iter().flatten() {
                match &mut wrong {
                    Some(wrong) => wrong.append(error),
                    None => wrong = Some(error),
                }
            }
        }
        wrong.map_or(Ok(settings), Err)
    }

    /// Reads the files again that these settings came from, and the `.env` beside the first of them. Whatever else is laid over
    /// them stays as it is: values that were set, variables that were given. So does what came from no file.
    ///
    /// # Errors
    /// A file cannot be read or is not YAML.
    pub fn read_again(&self) -> Result<Self, ConfigError> {
        let Some((bytes, paths)) = &self.read else {
            return Ok(self.clone());
        };
        let read = Self::files_up_to(*bytes, paths)?;
        let is_given = self.dotenv.as_ref().is_some_and(|dotenv| dotenv.is_given);
        Ok(Self {
            files: read.files,
            dotenv: match is_given {
                true => self.dotenv.clone(),
                false => read.dotenv,
            },
            ..self.clone()
        })
    }

    /// A YAML text, for example one that the binary brings along; `name` stands for the file in messages.
    ///
    /// # Errors
    /// The text is not YAML.
    pub fn yaml(name: impl Into<String>, text: impl Into<String>) -> Result<Self, ConfigError> {
        let file = File::parse(0, name.into(), text.into(), file::LARGEST)?;
        Ok(Self {
            files: vec![file],
            layered: true,
            ..Self::none()
        })
    }

    /// A figment of the application's own. It is taken as it is: neither `.env` nor the environment is laid over it,
    /// unless [`environment`](Self::environment) names one.
    pub fn figment(figment: Figment) -> Self {
        Self {
            base: Some(figment),
            ..Self::none()
        }
    }

    /// Exactly these variables instead of those of the process: for overriding values and for `get_env`.
    #[must_use]
    pub fn environment<K: Into<String>, V: Into<String>>(
        mut self,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.environment = Some(
            variables
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        );
        self.layered = true;
        self
    }

    /// The text of a `.env` file, instead of the file beside the configuration.
    #[must_use]
    pub fn dotenv(mut self, text: &str) -> Self {
        self.dotenv = Some(DotenvFile {
            name: ".env".to_owned(),
            variables: dotenv::parse(text),
            is_given: true,
        });
        self
    }

    /// Sets one value over every other layer, as a command line does. `path` starts below the root key:
    /// `services.store.params.path`.
    ///
    /// # Errors
    /// The value cannot be serialized.
    pub fn set(
        mut self,
        path: impl Into<String>,
        value: impl Serialize,
    ) -> Result<Self, ConfigError> {
        let path = path.into();
        let value = serde_json::to_value(value).map_err(|error| {
            let message = format!("the value set at `{path}`: {error}");
            ConfigError::one(None, ProblemKind::Refused { message })
        })?;
        self.set.push((path, value));
        Ok(self)
    }

    /// Lets this redactor learn the secrets of this configuration: one that the log of the program has been given already.
    #[must_use]
    pub fn with_redactor(mut self, redactor: Redactor) -> Self {
        self.redactor = redactor;
        self
    }

    /// Takes the secrets of this configuration out of texts: for a log, and for whatever else the host says. It knows them
    /// once the configuration has been checked or started.
    ///
    /// ```
    /// let settings = treenail::Settings::none();
    /// let redactor = settings.redactor();
    /// // App::start(settings).await?, and then for each line of the log:
    /// assert_eq!(redactor.redact("nothing secret"), "nothing secret");
    /// ```
    pub fn redactor(&self) -> Redactor {
        self.redactor.clone()
    }

    /// Whether there is anything that must hold the root key.
    pub(crate) fn has_source(&self) -> bool {
        !self.files.is_empty() || self.base.is_some()
    }
}

impl File {
    /// Reads a text whose aliases and merge keys may bring in so many bytes.
    fn parse(
        number: usize,
        name: String,
        text: String,
        brought_in: u64,
    ) -> Result<Self, ConfigError> {
        let wrong = |origin: Origin, kind: ProblemKind| {
            let place = origin.place(name.clone());
            ConfigError::one(Some(place), kind)
        };
        let mut node = yaml::parse(&text, number, brought_in)
            .map_err(|error| wrong(error.origin, *error.kind))?;
        if node.is_null() {
            node = Node::empty(node.origin);
        }
        if !matches!(node.kind, Kind::Map(_)) {
            let origin = Origin::of_layer(number);
            let message = "the file holds no map".to_owned();
            return Err(wrong(origin, ProblemKind::Yaml { message }));
        }
        Ok(Self {
            layer: Layer {
                name,
                text: Some(Arc::new(Lines::new(text))),
            },
            node,
        })
    }
}
