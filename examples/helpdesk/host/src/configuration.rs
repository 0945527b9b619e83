//! Where the configuration comes from: a file, or the one that is built in.

use std::path::{Path, PathBuf};

use treenail::{ConfigError, Settings};

use crate::cli;

/// The configuration of the demonstration.
const BUILT_IN: &str = include_str!("../config.yml");
/// Where that keeps its tickets, unless something else is asked for.
pub(crate) const STORE: &str = "helpdesk.db";

/// What to read.
pub(crate) enum Source {
    /// A file of the user's.
    File(PathBuf),
    /// The configuration in the binary, with this store.
    BuiltIn {
        /// The path of the store, if one was asked for.
        store: Option<String>,
    },
}

impl Source {
    pub(crate) fn of(arguments: &cli::Configuration) -> Self {
        match &arguments.config {
            Some(file) => Self::File(file.clone()),
            None => Self::BuiltIn {
                store: arguments.store.clone(),
            },
        }
    }

    /// What messages call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(file) => file.display().to_string(),
            Self::BuiltIn { .. } => "the built-in configuration".to_owned(),
        }
    }

    /// Reads it.
    pub(crate) fn settings(&self) -> Result<Settings, ConfigError> {
        match self {
            Self::File(file) => Settings::file(file),
            Self::BuiltIn { store } => {
                let settings = Settings::yaml(self.name(), BUILT_IN)?;
                match store {
                    Some(store) => settings.set("services.tickets.params.path", store),
                    None => Ok(settings),
                }
            }
        }
    }

    /// The demonstration store that a run would make, because it is not there yet.
    pub(crate) fn store_to_be_made(&self) -> Option<&str> {
        match self {
            Self::File(_) => None,
            Self::BuiltIn { store } => {
                let store = store.as_deref().unwrap_or(STORE);
                (store != ":memory:" && !Path::new(store).exists()).then_some(store)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_configuration_names_the_default_store() {
        let source = Source::BuiltIn { store: None };
        source.settings().expect("it is YAML");
        assert!(BUILT_IN.contains(&format!("path: \"{STORE}\"")));
    }
}
