//! The file of shared work, as the operating system knows it: who may read it, and whether it is still there.

use std::fs::{self, Metadata, OpenOptions};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The file that a database was opened from.
pub(crate) struct WorkFile {
    path: PathBuf,
    opened: Metadata,
}

impl WorkFile {
    /// Makes the file for its owner alone, where there is none. Whatever keeps it from being made, SQLite says better.
    pub(crate) fn make_private(path: &Path) {
        let _ = new_private().open(path);
    }

    /// The file that has just been opened.
    pub(crate) fn of(path: &Path) -> Result<Self, Failure> {
        Ok(Self {
            path: path.to_owned(),
            opened: fs::metadata(path).map_err(|_| Failure::Gone)?,
        })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// That the path still leads to the file that was opened.
    pub(crate) fn is_there(&self) -> Result<(), Failure> {
        match fs::metadata(&self.path) {
            Ok(now) if same(&self.opened, &now) => Ok(()),
            _ => Err(Failure::Gone),
        }
    }
}

/// For a new file that its owner alone may read.
pub(crate) fn new_private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn same(_: &Metadata, _: &Metadata) -> bool {
    true
}
