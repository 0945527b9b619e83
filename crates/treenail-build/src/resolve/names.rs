//! What crates are called: in a manifest, in the host's code, in a key, for people.

use treenail_core::nearest::nearest;

use crate::diagnostic::mistake::NotADependency;
use crate::index::{IndexMap, IndexVec};
use crate::key_map::KeyMap;
use crate::layer::{Part, PartIx};
use crate::model::type_path::in_code;
use crate::model::{
    DependencyOff, EntryOff, Package, PackageIx, Root, TypeExpr, Universe, dependency, source,
    without_raw,
};

/// The names around one host.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    /// The packages.
    pub(crate) universe: &'a Universe,
    /// Path of a package's library in the host's code: `::helpdesk_api`.
    host: IndexMap<PackageIx, String>,
    /// What stands for each package in the identity of a type: `helpdesk-api@0.1.0`.
    versioned: IndexVec<PackageIx, String>,
    /// The package of each plugin, by the plugin's id.
    plugins: KeyMap<&'a str, PackageIx>,
}

impl<'a> Names<'a> {
    pub(super) fn new(
        universe: &'a Universe,
        inside_library: bool,
        parts: &IndexVec<PartIx, Part<'a>>,
    ) -> Self {
        let package = &universe.packages[universe.host];
        let mut host = IndexMap::new();
        // A crate with several names is called by the smallest of them.
        for (name, target) in package.externs.iter() {
            host.entry(*target)
                .get_or_insert_with(|| format!("::{}", in_code(name)));
        }
        if inside_library {
            host.insert(universe.host, "crate".to_owned());
        } else if let Some(library) = &package.lib {
            host.entry(universe.host)
                .get_or_insert_with(|| format!("::{}", in_code(library)));
        }
        Self {
            universe,
            host,
            versioned: versioned(&universe.packages),
            plugins: parts.iter().map(|part| (part.id, part.package)).collect(),
        }
    }

    /// Path of a plugin's crate in the host's code; `None` where the host cannot name it.
    pub(crate) fn crate_path(&self, part: &Part<'_>) -> Option<&str> {
        if part.own {
            Some("crate")
        } else {
            self.host.get(part.package).map(String::as_str)
        }
    }

    /// The package that a manifest means by an extern name.
    pub(crate) fn lookup(&self, part: &Part<'_>, name: &str) -> Option<PackageIx> {
        let name = without_raw(name);
        let package = &self.universe.packages[part.package];
        let own_library =
            || (part.own && package.lib.as_deref() == Some(name)).then_some(part.package);
        package.externs.get(name).copied().or_else(own_library)
    }

    /// Why types that a manifest names are not in this build: a package of one is a dependency that is off.
    pub(super) fn switched_off<'t>(
        &self,
        part: &Part<'_>,
        types: impl IntoIterator<Item = &'t TypeExpr>,
    ) -> Option<EntryOff> {
        let package = &self.universe.packages[part.package];
        let mut externs = types.into_iter().flat_map(TypeExpr::externs);
        externs.find_map(|name| match package.off.get(name)? {
            DependencyOff::Feature(feature) => {
                Some(self.lacking(part, std::slice::from_ref(feature)))
            }
            DependencyOff::Platform => Some(EntryOff::Platform),
        })
    }

    /// What is not there because its package lacks features.
    pub(super) fn lacking(&self, part: &Part<'_>, features: &[String]) -> EntryOff {
        if features.is_empty() {
            return EntryOff::Platform;
        }
        let ask = self.universe.packages[self.universe.host].ask(part.package);
        let mut switches = Vec::new();
        for feature in features {
            let switch = match ask {
                _ if part.own => feature.clone(),
                Some(ask) => ask.switch(feature),
                None => format!("{}/{feature}", self.universe.packages[part.package].name),
            };
            // One feature of the host may bring several.
            if !switches.contains(&switch) {
                switches.push(switch);
            }
        }
        EntryOff::Features(switches)
    }

    /// What to say of an extern name that a package does not have.
    pub(crate) fn not_a_dependency(&self, part: &Part<'_>, name: &str) -> NotADependency {
        let packages = &self.universe.packages;
        let package = &packages[part.package];
        // The name of a library, what another package calls one, or the id of a plugin.
        let mut all = packages.indexed();
        let library = all.find(|(_, one)| one.lib.as_deref() == Some(name));
        let library = library.map(|(number, _)| number);
        let renamed = || {
            packages
                .iter()
                .find_map(|one| one.externs.get(name).copied())
        };
        let meant = library.or_else(renamed);
        let meant = meant.or_else(|| self.plugins.get(name).copied());
        let mut externs = package.externs.iter();
        let called = match meant {
            Some(meant) if meant == part.package => Some("crate".to_owned()),
            _ => externs
                .find(|(_, target)| Some(**target) == meant)
                .map(|(name, _)| name.clone()),
        };
        let elsewhere = meant.filter(|_| called.is_none());
        let line = elsewhere.and_then(|found| match library {
            Some(_) => self.universe.line_by_path(part.package, found),
            None => {
                let found = &packages[found];
                let from = source(&package.home, &found.home);
                let version = found.version.to_string();
                Some(dependency(name, &found.name, &version, from.as_deref()))
            }
        });
        let known = package.externs.keys().map(String::as_str);
        NotADependency {
            extern_name: name.to_owned(),
            package: package.name.clone(),
            in_workspace: package.in_workspace,
            suggestion: called.or_else(|| nearest(name, known)),
            elsewhere: elsewhere.map(|found| packages[found].name.clone()),
            line,
        }
    }

    /// The type with crates that its package has, for those that it does not have and of which it is known what was meant.
    pub(crate) fn corrected(&self, ty: &TypeExpr, part: &Part<'_>) -> Option<TypeExpr> {
        let mut corrected = ty.clone();
        for name in ty.externs() {
            if self.lookup(part, name).is_none() {
                let told = self.not_a_dependency(part, name);
                let meant = told.suggestion.filter(|_| told.elsewhere.is_none());
                corrected.rename(name, &meant?);
            }
        }
        Some(corrected)
    }

    /// A type that one package names, as another one would; `None` where that has no name for a package of it.
    pub(crate) fn in_words_of(
        &self,
        ty: &TypeExpr,
        named_by: PackageIx,
        part: &Part<'_>,
    ) -> Option<String> {
        let packages = &self.universe.packages;
        ty.print(&|root| {
            let package = match root {
                Root::Own => named_by,
                Root::Extern(name) => {
                    let own = packages[named_by].lib.as_deref() == Some(name);
                    let found = packages[named_by].externs.get(name).copied();
                    found.or(own.then_some(named_by))?
                }
                Root::Std(name) | Root::Lone(name) => return Some(name.to_owned()),
            };
            if package == part.package {
                return Some("crate".to_owned());
            }
            let mut externs = packages[part.package].externs.iter();
            let found = externs.find(|(_, target)| **target == package);
            found.map(|(name, _)| name.clone())
        })
    }

    /// The identity of a type.
    pub(crate) fn key(&self, ty: &TypeExpr, part: &Part<'_>) -> Option<String> {
        ty.print(&|root| {
            let package = match root {
                Root::Own if part.own => return Some("crate".to_owned()),
                Root::Own => part.package,
                Root::Extern(name) => self.lookup(part, name)?,
                Root::Std(_) => return Some("std".to_owned()),
                Root::Lone(name) => return Some(name.to_owned()),
            };
            Some(match self.is_own(package) {
                true => "crate".to_owned(),
                false => self.versioned[package].clone(),
            })
        })
    }

    /// Whether the generated code stands in this package's library.
    fn is_own(&self, package: PackageIx) -> bool {
        self.host.get(package).is_some_and(|path| path == "crate")
    }

    /// The identity without versions.
    pub(super) fn stem(&self, ty: &TypeExpr, part: &Part<'_>) -> Option<String> {
        let name = |package: PackageIx| self.universe.packages[package].name.clone();
        ty.print(&|root| {
            Some(match root {
                Root::Own => name(part.package),
                Root::Extern(extern_name) => name(self.lookup(part, extern_name)?),
                Root::Std(_) => "std".to_owned(),
                Root::Lone(name) => name.to_owned(),
            })
        })
    }

    /// The package that a type lives in.
    pub(super) fn package(&self, ty: &TypeExpr, part: &Part<'_>) -> Option<PackageIx> {
        match ty.root() {
            Root::Own => Some(part.package),
            Root::Extern(name) => self.lookup(part, name),
            Root::Std(_) | Root::Lone(_) => None,
        }
    }

    /// The type in the host's code.
    pub(super) fn host_path(&self, ty: &TypeExpr, part: &Part<'_>) -> Option<String> {
        ty.print(&|root| match root {
            Root::Own => self.crate_path(part).map(str::to_owned),
            Root::Extern(name) => self.host.get(self.lookup(part, name)?).cloned(),
            Root::Std(name) => Some(format!("::{name}")),
            Root::Lone(name) => Some(name.to_owned()),
        })
    }

    /// The type for people: as it would stand in the host's manifest, or by its library's own name where the host has none.
    pub(super) fn display(&self, ty: &TypeExpr, part: &Part<'_>) -> String {
        let without_colons = |path: &str| path.strip_prefix("::").unwrap_or(path).to_owned();
        let in_host = ty.print(&|root| match root {
            Root::Own => self.crate_path(part).map(without_colons),
            Root::Extern(name) => {
                let path = self.host.get(self.lookup(part, name)?)?;
                Some(without_colons(path))
            }
            Root::Std(name) | Root::Lone(name) => Some(name.to_owned()),
        });
        let library = |package: PackageIx| {
            let package = &self.universe.packages[package];
            let from_name = || package.name.replace('-', "_");
            package.lib.clone().unwrap_or_else(from_name)
        };
        let by_library = || {
            ty.print(&|root| {
                Some(match root {
                    Root::Own => library(part.package),
                    Root::Extern(name) => library(self.lookup(part, name)?),
                    Root::Std(name) | Root::Lone(name) => name.to_owned(),
                })
            })
        };
        in_host
            .or_else(by_library)
            .unwrap_or_else(|| ty.to_string())
    }
}

/// Name and version of every package. One version from two places is two packages, which stand beside each other.
fn versioned(packages: &[Package]) -> IndexVec<PackageIx, String> {
    let mut all = IndexVec::new();
    let mut before = 0;
    for (number, package) in packages.iter().enumerate() {
        let Package { name, version, .. } = package;
        let last = number.checked_sub(1).map(|last| &packages[last]);
        let same = last.is_some_and(|last| (&last.name, &last.version) == (name, version));
        before = if same { before + 1 } else { 0 };
        all.push(match before {
            0 => format!("{name}@{version}"),
            _ => format!("{name}@{version}#{before}"),
        });
    }
    all
}
