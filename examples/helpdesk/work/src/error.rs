//! What can go wrong with shared work.

use std::error::Error as StdError;
use std::fmt;

use crate::LONGEST;

/// The result of a call to [`Work`](crate::Work).
pub type Result<T, E = WorkError> = std::result::Result<T, E>;

/// Why a store of work did not do what it was asked.
#[derive(Debug)]
#[non_exhaustive]
pub enum WorkError {
    /// The claim is not current any more: another has the work, or it is over. Write nothing.
    Lost {
        /// What the work was.
        key: String,
    },
    /// Such a key cannot be kept: it is empty, or too long.
    Key {
        /// How many bytes it has.
        bytes: usize,
    },
    /// Such a version cannot be kept: it is too long.
    Version {
        /// How many bytes it has.
        bytes: usize,
    },
    /// The store cannot be reached now, or did not answer in time. Whether the call was met is not known.
    Unavailable {
        /// What was being done.
        doing: String,
        /// What kept the store from answering.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The store has no room left, and has not done it.
    Full {
        /// What was being done.
        doing: String,
        /// What the store said.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The store refuses, or has something in it that this version does not understand. It will not pass by itself.
    Broken {
        /// What was being done.
        doing: String,
        /// What is wrong.
        source: Box<dyn StdError + Send + Sync>,
    },
}

impl WorkError {
    /// Whether the call may be met later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Full { .. })
    }
}

impl fmt::Display for WorkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost { key } => write!(
                formatter,
                "the claim of `{}` is lost: write nothing more for it, others may work on it",
                key.escape_debug()
            ),
            Self::Key { bytes } => write!(
                formatter,
                "a key of {bytes} bytes cannot be claimed: give it between 1 and {LONGEST}"
            ),
            Self::Version { bytes } => write!(
                formatter,
                "a version of {bytes} bytes cannot be kept: give it at most {LONGEST}, for instance a digest"
            ),
            Self::Unavailable { doing, .. } => write!(
                formatter,
                "cannot {doing} now: the store of work does not answer, try again later"
            ),
            Self::Full { doing, .. } => write!(
                formatter,
                "cannot {doing}: the store of work is full, make room in it"
            ),
            Self::Broken { doing, .. } => write!(formatter, "cannot {doing}"),
        }
    }
}

impl StdError for WorkError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Lost { .. } | Self::Key { .. } | Self::Version { .. } => None,
            Self::Unavailable { source, .. }
            | Self::Full { source, .. }
            | Self::Broken { source, .. } => Some(source.as_ref()),
        }
    }
}
