//! The types that a manifest names, each once in generated code, under a name that everything else uses. So a path that leads to
//! nothing is one error of rustc, however often the type is needed; and one that leads to a trait where a type is meant, too.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::chunk::{Chunk, literal};
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
    /// As the manifest writes it, where it is a trait: a service.
    service: Option<TypeExpr>,
    when: When,
    /// Its name as a registry, where it is named as one.
    registry: Option<String>,
    /// It is there where the runtime has a lifecycle.
    of_application: bool,
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
    /// It belongs to an application, and so does what names it here.
    pub(super) of_application: bool,
}

/// What is known of a type before it has a name.
#[derive(Debug)]
struct Known<'a> {
    ty: &'a TypeExpr,
    when: When,
    is_registry: bool,
    /// It belongs to an application, and so does all that names it.
    of_application: bool,
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
        let mut types: KeyMap<String, Known<'a>> = KeyMap::new();
        for one in named {
            let text = in_rust(one.ty);
            // What is known without a path is not misspelt.
            if text.contains("::") {
                let known = types.entry(text);
                let known = known.get_or_insert(Known {
                    ty: one.ty,
                    when: When::default(),
                    is_registry: false,
                    of_application: true,
                });
                known.when.always |= one.condition.is_none();
                known.when.any.extend(one.condition);
                known.is_registry |= one.is_registry;
                known.of_application &= one.of_application && !one.is_registry;
            }
        }
        let mut taken = BTreeSet::from([ALL.to_owned(), MODULE.to_owned()]);
        let names = types.iter().map(|(text, known)| {
            let prefix = if known.ty.is_dyn { "__Dyn" } else { "__" };
            let wanted = format!("{prefix}{}", known.ty.last_ident());
            let name = free(&mut taken, &wanted);
            let is_registry = known.is_registry;
            let registry = is_registry.then(|| free(&mut taken, &format!("{wanted}Registry")));
            let name = TypeName {
                name,
                service: known.ty.is_dyn.then(|| known.ty.clone()),
                when: known.when.clone(),
                registry,
                of_application: known.of_application,
            };
            (text.clone(), name)
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

    /// The definitions.
    pub(super) fn aliases(&self, runtime: &str) -> impl Iterator<Item = Chunk> {
        let both = [false, true].map(|of_application| self.definitions(runtime, of_application));
        both.into_iter()
            .map(Chunk::new)
            .filter(|chunk| !chunk.is_empty())
    }

    /// The definitions, and the parameter of the traits that tie these types to their manifest, of components and of entries with
    /// services. What only an application names is there where the runtime has a lifecycle.
    pub(super) fn chunks<'a>(
        &self,
        runtime: &str,
        tied: impl Iterator<Item = &'a TypeExpr>,
    ) -> Vec<Chunk> {
        let tied: BTreeSet<String> = tied.map(in_rust).collect();
        let what = format!("components {ALL}");
        let all = self.checked(runtime, &what, tied.iter().cloned());
        let is_always = |path: &String| self.names.get(path).is_none_or(|it| !it.of_application);
        let always = self.checked(runtime, &what, tied.into_iter().filter(is_always));
        let mut chunks = vec![
            Chunk::under(
                "The types that the manifest names.",
                self.definitions(runtime, false),
            ),
            Chunk::under(
                "Those that the runtime has with a lifecycle alone.",
                self.definitions(runtime, true),
            )
            .of_application(runtime),
        ];
        for of_application in [false, true] {
            let shareable = Chunk::new(self.shareable(runtime, of_application));
            chunks.push(match of_application {
                true => shareable.of_application(runtime),
                false => shareable,
            });
        }
        if all == always {
            chunks.push(Chunk::new(all));
        } else {
            chunks.push(Chunk::new(all).of_application(runtime));
            chunks.push(Chunk::new(always).without_application(runtime));
        }
        chunks.retain(|chunk| !chunk.is_empty());
        chunks
    }

    /// The definitions, those that belong to an application or the others. Where the condition of a type does not hold, its name
    /// stands for nothing.
    fn definitions(&self, runtime: &str, of_application: bool) -> String {
        let mut code = String::new();
        let names = self.names.iter();
        for (path, known) in names.filter(|(_, known)| known.of_application == of_application) {
            let name = &known.name;
            let condition = known.when.condition();
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
            if let Some(registry) = &known.registry {
                code.push_str(&checked_registry(runtime, registry, name, &attribute));
            }
        }
        code
    }

    /// Every service has to be one that threads can share. A constant for each, so that rustc names all that are not.
    fn shareable(&self, runtime: &str, of_application: bool) -> String {
        let private = format!("{runtime}::__private");
        let mut code = String::new();
        let names = self.names.iter().map(|(_, known)| known);
        for TypeName { name, service, .. } in names.filter(|it| it.of_application == of_application)
        {
            let Some(service) = service else { continue };
            let message = format!(
                "`{service}` cannot be a service, because it is not `Send + Sync`: write `pub trait {}: Send + Sync`",
                service.last_ident()
            );
            let _ = write!(
                code,
                "const _: () = ::core::assert!({private}::Shared::<{name}>::SHAREABLE, {});",
                literal(&message)
            );
        }
        match code.as_str() {
            "" => code,
            code => format!(
                "const _: () = {{ #[allow(unused_imports)] use {private}::Unshareable as _; {code} }};"
            ),
        }
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
