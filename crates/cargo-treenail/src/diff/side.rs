//! The compositions that are compared, and where they come from.

use std::env::consts::{ARCH, OS};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use treenail_build::{Composed, LockedComposition, compose_lock, lock_of};

use crate::cargo::workspace;
use crate::check::report;
use crate::description::Description;
use crate::package::Package;

/// A composition, with the schema of its configuration.
pub(super) struct Side {
    pub(super) description: Description,
    pub(super) schema: Option<Value>,
}

/// The file with the schema, beside plugins.toml.
pub(crate) const SCHEMA: &str = "config.schema.json";

/// What is read of one side, by a path.
type Read<'r> = &'r dyn Fn(&Path) -> Option<Vec<u8>>;

impl Side {
    /// The package as it is now; `None` with mistakes, which are printed.
    pub(super) fn now(package: &Package) -> io::Result<Option<Self>> {
        let Some(description) = Description::of(package)? else {
            return Ok(None);
        };
        let file = lock_of(&package.selection.one()?.folder).with_file_name(SCHEMA);
        Self::of(description, fs::read(file).ok()).map(Some)
    }

    /// What a file or a revision says, by default the last commit; `None` with mistakes, which are printed.
    pub(super) fn then(package: &Package, against: Option<&str>) -> io::Result<Option<Self>> {
        let file = against.map(Path::new).filter(|file| file.is_file());
        match file {
            Some(file) => Self::in_file(package, &std::path::absolute(file)?),
            None => Self::in_revision(package, against),
        }
    }

    fn in_revision(package: &Package, revision: Option<&str>) -> io::Result<Option<Self>> {
        let folder = package.selection.one()?.folder;
        let (lock, root) = (lock_of(&folder), workspace(&folder));
        let beside = lock.parent().unwrap_or(&folder);
        let show = |from: &Path, path: &Path| show(from, revision.unwrap_or("HEAD"), path);
        let Some(text) = show(beside, Path::new("plugins.lock")) else {
            let what = match revision {
                Some(name) => format!("`{name}` is no file, and no revision with"),
                None => "the last commit does not have".to_owned(),
            };
            return Err(io::Error::other(format!(
                "{what} a plugins.lock of this package: `cargo treenail lock` writes one, to be committed"
            )));
        };
        let schema = show(beside, Path::new(SCHEMA));
        Self::locked(package, &text, schema, &|path| show(&root, path))
    }

    fn in_file(package: &Package, file: &Path) -> io::Result<Option<Self>> {
        let text = fs::read(file)?;
        let schema = fs::read(file.with_file_name(SCHEMA)).ok();
        if text.starts_with(b"{") {
            let side = Description::read(&String::from_utf8_lossy(&text));
            let side = side.and_then(|side| Self::of(side, schema));
            return side.map(Some).map_err(|error| {
                io::Error::other(format!("cannot read `{}`: {error}", file.display()))
            });
        }
        // A lock in another checkout is of what is there; one that lies alone has to hold all texts.
        let beside = file.parent();
        let root = beside.filter(|folder| folder.join("Cargo.toml").is_file());
        let root = root.map(workspace);
        let read = |path: &Path| fs::read(root.as_ref()?.join(path)).ok();
        Self::locked(package, &text, schema, &read)
    }

    fn of(description: Description, schema: Option<Vec<u8>>) -> io::Result<Self> {
        let schema = schema.map(|text| serde_json::from_slice(&text));
        let schema = schema.transpose();
        let schema = schema.map_err(|error| io::Error::other(format!("{SCHEMA}: {error}")))?;
        Ok(Self {
            description,
            schema,
        })
    }

    fn locked(
        package: &Package,
        text: &[u8],
        schema: Option<Vec<u8>>,
        read: Read<'_>,
    ) -> io::Result<Option<Self>> {
        let composed = match compose_lock(&String::from_utf8_lossy(text), read) {
            Ok(all) => point(package, all)?,
            Err(refused) => *refused,
        };
        let Some(description) = composed.describe() else {
            report([&composed].into_iter())?;
            return Ok(None);
        };
        Self::of(Description::read(&description)?, schema).map(Some)
    }
}

/// The point of a lock that is asked for: the one for the target with the fewest features beside those that are on.
fn point(package: &Package, all: Vec<LockedComposition>) -> io::Result<Composed> {
    let features = package.features_on()?;
    let os = if OS == "macos" { "darwin" } else { OS };
    let is_here = |target: &str| target.starts_with(ARCH) && target.contains(os);
    let mut fit: Vec<LockedComposition> = all;
    match package.target() {
        Some(target) => fit.retain(|one| one.target == target),
        None if fit.iter().any(|one| is_here(&one.target)) => {
            fit.retain(|one| is_here(&one.target));
        }
        None => {}
    }
    fit.retain(|one| {
        features
            .iter()
            .all(|feature| one.features.contains(feature))
    });
    let least = fit.into_iter().min_by_key(|one| one.features.len());
    least.map(|one| one.composed).ok_or_else(|| {
        io::Error::other("the lock does not know these features, or this target: name them under `[lock]` of plugins.toml")
    })
}

/// A file as it was in a revision, by its path from a folder.
fn show(folder: &Path, revision: &str, path: &Path) -> Option<Vec<u8>> {
    let file = format!("{revision}:./{}", path.to_str()?.replace('\\', "/"));
    let show = ["show", "--end-of-options", &file];
    output(folder, OsStr::new("git"), &show.map(OsStr::new))
}

/// What a program prints; `None` where it fails.
fn output(folder: &Path, program: &OsStr, arguments: &[&OsStr]) -> Option<Vec<u8>> {
    let mut command = Command::new(program);
    let output = command.args(arguments).current_dir(folder).output().ok()?;
    output.status.success().then_some(output.stdout)
}
