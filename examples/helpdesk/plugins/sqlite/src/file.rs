//! The file of a store, as the operating system knows it: who may read it, whether it is still there.

use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::failure::Failure;

/// The file that a store was opened from.
pub(crate) struct StoreFile {
    path: String,
    opened: Metadata,
}

impl StoreFile {
    /// Makes the file for its owner alone, where there is none. Whatever keeps it from being made, SQLite says better.
    pub(crate) fn make_private(path: &str) {
        let _ = private(OpenOptions::new().write(true).create_new(true)).open(path);
    }

    /// The file that has just been opened.
    pub(crate) fn of(path: &str) -> Result<Self, Failure> {
        Ok(Self {
            path: path.to_owned(),
            opened: fs::metadata(path).map_err(Failure::Gone)?,
        })
    }

    /// That the path still leads to the file that was opened.
    pub(crate) fn is_there(&self) -> Result<(), Failure> {
        let now = fs::metadata(&self.path).map_err(Failure::Gone)?;
        if same(&self.opened, &now) {
            return Ok(());
        }
        let other = io::Error::new(ErrorKind::NotFound, "another file is in its place");
        Err(Failure::Gone(other))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        Path::new(&self.path)
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
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
