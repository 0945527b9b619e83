//! Where the table is.

use std::path::{Path, PathBuf};

/// A database, or memory.
#[derive(Debug)]
pub(crate) enum Place {
    /// Forgotten at the end, and shared with nobody.
    Memory,
    /// A database of its own.
    Own(String),
    /// The database that the tickets are in.
    OfTickets(PathBuf),
}

impl Place {
    /// The file, if there is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Memory => None,
            Self::Own(path) => Some(path.as_ref()),
            Self::OfTickets(path) => Some(path),
        }
    }

    /// Whether the database is another plugin's, which says what else is in it.
    pub(crate) fn is_of_tickets(&self) -> bool {
        matches!(self, Self::OfTickets(_))
    }

    /// What opening it is called.
    pub(crate) fn opening(&self) -> String {
        match self {
            Self::Memory => "keep the work in memory".to_owned(),
            Self::Own(path) => format!("open the shared work in `{path}`"),
            Self::OfTickets(path) => {
                format!(
                    "keep the shared work with the tickets in `{}`",
                    path.display()
                )
            }
        }
    }
}
