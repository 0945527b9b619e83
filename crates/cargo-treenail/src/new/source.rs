//! Where a new package has treenail from, and what else it depends on: lines of its Cargo.toml.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use toml::Table;

use super::kind::{Dependency, Kind};
use crate::cargo::workspace;
use crate::metadata::ask;

/// Where treenail comes from.
pub(super) enum Source {
    /// A checkout of it, in this folder.
    Checkout(PathBuf),
    /// What the workspace says, by package, or else the registry.
    Workspace(Table),
}

impl Source {
    /// A checkout in a folder.
    pub(super) fn checkout(folder: PathBuf) -> io::Result<Self> {
        let text = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        let name = text.parse::<Table>().ok();
        let name = name
            .as_ref()
            .and_then(|table| table.get("package")?.get("name")?.as_str());
        if name != Some("treenail") || !compiler(&folder).is_dir() {
            let folder = folder.display();
            return Err(io::Error::other(format!(
                "`{folder}` is no checkout of treenail: name the folder with its Cargo.toml after `--path`"
            )));
        }
        Ok(Self::Checkout(folder))
    }

    /// What the workspace of a package says of the packages that this kind depends on; or else what its other packages have, or what
    /// this program was built from.
    pub(super) fn of_workspace(package: &Path, kind: &Kind) -> io::Result<Self> {
        let file = workspace(package).join("Cargo.toml");
        let mut table: Table = fs::read_to_string(&file)?
            .parse()
            .map_err(io::Error::other)?;
        let said = table
            .get_mut("workspace")
            .and_then(|workspace| workspace.get_mut("dependencies")?.as_table_mut());
        let said = said.map(std::mem::take).unwrap_or_default();
        if !said.contains_key("treenail") {
            let checkout = of_others(package).or_else(own_checkout);
            let checkout = checkout.and_then(|path| Self::checkout(path).ok());
            return Ok(checkout.unwrap_or(Self::Workspace(said)));
        }
        let mut ours = kind.all_dependencies().filter(|one| one.version.is_none());
        match ours.find(|one| !said.contains_key(one.name)) {
            None => Ok(Self::Workspace(said)),
            Some(lacking) => {
                let (file, name, what) = (file.display(), lacking.name, kind.name);
                Err(io::Error::other(format!(
                    "`[workspace.dependencies]` of `{file}` has `treenail` and no `{name}`, which a {what} needs: add it there, or say `--path`"
                )))
            }
        }
    }

    /// The tables of dependencies of a package in a folder.
    pub(super) fn tables(&self, kind: &Kind, package: &Path) -> String {
        let tables = kind.dependencies.iter().map(|(table, all)| {
            let lines = all.iter().map(|one| self.line(one, package));
            format!("[{table}]\n{}", lines.collect::<String>())
        });
        tables.collect::<Vec<_>>().join("\n")
    }

    fn line(&self, dependency: &Dependency, package: &Path) -> String {
        let Dependency {
            name,
            version,
            features,
            of_default,
        } = dependency;
        let (from, has_default) = match (self, version) {
            (Self::Checkout(folder), None) => {
                let folder = match *name {
                    "treenail-build" => compiler(folder),
                    _ => folder.clone(),
                };
                let path = way(package, &folder);
                (format!("path = {path:?}"), true)
            }
            (Self::Workspace(said), _) if said.contains_key(*name) => {
                let default = said[*name].get("default-features");
                let is_off = default.is_some_and(|one| one.as_bool() == Some(false));
                ("workspace = true".to_owned(), !is_off)
            }
            (_, version) => {
                let version = version.unwrap_or(env!("CARGO_PKG_VERSION"));
                (format!("version = \"{version}\""), true)
            }
        };
        let more = if has_default { &[] } else { *of_default };
        let mut features = [more, features].concat();
        features.sort_unstable();
        match (features.is_empty(), from.strip_prefix("version = ")) {
            (true, Some(version)) => format!("{name} = {version}\n"),
            (true, None) => format!("{name} = {{ {from} }}\n"),
            (false, _) => format!("{name} = {{ {from}, features = {features:?} }}\n"),
        }
    }
}

/// The checkout that another package of the workspace depends on.
fn of_others(package: &Path) -> Option<PathBuf> {
    let packages = ask(package, &[], &["--no-deps"]).ok()?.packages;
    let mut all = packages.into_iter().flat_map(|one| one.dependencies);
    all.find(|one| one.name == "treenail")?.path
}

/// The folder in which there is a checkout where this program was built from one, and has not come from the registry: what it makes
/// depends on a treenail that is there.
fn own_checkout() -> Option<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).map(Path::to_owned)
}

/// The compiler, in a checkout.
fn compiler(checkout: &Path) -> PathBuf {
    checkout.join("crates/treenail-build")
}

/// The way from one folder to another, as Cargo writes it; all of it, where they have nothing in common.
fn way(from: &Path, to: &Path) -> String {
    let (mut from, mut to) = (from.components().peekable(), to.components().peekable());
    let whole = to.clone();
    let mut common = 0;
    while let Some(part) = from.peek().filter(|part| to.peek() == Some(part)) {
        common += usize::from(!matches!(part, Component::RootDir));
        from.next();
        to.next();
    }
    let rest = match common {
        0 if cfg!(windows) => whole.collect(),
        _ => from
            .map(|_| Component::ParentDir)
            .chain(to)
            .collect::<PathBuf>(),
    };
    rest.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::Parser;
    use toml::Table;

    use super::{Source, way};
    use crate::new::kind::Choice;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        choice: Choice,
    }

    #[test]
    fn where_nothing_says_otherwise_treenail_comes_from_the_registry() {
        let line = Line::parse_from(["new", "--plugin"]);
        let tables = Source::Workspace(Table::new()).tables(line.choice.kind(), Path::new("r2"));
        let version = env!("CARGO_PKG_VERSION");
        let expected = format!(
            "[dependencies]\ntreenail = \"{version}\"\n\n[build-dependencies]\ntreenail-build = \"{version}\"\n\n\
             [dev-dependencies]\ntokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n\
             treenail = {{ version = \"{version}\", features = [\"testing\"] }}\n"
        );
        assert_eq!(tables, expected);
    }

    #[test]
    fn a_way_leads_up_and_down_again() {
        let way = |from: &str, to: &str| way(Path::new(from), Path::new(to));
        assert_eq!(way("/a/b/c", "/a/d"), "../../d");
        assert_eq!(way("/a/b", "/a/b/c"), "c");
        assert_eq!(way("/a", "/b"), "../b");
    }
}
