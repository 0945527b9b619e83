//! [`Settings`]: where the configuration of an application comes from.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use figment::Figment;
use figment::value::Value;
use serde::Serialize;

use super::dotenv;
use super::layer::from_yaml;
use super::node::Lines;
use super::place::{Spot, places};
use crate::config::problem::kind::{ConfigError, ProblemKind};
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
#[derive(Clone)]
pub struct Settings {
    pub(crate) base: Option<Figment>,
    pub(crate) files: Vec<File>,
    pub(crate) set: Vec<(String, Value)>,
    /// Variables of `.env`, with the line each stands in.
    pub(crate) dotenv: Option<Dotenv>,
    /// `None`: those of the process.
    pub(crate) environment: Option<BTreeMap<String, String>>,
    /// A figment and `none()` are complete in themselves unless an environment is given.
    pub(crate) layered: bool,
    redactor: Redactor,
}

#[derive(Clone)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) text: Arc<Lines>,
    pub(crate) value: Value,
    pub(crate) spot: Arc<Spot>,
}

#[derive(Clone)]
pub(crate) struct Dotenv {
    pub(crate) name: String,
    pub(crate) variables: BTreeMap<String, (String, u32)>,
}

impl std::fmt::Debug for Settings {
    /// Names of sources only: values may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let files: Vec<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
        f.debug_struct("Settings")
            .field("files", &files)
            .field("figment", &self.base.is_some())
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// No configuration at all: for applications whose components need none. Templates see the process environment.
    pub fn none() -> Self {
        Self {
            base: None,
            files: Vec::new(),
            set: Vec::new(),
            dotenv: None,
            environment: None,
            layered: false,
            redactor: Redactor::default(),
        }
    }

    /// One YAML file, the `.env` file beside it if there is one, and the environment of the process.
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
        let mut settings = Self {
            layered: true,
            ..Self::none()
        };
        for path in paths {
            let path = path.as_ref();
            let name = path.display().to_string();
            let text = read(path)?;
            settings.files.push(File::parse(name, text)?);
            if settings.files.len() == 1 {
                let beside = path.with_file_name(".env");
                if beside.is_file() {
                    let text = read(&beside)?;
                    settings.dotenv = Some(Dotenv {
                        name: beside.display().to_string(),
                        variables: dotenv::parse(&text),
                    });
                }
            }
        }
        Ok(settings)
    }

    /// A YAML text, for example one that the binary brings along; `name` stands for the file in messages.
    ///
    /// # Errors
    /// The text is not YAML.
    pub fn yaml(name: impl Into<String>, text: impl Into<String>) -> Result<Self, ConfigError> {
        let file = File::parse(name.into(), text.into())?;
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
        self.dotenv = Some(Dotenv {
            name: ".env".to_owned(),
            variables: dotenv::parse(text),
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
        let value = Value::serialize(value).map_err(|error| {
            ConfigError::one(ProblemKind::Refused {
                message: format!("the value set at `{path}`: {error}"),
            })
        })?;
        self.set.push((path, value));
        Ok(self)
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
    fn parse(name: String, text: String) -> Result<Self, ConfigError> {
        let wrong_at = |place: (u32, u32), message: String| {
            ConfigError::of_file(&name, place, ProblemKind::Yaml { message })
        };
        let wrong = |message: String| wrong_at((0, 0), message);
        let places = places(&text);
        if places.too_deep {
            return Err(wrong("maps and lists are nested too deep".to_owned()));
        }
        let mut value: serde_yaml::Value = serde_yaml::from_str(&text).map_err(|error| {
            let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
            let place = error.location().map_or((0, 0), |location| {
                (number(location.line()), number(location.column()))
            });
            match error.to_string() {
                words if words.contains("more than one document") => wrong_at(
                    places.second.unwrap_or(place),
                    "it holds more than one document; the second begins here".to_owned(),
                ),
                words if words.contains("repetition limit") => wrong_at(
                    place,
                    "its anchors repeat each other too often (repetition limit exceeded)"
                        .to_owned(),
                ),
                words => wrong_at(place, words),
            }
        })?;
        value
            .apply_merge()
            .map_err(|error| wrong(error.to_string()))?;
        if !matches!(
            value,
            serde_yaml::Value::Mapping(_) | serde_yaml::Value::Null
        ) {
            return Err(wrong("the file holds no map".to_owned()));
        }
        let value = from_yaml(value)
            .map_err(|message| wrong_at(places.complex_key.unwrap_or((0, 0)), message))?;
        let value = if matches!(value, Value::Dict(..)) {
            value
        } else {
            Value::from(figment::value::Dict::new())
        };
        Ok(Self {
            name,
            text: Arc::new(Lines::new(text)),
            value,
            spot: Arc::new(places.spot),
        })
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |cause: String| {
        let file = path.display().to_string();
        ConfigError::of_file(
            &file.clone(),
            (0, 0),
            ProblemKind::Unreadable { file, cause },
        )
    };
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let text = String::from_utf8(bytes)
        .map_err(|error| unreadable(format!("it is not UTF-8 ({})", error.utf8_error())))?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}
