//! All reading and writing of files. Every error names the path.

#![expect(
    clippy::disallowed_methods,
    reason = "this module reads and writes for all others"
)]

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file that could not be read or written.
#[derive(Debug)]
pub(crate) struct FileError {
    /// What was tried: "read", "write", "create".
    action: &'static str,
    /// The file.
    path: PathBuf,
    /// What the system says.
    source: io::Error,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            action,
            path,
            source,
        } = self;
        write!(f, "cannot {action} {}: {source}", path.display())
    }
}

impl FileError {
    fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self {
            action,
            path: path.to_owned(),
            source,
        }
    }

    /// What the system says, without a path: a path on this machine must not reach a generated file.
    pub(crate) fn into_cause(self) -> io::Error {
        self.source
    }
}

/// The bytes of a file. Nothing waits for a pipe, or for the end of a device.
///
/// # Errors
/// The file cannot be read, or is none.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    let bytes = fs::metadata(path).and_then(|found| {
        let can_end = found.is_file() || found.is_dir();
        match can_end {
            true => fs::read(path),
            false => Err(io::ErrorKind::Unsupported.into()),
        }
    });
    bytes.map_err(|error| FileError::new("read", path, error))
}

/// Whether the text of any Rust file below a folder is such.
pub(crate) fn any_source(folder: &Path, is_such: &dyn Fn(&str) -> bool) -> bool {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            // A link may lead to where it lies.
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs")
                && read(&path).is_ok_and(|bytes| is_such(&String::from_utf8_lossy(&bytes)))
            {
                return true;
            }
        }
    }
    false
}

/// Writes a file only where its content changes, because Cargo looks at the time of the last change. Creates its folder.
///
/// # Errors
/// The file or its folder cannot be written.
pub(crate) fn write_if_changed(path: &Path, content: &[u8]) -> Result<(), FileError> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| FileError::new("create", folder, error))?;
    }
    fs::write(path, content).map_err(|error| FileError::new("write", path, error))
}

/// Files that are written together. Each is as it was before once this is dropped, unless it is kept.
#[derive(Debug, Default)]
pub(crate) struct Replacement {
    /// What was there, by path; `None` where nothing was.
    before: Vec<(PathBuf, Option<Vec<u8>>)>,
}

impl Replacement {
    /// Writes a file, where its content changes.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn put(&mut self, path: &Path, content: &[u8]) -> Result<(), FileError> {
        if !self.before.iter().any(|(known, _)| known == path) {
            self.before.push((path.to_owned(), fs::read(path).ok()));
        }
        write_if_changed(path, content)
    }

    /// Leaves the files as they are written.
    pub(crate) fn keep(mut self) {
        self.before.clear();
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        for (path, before) in self.before.drain(..) {
            // Who made this necessary is told already.
            let _ = match before {
                Some(bytes) => write_if_changed(&path, &bytes).is_ok(),
                // A folder that was there before, or is in use, is not empty.
                None => {
                    fs::remove_file(&path).is_ok()
                        && path
                            .parent()
                            .is_some_and(|folder| fs::remove_dir(folder).is_ok())
                }
            };
        }
    }
}

/// The Rust files below a folder, by path; `None` where a folder cannot be read, or there is more than so many files or bytes.
pub(crate) fn rust_below(folder: &Path, most: usize, bytes: u64) -> Option<Vec<PathBuf>> {
    let (mut open, mut found, mut size) = (vec![folder.to_owned()], Vec::new(), 0);
    let mut seen = 0;
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).ok()? {
            let entry = entry.ok()?;
            let (path, kind) = (entry.path(), entry.file_type().ok()?);
            seen += 1;
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|end| end == "rs") {
                size += entry.metadata().ok()?.len();
                found.push(path);
            }
            if seen > most || size > bytes {
                return None;
            }
        }
    }
    found.sort();
    Some(found)
}

/// A folder that is removed in the end.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::{Replacement, read, write_if_changed};
    use std::fs;
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    #[test]
    fn an_unchanged_file_keeps_its_time() {
        let folder = std::env::temp_dir().join(format!("treenail-files-{}", std::process::id()));
        let file = folder.join("deep/er.txt");
        write_if_changed(&file, b"one").expect("written");
        let long_ago = SystemTime::now() - Duration::from_secs(3600);
        fs::File::options()
            .write(true)
            .open(&file)
            .and_then(|open| open.set_modified(long_ago))
            .expect("time set");
        let time = || {
            fs::metadata(&file)
                .and_then(|meta| meta.modified())
                .expect("time read")
        };
        let before = time();
        write_if_changed(&file, b"one").expect("left alone");
        assert_eq!(time(), before);
        write_if_changed(&file, b"two").expect("written");
        assert_ne!(time(), before);
        assert_eq!(read(&file).expect("read"), b"two");
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn what_is_not_kept_is_as_it_was() {
        let folder = std::env::temp_dir().join(format!("treenail-undone-{}", std::process::id()));
        let (old, new) = (folder.join("old.txt"), folder.join("deep/new.txt"));
        write_if_changed(&old, b"one").expect("written");
        let written = || {
            let mut written = Replacement::default();
            for text in ["two", "three"] {
                written.put(&old, text.as_bytes()).expect("written");
                written.put(&new, text.as_bytes()).expect("written");
            }
            written
        };
        drop(written());
        assert_eq!(read(&old).expect("read"), b"one");
        assert!(!folder.join("deep").exists());
        written().keep();
        assert_eq!(read(&old).expect("read"), b"three");
        assert_eq!(read(&new).expect("read"), b"three");
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_refused_and_a_directory_is_told() {
        let kind = |path: &str| {
            let error = read(Path::new(path)).expect_err("no file");
            error.into_cause().kind()
        };
        assert_eq!(kind("/dev/zero"), std::io::ErrorKind::Unsupported);
        assert_eq!(kind("src"), std::io::ErrorKind::IsADirectory);
    }

    #[test]
    fn an_error_names_the_path() {
        let error = read(Path::new("no/such/file.toml")).expect_err("there is none");
        assert!(
            error
                .to_string()
                .starts_with("cannot read no/such/file.toml: "),
            "{error}"
        );
        assert_eq!(error.into_cause().kind(), std::io::ErrorKind::NotFound);
    }
}
