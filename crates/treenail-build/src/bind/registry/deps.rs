//! A type has one struct of inputs, whoever is made of it.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::TwoDeps;
use crate::model::{ComponentDecl, EntryDecl, Kind};

/// Reports types of one manifest that a component and an entry are made of, or entries of different services.
pub(super) fn check<'d>(
    components: impl Iterator<Item = &'d ComponentDecl>,
    entries: impl Iterator<Item = &'d EntryDecl>,
    problems: &mut Diagnostics,
) {
    let wired = entries.filter_map(|entry| {
        let wired = entry.wired.as_ref()?;
        Some((wired, format!("entry `{}`", wired.name.value)))
    });
    let components = components.filter(|one| one.kind != Kind::Hooks);
    let components = components.map(|one| (one, format!("component `{}`", one.name.value)));
    let mut known: BTreeMap<String, (&ComponentDecl, String)> = BTreeMap::new();
    for (made, name) in components.chain(wired) {
        let ty = &made.ty;
        let first = known.entry(ty.value.to_string());
        let (first, first_name) = first.or_insert_with(|| (made, name.clone()));
        let of_component = first.kind != Kind::Entry;
        if made.kind == Kind::Entry && (of_component || inputs(first) != inputs(made)) {
            let problem = TwoDeps {
                ty: ty.value.to_string(),
                first: (first_name.clone(), first.ty.origin),
                second: name,
                of_component,
            };
            problems.report(problem, ty.origin);
        }
    }
}

/// What stands in the struct of inputs, in any order.
fn inputs(component: &ComponentDecl) -> Vec<String> {
    let needs = component.needs.iter().map(|need| {
        let from = need.from.as_ref().map(|from| &from.value);
        let (field, service) = (&need.field.value, &need.service.value);
        format!("{field}: {service} {:?} {from:?} {}", need.form, need.named)
    });
    let mut needs: Vec<String> = needs.collect();
    needs.sort();
    needs
}
