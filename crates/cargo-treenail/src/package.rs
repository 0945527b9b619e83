//! Which packages are looked at, and how they are composed.

use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path, PathBuf};

use clap::Args;
use treenail_build::{Composed, Composer, members};

#[derive(Args)]
pub(crate) struct Package {
    /// The package of the workspace to look at; by default the one of this folder, and all that compose where this folder has none
    #[arg(long, short, value_name = "NAME")]
    package: Option<String>,
    /// Cargo.toml to start from; by default the one of this folder or the nearest above it
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

/// What came of one package.
pub(crate) struct Looked {
    /// Its name, where several are looked at.
    pub(crate) name: Option<String>,
    /// The composition, with its mistakes.
    pub(crate) composed: Composed,
}

impl Package {
    /// Composes one package.
    pub(crate) fn compose_one(&self) -> io::Result<Composed> {
        let mut all = self.compose()?;
        match (all.pop(), all.is_empty()) {
            (Some(only), true) => Ok(only.composed),
            (last, _) => {
                let names = all.into_iter().chain(last).filter_map(|one| one.name);
                Err(choose("several packages of this workspace compose", names))
            }
        }
    }

    /// Composes what was asked for, at least one package. Mistakes are in the results.
    pub(crate) fn compose(&self) -> io::Result<Vec<Looked>> {
        let here = std::env::current_dir()?;
        let path = match &self.manifest_path {
            Some(path) => plain(&std::path::absolute(path)?),
            None => nearest(&here)?,
        };
        if !path.is_file() || path.file_name().is_none_or(|name| name != "Cargo.toml") {
            let path = path.display();
            return Err(io::Error::other(format!(
                "`{path}` is not the Cargo.toml of a package: name it with `--manifest-path`"
            )));
        }
        let folders = self.folders(path.parent().unwrap_or(Path::new("")))?;
        let looked = folders.into_iter().map(|(name, folder)| {
            let composed = self.composer(&folder)?.shown_from(&here).compose();
            Ok(Looked { name, composed })
        });
        looked.collect()
    }

    /// The folders of the packages, with their names where there are several.
    fn folders(&self, folder: &Path) -> io::Result<Vec<(Option<String>, PathBuf)>> {
        let own = || Ok(vec![(None, folder.to_owned())]);
        if self.package.is_none() && folder.join("plugins.toml").exists() {
            return own();
        }
        let all = match members(folder) {
            Ok(all) => all,
            // Whoever composes it says why.
            Err(_) if self.package.is_none() => return own(),
            Err(words) => {
                let words = words.trim();
                // What Cargo says begins as what this program says does.
                let words = words.strip_prefix("error: ").unwrap_or(words);
                return Err(io::Error::other(words.to_owned()));
            }
        };
        if let Some(name) = &self.package {
            let chosen = all.iter().find(|member| member.name == *name);
            return match chosen {
                Some(member) => Ok(vec![(None, member.folder.clone())]),
                None => Err(choose(
                    &format!("there is no package `{name}` in this workspace"),
                    all.into_iter().map(|member| member.name),
                )),
            };
        }
        let package = all.iter().find(|member| member.folder == folder);
        let hosts = all.iter().filter(|member| member.composes);
        let mut hosts: Vec<_> = hosts
            .map(|host| (Some(host.name.clone()), host.folder.clone()))
            .collect();
        match (package, hosts.as_mut_slice()) {
            (Some(package), _) if package.has_manifest => own(),
            (Some(_), []) => own(),
            (Some(package), _) => Err(choose(
                &format!("package `{}` has no plugins.toml", package.name),
                hosts.into_iter().filter_map(|(name, _)| name),
            )),
            (None, []) => Err(choose(
                "no package of this workspace composes: none has a plugins.toml with `[host]`",
                all.into_iter()
                    .filter(|member| member.has_manifest)
                    .map(|member| member.name),
            )),
            (None, [only]) => {
                only.0 = None;
                Ok(hosts)
            }
            (None, _) => Ok(hosts),
        }
    }

    /// What composes the package in a folder as it was asked for.
    fn composer(&self, folder: &Path) -> io::Result<Composer> {
        let mut composer = Composer::new(folder);
        if self.chooses_features() {
            let features = self.features(&composer.declared_features())?;
            // Named as Cargo names them to a build script.
            composer = composer.features(
                features
                    .iter()
                    .map(|name| name.to_uppercase().replace('-', "_")),
            );
        }
        for overlay in &self.overlay {
            composer = composer.overlay(overlay);
        }
        if let Some(target) = &self.target {
            composer = composer.target(target);
        }
        Ok(composer)
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

/// An error that says why, and which packages can be chosen.
fn choose(why: &str, names: impl Iterator<Item = String>) -> io::Error {
    let names: Vec<String> = names.collect();
    let known = listed(names.iter());
    let known = known.map(|known| format!("; choose one with `-p NAME`, of {known}"));
    io::Error::other(format!("{why}{}", known.unwrap_or_default()))
}

/// More names than anybody reads in one line.
const MOST: usize = 20;

/// Some names, in a line; `None` where there are none.
fn listed<'n>(names: impl ExactSizeIterator<Item = &'n String>) -> Option<String> {
    let more = names.len().saturating_sub(MOST);
    let names: Vec<String> = names.take(MOST).map(|name| format!("`{name}`")).collect();
    let more = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!names.is_empty()).then(|| names.join(", ") + &more)
}

/// A path without the parts that lead up, as Cargo has it.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}
