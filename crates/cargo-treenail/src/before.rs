//! What stood somewhere before, so that it stands there again where nothing comes of a change.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Files as they were, and a folder that was not there.
pub(crate) struct Before {
    files: BTreeMap<PathBuf, Option<Vec<u8>>>,
    new: Option<PathBuf>,
}

impl Before {
    /// These files, of which some may not be there.
    pub(crate) fn of(files: impl IntoIterator<Item = PathBuf>) -> Self {
        let files = files.into_iter().map(|file| {
            let bytes = fs::read(&file).ok();
            (file, bytes)
        });
        Self {
            files: files.collect(),
            new: None,
        }
    }

    /// A package that is not there yet: the workspaces around it, and the first folder on the way to it that is new.
    pub(crate) fn of_new(package: &Path) -> Self {
        let above = package.ancestors().skip(1);
        let new = package.ancestors().take_while(|folder| !folder.exists());
        Self {
            new: new.last().map(Path::to_owned),
            ..Self::of(
                above
                    .map(|folder| folder.join("Cargo.toml"))
                    .filter(|file| file.is_file()),
            )
        }
    }

    /// Lets everything be as it was.
    pub(crate) fn restore(&self) -> io::Result<()> {
        if let Some(folder) = self.new.as_ref().filter(|folder| folder.exists()) {
            fs::remove_dir_all(folder)?;
        }
        for (file, bytes) in &self.files {
            match bytes {
                Some(bytes) if fs::read(file).ok().as_ref() != Some(bytes) => {
                    fs::write(file, bytes)?;
                }
                None if file.exists() => fs::remove_file(file)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// What came of a change, with everything as it was where nothing did.
    pub(crate) fn unless_done<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| match self.restore() {
            Ok(()) => error,
            Err(other) => {
                io::Error::other(format!("{error}; and not all is as it was before: {other}"))
            }
        })
    }
}
