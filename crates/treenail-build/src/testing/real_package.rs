//! Cases of packages as they lie on disk.

use std::path::Path;

use super::case::{Case, CaseDependency, Package};
use crate::diagnostic::Diagnostics;
use crate::discover::{self, Discovery, Request, discover};
use crate::files;
use crate::manifest;
use crate::model::PackageIx;
use crate::report;
use crate::source::Sources;

impl Case {
    /// The case of a real host: the package in this folder, with its default features, and all that Cargo says it depends on.
    ///
    /// # Panics
    /// If the manifest cannot be read, or Cargo has no answer.
    #[must_use]
    #[track_caller]
    pub fn of_package(folder: impl AsRef<Path>) -> Self {
        let folder = folder.as_ref();
        of_package(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    }
}

fn of_package(folder: &Path) -> Result<Case, String> {
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
    let file = discover::own(folder, &mut sources, &mut problems).path;
    let bytes = files::read(&file).map_err(|error| error.to_string())?;
    let host = manifest::read_bytes("plugins.toml", &bytes, &mut sources, &mut problems);
    let request = Request::new(folder, &host);
    let Some(discovery) = discover(&request, &mut sources, &mut problems) else {
        let messages = report::messages(&problems, &sources).into_iter();
        return Err(messages.map(|message| message.text).collect());
    };
    let path = file.strip_prefix(folder).unwrap_or(&file);
    let number = discovery.universe.host;
    let host = package(&discovery, number).manifest_file(path.to_string_lossy(), bytes);
    let mut case = Case::new(host);
    let numbers = discovery.universe.packages.indices();
    case.others = (numbers.filter(|other| *other != number))
        .map(|number| package(&discovery, number))
        .collect();
    for found in discovery.direct.iter().chain(&discovery.indirect) {
        let name = &discovery.universe.packages[found.package].name;
        let version = &discovery.universe.packages[found.package].version;
        let mut others = case.others.iter_mut();
        let is_it = |one: &&mut Package| (&one.name, &one.version) == (name, version);
        if let Some(package) = others.find(is_it) {
            let called = discovery.called(found.package);
            let path = found.name.strip_prefix(&called).unwrap_or(&found.name);
            let text = &sources.get(found.manifest.source).text;
            package.manifest = Some((path.to_owned(), text.clone().into_bytes()));
        }
    }
    Ok(case)
}

/// A package that was found, without its manifest.
fn package(discovery: &Discovery, number: PackageIx) -> Package {
    let packages = &discovery.universe.packages;
    let found = &packages[number];
    let externs = found.externs.iter();
    let dependencies = externs.map(|(name, target)| CaseDependency {
        extern_name: name.clone(),
        package: packages[*target].name.clone(),
        version: Some(packages[*target].version.clone()),
    });
    Package {
        name: found.name.clone(),
        version: found.version.clone(),
        dependencies: dependencies.collect(),
        features: found.features.clone(),
        declares: found.declared.clone(),
        library: found.lib.is_some(),
        manifest: None,
    }
}
