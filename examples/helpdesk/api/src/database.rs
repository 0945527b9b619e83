//! Where tickets are that are in a database.

use std::path::Path;

/// A SQLite database that tickets are in, for a plugin that keeps beside them who works on them: it goes wherever they go.
pub trait Database: Send + Sync {
    /// Its file; nothing, where it is in memory.
    fn path(&self) -> Option<&Path>;
}
