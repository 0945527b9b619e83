//! What crates are called: in a manifest, in the host's code, in a key, for people.

use treenail_core::nearest::nearest;

use crate::compose::Inputs;
use crate::diagnostic::Problem;
use crate::layer::Part;
use crate::model::{Package, PackageIx, TypeExpr, Universe};
use crate::type_path::Root;

/// The names around one host.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    /// The packages.
    pub(crate) universe: &'a Universe,
    /// Path of a package's library in the host's code: `::helpdesk_api`.
    host: Vec<Option<String>>,
    /// What stands for each package in the identity of a type: `helpdesk-api@0.1.0`.
    versioned: Vec<String>,
}

impl<'a> Names<'a> {
    pub(super) fn new(inputs: &'a Inputs) -> Self {
        let universe = &inputs.discovery.universe;
        let package = &universe.packages[universe.host];
        let mut host = vec![None; universe.packages.len()];
        // A crate with several names is called by the smallest of them.
        for (name, target) in &package.externs {
            host[*target].get_or_insert_with(|| format!("::{name}"));
        }
        if inputs.inside_library {
            host[universe.host] = Some("crate".to_owned());
        } else if let Some(library) = &package.lib {
            host[universe.host].get_or_insert_with(|| format!("::{library}"));
        }
        Self {
            universe,
            host,
            versioned: versioned(&universe.packages),
        }
    }

    /// Path of a plugin's crate in the host's code; `None` where the host cannot name it.
    pub(crate) fn crate_path(&self, part: &Part<'_>) -> Option<&str> {
        if part.own {
            Some("crate")
        } else {
            self.host[part.package].as_deref()
        }
    }

    /// The package that a manifest means by an extern name.
    pub(crate) fn lookup(&self, part: &Part<'_>, name: &str) -> Option<PackageIx> {
        let package = &self.universe.packages[part.package];
        let own_library =
            || (part.own && package.lib.as_deref() == Some(name)).then_some(part.package);
        package.externs.get(name).copied().or_else(own_library)
    }

    /// What to say of an extern name that a package does not have.
    pub(crate) fn not_a_dependency(&self, part: &Part<'_>, name: &str) -> Problem {
        let package = &self.universe.packages[part.package];
        let mut packages = self.universe.packages.iter();
        let elsewhere = packages.find(|package| package.lib.as_deref() == Some(name));
        Problem::NotADependency {
            extern_name: name.to_owned(),
            package: package.name.clone(),
            suggestion: nearest(name, package.externs.keys().map(String::as_str)),
            elsewhere: elsewhere.map(|package| package.name.clone()),
        }
    }

    /// The identity of a type.
    pub(crate) fn key(&self, ty: &TypeExpr, part: &Part<'_>) -> Option<String> {
        let mut key = String::new();
        self.write_key(&mut key, ty, part)?;
        Some(key)
    }

    /// Prints the identity of a type.
    pub(super) fn write_key(&self, key: &mut String, ty: &TypeExpr, part: &Part<'_>) -> Option<()> {
        ty.print(key, |root, key| {
            let package = match root {
                Root::Own if part.own => None,
                Root::Own => Some(part.package),
                Root::Extern(name) => Some(self.lookup(part, name)?),
                Root::Std(_) => return write(key, "std"),
                Root::Lone(name) => return write(key, name),
            };
            match package.filter(|package| !self.is_own(*package)) {
                Some(package) => write(key, &self.versioned[package]),
                None => write(key, "crate"),
            }
        })
    }

    /// Whether the generated code stands in this package's library.
    fn is_own(&self, package: PackageIx) -> bool {
        self.host[package].as_deref() == Some("crate")
    }

    /// The identity without versions.
    pub(super) fn stem(&self, ty: &TypeExpr, part: &Part<'_>) -> Option<String> {
        let name = |package: PackageIx| self.universe.packages[package].name.as_str();
        printed(ty, |root, stem| match root {
            Root::Own => write(stem, name(part.package)),
            Root::Extern(extern_name) => write(stem, name(self.lookup(part, extern_name)?)),
            Root::Std(_) => write(stem, "std"),
            Root::Lone(name) => write(stem, name),
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
        self.in_host(ty, part, "::")
    }

    /// The type as the host names it, with this before the names of crates.
    fn in_host(&self, ty: &TypeExpr, part: &Part<'_>, colons: &str) -> Option<String> {
        let external = |name: &str, text: &mut String| {
            text.push_str(colons);
            write(text, name)
        };
        let path = |path: &str, text: &mut String| match path.strip_prefix("::") {
            Some(name) => external(name, text),
            None => write(text, path),
        };
        printed(ty, |root, text| match root {
            Root::Own => path(self.crate_path(part)?, text),
            Root::Extern(name) => path(self.host[self.lookup(part, name)?].as_deref()?, text),
            Root::Std(name) => external(name, text),
            Root::Lone(name) => write(text, name),
        })
    }

    /// The type for people: as it would stand in the host's manifest, or by its library's own name where the host has none.
    pub(super) fn display(&self, ty: &TypeExpr, part: &Part<'_>) -> String {
        let library = |package: PackageIx, text: &mut String| {
            let package = &self.universe.packages[package];
            match &package.lib {
                Some(library) => write(text, library),
                None => write(text, &package.name.replace('-', "_")),
            }
        };
        let in_host = self.in_host(ty, part, "");
        let printed = in_host.or_else(|| {
            printed(ty, |root, text| match root {
                Root::Own => library(part.package, text),
                Root::Extern(name) => library(self.lookup(part, name)?, text),
                Root::Std(name) | Root::Lone(name) => write(text, name),
            })
        });
        printed.unwrap_or_else(|| ty.to_string())
    }
}

/// Name and version of every package. One version from two places is two packages, which stand beside each other.
fn versioned(packages: &[Package]) -> Vec<String> {
    let mut all = Vec::with_capacity(packages.len());
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

/// A type with its roots as `name` prints them.
fn printed(ty: &TypeExpr, name: impl FnMut(Root<'_>, &mut String) -> Option<()>) -> Option<String> {
    let mut text = String::new();
    ty.print(&mut text, name)?;
    Some(text)
}

/// Adds to a text, which is always possible.
fn write(text: &mut String, more: &str) -> Option<()> {
    text.push_str(more);
    Some(())
}
