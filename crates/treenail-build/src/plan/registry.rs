//! The registries of a composition, with their entries.

use crate::bind::Bound;
use crate::index::IndexMap;
use crate::key_map::KeyMap;
use crate::layer::{Layered, PartIx};
use crate::model::{ComponentIx, EntryOff, Form, LeftOutEntry, PluginIx, Registry, RegistryEntry};
use crate::resolve::{CandidateIx, Resolved, ServiceTypeIx};
use crate::sort::sort_by;

/// Registries that have entries, there or not, or that a component asks for, by key.
pub(super) fn registries(resolved: &Resolved<'_>, bound: &Bound) -> Vec<ServiceTypeIx> {
    let answers = bound.answers.iter().flatten().flatten();
    let asked = answers.filter(|answer| answer.form == Form::Registry);
    let asked = asked.map(|answer| answer.service);
    let filled = resolved.entries.iter().map(|entry| entry.registry);
    let all: KeyMap<&str, ServiceTypeIx> = asked
        .chain(filled)
        .map(|registry| (resolved.services[registry].key.as_str(), registry))
        .collect();
    all.values().copied().collect()
}

/// A registry with its entries, and those that are known and not there.
pub(super) fn registry(
    number: ServiceTypeIx,
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    plugins: &IndexMap<PartIx, PluginIx>,
    components: &IndexMap<CandidateIx, ComponentIx>,
) -> Registry {
    let ty = &resolved.services[number];
    let all = resolved.entries.iter();
    let of_it = all.filter(|entry| entry.registry == number);
    let (mut entries, mut left_out) = (Vec::new(), Vec::new());
    for entry in of_it {
        let (decl, id) = (entry.decl, layered.parts[entry.part].id);
        if let Some(off) = &entry.off {
            left_out.push(LeftOutEntry {
                key: decl.key.value.clone(),
                plugin: id.to_owned(),
                off: off.clone(),
            });
            continue;
        }
        let made = decl.wired.as_ref();
        let made = made.map(|wired| format!("{id}:{}", wired.name.value));
        let made = made.and_then(|id| resolved.candidate(&id));
        entries.push(RegistryEntry {
            key: decl.key.value.clone(),
            plugin: plugins[entry.part],
            number: entry.place,
            origin: decl.key.origin,
            description: decl.description.clone(),
            attributes: decl.attributes.clone(),
            what: decl.what.clone(),
            host_path: entry.host_path.clone(),
            made: made.map(|component| components[component]),
        });
    }
    for absent in layered.absent.iter().filter(|one| one.platform.is_none()) {
        let of_it = absent.entries.iter().filter(|(stem, _)| *stem == ty.stem);
        left_out.extend(of_it.map(|(_, key)| LeftOutEntry {
            key: key.clone(),
            plugin: absent.package.clone(),
            off: EntryOff::Features(vec![absent.feature.clone()]),
        }));
    }
    sort_by(&mut entries, |one, other| one.key.cmp(&other.key));
    sort_by(&mut left_out, |one, other| {
        (&one.key, &one.plugin).cmp(&(&other.key, &other.plugin))
    });
    Registry {
        key: ty.key.clone(),
        display: ty.display.clone(),
        host_path: ty.host_path.clone(),
        entries,
        left_out,
    }
}
