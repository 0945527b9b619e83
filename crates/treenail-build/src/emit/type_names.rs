//! The types that a manifest names, each once in generated code, under a name that everything else uses. So a path that leads to
//! nothing is one error of rustc, however often the type is needed; and one that leads to a trait where a type is meant, too.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::condition::predicate;
use crate::key_map::KeyMap;
use crate::model::Root;
use crate::model::{ComponentDecl, TypeExpr};

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
}

/// Where a type is there.
#[derive(Debug, Clone, Default)]
struct When {
    always: bool,
    /// Where one of these conditions holds.
    any: BTreeSet<String>,
}

impl TypeNames {
    /// Names for the types of these components, whose conditions are rustc's to decide where they are `conditional`.
    pub(super) fn of(components: &[&ComponentDecl], conditional: bool) -> Self {
        let mut types: KeyMap<String, (&TypeExpr, When)> = KeyMap::new();
        for component in components {
            let when = component.when.as_ref().filter(|_| conditional);
            let condition = when.map(predicate);
            for ty in component.types().map(|ty| &ty.value) {
                let text = in_rust(ty);
                // What is known without a path is not misspelt.
                if text.contains("::") {
                    let (_, when) = types.entry(text).get_or_insert((ty, When::default()));
                    when.always |= condition.is_none();
                    when.any.extend(condition.clone());
                }
            }
        }
        let mut taken = BTreeSet::from([ALL.to_owned(), MODULE.to_owned()]);
        let names = types.iter().map(|(text, (ty, when))| {
            let prefix = if ty.is_dyn { "__Dyn" } else { "__" };
            let wanted = format!("{prefix}{}", ty.last_ident());
            let mut name = wanted.clone();
            let mut number = 1;
            while !taken.insert(name.clone()) {
                number += 1;
                name = format!("{wanted}{number}");
            }
            let when = when.clone();
            (text.clone(), TypeName { name, when })
        });
        Self {
            names: names.collect(),
        }
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
    pub(super) fn definitions(&self) -> String {
        let mut code = String::new();
        for (path, TypeName { name, when }) in self.names.iter() {
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
