//! Cases of packages as they lie on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use semver::Version;
use toml::de::{DeTable, DeValue};

use super::case::{Case, Dependency, Package};
use super::folder::{package, string, table, text};
use crate::discover::own_manifest;
use crate::files;

impl Case {
    /// The case of a real host: the package in this folder, and its path dependencies with theirs. No Cargo is asked: every
    /// other dependency counts as a package without a manifest, in the lowest version that Cargo.toml allows, and a
    /// dependency that is optional counts as there, and so does every feature.
    ///
    /// # Panics
    /// If a Cargo.toml or manifest cannot be read.
    #[must_use]
    #[track_caller]
    pub fn of_package(folder: impl AsRef<Path>) -> Self {
        let folder = folder.as_ref();
        of_package(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    }
}

fn of_package(folder: &Path) -> Result<Case, String> {
    let mut folders = vec![folder.to_owned()];
    let mut read: BTreeMap<PathBuf, Package> = BTreeMap::new();
    let mut order = Vec::new();
    let mut elsewhere: BTreeMap<String, Version> = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        let folder = folder
            .canonicalize()
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        if read.contains_key(&folder) {
            continue;
        }
        let mut cargo = CargoToml::read(&folder)?;
        let package = cargo.package(order.is_empty(), &mut folders, &mut elsewhere)?;
        read.insert(folder.clone(), package);
        order.push(folder);
    }
    let mut packages = order.into_iter().filter_map(|folder| read.remove(&folder));
    let host = packages.next().ok_or("no package")?;
    let near: Vec<Package> = packages.collect();
    let names: BTreeSet<String> = near.iter().map(|package| package.name.clone()).collect();
    let far = elsewhere
        .into_iter()
        .filter(|(name, _)| !names.contains(name) && *name != host.name);
    let far: Vec<Package> = far
        .map(|(name, version)| Package {
            version,
            ..Package::new(name, "0.0.0")
        })
        .collect();
    Ok(Case::new(host).and(near).and(far))
}

/// A Cargo.toml, with the one of its workspace.
struct CargoToml {
    folder: PathBuf,
    own: String,
    workspace: Option<(PathBuf, String)>,
}

impl CargoToml {
    fn read(folder: &Path) -> Result<Self, String> {
        let own = text(&folder.join("Cargo.toml"))?;
        let mut above = folder.ancestors().filter_map(|folder| {
            let text = text(&folder.join("Cargo.toml")).ok()?;
            text.contains("[workspace")
                .then(|| (folder.to_owned(), text))
        });
        let workspace = above.next();
        Ok(Self {
            folder: folder.to_owned(),
            own,
            workspace,
        })
    }

    /// The package; adds the folders of its path dependencies, and the versions of others.
    fn package(
        &mut self,
        is_host: bool,
        folders: &mut Vec<PathBuf>,
        elsewhere: &mut BTreeMap<String, Version>,
    ) -> Result<Package, String> {
        let place = |error: &dyn std::fmt::Display| {
            format!("{}: {error}", self.folder.join("Cargo.toml").display())
        };
        let own = DeTable::parse(&self.own).map_err(|error| place(&error))?;
        let (root, text) = self.workspace.clone().unwrap_or_default();
        let workspace = DeTable::parse(&text).map_err(|error| place(&error))?;
        let workspace = table(workspace.get_ref(), "workspace").map_err(|error| place(&error))?;
        let own = own.get_ref();
        let declared = table(own, "package")?.ok_or_else(|| place(&"there is no `[package]`"))?;
        let name = declared
            .get("name")
            .map(|name| string(name.get_ref()))
            .transpose()?;
        let version = declared
            .get("version")
            .map(|version| match version.get_ref() {
                DeValue::String(text) => Ok(text.to_string()),
                _ => shared_version(workspace),
            });
        let version = version.transpose()?.unwrap_or_else(|| "0.0.0".to_owned());
        let mut package = package(&name.unwrap_or_default(), &version)?;
        for (called, stated) in table(own, "dependencies")?.into_iter().flatten() {
            let called = called.get_ref().as_ref();
            let inherited = field(stated.get_ref(), "workspace").is_some();
            let shared = workspace
                .map(|workspace| table(workspace, "dependencies"))
                .transpose()?
                .flatten();
            let (from, stated) = match shared.and_then(|shared| shared.get(called)) {
                Some(shared) if inherited => (&root, shared.get_ref()),
                _ => (&self.folder, stated.get_ref()),
            };
            let text = |key: &str| field(stated, key).map(string).transpose();
            let real = text("package")?.unwrap_or_else(|| called.to_owned());
            match text("path")? {
                Some(path) => folders.push(from.join(path)),
                None => {
                    let requirement = match stated {
                        DeValue::String(requirement) => Some(requirement.to_string()),
                        _ => text("version")?,
                    };
                    elsewhere
                        .entry(real.clone())
                        .or_insert_with(|| lowest(requirement.as_deref()));
                }
            }
            package.dependencies.push(Dependency {
                extern_name: called.replace('-', "_"),
                package: real,
                version: None,
            });
        }
        let metadata =
            field_of(declared, "metadata").and_then(|metadata| field(metadata, "treenail"));
        if is_host || metadata.is_some() {
            let file = own_manifest(&self.folder);
            let path = file
                .strip_prefix(&self.folder)
                .unwrap_or(&file)
                .to_string_lossy()
                .into_owned();
            package =
                package.manifest_file(path, files::read(&file).map_err(|error| error.to_string())?);
        }
        let features = table(own, "features")?.into_iter().flatten();
        package.features = features
            .map(|(name, _)| name.get_ref().to_string())
            .collect();
        Ok(package)
    }
}

fn shared_version(workspace: Option<&DeTable<'_>>) -> Result<String, String> {
    let package = workspace
        .map(|workspace| table(workspace, "package"))
        .transpose()?
        .flatten();
    let version = package.and_then(|package| package.get("version"));
    version.map_or(Ok("0.0.0".to_owned()), |version| string(version.get_ref()))
}

/// The lowest version that a requirement allows, as far as its first comparison tells.
fn lowest(requirement: Option<&str>) -> Version {
    let parsed = requirement.and_then(|text| semver::VersionReq::parse(text).ok());
    let first = parsed.and_then(|requirement| requirement.comparators.into_iter().next());
    first.map_or(Version::new(0, 0, 0), |first| Version {
        pre: first.pre,
        ..Version::new(
            first.major,
            first.minor.unwrap_or(0),
            first.patch.unwrap_or(0),
        )
    })
}

fn field<'t, 'v>(value: &'t DeValue<'v>, key: &str) -> Option<&'t DeValue<'v>> {
    match value {
        DeValue::Table(table) => field_of(table, key),
        _ => None,
    }
}

fn field_of<'t, 'v>(table: &'t DeTable<'v>, key: &str) -> Option<&'t DeValue<'v>> {
    table.get(key).map(toml::Spanned::get_ref)
}
