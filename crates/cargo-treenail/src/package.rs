//! Which package is looked at, and how it is composed.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use treenail_build::{Composed, Composer};

#[derive(Args)]
pub(crate) struct Package {
    /// Cargo.toml of the composing package; by default the one of this folder or the nearest above it
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// Apply this overlay; may be given several times
    #[arg(long, value_name = "NAME")]
    overlay: Vec<String>,
    /// Features of the package to switch on, separated by commas or spaces
    #[arg(long, short = 'F', value_delimiter = ',', value_name = "FEATURES")]
    features: Vec<String>,
    /// Switch all features of the package on
    #[arg(long)]
    all_features: bool,
    /// Do not switch the `default` feature of the package on
    #[arg(long)]
    no_default_features: bool,
    /// Compose for this target triple instead of this machine's
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
}

impl Package {
    /// Composes it. Mistakes are in the result.
    pub(crate) fn compose(self) -> io::Result<Composed> {
        let path = match &self.manifest_path {
            Some(path) => std::path::absolute(path)?,
            None => nearest(&std::env::current_dir()?)?,
        };
        if !path.is_file() || path.file_name().is_none_or(|name| name != "Cargo.toml") {
            let path = path.display();
            return Err(io::Error::other(format!(
                "`{path}` is not the Cargo.toml of a package: name it with `--manifest-path`"
            )));
        }
        let mut composer = Composer::new(path.parent().map_or_else(PathBuf::new, PathBuf::from));
        if self.chooses_features() {
            let features = self.features(&composer.declared_features())?;
            // Named as Cargo names them to a build script.
            composer = composer.features(
                features
                    .iter()
                    .map(|name| name.to_uppercase().replace('-', "_")),
            );
        }
        for overlay in self.overlay {
            composer = composer.overlay(overlay);
        }
        if let Some(target) = self.target {
            composer = composer.target(target);
        }
        Ok(composer.compose())
    }

    /// Whether other features than the default ones are asked for.
    fn chooses_features(&self) -> bool {
        self.all_features || self.no_default_features || !self.features.is_empty()
    }

    /// The features to switch on, of those that the package has.
    fn features(&self, declared: &BTreeSet<String>) -> io::Result<BTreeSet<String>> {
        if self.all_features {
            return Ok(declared.clone());
        }
        let asked_for = self
            .features
            .iter()
            .flat_map(|names| names.split_whitespace())
            .map(str::to_owned);
        let mut on: BTreeSet<String> = asked_for.collect();
        if let Some(unknown) = on.difference(declared).next() {
            let known = declared
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>();
            let known = if known.is_empty() {
                "it has none".to_owned()
            } else {
                format!("it has {}", known.join(", "))
            };
            return Err(io::Error::other(format!(
                "the package has no feature `{unknown}`: {known}"
            )));
        }
        on.extend(
            declared
                .get("default")
                .filter(|_| !self.no_default_features)
                .cloned(),
        );
        Ok(on)
    }
}

/// The Cargo.toml of this folder, or of the nearest above it.
fn nearest(folder: &Path) -> io::Result<PathBuf> {
    let mut files = folder.ancestors().map(|folder| folder.join("Cargo.toml"));
    files.find(|file| file.is_file()).ok_or_else(|| {
        let folder = folder.display();
        io::Error::other(format!(
            "there is no Cargo.toml in `{folder}` or above it: name one with `--manifest-path`"
        ))
    })
}
