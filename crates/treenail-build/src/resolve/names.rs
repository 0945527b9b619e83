//! What crates are called: in a manifest, in the host's code, in a key, for people.

use std::collections::BTreeMap;

use crate::compose::Inputs;
use crate::diagnostic::Problem;
use crate::layer::Part;
use crate::model::{Package, PackageIx, TypeExpr, Universe};
use crate::suggest::suggest;
use crate::type_path::Root;

/// The names around one host.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    /// The packages.
    pub(crate) universe: &'a Universe,
    /// Path of a package's library in the host's code: `::helpdesk_api`.
    host: BTreeMap<PackageIx, String>,
}

impl<'a> Names<'a> {
    pub(super) fn new(inputs: &'a Inputs) -> Self {
        let universe = &inputs.discovery.universe;
        let package = &universe.packages[universe.host];
        let mut host = BTreeMap::new();
        // A crate with several names is called by the smallest of them.
        for (name, target) in &package.externs {
            host.entry(*target).or_insert_with(|| format!("::{name}"));
        }
        if inputs.inside_library {
            host.insert(universe.host, "crate".to_owned());
        } else if let Some(library) = &package.lib {
            host.entry(universe.host)
                .or_insert_with(|| format!("::{library}"));
        }
        Self { universe, host }
    }

    /// Path of a plugin's crate in the host's code; `None` where the host cannot name it.
    pub(crate) fn crate_path(&self, part: &Part<'_>) -> Option<&str> {
        if part.own {
            Some("crate")
        } else {
            self.host.get(&part.package).map(String::as_str)
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
            suggestion: suggest(name, package.externs.keys().map(String::as_str)),
            elsewhere: elsewhere.map(|package| package.name.clone()),
        }
    }

    /// The identity of a type.
    pub(crate) fn key(&self, ty: &TypeExpr, part: &Part<'_>) -> Option<String> {
        ty.print(&mut |root| match root {
            Root::Own if self.crate_path(part) == Some("crate") => Some("crate".to_owned()),
            Root::Own => Some(self.versioned(part.package)),
            Root::Extern(name) => self
                .lookup(part, name)
                .map(|package| self.versioned(package)),
            Root::Std(_) => Some("std".to_owned()),
            Root::Lone(name) => Some(name.to_owned()),
        })
    }

    fn versioned(&self, package: PackageIx) -> String {
        if self.host.get(&package).is_some_and(|path| path == "crate") {
            return "crate".to_owned();
        }
        let packages = &self.universe.packages;
        let same = |one: &&Package| {
            (&one.name, &one.version) == (&packages[package].name, &packages[package].version)
        };
        // One version from two places is two packages; they stand beside each other.
        let before = packages[..package].iter().rev().take_while(same).count();
        let Package { name, version, .. } = &packages[package];
        match before {
            0 => format!("{name}@{version}"),
            number => format!("{name}@{version}#{number}"),
        }
    }

    /// The identity without versions.
    pub(super) fn stem(&self, ty: &TypeExpr, part: &Part<'_>) -> Option<String> {
        let name = |package: PackageIx| self.universe.packages[package].name.clone();
        ty.print(&mut |root| match root {
            Root::Own => Some(name(part.package)),
            Root::Extern(extern_name) => self.lookup(part, extern_name).map(name),
            Root::Std(_) => Some("std".to_owned()),
            Root::Lone(name) => Some(name.to_owned()),
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
        ty.print(&mut |root| match root {
            Root::Own => self.crate_path(part).map(str::to_owned),
            Root::Extern(name) => self.host.get(&self.lookup(part, name)?).cloned(),
            Root::Std(name) => Some(format!("::{name}")),
            Root::Lone(name) => Some(name.to_owned()),
        })
    }

    /// The type for people.
    pub(super) fn display(
        &self,
        ty: &TypeExpr,
        part: &Part<'_>,
        host_path: Option<&str>,
    ) -> String {
        if let Some(path) = host_path {
            return spoken(path);
        }
        let library = |package: PackageIx| {
            let package = &self.universe.packages[package];
            Some(
                package
                    .lib
                    .clone()
                    .unwrap_or_else(|| package.name.replace('-', "_")),
            )
        };
        let printed = ty.print(&mut |root| match root {
            Root::Own => library(part.package),
            Root::Extern(name) => self.lookup(part, name).and_then(library),
            Root::Std(name) | Root::Lone(name) => Some(name.to_owned()),
        });
        printed.unwrap_or_else(|| ty.to_string())
    }
}

/// A path as it stands in a manifest: without the colons that generated code starts it with.
fn spoken(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut previous = ' ';
    let mut rest = path;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("::") && matches!(previous, ' ' | '<') {
            rest = &rest[2..];
            continue;
        }
        text.push(c);
        previous = c;
        rest = &rest[c.len_utf8()..];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn people_do_not_say_leading_colons() {
        assert_eq!(
            spoken("dyn ::a::Map<::b::Key, crate::V>"),
            "dyn a::Map<b::Key, crate::V>"
        );
        assert_eq!(spoken("::a::T"), "a::T");
    }
}
