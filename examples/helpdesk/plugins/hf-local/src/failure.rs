//! What can be wrong with a model, and what a caller of the contract is told of it.

use std::path::PathBuf;

use helpdesk_api::{Error, ErrorKind};

/// Why a model gives no answer.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The name is neither that of a folder nor of a repository.
    #[error(
        "there is no such folder, and a model of the hub is named `owner/name`, of letters, digits, `-`, `_` and `.`"
    )]
    Name,
    /// The hub does not have the model, or not for this token.
    #[error("{hub} has no such model, or does not show it {asked}")]
    Unknown {
        /// Address of the hub.
        hub: String,
        /// Whether a token was shown.
        asked: Asked,
    },
    /// The hub refuses the model to this token.
    #[error("{hub} refuses the model {asked} (status {status}{})", said(.words))]
    Refused {
        /// Address of the hub.
        hub: String,
        /// Whether a token was shown.
        asked: Asked,
        /// HTTP status of the answer.
        status: u16,
        /// The hub's own words.
        words: Option<String>,
    },
    /// The hub cannot be reached, or has no time.
    #[error("{hub} did not answer with `{file}`: {reason}")]
    Unreachable {
        /// Address of the hub.
        hub: String,
        /// The file that was asked for.
        file: String,
        /// What happened.
        reason: String,
    },
    /// The network is not to be used, and the file is not in the cache.
    #[error("`{file}` is not in the cache {}, and HF_HUB_OFFLINE forbids to download it", cache.display())]
    Offline {
        /// The file that was asked for.
        file: String,
        /// Folder of the cache.
        cache: PathBuf,
    },
    /// The model lacks a file.
    #[error("it has no file `{file}`{hint}")]
    Missing {
        /// Name of the file, or several.
        file: String,
        /// What can be done about it, to follow the name.
        hint: &'static str,
    },
    /// A file cannot be read, or is not what its name says.
    #[error("{} cannot be read: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The model is of a kind that cannot be run here.
    #[error("its config.json says {key} = `{found}`; supported are {supported}")]
    Unsupported {
        /// Key of `config.json`.
        key: &'static str,
        /// Its value.
        found: String,
        /// The values that would do.
        supported: &'static str,
    },
    /// Parts of the model that do not belong together.
    #[error("its parts do not fit together: {0}")]
    Mismatch(String),
    /// The text cannot be taken apart.
    #[error("the text cannot be taken apart into tokens: {0}")]
    Text(String),
    /// The computation failed, or its result is no number.
    #[error("the model came to no result: {0}")]
    NoResult(String),
}

/// Whether a request to the hub carried a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It did.
    WithToken,
    /// It did not.
    WithoutToken,
}

impl std::fmt::Display for Asked {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::WithToken => "to this token",
            Self::WithoutToken => {
                "without a token (`api_token` of the service or of the request, or the variable HF_TOKEN)"
            }
        })
    }
}

fn said(words: &Option<String>) -> String {
    words
        .as_ref()
        .map_or_else(String::new, |words| format!(": {words}"))
}

impl ModelError {
    /// What sort of error it is to a caller of the contract.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Name | Self::Unknown { .. } | Self::Offline { .. } | Self::Missing { .. } => {
                ErrorKind::NotFound
            }
            Self::Refused { .. } => ErrorKind::Refused,
            Self::Unreachable { .. } => ErrorKind::Unavailable,
            Self::Malformed { .. } | Self::Mismatch(_) => ErrorKind::Garbled,
            Self::Unsupported { .. } | Self::Text(_) => ErrorKind::Invalid,
            Self::NoResult(_) => ErrorKind::Internal,
        }
    }

    /// The error of the contract, with the model that it is about.
    pub(crate) fn of(self, model: &str) -> Error {
        let message = format!("model `{model}` cannot be used");
        Error::caused_by(self.kind(), message, self)
    }

    /// A file that cannot be read.
    pub(crate) fn malformed(path: impl Into<PathBuf>, reason: &impl ToString) -> Self {
        Self::Malformed {
            path: path.into(),
            reason: reason.to_string(),
        }
    }
}
