//! Registries that are named with a slip: told where the slip is, and taken for what was meant.
//!
//! Entries under a path that nobody else uses lie where nobody looks for them. Where another registry of the package has
//! nearly that path, the sources of the package show which of the two it does not have. Without sources, the one that a single
//! manifest uses is the slip, if several others use the other one.

use std::collections::BTreeSet;

use treenail_core::nearest::{distance, nearest};

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{NoSuchItem, Nowhere};
use crate::discover::Discovery;
use crate::index::IndexMap;
use crate::layer::{Layered, PartIx};
use crate::model::{Form, TypeExpr};
use crate::resolve::{Resolved, ServiceTypeIx};
use crate::source::Located;

/// Paths that differ by no more signs are one path with a slip, where nothing else shows it.
pub(super) const NEAR: usize = 1;

/// Where a registry is named.
#[derive(Clone, Copy)]
struct RegistrySite<'a> {
    written: &'a Located<TypeExpr>,
    part: PartIx,
    /// It is asked for there, or somebody speaks of its entries; otherwise there are entries of it.
    asks: bool,
}

/// Reports every registry that is named with a slip, and puts what was meant in its place.
pub(crate) fn correct(
    discovery: &Discovery,
    layered: &Layered<'_>,
    resolved: &mut Resolved<'_>,
    problems: &mut Diagnostics,
) {
    let sites = sites(resolved);
    let mut slips: Vec<(ServiceTypeIx, ServiceTypeIx)> = Vec::new();
    for (registry, of_it) in sites.iter() {
        let near = sites.keys().filter(|other| *other != registry);
        let near = near.filter(|other| {
            let (one, other) = (&resolved.services[registry], &resolved.services[*other]);
            one.package == other.package && !other.poisoned
        });
        let likeness = |other: &ServiceTypeIx| {
            let stem = |one: ServiceTypeIx| resolved.services[one].stem.as_str();
            likeness(stem(registry), stem(*other))
        };
        let near = near.filter_map(|other| Some((likeness(&other)?, other)));
        let Some((likeness, other)) = near.min() else {
            continue;
        };
        let others = sites.get(other).map_or(&[][..], Vec::as_slice);
        let is_near = likeness.1 <= NEAR;
        if is_slip(
            discovery,
            resolved,
            (registry, of_it),
            (other, others),
            is_near,
        ) {
            report(resolved, of_it, (other, others), layered, problems);
            slips.push((registry, other));
        }
    }
    for (wrong, meant) in slips {
        resolved.services[wrong].poisoned = true;
        resolved.take_for(wrong, meant);
    }
}

/// Where each registry is named, in manifests about which nothing has been reported.
fn sites<'a>(resolved: &Resolved<'a>) -> IndexMap<ServiceTypeIx, Vec<RegistrySite<'a>>> {
    let mut sites: IndexMap<ServiceTypeIx, Vec<RegistrySite<'_>>> = IndexMap::new();
    let mut add = |registry, written: &'a Located<TypeExpr>, part, asks| {
        let all = sites.entry(registry).get_or_insert_default();
        let is_known = |site: &RegistrySite<'_>| site.written.origin == written.origin;
        if !all.iter().any(is_known) {
            all.push(RegistrySite {
                written,
                part,
                asks,
            });
        }
    };
    for entry in resolved.entries.iter().filter(|entry| !entry.quiet) {
        add(entry.registry, &entry.decl.registry, entry.part, false);
    }
    for candidate in resolved.candidates.iter().filter(|one| !one.quiet) {
        for (need, registry) in candidate.decl.needs.iter().zip(&candidate.needs) {
            if let Some(registry) = registry.filter(|_| need.form == Form::Registry) {
                add(registry, &need.service, candidate.part, true);
            }
        }
    }
    for chosen in &resolved.choices {
        if let Some(choice) = &chosen.choice {
            add(chosen.registry, &choice.what.registry, choice.part, true);
        }
    }
    sites
}

/// Whether the path of one registry is a slip for that of another one.
fn is_slip(
    discovery: &Discovery,
    resolved: &Resolved<'_>,
    (one, sites): (ServiceTypeIx, &[RegistrySite<'_>]),
    (other, others): (ServiceTypeIx, &[RegistrySite<'_>]),
    is_near: bool,
) -> bool {
    let users = |sites: &[RegistrySite<'_>]| -> BTreeSet<PartIx> {
        sites.iter().map(|site| site.part).collect()
    };
    let (using, using_other) = (users(sites), users(others));
    let service = &resolved.services[one];
    let items = service.package.and_then(|package| discovery.items(package));
    let has = |registry: ServiceTypeIx| {
        let name = resolved.services[registry].ty.last_ident();
        items.as_ref().and_then(|items| items.have(name, false))
    };
    match items {
        Some(_) => has(one) == Some(false) && has(other) != Some(false),
        None => is_near && using.len() == 1 && using_other.difference(&using).count() > 1,
    }
}

fn report(
    resolved: &Resolved<'_>,
    sites: &[RegistrySite<'_>],
    (meant, others): (ServiceTypeIx, &[RegistrySite<'_>]),
    layered: &Layered<'_>,
    problems: &mut Diagnostics,
) {
    let ty = &resolved.services[meant];
    for site in sites {
        let part = &layered.parts[site.part];
        let suggestion = resolved.names.in_words_of(&ty.ty, ty.named_by, part);
        let packages = &resolved.names.universe.packages;
        let package = ty.package.map(|package| packages[package].name.clone());
        let mut other = others.iter().filter(|other| other.asks != site.asks);
        let problem = NoSuchItem {
            written: site.written.value.to_string(),
            why: Nowhere::Absent {
                package: package.unwrap_or_default(),
                is_trait: false,
            },
            suggestion: Some(suggestion.unwrap_or_else(|| ty.display.clone())),
            other: (other.next().or(others.first()))
                .map(|other| (other.written.origin, other.asks)),
        };
        problems.report(problem, site.written.origin);
    }
}

/// How much two paths differ, if they may be one: in the last name, or in the way to it.
pub(super) fn likeness(one: &str, other: &str) -> Option<(u8, usize)> {
    let split = |path: &'_ str| {
        let path = path.split('<').next()?;
        let (module, name) = path.rsplit_once("::")?;
        Some((module.to_owned(), name.to_owned()))
    };
    let ((module, name), (other_module, other_name)) = (split(one)?, split(other)?);
    if module == other_module && name != other_name {
        nearest(&name, [other_name.as_str()])?;
        return Some((0, distance(&name, &other_name)));
    }
    (name == other_name && module != other_module).then(|| (1, distance(&module, &other_module)))
}
