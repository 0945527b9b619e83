//! The side of the crate that is composed for. Where its manifest has mistakes, it is made to fit the crate's code as far as
//! that can be told without Cargo, so that the mistakes stay the only errors.

use std::collections::BTreeSet;
use std::path::Path;

use crate::desk::{Code, Desk};
use crate::emit::{self, Chunk, Side};
use crate::model::{ComponentDecl, Composition, TypeExpr};
use crate::type_path;

/// What the side of a crate is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Own<'a> {
    /// The plugin's id; empty where it is not known.
    pub(crate) plugin: &'a str,
    /// Its components.
    pub(crate) components: &'a [&'a ComponentDecl],
    /// Those that the manifest declares and this composition has not, because of overlays.
    pub(crate) spare: &'a [&'a ComponentDecl],
    /// Those that are in no composition, for a mistake in their names.
    pub(crate) left_out: &'a [ComponentDecl],
    /// Digest of the manifest, for a crate that others compose.
    pub(crate) digest: Option<&'a str>,
    /// Path of the runtime crate.
    pub(crate) runtime: &'a str,
    /// There are no mistakes.
    pub(crate) complete: bool,
    /// Conditions of components are for rustc to decide.
    pub(crate) conditional: bool,
}

/// The side of a crate, to be printed.
#[derive(Debug)]
pub(crate) struct OwnSide {
    /// Its items.
    pub(crate) chunks: Vec<Chunk>,
    /// rustc takes it as it is, whatever the mistakes.
    pub(crate) compiles: bool,
    /// Other names of types that the crate does not seem to have.
    aliases: Vec<(TypeExpr, TypeExpr)>,
}

/// Makes the side of the crate of the package in this folder, with what is already known of its desk.
pub(crate) fn side(
    own: &Own<'_>,
    package: &Path,
    development: bool,
    desk: Option<Desk>,
) -> OwnSide {
    let code = match development {
        true => Code::default(),
        false => Code::of(package),
    };
    let doubtful = code.doubtful(own.components);
    let mut made = OwnSide {
        chunks: Vec::new(),
        compiles: own.complete,
        aliases: Vec::new(),
    };
    if own.complete && doubtful.is_empty() {
        let spare = own.spare(&code, || Desk::of(package, development));
        let all = own.components.iter().copied().chain(&spare);
        made.chunks = emit::side(&own.of(&all.collect::<Vec<_>>(), &BTreeSet::new()));
        return made;
    }
    let desk = desk.unwrap_or_else(|| Desk::of(package, development));
    let mut fitting = own.left_out(&code, &desk);
    let there = own.components.iter();
    for component in there.filter(|one| !desk.lacks(&one.ty.value)) {
        let mut component = desk.nameable(component);
        if doubtful.contains(component.name.value.as_str()) {
            let alias = type_path::parse(&format!("crate::__Treenail{}", component.name.value));
            if let Ok(alias) = alias {
                let ty = std::mem::replace(&mut component.ty.value, alias.clone());
                made.aliases.push((alias, ty));
            }
        }
        fitting.push(component);
    }
    for component in &mut fitting {
        let name = component.ty.value.last_ident();
        component.lost.unconfigured = component.lost.anything && code.is_unconfigured(name);
    }
    let components = fitting.iter().collect::<Vec<_>>();
    let undeclared = code.undeclared(&components);
    if !made.aliases.is_empty() {
        made.chunks
            .push(emit::doubtful(&made.aliases, own.complete));
    }
    made.chunks
        .extend(emit::side(&own.of(&components, &undeclared)));
    made.compiles = made.aliases.is_empty() && code.suits(&components, &undeclared);
    made
}

impl<'a> Own<'a> {
    /// Components that this composition has no use for, but the crate's code implements all the same: its types need their
    /// inputs. Under names of ours, for another component may have theirs.
    fn spare(&self, code: &Code, desk: impl FnOnce() -> Desk) -> Vec<ComponentDecl> {
        let declared = self.components.iter().map(|one| &one.ty.value);
        let mut known = declared.collect::<BTreeSet<_>>();
        let spare = self.spare.iter().filter(|component| {
            let ty = &component.ty.value;
            code.always_implements(ty.last_ident()) && known.insert(ty)
        });
        let spare: Vec<_> = spare.collect();
        if spare.is_empty() {
            return Vec::new();
        }
        let desk = desk();
        let named = spare.into_iter().enumerate().map(|(number, component)| {
            let mut component = desk.nameable(component);
            component.name.value = format!("__TreenailSpare{number}");
            component
        });
        named.collect()
    }

    /// Components without a name of their own that the crate's code implements all the same, by a name of ours.
    fn left_out(&self, code: &Code, desk: &Desk) -> Vec<ComponentDecl> {
        let declared = self.components.iter().map(|one| &one.ty.value);
        let mut known = declared.collect::<BTreeSet<_>>();
        let mut found = Vec::new();
        for (number, component) in self.left_out.iter().enumerate() {
            let ty = &component.ty.value;
            if code.implements(ty.last_ident()) && known.insert(ty) {
                let mut component = desk.nameable(component);
                component.name.value = format!("__Treenail{number}");
                found.push(component);
            }
        }
        found
    }

    fn of<'s>(
        &'s self,
        components: &'s [&'s ComponentDecl],
        undeclared: &'s BTreeSet<crate::desk::Undeclared>,
    ) -> Side<'s> {
        Side {
            plugin: self.plugin,
            runtime: self.runtime,
            components,
            digest: self.digest,
            complete: self.complete,
            undeclared,
            conditional: self.conditional,
        }
    }
}

impl OwnSide {
    /// The plan's own components, by the names that they have here.
    pub(crate) fn rename(&self, plan: &mut Composition) {
        for component in &mut plan.components {
            let is_own = plan.plugins[component.plugin].own;
            let mut aliases = self.aliases.iter();
            if let Some((alias, _)) = aliases.find(|(_, ty)| is_own && *ty == component.ty) {
                component.ty = alias.clone();
            }
        }
    }
}
