//! The side of whoever declares entries of registries: a line for each, whose type is spelt out and whose path is written once, so that
//! one that does not fit is one error of rustc's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::chunk::{Chunk, doc, literal};
use super::condition::predicate;
use super::side::{Side, SideEntry, each_under, inputs};
use super::type_names::{ALL, NamedType, TypeNames, free, in_rust};
use crate::model::{ComponentDecl, EntryPath, Form, Kind, Need, TypeExpr, cfg_of};

impl<'a> SideEntry<'a> {
    /// Where its line is there, as far as rustc decides that.
    pub(super) fn condition(&self, side: &Side<'_>) -> Option<String> {
        let decl = self.decl;
        let when = decl.when.as_ref().filter(|_| side.conditional);
        let types = decl.types().map(|ty| &ty.value);
        every(when.map(predicate), types, side)
    }

    /// Where its registry is there.
    pub(super) fn registry_condition(&self, side: &Side<'_>) -> Option<String> {
        every(None, std::iter::once(&self.decl.registry.value), side)
    }

    /// The types that it names. A path to a value stands in its line alone.
    pub(super) fn named(&self, side: &'a Side<'_>) -> impl Iterator<Item = NamedType<'a>> {
        let decl = self.decl;
        let condition = self.condition(side);
        let of_the_runtime = |ty| decl.wired.is_some() && side.is_of_the_runtime(ty);
        let named = move |(ty, is_registry)| NamedType {
            ty,
            condition: condition.clone(),
            is_registry,
            of_application: of_the_runtime(ty),
        };
        let registry = NamedType {
            ty: &decl.registry.value,
            condition: self.registry_condition(side),
            is_registry: true,
            of_application: false,
        };
        let ty = match &decl.what {
            EntryPath::Type(ty) => Some(&ty.value),
            EntryPath::Value(_) => None,
        };
        let needs = decl.wired.iter().flat_map(|wired| &wired.needs);
        let needs = needs.map(|need| (&need.service.value, need.form == Form::Registry));
        let all = ty.map(|ty| (ty, false)).into_iter().chain(needs);
        std::iter::once(registry).chain(all.map(named))
    }

    /// What a host names of it.
    pub(super) fn reached_through(&self, side: &Side<'_>, types: &TypeNames) -> String {
        let (Some(number), Some(reached)) = (self.number, self.reached) else {
            return String::new();
        };
        let registry = types.registry(&self.decl.registry.value);
        let line = match self.decl.wired {
            Some(_) => String::new(),
            None => format!("pub use super::__LINE_{number} as LINE_{reached};"),
        };
        let code = format!("{line} pub type Registry{reached} = super::{registry};");
        under(self.condition(side), &code)
    }

    /// What a host names of it to have it made, where it needs services.
    pub(super) fn made_through(&self, side: &Side<'_>, deps: &BTreeMap<String, String>) -> String {
        let (Some(number), Some(reached), Some(wired)) =
            (self.number, self.reached, &self.decl.wired)
        else {
            return String::new();
        };
        let deps = &deps[&in_rust(&wired.ty.value)];
        let code = format!(
            "pub use super::{{{deps} as Deps{reached}, __entry_{number} as entry_{reached}}};"
        );
        under(self.condition(side), &code)
    }
}

impl Side<'_> {
    /// What entries with services are made by.
    pub(super) fn wired(&self) -> impl Iterator<Item = &ComponentDecl> {
        self.entries
            .iter()
            .filter_map(|one| one.decl.wired.as_ref())
    }

    /// The inputs of every type that is an entry with services.
    pub(super) fn wired_types(
        &self,
        types: &TypeNames,
        deps: &BTreeMap<String, String>,
    ) -> Vec<Chunk> {
        let runtime = self.runtime;
        // A type has one struct, however often it is an entry.
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut types_of: Vec<(&ComponentDecl, Vec<Option<String>>)> = Vec::new();
        for entry in self.entries {
            let Some(wired) = &entry.decl.wired else {
                continue;
            };
            let place = *places.entry(in_rust(&wired.ty.value)).or_insert_with(|| {
                types_of.push((wired, Vec::new()));
                types_of.len() - 1
            });
            types_of[place].1.push(entry.condition(self));
        }
        let chunk = |(wired, conditions): (&ComponentDecl, Vec<Option<String>>)| {
            let ty = &wired.ty.value;
            let whom = format!("entry `{}:{}`", self.plugin, wired.name.value);
            let name = &deps[&in_rust(ty)];
            let mut code = inputs(self, types, wired, name, &whom);
            let _ = write!(
                code,
                "impl {runtime}::Wired<{ALL}> for {} {{ type Deps = {name}; }}",
                types.get(ty)
            );
            let chunk = Chunk::under(
                format!("{}: {ty}", wired.name.value),
                under(any(conditions), &code),
            );
            let of_application = |need: &Need| {
                matches!(need.form, Form::Lazy | Form::Current)
                    || self.is_of_the_runtime(&need.service.value)
            };
            match wired.needs.iter().any(of_application) {
                true => chunk.of_application(runtime),
                false => chunk,
            }
        };
        types_of.into_iter().map(chunk).collect()
    }

    /// The lines.
    pub(super) fn lines(&self, types: &TypeNames, deps: &BTreeMap<String, String>) -> Vec<Chunk> {
        let private = format!("{}::__private", self.runtime);
        let mut chunks = Vec::new();
        for entry in self.entries {
            let Some(number) = entry.number else { continue };
            let decl = entry.decl;
            let registry = types.registry(&decl.registry.value);
            let key = literal(&decl.key.value);
            let code = match &decl.wired {
                Some(wired) => {
                    let (ty, name) = (types.get(&wired.ty.value), &deps[&in_rust(&wired.ty.value)]);
                    let made = format!("{private}::entry::<{registry}, {ty}>({key}, deps)");
                    let made = self.named_in_errors(&decl.key.value, &made);
                    format!(
                        "#[doc(hidden)] #[must_use] #[allow(unreachable_pub, dead_code)] pub fn __entry_{number}(deps: {name}) -> {private}::Building {{ {made} }}"
                    )
                }
                None => {
                    let entry = match &decl.what {
                        EntryPath::Value(path) => value(&in_rust(&path.value), &path.value),
                        EntryPath::Type(ty) => accepted(&private, &types.get(&ty.value), &registry),
                    };
                    let entry = self.named_in_errors(&decl.key.value, &entry);
                    let line = PrintedLine {
                        private: &private,
                        registry: &registry,
                        key: &decl.key.value,
                        plugin: self.plugin,
                        version: "::core::env!(\"CARGO_PKG_VERSION\")",
                        description: decl.description.as_deref(),
                        attributes: &decl.attributes,
                    };
                    let at = format!("{private}::EntryAt::<{registry}>::Constant({entry})");
                    line.print(&format!("__LINE_{number}"), &at)
                }
            };
            let comment = format!("`{}`, {}", decl.registry.value, key);
            let chunk = Chunk::under(comment, under(entry.condition(self), &code));
            chunks.push(match decl.wired {
                Some(_) => chunk.of_application(self.runtime),
                None => chunk,
            });
        }
        chunks
    }

    /// The expression of an entry. In the expansion of a procedural macro rustc shows no line of an error, but the name of the
    /// innermost macro that it comes from: so that is the key.
    fn named_in_errors(&self, key: &str, expression: &str) -> String {
        if !self.is_expansion {
            return expression.to_owned();
        }
        let name = key.replace(|sign: char| !sign.is_ascii_alphanumeric(), "_");
        format!("{{ macro_rules! entry_{name} {{ () => {{ {expression} }} }} entry_{name}!() }}")
    }
}

/// What the inputs of types that are entries with services are called, by the types; no component's have that name.
pub(crate) fn deps<'a>(
    components: impl Iterator<Item = &'a ComponentDecl>,
    wired: impl Iterator<Item = &'a ComponentDecl>,
) -> BTreeMap<String, String> {
    let components = components.filter(|one| one.kind != Kind::Hooks);
    let mut taken: BTreeSet<String> = components.map(|one| one.name.value.clone()).collect();
    let mut names = BTreeMap::new();
    for wired in wired {
        let ty = &wired.ty.value;
        let name = names.entry(in_rust(ty));
        name.or_insert_with(|| format!("{}Deps", free(&mut taken, ty.last_ident())));
    }
    names
}

/// A value as an entry. A function becomes what the entry's type is: a trait object, or a pointer to a function, of which only what a
/// block gives can become one. By the names of Rust a static has no small letters, and of it only a place is shared.
pub(super) fn value(path: &str, declared: &TypeExpr) -> String {
    let path = path.replace('<', "::<");
    match declared.last_ident().chars().any(char::is_lowercase) {
        true => format!("&{{ {path} }}"),
        false => format!("&{path}"),
    }
}

/// A type as an entry.
pub(super) fn accepted(private: &str, ty: &str, registry: &str) -> String {
    format!("<{ty} as {private}::AcceptedBy<{registry}>>::ENTRY")
}

/// A line, as generated.
pub(super) struct PrintedLine<'a> {
    pub(super) private: &'a str,
    pub(super) registry: &'a str,
    pub(super) key: &'a str,
    pub(super) plugin: &'a str,
    /// An expression.
    pub(super) version: &'a str,
    pub(super) description: Option<&'a str>,
    pub(super) attributes: &'a [(String, String)],
}

impl PrintedLine<'_> {
    /// The static of this name, whose entry is at that expression.
    pub(super) fn print(&self, name: &str, at: &str) -> String {
        let (private, registry) = (self.private, self.registry);
        let mut attributes: Vec<String> = self
            .attributes
            .iter()
            .map(|(name, value)| format!("({}, {})", literal(name), literal(value)))
            .collect();
        attributes.sort();
        format!(
            "{} #[doc(hidden)] #[allow(unreachable_pub, dead_code)] pub static {name}: {private}::StaticLine<{registry}> = {private}::StaticLine {{ key: {}, plugin: {}, version: {}, description: {}, attributes: &[{}], at: {at} }};",
            doc(self.key),
            literal(self.key),
            literal(self.plugin),
            self.version,
            literal(self.description.unwrap_or_default()),
            attributes.join(", "),
        )
    }
}

/// Where a condition holds, and everything that these types need is there.
fn every<'t>(
    when: Option<String>,
    types: impl Iterator<Item = &'t TypeExpr>,
    side: &Side<'_>,
) -> Option<String> {
    let mut all: BTreeSet<String> = when.into_iter().collect();
    let externs = types.flat_map(TypeExpr::externs);
    all.extend(externs.filter_map(|name| side.brought.get(name)).cloned());
    let all = Vec::from_iter(all);
    (!all.is_empty()).then(|| cfg_of("all", &all))
}

/// Where any of these conditions holds.
fn any(conditions: Vec<Option<String>>) -> Option<String> {
    let all: Option<BTreeSet<String>> = conditions.into_iter().collect();
    Some(cfg_of("any", &Vec::from_iter(all?)))
}

pub(super) fn under(condition: Option<String>, code: &str) -> String {
    match condition {
        Some(condition) => each_under(&format!("#[cfg({condition})]"), code),
        None => code.to_owned(),
    }
}
