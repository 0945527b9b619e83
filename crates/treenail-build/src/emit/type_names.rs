//! The types that a manifest names, each once in generated code, under a name that everything else uses. So a path that leads to
//! nothing is one error of rustc, however often the type is needed; and one that leads to a trait where a type is meant, too.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::condition::predicate;
use crate::model::Root;
use crate::model::{ComponentDecl, TypeExpr};

/// The names, by the types as Rust has them.
#[derive(Debug, Clone, Default)]
pub(crate) struct TypeNames {
    names: BTreeMap<String, TypeName>,
}

#[derive(Debug, Clone)]
struct TypeName {
    name: String,
    /// It is there where one of these conditions holds.
    conditions: BTreeSet<Option<String>>,
}

impl TypeName {
    /// A name that may not be the only one of its kind, and no condition yet.
    fn of(ty: &TypeExpr) -> Self {
        let prefix = if ty.is_dyn { "__Dyn" } else { "__" };
        Self {
            name: format!("{prefix}{}", ty.last_ident()),
            conditions: BTreeSet::new(),
        }
    }
}

impl TypeNames {
    /// Names for the types of these components, whose conditions are rustc's to decide where they are `conditional`.
    pub(super) fn of(components: &[&ComponentDecl], conditional: bool) -> Self {
        let mut names: BTreeMap<String, TypeName> = BTreeMap::new();
        for component in components {
            let when = component.when.as_ref().filter(|_| conditional);
            let condition = when.map(predicate);
            for ty in component.types().map(|ty| &ty.value) {
                let text = in_rust(ty);
                // What is known without a path is not misspelt.
                if text.contains("::") {
                    let name = names.entry(text).or_insert_with(|| TypeName::of(ty));
                    name.conditions.insert(condition.clone());
                }
            }
        }
        let mut taken = BTreeSet::new();
        for name in names.values_mut() {
            let wanted = name.name.clone();
            let mut number = 1;
            while !taken.insert(name.name.clone()) {
                number += 1;
                name.name = format!("{wanted}{number}");
            }
        }
        Self { names }
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
        for (path, TypeName { name, conditions }) in &self.names {
            let condition = any(conditions);
            let attribute = condition.as_ref().map(|it| format!("#[cfg({it})]"));
            let attribute = attribute.unwrap_or_default();
            let _ = write!(
                code,
                "{attribute} #[allow(dead_code)] type {name} = {path};"
            );
            if let Some(condition) = condition {
                let _ = write!(
                    code,
                    "#[cfg(not({condition}))] #[allow(dead_code)] type {name} = ();"
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

/// The condition that holds where one of these does; `None` always does.
fn any(conditions: &BTreeSet<Option<String>>) -> Option<String> {
    let all: Option<Vec<&str>> = conditions.iter().map(Option::as_deref).collect();
    match all?.as_slice() {
        [only] => Some((*only).to_owned()),
        several => Some(format!("any({})", several.join(", "))),
    }
}
