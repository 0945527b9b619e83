//! The registries of a library: no Cargo is asked and nothing is composed, so rustc decides of each line whether it is there.

use std::collections::BTreeMap;

use super::chunk::{Chunk, literal};
use super::entry::under;
use super::plugin::{PrintedSide, named};
use super::registry::{composed, constant, left_out_entry};
use super::side::{Side, SideEntry};
use super::type_names::{TypeNames, in_rust};
use crate::key_map::KeyMap;
use crate::model::Condition;
use crate::sort::sort_by;

/// Prints the registries of a library. `features` brings dependencies that are optional, by the names that code has for them.
pub(crate) fn library(side: &Side<'_>, features: &BTreeMap<String, String>) -> PrintedSide {
    let runtime = side.runtime;
    let types = TypeNames::of(named(side));
    let mut chunks = types.chunks(runtime, std::iter::empty());
    let module = format!("{runtime}::__private::registries! {{}}");
    chunks.push(Chunk::new(module));
    let deps = BTreeMap::new();
    chunks.extend(side.lines(&types, &deps));
    let mut registries: KeyMap<String, Vec<&SideEntry<'_>>> = KeyMap::new();
    for entry in side.entries {
        let registry = registries.entry(in_rust(&entry.decl.registry.value));
        registry.get_or_insert_default().push(entry);
    }
    for (number, (_, entries)) in registries.iter().enumerate() {
        let mut entries = entries.clone();
        sort_by(&mut entries, |one, other| {
            one.decl.key.value.cmp(&other.decl.key.value)
        });
        let ty = &entries[0].decl.registry.value;
        let name = types.registry(ty);
        let lines = entries.iter().filter_map(|entry| {
            let condition = entry.condition(side).map(|it| format!("#[cfg({it})]"));
            let line = format!("__LINE_{}", entry.number?);
            Some((condition.unwrap_or_default(), line))
        });
        let missing = entries.iter().filter_map(|entry| {
            let condition = match entry.number {
                Some(_) => format!("#[cfg(not({}))]", entry.condition(side)?),
                None => String::new(),
            };
            let one = left_out_entry(runtime, &entry.decl.key.value, &cause(entry, features));
            Some(format!("{condition} {one}"))
        });
        let code = composed(
            runtime,
            &number.to_string(),
            &name,
            &display(&ty.to_string()),
            &lines.collect::<Vec<_>>(),
            &missing.collect::<String>(),
        );
        let named = types.get(ty);
        let constant = constant(runtime, &number.to_string(), &name, &named);
        let code = format!(
            "#[allow(unreachable_code)] {code} {constant} {runtime}::__private::checked! {{ registries: {named} }}"
        );
        let comment = format!("Registry `{ty}`.");
        let condition = entries[0].registry_condition(side);
        chunks.push(Chunk::under(comment, under(condition, &code)));
    }
    PrintedSide {
        chunks,
        types,
        deps,
    }
}

/// What messages call a registry, as an expression. Those who read them are outside of the library, so they know it by its name.
fn display(ty: &str) -> String {
    match ty.strip_prefix("crate::") {
        Some(path) => format!(
            "::core::concat!(::core::module_path!(), {})",
            literal(&format!("::{path}"))
        ),
        None => literal(ty),
    }
}

/// Why an entry is not there, where it is not: a value of the runtime's `Cause`, without its path.
fn cause(entry: &SideEntry<'_>, features: &BTreeMap<String, String>) -> String {
    if entry.number.is_none() {
        return "Services".to_owned();
    }
    let stated = match &entry.decl.when {
        Some(Condition::Feature(name)) => Some(&name.value),
        _ => None,
    };
    let types = entry.decl.types();
    let mut brought = types
        .flat_map(|ty| ty.value.externs())
        .filter_map(|name| features.get(name));
    match stated.or_else(|| brought.next()) {
        Some(feature) => format!("Feature({})", literal(feature)),
        None => "Platform".to_owned(),
    }
}
