//! The file of a store, as the operating system knows it: who may read it, who works on it, whether it is still there.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::sync::{Mutex, PoisonError};

use crate::failure::Failure;

/// The file that a store was opened from.
pub(crate) struct StoreFile {
    path: String,
    opened: Metadata,
    /// The locked file while this program works on the store. Closing it, also by the end of the program, releases the lock.
    lock: Mutex<Option<File>>,
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
            lock: Mutex::default(),
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

    /// Whether other programs are kept from working on the store.
    pub(crate) fn is_reserved(&self) -> bool {
        let held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        held.is_some()
    }

    /// Other programs may work on the store from now on.
    pub(crate) fn release(&self) {
        *self.lock.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Keeps other programs from working on the store. The lock is that of a file beside it: closing another handle of the
    /// database itself would release the locks that SQLite holds.
    pub(crate) fn reserve(&self) -> Result<(), Failure> {
        let mut held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_some() {
            return Ok(());
        }
        let lock = private(OpenOptions::new().write(true).create(true).truncate(false))
            .open(format!("{}.lock", self.path))
            .map_err(Failure::Lock)?;
        match lock.try_lock() {
            Ok(()) => *held = Some(lock),
            Err(TryLockError::WouldBlock) => return Err(Failure::InUse),
            Err(TryLockError::Error(error)) => return Err(Failure::Lock(error)),
        }
        Ok(())
    }
}

impl fmt::Display for StoreFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.path)
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
