//! How the packages that are looked at are composed.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use clap::Args;
use treenail_build::{Composed, Composer};

use crate::selection::{Selection, listed};

#[derive(Args)]
pub(crate) struct Package {
    #[command(flatten)]
    pub(crate) selection: Selection,
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
    /// Composes one package.
    pub(crate) fn compose_one(&self) -> io::Result<Composed> {
        let composer = self.composer(&self.selection.one()?.folder)?;
        Ok(composer.shown_from(std::env::current_dir()?).compose())
    }

    /// What composes the package in a folder as it was asked for.
    pub(crate) fn composer(&self, folder: &Path) -> io::Result<Composer> {
        let mut composer = self.selection.composer(folder)?;
        if self.chooses_features() {
            let features = self.features(&composer.declared_features())?;
            composer = composer.only_features(&features);
        }
        for overlay in &self.overlay {
            composer = composer.overlay(overlay);
        }
        if let Some(target) = &self.target {
            composer = composer.target(target);
        }
        Ok(composer)
    }

    /// The target that is asked for, if it is not this machine's.
    pub(crate) fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// The features of the only package that are on, without those that they bring along.
    pub(crate) fn features_on(&self) -> io::Result<BTreeSet<String>> {
        self.features(&Composer::new(self.selection.one()?.folder).declared_features())
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
            return Err(io::Error::other(match unknown.contains('/') {
                true => format!(
                    "`{unknown}` is no feature of the package, and a composition is made of those alone: give it one that switches \
                     this on, like `more = [\"{unknown}\"]`, and ask for that"
                ),
                false => {
                    let known = listed(declared.iter());
                    let known =
                        known.map_or("it has none".to_owned(), |known| format!("it has {known}"));
                    format!("the package has no feature `{unknown}`: {known}")
                }
            }));
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
