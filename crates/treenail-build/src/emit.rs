//! Prints the plan as Rust. Pure and deterministic: the same plan gives the same bytes.
//!
//! Every item is formatted by itself, so that the comments between items survive.

mod building;
mod chunk;
mod condition;
#[cfg(feature = "inspect")]
pub(crate) mod description;
pub(crate) mod distribution;
mod entry;
pub(crate) mod graph;
mod guard;
mod host;
mod left_out;
mod library;
mod linked;
mod own_type;
mod plugin;
mod printer;
mod provided;
mod registry;
mod shipped;
mod side;
mod table;
mod type_names;

pub(crate) use chunk::Chunk;
pub(crate) use entry::deps;
pub(crate) use guard::at_root;
pub(crate) use library::library;
pub(crate) use plugin::{PrintedSide, in_editor, side};
pub(crate) use shipped::{Shipped, ShippedPart};
pub(crate) use side::{Side, SideEntry};

use std::collections::BTreeSet;

use self::chunk::print;
use crate::model::Composition;
use crate::source::Sources;

/// What is to be printed. It is printed when somebody asks: whoever only checks a composition does not.
#[derive(Debug, Clone)]
pub(crate) enum Unprinted {
    /// The side of a plugin.
    Side(PrintedSide),
    /// What stands in for a composition with mistakes.
    Refused(Refused),
    /// A composition; the side of the host's own components.
    Composition(Box<Composition>, PrintedSide),
}

/// A manifest with mistakes, or a composition.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    /// Path of the runtime crate.
    pub(crate) runtime: String,
    /// Names of the structs of inputs that the crate's own code may use, its components' and its entries'.
    pub(crate) deps: BTreeSet<String>,
    /// What there is to stand in for.
    pub(crate) stub: Stub,
    /// What an editor has of the crate's own side all the same.
    pub(crate) in_editor: Vec<Chunk>,
    /// What there is of the composition all the same.
    pub(crate) rest: Option<Box<Composition>>,
}

/// What stands in for generated code where there are mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stub {
    /// Nothing: a plugin.
    Nothing,
    /// An application.
    App,
    /// The registries of a library.
    Registries,
}

impl Refused {
    /// What satisfies the crate's own code where its manifest has mistakes, with the first of them, an expression of Rust.
    pub(crate) fn own_side(&self, error: &str) -> String {
        let runtime = &self.runtime;
        let mut code =
            format!("{runtime}::__private::refused! {{ {REFUSED}, __REASON, {error} }}\n");
        if !self.deps.is_empty() {
            code.push_str(&format!("{runtime}::__private::not_in_editor! {{\n"));
        }
        for name in &self.deps {
            code.push_str(
                "#[allow(dead_code, missing_docs, unreachable_pub, non_camel_case_types)] ",
            );
            code.push_str(&format!("pub type {name} = {REFUSED};\n"));
        }
        if !self.deps.is_empty() {
            code.push_str("}\n");
        }
        code + &print(&self.in_editor)
    }
}

/// A type that rustc says nothing more about.
const REFUSED: &str = "__Refused";

impl Unprinted {
    /// The text of the file.
    pub(crate) fn print(&self, sources: &Sources) -> String {
        match self {
            Self::Side(side) => print(&side.chunks),
            Self::Refused(refused) => match refused.stub {
                Stub::Nothing => String::new(),
                Stub::App => host::stub(&refused.runtime, REFUSED),
                Stub::Registries => format!(
                    "{}::__private::registries! {{ __not_composed [AnyRegistry] }}",
                    refused.runtime
                ),
            },
            Self::Composition(plan, own) => host::composition(plan, own, sources),
        }
    }

    /// The composition, if it is one.
    pub(crate) fn composition(&self) -> Option<&Composition> {
        match self {
            Self::Composition(plan, _) => Some(plan),
            _ => None,
        }
    }

    /// The composition, or what there is of one with mistakes.
    #[cfg(feature = "inspect")]
    pub(crate) fn composition_in_part(&self) -> Option<&Composition> {
        match self {
            Self::Refused(refused) => refused.rest.as_deref(),
            _ => self.composition(),
        }
    }
}
