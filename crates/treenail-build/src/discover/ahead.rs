//! Reads manifests while Cargo has not answered yet: those that the host's path dependencies have in the usual place.
//!
//! Nothing depends on what is found: a manifest that is not here is read when Cargo has said where it is.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf, absolute};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use super::declaration::DEFAULT;
use crate::declared::{Declared, Place};
use crate::files;

/// The bytes of manifests, by their paths.
pub(super) type Files = HashMap<OsString, Vec<u8>>;

/// A thread that reads.
pub(super) struct Ahead {
    enough: Arc<AtomicBool>,
    reader: Option<JoinHandle<Files>>,
}

impl Ahead {
    /// Begins with the dependencies of the package in this folder.
    pub(super) fn start(package: &Path) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let (package, until) = (package.to_owned(), Arc::clone(&enough));
        let reader = thread::Builder::new().spawn(move || read(&package, &until));
        Self {
            enough,
            reader: reader.ok(),
        }
    }

    /// Ends it, and has what has been read so far.
    pub(super) fn end(mut self) -> Files {
        self.join()
    }

    fn join(&mut self) -> Files {
        self.enough.store(true, Ordering::Relaxed);
        let reader = self.reader.take().map(JoinHandle::join);
        reader.and_then(Result::ok).unwrap_or_default()
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.join();
    }
}

fn read(package: &Path, enough: &AtomicBool) -> Files {
    let (Some(declared), Ok(package)) = (Declared::of(package, false), absolute(package)) else {
        return Files::new();
    };
    let places = declared.externs.values();
    let paths = places.filter_map(|place| match place {
        Place::Path(path) => Some(path),
        Place::Unknown => None,
    });
    paths
        .take_while(|_| !enough.load(Ordering::Relaxed))
        .filter_map(|path| {
            let file = plain(&package.join(path)).join(DEFAULT);
            let bytes = files::read(&file).ok()?;
            Some((file.into_os_string(), bytes))
        })
        .collect()
}

/// A path without `..`, as Cargo prints it.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{AtomicBool, DEFAULT, read};
    use std::fs;

    #[test]
    fn what_path_dependencies_have_is_read_until_it_is_enough() {
        let folder = std::env::temp_dir().join(format!("treenail-ahead-{}", std::process::id()));
        let (host, plugin) = (folder.join("host"), folder.join("plugins/mail"));
        for folder in [&host, &plugin] {
            fs::create_dir_all(folder).expect("created");
        }
        let dependencies = "mail = { path = \"../plugins/./mail\" }\nnone = { path = \"../none\" }";
        let cargo_toml = format!("[dependencies]\n{dependencies}\nsemver = \"1\"\n");
        fs::write(host.join("Cargo.toml"), cargo_toml).expect("written");
        fs::write(plugin.join(DEFAULT), "treenail = 1").expect("written");
        let found = read(&host, &AtomicBool::new(false));
        let stopped = read(&host, &AtomicBool::new(true));
        fs::remove_dir_all(&folder).expect("removed");
        let file = plugin.join(DEFAULT).into_os_string();
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            [(file, b"treenail = 1".to_vec())]
        );
        assert!(stopped.is_empty());
    }
}
