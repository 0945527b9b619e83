//! What an edition's library with `main` shares with the plugins: packages of services and registries. Generated code names them,
//! and Rust can name direct dependencies only, so the edition depends on them as the library does.

use std::collections::{BTreeMap, BTreeSet};

use super::discovery::Discovery;
use super::host_library::from;
use super::metadata::Metadata;
use super::request::Request;
use crate::model::{DistributionSection, Manifest, PackageIx};
use crate::runtime::RUNTIME;
use crate::toml_text::quote;

/// Lines of a Cargo.toml, by the library's names for the packages.
pub(crate) fn contracts(
    metadata: &Metadata,
    discovery: &Discovery,
    request: &Request<'_>,
    edition: &DistributionSection,
) -> BTreeMap<String, String> {
    let mut lines = BTreeMap::new();
    let Some(library) = discovery.host_library(edition) else {
        return lines;
    };
    let named = named(discovery);
    let library = &discovery.universe.packages[library];
    let mut known = metadata.packages().iter();
    let known = known.find(|one| one.name == library.name && one.version == library.version);
    let declared = known.into_iter().flat_map(|library| &library.dependencies);
    let is_own = |key: &str, package: &str| {
        let mut plugins = edition.plugins.iter();
        package == RUNTIME || plugins.any(|one| one.key.value == key || one.package == package)
    };
    for one in declared.filter(|one| one.kind.is_none() && !one.optional && one.target.is_none()) {
        if !named.contains(one.name.as_str()) || is_own(one.key(), &one.name) {
            continue;
        }
        let package = match one.rename {
            Some(_) => format!("package = {}, ", quote(&one.name)),
            None => String::new(),
        };
        let from = from(request, one);
        let line = format!("{{ {package}{from}, default-features = false }}");
        lines.insert(one.key().to_owned(), line);
    }
    lines
}

/// The packages that the manifests of plugins name, those of services and of registries.
fn named(discovery: &Discovery) -> BTreeSet<&str> {
    let packages = &discovery.universe.packages;
    let package = |of: PackageIx, name: &str| packages[of].externs.get(name).copied();
    let mut named = BTreeSet::new();
    for found in &discovery.direct {
        let externs = externs(&found.manifest).into_iter();
        let all = externs.filter_map(|name| package(found.package, name));
        named.extend(all.map(|one| packages[one].name.as_str()));
    }
    named
}

/// The crates that a manifest names in what others may ask for.
fn externs(manifest: &Manifest) -> BTreeSet<&str> {
    let components = manifest.layer.components.iter();
    let services = components.flat_map(|one| {
        let needs = one.needs.iter().map(|need| &need.service);
        one.provides.iter().chain(needs).chain(&one.decorate)
    });
    let registries = manifest.layer.entries.iter().map(|entry| &entry.registry);
    let types = services.chain(registries);
    types.flat_map(|ty| ty.value.externs()).collect()
}
