//! Which packages are looked at, and how they are composed.

use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path, PathBuf};

use clap::Args;
use treenail_build::{Composed, Composer, Member, members};

/// Which packages are looked at.
#[derive(Args)]
pub(crate) struct Selection {
    /// The package of the workspace to look at; by default the one of this folder, or those of the workspace where this folder has none
    #[arg(long, short, value_name = "NAME")]
    package: Vec<String>,
    /// Cargo.toml to start from; by default the one of this folder or the nearest above it
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Package {
    #[command(flatten)]
    selection: Selection,
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
    /// Ask nothing of the network, which is never done anyway
    #[arg(long)]
    offline: bool,
    /// Fail where Cargo.lock is not there, or not up to date; it is never written
    #[arg(long)]
    locked: bool,
    /// --locked and --offline together
    #[arg(long)]
    frozen: bool,
}

/// A package that is looked at.
pub(crate) struct Chosen {
    /// Its name, where several are looked at.
    pub(crate) name: Option<String>,
    /// The folder with its Cargo.toml.
    pub(crate) folder: PathBuf,
}

/// Which packages of a workspace are looked at, besides those that are named.
pub(crate) enum Scope<'s> {
    /// The package of this folder; where this folder has none, all that compose.
    Hosts,
    /// The package of this folder; where this folder has none, all that have a manifest.
    Near,
    /// All that have a manifest, without these.
    Workspace(&'s [String]),
    /// The package of this folder; where this folder has none, all that ship generated code.
    Shipping,
}

impl Selection {
    /// Whether packages are asked for by name.
    pub(crate) fn names_packages(&self) -> bool {
        !self.package.is_empty()
    }

    /// The only package that is asked for.
    pub(crate) fn one(&self) -> io::Result<Chosen> {
        let mut all = self.chosen(&Scope::Hosts)?;
        match (all.pop(), all.is_empty()) {
            (Some(only), true) => Ok(only),
            (last, _) => {
                let names = all.into_iter().chain(last).filter_map(|one| one.name);
                let why = match self.package.is_empty() {
                    true => "several packages of this workspace compose",
                    false => "only one package can be looked at",
                };
                Err(choose(why, names))
            }
        }
    }

    /// The packages that are asked for, at least one.
    pub(crate) fn chosen(&self, scope: &Scope<'_>) -> io::Result<Vec<Chosen>> {
        let path = match &self.manifest_path {
            Some(path) => plain(&std::path::absolute(path)?),
            None => nearest(&std::env::current_dir()?)?,
        };
        if !path.is_file() || path.file_name().is_none_or(|name| name != "Cargo.toml") {
            let path = path.display();
            return Err(io::Error::other(format!(
                "`{path}` is not the Cargo.toml of a package: name it with `--manifest-path`"
            )));
        }
        self.in_workspace(path.parent().unwrap_or(Path::new("")), scope)
    }

    fn in_workspace(&self, folder: &Path, scope: &Scope<'_>) -> io::Result<Vec<Chosen>> {
        let own = || {
            let folder = folder.to_owned();
            Ok(vec![Chosen { name: None, folder }])
        };
        let is_near = self.package.is_empty() && !matches!(scope, Scope::Workspace(_));
        if is_near && folder.join("plugins.toml").exists() {
            return own();
        }
        let all = match known_to_cargo(folder) {
            Ok(all) => all,
            // Whoever composes it says why.
            Err(_) if is_near => return own(),
            Err(error) => return Err(error),
        };
        if !self.package.is_empty() {
            return named(&all, &self.package).map(chosen);
        }
        let mut candidates: Vec<&Member> = all.iter().filter(|one| one.has_manifest).collect();
        if let Scope::Workspace(without) = scope {
            named(&all, without)?;
            candidates.retain(|one| !without.contains(&one.name));
        } else if let Some(package) = all.iter().find(|member| member.folder == folder) {
            if package.has_manifest || candidates.is_empty() {
                return own();
            }
            let why = format!("package `{}` has no plugins.toml", package.name);
            return Err(choose(&why, candidates.iter().map(|one| one.name.clone())));
        }
        if matches!(scope, Scope::Shipping) {
            let ships = |one: &&Member| Composer::new(&one.folder).generated_file().is_file();
            candidates.retain(ships);
        }
        let mut hosts = candidates.clone();
        hosts.retain(|one| one.composes);
        match scope {
            Scope::Hosts if hosts.is_empty() => Err(choose(
                "no package of this workspace composes: none has a plugins.toml with `[host]`",
                candidates.iter().map(|one| one.name.clone()),
            )),
            Scope::Hosts => Ok(chosen(hosts)),
            Scope::Shipping if candidates.is_empty() => Err(io::Error::other(
                "no package of this workspace has a src/treenail.rs: choose the first with `-p NAME`",
            )),
            _ if candidates.is_empty() => Err(io::Error::other(
                "no package of this workspace has a plugins.toml: there is nothing to look at",
            )),
            _ => Ok(chosen(candidates)),
        }
    }
}

impl Package {
    /// The packages that are asked for, at least one.
    pub(crate) fn chosen(&self, scope: &Scope<'_>) -> io::Result<Vec<Chosen>> {
        self.selection.chosen(scope)
    }

    /// The only package that is asked for.
    pub(crate) fn one(&self) -> io::Result<Chosen> {
        self.selection.one()
    }

    /// Composes one package.
    pub(crate) fn compose_one(&self) -> io::Result<Composed> {
        let composer = self.composer(&self.one()?.folder)?;
        Ok(composer.shown_from(std::env::current_dir()?).compose())
    }

    /// What composes the package in a folder as it was asked for.
    pub(crate) fn composer(&self, folder: &Path) -> io::Result<Composer> {
        let mut composer = match self.locked || self.frozen {
            true => Composer::new(folder).frozen(),
            false => Composer::new(folder).read_only(),
        };
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
        self.features(&Composer::new(self.one()?.folder).declared_features())
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

/// The packages of the workspace that this folder belongs to, or why Cargo does not know them.
pub(crate) fn known_to_cargo(folder: &Path) -> io::Result<Vec<Member>> {
    members(folder).map_err(|words| {
        let words = words.trim();
        // What Cargo says begins as what this program says does.
        let words = words.strip_prefix("error: ").unwrap_or(words);
        io::Error::other(words.to_owned())
    })
}

/// The packages of these names.
fn named<'m>(all: &'m [Member], names: &[String]) -> io::Result<Vec<&'m Member>> {
    let mut found = BTreeSet::new();
    for name in names {
        let member = all.iter().find(|member| member.name == *name);
        found.insert(member.ok_or_else(|| {
            choose(
                &format!("there is no package `{name}` in this workspace"),
                all.iter().map(|member| member.name.clone()),
            )
        })?);
    }
    Ok(found.into_iter().collect())
}

/// They are looked at, each under its name where there are several.
fn chosen(members: Vec<&Member>) -> Vec<Chosen> {
    let is_one = members.len() == 1;
    let chosen = members.into_iter().map(|member| Chosen {
        name: (!is_one).then(|| member.name.clone()),
        folder: member.folder.clone(),
    });
    chosen.collect()
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

/// A path from where this was started, if it leads down.
pub(crate) fn shown(file: &Path) -> io::Result<String> {
    let here = std::env::current_dir()?;
    let below = file.strip_prefix(here).unwrap_or(file);
    Ok(below.display().to_string())
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
