//! How several versions of one package come into a graph, and what would make them one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Component, Path, PathBuf};

use crate::diagnostic::{Cure, Way};
use crate::discover::Discovery;
use crate::layer::Layered;
use crate::model::{Home, Package, PackageIx, Universe};
use crate::source::Origin;

/// The packages of one name, and who depends on them.
pub(crate) struct Versions<'a> {
    universe: &'a Universe,
    /// Each with the packages that depend on it.
    dependents: BTreeMap<PackageIx, Vec<PackageIx>>,
}

impl<'a> Versions<'a> {
    pub(crate) fn of(universe: &'a Universe, name: &str) -> Self {
        let all = universe.packages.iter().enumerate();
        let named = all.clone().filter(|(_, package)| package.name == name);
        let mut dependents: BTreeMap<PackageIx, Vec<PackageIx>> =
            named.map(|(number, _)| (number, Vec::new())).collect();
        for (number, package) in all {
            let targets: BTreeSet<PackageIx> = package.externs.values().copied().collect();
            for target in targets {
                if let Some(dependents) = dependents.get_mut(&target) {
                    dependents.push(number);
                }
            }
        }
        Self {
            universe,
            dependents,
        }
    }

    /// The version of a package for people; where it comes from as well, where another one has the same.
    pub(crate) fn spoken(&self, number: PackageIx) -> String {
        let package = &self.universe.packages[number];
        let others = self.dependents.keys().filter(|other| **other != number);
        let mut versions = others.map(|other| &self.universe.packages[*other].version);
        if versions.all(|version| *version != package.version) {
            return package.version.to_string();
        }
        let from = match &package.home {
            Home::Folder(_) => "a folder",
            Home::Source(source) if source.starts_with("git+") => "a Git repository",
            Home::Source(_) => "a registry",
            Home::Unknown => "elsewhere",
        };
        format!("{} from {from}", package.version)
    }

    /// The shortest way from the host to each package that depends on one of the versions.
    pub(crate) fn ways(&self, discovery: &Discovery) -> Vec<Way> {
        let came_from = self.came_from();
        let mut ways = Vec::new();
        for (version, dependents) in &self.dependents {
            for dependent in dependents {
                let Some(way) = way(&came_from, self.universe.host, *dependent) else {
                    continue;
                };
                let at = way.get(1).or(Some(version));
                let at: Option<Origin> = at.and_then(|first| discovery.lines.get(first).copied());
                let spoken = way.iter().map(|step| match *step {
                    step if step == self.universe.host => self.universe.packages[step].name.clone(),
                    step => self.named(step),
                });
                let asked = self.universe.packages[*dependent].asks.get(version);
                ways.push(Way {
                    steps: spoken.chain([self.named(*version)]).collect(),
                    asked: asked.map(|ask| ask.versions.to_string()),
                    at,
                });
            }
        }
        ways
    }

    fn named(&self, number: PackageIx) -> String {
        let name = &self.universe.packages[number].name;
        if self.dependents.contains_key(&number) {
            format!("{name} {}", self.spoken(number))
        } else {
            format!("{name} {}", self.universe.packages[number].version)
        }
    }

    /// For every package that the host reaches: the one before it on the shortest way.
    fn came_from(&self) -> BTreeMap<PackageIx, PackageIx> {
        let host = self.universe.host;
        let mut came_from = BTreeMap::new();
        let mut open = VecDeque::from([host]);
        while let Some(here) = open.pop_front() {
            for next in self.universe.packages[here].externs.values() {
                if *next != host && !came_from.contains_key(next) {
                    came_from.insert(*next, here);
                    open.push_back(*next);
                }
            }
        }
        came_from
    }

    /// What would leave one version: the one that most depend on, or else the host's own, or else the newest.
    pub(crate) fn cures(&self, layered: &Layered<'_>) -> Vec<Cure> {
        let host = self.universe.host;
        let mut targets: Vec<PackageIx> = self.dependents.keys().copied().collect();
        targets.sort_by_key(|target| {
            let dependents = &self.dependents[target];
            (
                usize::MAX - dependents.len(),
                !dependents.contains(&host),
                usize::MAX - target,
            )
        });
        let updates = targets.iter().find_map(|target| self.updates(*target));
        match (updates, targets.first()) {
            (Some(updates), _) => updates,
            (None, Some(target)) => self.edits(layered, *target),
            (None, None) => Vec::new(),
        }
    }

    /// The updates that leave this version alone, where Cargo allows them: whoever depends on another one allows it too.
    fn updates(&self, target: PackageIx) -> Option<Vec<Cure>> {
        let kept = &self.universe.packages[target];
        let mut updates = Vec::new();
        for (other, dependents) in &self.dependents {
            if *other == target {
                continue;
            }
            let package = &self.universe.packages[*other];
            let from_there =
                |home: &Home| matches!(home, Home::Source(source) if !source.starts_with("git+"));
            let may = dependents.iter().all(|dependent| {
                let ask = self.universe.packages[*dependent].asks.get(other);
                ask.is_some_and(|ask| ask.versions.matches(&kept.version))
            });
            if !may || package.home != kept.home || !from_there(&package.home) {
                return None;
            }
            updates.push(Cure::Update {
                package: package.name.clone(),
                from: package.version.to_string(),
                to: kept.version.to_string(),
            });
        }
        Some(updates)
    }

    /// What has to be changed by hand to leave this version alone.
    fn edits(&self, layered: &Layered<'_>, target: PackageIx) -> Vec<Cure> {
        let mut cures = Vec::new();
        for (other, dependents) in &self.dependents {
            for dependent in dependents.iter().filter(|_| *other != target) {
                let cure = self.edit(layered, *dependent, *other, target);
                if !cures.contains(&cure) {
                    cures.push(cure);
                }
            }
        }
        cures
    }

    fn edit(
        &self,
        layered: &Layered<'_>,
        dependent: PackageIx,
        other: PackageIx,
        target: PackageIx,
    ) -> Cure {
        let package = &self.universe.packages[dependent];
        let kept = &self.universe.packages[target];
        let is_host = dependent == self.universe.host;
        let plugin = layered
            .parts
            .iter()
            .find(|part| part.package == dependent && !part.own && part.is_in());
        let plugin = plugin.map(|part| part.id.to_owned());
        let within_reach = is_host || matches!(package.home, Home::Folder(_));
        let line = within_reach.then(|| {
            let lib = self.universe.packages[other].name.clone();
            let key = package.asks.get(&other).map_or(lib, |ask| ask.key.clone());
            format!("{key} = {}", stated(package, kept, &key))
        });
        let file = if is_host {
            "Cargo.toml".to_owned()
        } else {
            format!("{}/Cargo.toml", package.name)
        };
        Cure::Change {
            package: package.name.clone(),
            plugin,
            contract: format!("{} {}", kept.name, self.spoken(target)),
            line: line.map(|line| (file, line)),
        }
    }
}

fn way(
    came_from: &BTreeMap<PackageIx, PackageIx>,
    host: PackageIx,
    to: PackageIx,
) -> Option<Vec<PackageIx>> {
    let mut way = vec![to];
    let mut here = to;
    while here != host {
        here = *came_from.get(&here)?;
        way.push(here);
    }
    way.reverse();
    Some(way)
}

/// How a Cargo.toml asks for exactly this package, by this name.
fn stated(dependent: &Package, kept: &Package, key: &str) -> String {
    let rename = (key != kept.name).then(|| format!("package = {:?}", kept.name));
    let from = match &kept.home {
        Home::Folder(folder) => {
            let base = match &dependent.home {
                Home::Folder(base) => relative(base, folder),
                _ => folder.clone(),
            };
            Some(format!(
                "path = {:?}",
                base.to_string_lossy().replace('\\', "/")
            ))
        }
        Home::Source(source) => source.strip_prefix("git+").map(|git| {
            let git = git.split('#').next().unwrap_or(git);
            let (url, reference) = git.split_once('?').unwrap_or((git, ""));
            let reference = reference.split_once('=');
            let reference = reference.map(|(kind, name)| format!(", {kind} = {name:?}"));
            format!("git = {url:?}{}", reference.unwrap_or_default())
        }),
        Home::Unknown => None,
    };
    let version = kept.version.to_string();
    match (rename, from) {
        (None, None) => format!("{version:?}"),
        (rename, from) => {
            let from = from.unwrap_or_else(|| format!("version = {version:?}"));
            let parts: Vec<String> = rename.into_iter().chain([from]).collect();
            format!("{{ {} }}", parts.join(", "))
        }
    }
}

/// The way from one folder to another.
fn relative(base: &Path, folder: &Path) -> PathBuf {
    let (base, folder): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (base.components().collect(), folder.components().collect());
    let same = base.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    let up = base[same..].iter().map(|_| Component::ParentDir);
    up.chain(folder[same..].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::relative;

    #[test]
    fn the_way_to_a_folder_goes_up_as_far_as_it_has_to() {
        let way = relative(Path::new("/a/b/c"), Path::new("/a/d"));
        assert_eq!(way, Path::new("../../d"));
    }
}
