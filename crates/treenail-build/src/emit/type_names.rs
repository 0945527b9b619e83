//! The types that a manifest names, each once in generated code, under a name that everything else uses. So a path that leads to
//! nothing is one error of rustc, however often the type is needed; and one that leads to a trait where a type is meant, too.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::key_map::KeyMap;
use crate::model::{Root, TypeExpr};

/// The parameter of the traits that tie components to their manifest.
pub(super) const ALL: &str = "__All";

/// The module of a plugin crate that hosts reach it through.
pub(super) const MODULE: &str = "__treenail";

/// The names, by the types as Rust has them.
#[derive(Debug, Clone, Default)]
pub(crate) struct TypeNames {
    names: KeyMap<String, TypeName>,
}

#[derive(Debug, Clone)]
struct TypeName {
    name: String,
    when: When,
    /// Its name as a registry, where it is named as one.
    registry: Option<String>,
}

/// A type that a manifest names.
#[derive(Debug, Clone)]
pub(super) struct NamedType<'a> {
    /// The type.
    pub(super) ty: &'a TypeExpr,
    /// Where it is there, if rustc decides that.
    pub(super) condition: Option<String>,
    /// It is named as a registry.
    pub(super) is_registry: bool,
}

/// Where a type is there.
#[derive(Debug, Clone, Default)]
struct When {
    always: bool,
    /// Where one of these conditions holds.
    any: BTreeSet<String>,
}

impl TypeNames {
    /// Names for these types.
    pub(super) fn of<'a>(named: impl Iterator<Item = NamedType<'a>>) -> Self {
        let mut types: KeyMap<String, (&TypeExpr, When, bool)> = KeyMap::new();
        for NamedType {
            ty,
            condition,
            is_registry,
        } in named
        {
            let text = in_rust(ty);
            // What is known without a path is not misspelt.
            if text.contains("::") {
                let known = types.entry(text);
                let (_, when, registry) = known.get_or_insert((ty, When::default(), false));
                when.always |= condition.is_none();
                when.any.extend(condition);
                *registry |= is_registry;
            }
        }
        let mut taken = BTreeSet::from([ALL.to_owned(), MODULE.to_owned()]);
        let names = types.iter().map(|(text, (ty, when, is_registry))| {
            let prefix = if ty.is_dyn { "__Dyn" } else { "__" };
            let wanted = format!("{prefix}{}", ty.last_ident());
            let name = free(&mut taken, &wanted);
            let registry = is_registry.then(|| free(&mut taken, &format!("{wanted}Registry")));
            let when = when.clone();
            (
                text.clone(),
                TypeName {
                    name,
                    when,
                    registry,
                },
            )
        });
        Self {
            names: names.collect(),
        }
    }

    /// What generated code calls a registry: where the type is none, rustc says so once.
    pub(super) fn registry(&self, ty: &TypeExpr) -> String {
        let text = in_rust(ty);
        let known = self.registry_path(&text).map(str::to_owned);
        known.unwrap_or(text)
    }

    /// What generated code calls the registry that is written so in Rust, if the manifest names it.
    pub(super) fn registry_path(&self, path: &str) -> Option<&str> {
        self.names.get(path)?.registry.as_deref()
    }

    /// What generated code calls a type.
    pub(super) fn get(&self, ty: &TypeExpr) -> String {
        let text = in_rust(ty);
        self.get_path(&text).to_owned()
    }

    /// What generated code calls a type that is written so in Rust.
    pub(super) fn get_path<'a>(&'a self, path: &'a str) -> &'a str {
        self.names.get(path).map_or(path, |found| &found.name)
    }

    /// The definitions. Where the condition of a type does not hold, its name stands for nothing.
    pub(super) fn definitions(&self, runtime: &str) -> String {
        let mut code = String::new();
        for (path, known) in self.names.iter() {
            let TypeName {
                name,
                when,
                registry,
            } = known;
            let condition = when.condition();
            let attribute = condition.as_ref().map(|it| format!("#[cfg({it})]"));
            let attribute = attribute.unwrap_or_default();
            let _ = write!(
                code,
                "{attribute} #[allow(dead_code, unused_qualifications, non_camel_case_types)] type {name} = {path};"
            );
            if let Some(condition) = condition {
                let _ = write!(
                    code,
                    "#[cfg(not({condition}))] #[allow(dead_code, non_camel_case_types)] type {name} = ();"
                );
            }
            if let Some(registry) = registry {
                code.push_str(&checked_registry(runtime, registry, name, &attribute));
            }
        }
        code
    }

    /// Tells rustc the types, as Rust has them, for which a trait is implemented: where one is not there, so may the right one be
    /// missed, and nothing is to be said of that.
    pub(super) fn checked(
        &self,
        runtime: &str,
        what: &str,
        paths: impl Iterator<Item = String>,
    ) -> String {
        let paths = paths.collect::<BTreeSet<_>>();
        let found = paths.iter().filter_map(|path| self.names.get(path));
        let all: Vec<&str> = found.map(|it| it.name.as_str()).collect();
        let all = all.join(", ");
        match all.as_str() {
            "" => String::new(),
            all => format!("{runtime}::__private::checked! {{ {what}: {all} }}"),
        }
    }
}

/// A name that is not taken: this one, or with a number.
pub(super) fn free(taken: &mut BTreeSet<String>, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    let mut number = 1;
    while !taken.insert(name.clone()) {
        number += 1;
        name = format!("{wanted}{number}");
    }
    name
}

/// A name for a type that has to be a registry. Where it is none, rustc says so here, and nothing of whatever uses the name.
pub(super) fn checked_registry(runtime: &str, name: &str, ty: &str, attribute: &str) -> String {
    let private = format!("{runtime}::__private");
    format!(
        "{attribute} #[allow(non_upper_case_globals)] const {name}: usize = {private}::check_registry::<{ty}>(); \
         {attribute} #[allow(dead_code, non_camel_case_types)] type {name} = <{private}::Named<{ty}, {{ {name} }}> as {private}::Known>::Registry;"
    )
}

/// A type as generated code writes it: the name of a crate is none of a module.
pub(super) fn in_rust(ty: &TypeExpr) -> String {
    let text = ty.print(&|root| {
        Some(match root {
            Root::Own => "crate".to_owned(),
            Root::Extern(name) | Root::Std(name) => format!("::{name}"),
            Root::Lone(name) => name.to_owned(),
        })
    });
    text.unwrap_or_default()
}

impl When {
    /// As one condition; `None` always holds.
    fn condition(&self) -> Option<String> {
        let all: Vec<&str> = self.any.iter().map(String::as_str).collect();
        let condition = match all[..] {
            [only] => only.to_owned(),
            _ => format!("any({})", all.join(", ")),
        };
        (!self.always).then_some(condition)
    }
}
