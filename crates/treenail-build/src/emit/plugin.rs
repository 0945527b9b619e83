//! The plugin's side: one `…Deps` struct per component, and what ties its type to the manifest.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::building::building;
use super::chunk::{Chunk, literal};
use super::entry;
use super::side::{Side, condition, each_once, each_under, inputs};
use super::type_names::{ALL, MODULE, NamedType, TypeNames};
use crate::model::{ComponentDecl, Form, Kind, TypeExpr};
use crate::source::Located;

/// The side of one plugin, printed.
#[derive(Debug, Clone, Default)]
pub(crate) struct PrintedSide {
    /// Its items.
    pub(super) chunks: Vec<Chunk>,
    /// What it calls the types of its components.
    pub(super) types: TypeNames,
    /// What it calls the inputs of entries with services, by their types.
    pub(super) deps: BTreeMap<String, String>,
}

/// Prints the side of one plugin.
pub(crate) fn side(side: &Side<'_>) -> PrintedSide {
    let types = TypeNames::of(named(side));
    let deps = entry::deps(side.components.iter().copied(), side.wired());
    let mut chunks = Vec::new();
    if !side.components.is_empty() || !side.entries.is_empty() {
        let components = side.components.iter().copied();
        let wired = components.filter(|one| one.kind != Kind::Hooks);
        let wired = wired.chain(side.wired()).map(|one| &one.ty.value);
        chunks.extend(types.chunks(side.runtime, wired));
    }
    for component in side.components {
        let id = format!("{}:{}", side.plugin, component.name.value);
        let code = match component.kind {
            Kind::Hooks => hooks(side, &types, component),
            Kind::Service | Kind::Pipe | Kind::Entry => wired(side, &types, component, &id),
        };
        let chunk = Chunk::under(
            format!("{id}: {}", component.ty.value),
            match condition(side, component) {
                Some(condition) => each_under(&format!("#[cfg({condition})]"), &code),
                None => code,
            },
        );
        chunks.push(chunk.of_application(side.runtime));
    }
    chunks.extend(side.wired_types(&types, &deps));
    chunks.extend(side.lines(&types, &deps));
    if let Some(digest) = side.digest {
        chunks.push(Chunk::new(reached_through(side, &types, &deps, digest)));
    }
    PrintedSide {
        chunks,
        types,
        deps,
    }
}

/// Every type that the manifest names.
pub(super) fn named<'a>(side: &'a Side<'_>) -> impl Iterator<Item = NamedType<'a>> {
    let of_components = side.components.iter().flat_map(move |component| {
        let registries = component.needs.iter();
        let registries = registries.filter(|need| need.form == Form::Registry);
        let registries: Vec<&TypeExpr> = registries.map(|need| &need.service.value).collect();
        component.types().map(move |ty| NamedType {
            ty: &ty.value,
            condition: condition(side, component),
            is_registry: registries.contains(&&ty.value),
            of_application: side.is_of_the_runtime(&ty.value),
        })
    });
    of_components.chain(side.entries.iter().flat_map(move |entry| entry.named(side)))
}

/// Hooks need nothing; all that is asked of their type is the trait.
fn hooks(side: &Side<'_>, types: &TypeNames, component: &ComponentDecl) -> String {
    let (ty, runtime) = (types.get(&component.ty.value), side.runtime);
    format!("const _: fn() = || {{ fn hooks<H: {runtime}::Hooks>() {{}} hooks::<{ty}>(); }};")
}

fn wired(side: &Side<'_>, types: &TypeNames, component: &ComponentDecl, id: &str) -> String {
    declared(side, types, component, id) + &ties(side, types, component)
}

/// What the code of a component's type is written against.
fn declared(side: &Side<'_>, types: &TypeNames, component: &ComponentDecl, id: &str) -> String {
    let runtime = side.runtime;
    let (ty, name) = (types.get(&component.ty.value), &component.name.value);
    let mut code = inputs(
        side,
        types,
        component,
        &format!("{name}Deps"),
        &format!("component `{id}`"),
    );
    let input = |input: &Option<Located<TypeExpr>>| {
        let ty = input.as_ref().map(|ty| types.get(&ty.value));
        ty.unwrap_or_else(|| "()".to_owned())
    };
    let config = match component.kind {
        Kind::Service => input(&component.config),
        Kind::Pipe | Kind::Hooks | Kind::Entry => "()".to_owned(),
    };
    let _ = write!(
        code,
        "impl {runtime}::__private::Declared<{ALL}> for {ty} {{ type Deps = {name}Deps; type Config = {config}; }}"
    );
    if component.kind == Kind::Pipe {
        let params = input(&component.params);
        let _ = write!(
            code,
            "impl {runtime}::__private::DeclaredPipe<{ALL}> for {ty} {{ type Params = {params}; }}"
        );
    }
    code
}

/// What could be read of a manifest with mistakes, for an editor: the rest of the crate keeps its types while somebody writes.
pub(crate) fn in_editor(side: &Side<'_>) -> Vec<Chunk> {
    let types = TypeNames::of(named(side));
    let deps = entry::deps(side.components.iter().copied(), side.wired());
    let mut chunks = vec![Chunk::new(format!("type {ALL} = ();"))];
    chunks.extend(types.aliases(side.runtime));
    for component in side.components {
        let id = format!("{}:{}", side.plugin, component.name.value);
        let code = match component.kind {
            Kind::Hooks => continue,
            Kind::Service | Kind::Pipe | Kind::Entry => declared(side, &types, component, &id),
        };
        let condition = condition(side, component);
        let code = condition.map_or(code.clone(), |it| {
            each_under(&format!("#[cfg({it})]"), &code)
        });
        chunks.push(Chunk::new(code));
    }
    chunks.extend(side.wired_types(&types, &deps));
    let chunks = chunks.into_iter();
    chunks.map(|chunk| chunk.in_editor(side.runtime)).collect()
}

/// Everything that generated code asks of a component's type is asked here, once. So a type that does not keep what the
/// manifest says is one error, in the crate of its author. What the composition beside it builds is asked for there.
fn ties(side: &Side<'_>, types: &TypeNames, component: &ComponentDecl) -> String {
    let (own, private) = (&component.ty.value, format!("{}::__private", side.runtime));
    let ty = types.get(own);
    let mut code = String::new();
    if !side.built.contains(component.name.value.as_str()) {
        let is_configured = component.config.is_some();
        let inputs = if is_configured { "inputs" } else { "_" };
        let _ = write!(
            code,
            "impl {private}::Buildable for {ty} {{ fn building({inputs}: &{private}::Inputs, deps: Self::Deps) -> {private}::Building {{ {} }} }}",
            building(side.runtime, "Self", is_configured)
        );
    }
    let provided = component
        .provides
        .iter()
        .chain(&component.decorate)
        .map(|service| &service.value);
    let provided = each_once(provided.filter(|service| *service != own));
    for service in &provided {
        let service = types.get(service);
        let _ = write!(
            code,
            "impl {private}::Provides<{service}> for {ty} {{ fn provide(self: ::std::sync::Arc<Self>) -> ::std::sync::Arc<{service}> {{ self }} }}"
        );
    }
    match component.kind {
        Kind::Pipe => {
            let _ = write!(
                code,
                "impl {private}::Runnable for {ty} {{ fn binding() -> {private}::PipeBinding {{ {private}::PipeBinding::of::<Self>() }} }}"
            );
        }
        Kind::Service if component.config.is_some() => {
            let _ = write!(
                code,
                "impl {private}::Configurable for {ty} {{ fn binding() -> {private}::ConfigBinding {{ {private}::ConfigBinding::of::<Self>() }} }}"
            );
        }
        Kind::Service | Kind::Hooks | Kind::Entry => {}
    }
    code
}

/// The one module of a plugin crate that a host's generated code names. A type that is not public is shown to the plugin's author,
/// not to whoever composes the plugin.
fn reached_through(
    side: &Side<'_>,
    types: &TypeNames,
    deps: &BTreeMap<String, String>,
    digest: &str,
) -> String {
    let mut code = format!(
        "#[doc(hidden)] #[allow(non_camel_case_types)] pub mod {MODULE} {{ #[derive(Debug)] pub struct Components;"
    );
    let mut components = String::new();
    for (number, component) in side.components.iter().enumerate() {
        let (ty, name) = (types.get(&component.ty.value), &component.name.value);
        let attribute = condition(side, component).map(|it| format!("#[cfg({it})]"));
        let attribute = attribute.unwrap_or_default();
        let _ = write!(
            components,
            "{attribute} pub type {name}Type = super::{ty}; \
             {attribute} impl {}::__private::Public<{number}> for Components {{ type Type = {name}Type; }}",
            side.runtime
        );
        if component.kind != Kind::Hooks {
            let _ = write!(components, "{attribute} pub use super::{name}Deps;");
        }
        if let Some(condition) = condition(side, component) {
            let _ = write!(
                code,
                "#[allow(non_upper_case_globals)] pub const {name}There: bool = ::core::cfg!({condition});"
            );
        }
    }
    for entry in side.entries {
        code.push_str(&entry.reached_through(side, types));
        components.push_str(&entry.made_through(side, deps));
    }
    if !components.is_empty() {
        let _ = write!(
            code,
            "{}::__private::lifecycle! {{ {components} }}",
            side.runtime
        );
    }
    let _ = write!(
        code,
        "pub const MADE_FROM: &str = ::core::concat!(::core::env!(\"CARGO_PKG_VERSION\"), {}); }}",
        literal(&format!(" {digest}"))
    );
    code
}
