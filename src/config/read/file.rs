//! The text of a file. What is none is refused before it is opened, because a pipe that nobody writes to would be waited for
//! for ever, and so is what is larger than anybody writes.

use std::fs::{self, File, FileType};
use std::io::Read;
use std::path::Path;

use crate::config::problem::{ConfigError, Origin, ProblemKind};

/// A file may have so many bytes, unless the program says otherwise.
pub(super) const LARGEST: u64 = 16 << 20;

/// Reads a file of at most so many bytes.
pub(super) fn read(path: &Path, most: u64) -> Result<String, ConfigError> {
    let file = path.display().to_string();
    let place = Origin::default().place(file.clone());
    text(path, file, most).map_err(|kind| ConfigError::one(Some(place), *kind))
}

fn text(path: &Path, file: String, most: u64) -> Result<String, Box<ProblemKind>> {
    let unreadable = |cause: String| {
        let file = file.clone();
        Box::new(ProblemKind::Unreadable { file, cause })
    };
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => {
            return Err(match dangling(path) {
                Some(found) => Box::new(ProblemKind::NotAFile { file, found }),
                None => unreadable(error.to_string()),
            });
        }
    };
    if !metadata.is_file() {
        let found = kind(metadata.file_type()).to_owned();
        return Err(Box::new(ProblemKind::NotAFile { file, found }));
    }
    let mut bytes = Vec::new();
    // What the system makes up, such as /proc, has a length only when it has been read.
    let opened = File::open(path).and_then(|opened| {
        let mut rest = opened.take(most.saturating_add(1));
        rest.read_to_end(&mut bytes)
    });
    opened.map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > most {
        return Err(Box::new(ProblemKind::FileTooLarge { file, most }));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| unreadable(format!("it is not UTF-8 ({})", error.utf8_error())))?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// What is said of a link to something that is not there.
fn dangling(path: &Path) -> Option<String> {
    let target = fs::read_link(path).ok()?;
    let target = target.display();
    Some(format!("a link to `{target}`, which cannot be reached"))
}

#[cfg(unix)]
fn kind(found: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;

    if found.is_dir() {
        "a directory"
    } else if found.is_fifo() {
        "a pipe"
    } else if found.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn kind(found: FileType) -> &'static str {
    if found.is_dir() {
        "a directory"
    } else {
        "something else"
    }
}
