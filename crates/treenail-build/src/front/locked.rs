//! Composes what a lock says, whatever became of its package since: to compare two of them.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{LockNeedsFile, LockStale, StaleFact};
use crate::front::composed::Composed;
use crate::front::composer::{Composer, Reading};
use crate::front::lock::told;
use crate::lock::{self, Finder, Lock, ManifestFault};

/// The composition of one point of a lock.
#[derive(Debug)]
#[non_exhaustive]
pub struct LockedComposition {
    /// The host's features that are on, those that others bring along included.
    pub features: Vec<String>,
    /// The target's triple.
    pub target: String,
    /// What is composed there.
    pub composed: Composed,
}

/// Composes every point of a lock, of which this is the text: of each target the one with default features first. A manifest that is
/// not in it is read by its path from the root of the workspace, and has to be the one that the lock knows. Neither Cargo nor any
/// other file is asked.
///
/// # Errors
/// The text is no lock, or lacks a manifest: the messages of the composition say so.
pub fn compose_lock(
    text: &str,
    read: &dyn Fn(&Path) -> Option<Vec<u8>>,
) -> Result<Vec<LockedComposition>, Box<Composed>> {
    let mut problems = Diagnostics::default();
    match host(text, read, &mut problems) {
        Some(host) => Ok(host.compositions(read)),
        None => Err(Box::new(Reading::with(problems).nothing())),
    }
}

/// The host of a lock, with its manifest.
struct LockedHost {
    lock: Lock,
    /// Its folder, from the root of the workspace.
    folder: PathBuf,
    /// Path of the manifest in the folder.
    name: String,
    bytes: Vec<u8>,
}

fn host(
    text: &str,
    read: &dyn Fn(&Path) -> Option<Vec<u8>>,
    problems: &mut Diagnostics,
) -> Option<LockedHost> {
    let lock = match lock::read(text) {
        Ok(lock) => lock,
        Err(fault) => {
            problems.report(told(&fault), None);
            return None;
        }
    };
    let (folder, manifest) = lock.own_manifest()?;
    let (folder, name) = (PathBuf::from(folder), manifest.path.clone());
    let file = folder.join(&name);
    // Only what the lock does not hold is looked for elsewhere.
    let bytes = match manifest.text {
        Some(_) => manifest.bytes(None),
        None => manifest.bytes(read(&file)),
    };
    let path = file.display().to_string();
    match bytes {
        Ok(bytes) => Some(LockedHost {
            folder,
            name,
            bytes,
            lock,
        }),
        Err(ManifestFault::Changed) => {
            let facts = vec![StaleFact::OwnManifest(path)];
            problems.report(LockStale { facts }, None);
            None
        }
        Err(ManifestFault::Missing) => {
            let package = lock.host.clone();
            problems.report(LockNeedsFile { package, path }, None);
            None
        }
    }
}

impl LockedHost {
    fn compositions(&self, read: &dyn Fn(&Path) -> Option<Vec<u8>>) -> Vec<LockedComposition> {
        let points = self.lock.points.iter().enumerate();
        let compositions = points.map(|(number, point)| {
            let composer = Composer::new(&self.folder).target(&point.target);
            let reading = Reading::of(&self.folder, PathBuf::new());
            let composed = composer.compose_from(
                &self.name,
                &self.bytes,
                reading,
                &|host, sources, problems| {
                    let finder = Finder {
                        lock: &self.lock,
                        point: number,
                        package: &self.folder,
                        host,
                        read,
                    };
                    finder.find(sources, problems)
                },
            );
            LockedComposition {
                features: point.features.iter().cloned().collect(),
                target: point.target.clone(),
                composed,
            }
        });
        compositions.collect()
    }
}
