//! Which packages are looked at, and how Cargo is asked about them.

use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path, PathBuf};

use clap::Args;
use treenail_build::{Composer, Member, members};

/// Which packages are looked at, and how Cargo is asked about them: in the words of Cargo.
#[derive(Args)]
pub(crate) struct Selection {
    #[command(flatten)]
    pub(crate) which: Which,
    /// A setting of Cargo, or a file of settings, as Cargo takes them
    #[arg(long, value_name = "KEY=VALUE|PATH")]
    pub(crate) config: Vec<String>,
}

/// Which packages are looked at, without Cargo's own settings.
#[derive(Args)]
pub(crate) struct Which {
    /// The package of the workspace to look at; by default the one of this folder, or those of the workspace where this folder has none
    #[arg(long, short, value_name = "NAME")]
    package: Vec<String>,
    /// Look at every package of the workspace
    #[arg(long, conflicts_with = "package")]
    workspace: bool,
    /// Leave this package of the workspace out
    #[arg(long, value_name = "NAME", requires = "workspace")]
    exclude: Vec<String>,
    /// Cargo.toml to start from; by default the one of this folder or the nearest above it
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
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

/// Which packages of a workspace are looked at, where none is named and this folder has none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// All that have a manifest.
    Manifest,
    /// All that compose.
    Host,
    /// All that ship generated code.
    Shipping,
}

impl Selection {
    /// Whether packages are asked for, by name or all of them.
    pub(crate) fn is_made(&self) -> bool {
        self.which.workspace || !self.which.package.is_empty()
    }

    /// The only package that is asked for.
    pub(crate) fn one(&self) -> io::Result<Chosen> {
        let mut all = self.chosen(Kind::Host)?;
        match (all.pop(), all.is_empty()) {
            (Some(only), true) => Ok(only),
            (last, _) => {
                let names = all.into_iter().chain(last).filter_map(|one| one.name);
                let why = match self.which.package.is_empty() {
                    true => "several packages of this workspace compose",
                    false => "only one package can be looked at",
                };
                Err(choose(why, names))
            }
        }
    }

    /// The packages that are asked for, at least one.
    pub(crate) fn chosen(&self, kind: Kind) -> io::Result<Vec<Chosen>> {
        let path = match &self.which.manifest_path {
            Some(path) => plain(&std::path::absolute(path)?),
            None => nearest(&std::env::current_dir()?)?,
        };
        if !path.is_file() || path.file_name().is_none_or(|name| name != "Cargo.toml") {
            let path = path.display();
            return Err(io::Error::other(format!(
                "`{path}` is not the Cargo.toml of a package: name it with `--manifest-path`"
            )));
        }
        self.in_workspace(path.parent().unwrap_or(Path::new("")), kind)
    }

    fn in_workspace(&self, folder: &Path, kind: Kind) -> io::Result<Vec<Chosen>> {
        let own = || {
            let folder = folder.to_owned();
            Ok(vec![Chosen { name: None, folder }])
        };
        let is_near = self.which.package.is_empty() && !self.which.workspace;
        if is_near && folder.join("plugins.toml").exists() {
            return own();
        }
        let all = match self.known_to_cargo(folder) {
            Ok(all) => all,
            // Whoever composes it says why.
            Err(_) if is_near => return own(),
            Err(error) => return Err(error),
        };
        if !self.which.package.is_empty() {
            return named(&all, &self.which.package).map(chosen);
        }
        let mut candidates: Vec<&Member> = all.iter().filter(|one| one.has_manifest).collect();
        if self.which.workspace {
            named(&all, &self.which.exclude)?;
            candidates.retain(|one| !self.which.exclude.contains(&one.name));
        } else if let Some(package) = all.iter().find(|member| member.folder == folder) {
            if package.has_manifest || candidates.is_empty() {
                return own();
            }
            let why = format!("package `{}` has no plugins.toml", package.name);
            return Err(choose(&why, candidates.iter().map(|one| one.name.clone())));
        }
        if kind == Kind::Shipping {
            let ships = |one: &&Member| Composer::new(&one.folder).generated_file().is_file();
            candidates.retain(ships);
        }
        let mut hosts = candidates.clone();
        hosts.retain(|one| one.composes);
        match kind {
            Kind::Host if hosts.is_empty() => Err(choose(
                "no package of this workspace composes: none has a plugins.toml with `[host]`",
                candidates.iter().map(|one| one.name.clone()),
            )),
            Kind::Host => Ok(chosen(hosts)),
            Kind::Shipping if candidates.is_empty() => Err(io::Error::other(
                "no package of this workspace has a src/treenail.rs: choose the first with `-p NAME`",
            )),
            _ if candidates.is_empty() => Err(io::Error::other(
                "no package of this workspace has a plugins.toml: there is nothing to look at",
            )),
            _ => Ok(chosen(candidates)),
        }
    }

    /// The packages of the workspace that this folder belongs to, or why Cargo does not know them.
    pub(crate) fn known_to_cargo(&self, folder: &Path) -> io::Result<Vec<Member>> {
        members(folder, &self.cargo_config()?).map_err(|words| {
            let words = words.trim();
            // What Cargo says begins as what this program says does.
            let words = words.strip_prefix("error: ").unwrap_or(words);
            io::Error::other(words.to_owned())
        })
    }

    /// What composes the package in a folder, where Cargo.lock may be written.
    pub(crate) fn writing_composer(&self, folder: &Path) -> io::Result<Composer> {
        let composer = Composer::new(folder).cargo_config(self.cargo_config()?);
        Ok(match self.which.locked || self.which.frozen {
            true => composer.frozen(),
            false => composer,
        })
    }

    /// What composes the package in a folder, and leaves Cargo.lock as it is.
    pub(crate) fn composer(&self, folder: &Path) -> io::Result<Composer> {
        let composer = self.writing_composer(folder)?;
        Ok(match self.which.locked || self.which.frozen {
            true => composer,
            false => composer.read_only(),
        })
    }

    /// What Cargo is told of these where it is to change something.
    pub(crate) fn passed_on(&self) -> io::Result<Vec<String>> {
        let settings = self.cargo_config()?.into_iter();
        let mut all: Vec<String> = settings
            .flat_map(|setting| ["--config".to_owned(), setting])
            .collect();
        let flags = [
            ("--offline", self.which.offline),
            ("--locked", self.which.locked),
            ("--frozen", self.which.frozen),
        ];
        let flags = flags.into_iter().filter(|(_, is_set)| *is_set);
        all.extend(flags.map(|(flag, _)| flag.to_owned()));
        Ok(all)
    }

    /// The settings of Cargo. Cargo is started in another folder, so the name of a file is not one from here.
    fn cargo_config(&self) -> io::Result<Vec<String>> {
        let absolute = |one: &String| match Path::new(one).is_file() {
            true => Ok(std::path::absolute(one)?.to_string_lossy().into_owned()),
            false => Ok(one.clone()),
        };
        self.config.iter().map(absolute).collect()
    }
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
pub(crate) fn listed<'n>(names: impl ExactSizeIterator<Item = &'n String>) -> Option<String> {
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
pub(crate) fn plain(path: &Path) -> PathBuf {
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
