//! The plugin's side: one `…Deps` struct per component, and what ties its type to the manifest.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::chunk::{Chunk, doc, literal};
use super::condition::predicate;
use super::entry::{self, SideEntry};
use super::type_names::{ALL, MODULE, Named, TypeNames, in_rust};
use crate::model::{ComponentDecl, Form, Kind, TypeExpr};
use crate::sort::sort_by;
use crate::source::Located;

/// What the side of one plugin is printed from.
#[derive(Debug)]
pub(crate) struct Side<'a> {
    /// The plugin's id.
    pub(crate) plugin: &'a str,
    /// Path of the runtime crate.
    pub(crate) runtime: &'a str,
    /// Its components.
    pub(crate) components: &'a [&'a ComponentDecl],
    /// Its entries of registries.
    pub(crate) entries: &'a [SideEntry<'a>],
    /// What brings dependencies that are not always there, by the names that code has for them: conditions, as rustc writes them.
    pub(crate) brought: &'a BTreeMap<String, String>,
    /// Digest of the manifest, for a crate that others compose; adds the module that they reach it through.
    pub(crate) digest: Option<&'a str>,
    /// Conditions of components become `#[cfg]`, for rustc to decide.
    pub(crate) conditional: bool,
}

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
        let mut code = types.definitions(side.runtime);
        let wired = side.components.iter().filter(|one| one.kind != Kind::Hooks);
        let wired = wired.copied().chain(side.wired());
        let paths = wired.map(|one| in_rust(&one.ty.value));
        let what = format!("components {ALL}");
        code.push_str(&types.checked(side.runtime, &what, paths));
        chunks.push(Chunk::under("The types that the manifest names.", code));
    }
    for component in side.components {
        let id = format!("{}:{}", side.plugin, component.name.value);
        let code = match component.kind {
            Kind::Hooks => hooks(side, &types, component),
            Kind::Service | Kind::Pipe | Kind::Entry => wired(side, &types, component, &id),
        };
        chunks.push(Chunk::under(
            format!("{id}: {}", component.ty.value),
            match condition(side, component) {
                Some(condition) => each_under(&format!("#[cfg({condition})]"), &code),
                None => code,
            },
        ));
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
fn named<'a>(side: &'a Side<'_>) -> impl Iterator<Item = Named<'a>> {
    let of_components = side.components.iter().flat_map(move |component| {
        let registries = component.needs.iter();
        let registries = registries.filter(|need| need.form == Form::Registry);
        let registries: Vec<&TypeExpr> = registries.map(|need| &need.service.value).collect();
        component.types().map(move |ty| Named {
            ty: &ty.value,
            condition: condition(side, component),
            is_registry: registries.contains(&&ty.value),
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
    let runtime = side.runtime;
    let (ty, name) = (types.get(&component.ty.value), &component.name.value);
    let mut code = deps(
        side.runtime,
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
    code.push_str(&ties(runtime, types, component));
    code
}

/// The struct of the inputs of a component, or of an entry: of `whom`. Their doc comments have the types as the manifest does.
pub(super) fn deps(
    runtime: &str,
    types: &TypeNames,
    component: &ComponentDecl,
    name: &str,
    whom: &str,
) -> String {
    let about = doc(&format!(
        "What `{}` needs: the inputs of {whom}.",
        component.ty.value.last_ident()
    ));
    let mut code = format!(
        "{about} #[allow(unreachable_pub, dead_code, missing_debug_implementations, non_camel_case_types, clippy::struct_field_names)] pub struct {name} {{"
    );
    for need in &component.needs {
        let (service, field) = (&need.service.value, &need.field.value);
        let note = match need.form {
            _ if need.named => ", the instance that the configuration chooses".to_owned(),
            Form::One => String::new(),
            Form::Optional => ", where something provides it".to_owned(),
            Form::All => ": every provider, in order".to_owned(),
            Form::Map => ": every provider, by its id or its name in the configuration".to_owned(),
            Form::Lazy => ", from `start` on".to_owned(),
            Form::Registry => ": every entry".to_owned(),
            Form::Handle | Form::AppHandle => ", its own".to_owned(),
            Form::Inner => String::new(),
        };
        let about = doc(&format!("`{service}`{note}"));
        let ty = match need.form {
            Form::Registry => format!("{runtime}::Entries<{}>", types.registry(service)),
            form => field_type(runtime, &types.get(service), form),
        };
        let _ = write!(code, "{about} pub {field}: {ty},");
    }
    if let Some(decorated) = &component.decorate {
        let decorated = &decorated.value;
        let about = doc(&format!("The `{decorated}` that this value wraps."));
        let ty = field_type(runtime, &types.get(decorated), Form::Inner);
        let _ = write!(code, "{about} pub inner: {ty},");
    }
    code.push('}');
    code
}

fn field_type(runtime: &str, service: &str, form: Form) -> String {
    let shared = format!("::std::sync::Arc<{service}>");
    match form {
        Form::One | Form::Handle | Form::AppHandle | Form::Inner | Form::Registry => shared,
        Form::Optional => format!("::std::option::Option<{shared}>"),
        Form::All => format!("::std::vec::Vec<{shared}>"),
        Form::Map => format!("::std::collections::BTreeMap<::std::string::String, {shared}>"),
        Form::Lazy => format!("{runtime}::Lazy<{service}>"),
    }
}

/// Everything that generated code asks of a component's type is asked here, once. So a type that does not keep what the
/// manifest says is one error, in the crate of its author.
fn ties(runtime: &str, types: &TypeNames, component: &ComponentDecl) -> String {
    let (own, private) = (&component.ty.value, format!("{runtime}::__private"));
    let ty = types.get(own);
    let (inputs, build) = match component.config {
        Some(_) => ("inputs", "build::<Self>(inputs, deps)"),
        None => ("_", "build_plain::<Self>(deps)"),
    };
    let mut code = format!(
        "impl {private}::Buildable for {ty} {{ fn building({inputs}: &{private}::Inputs, deps: Self::Deps) -> {private}::Building {{ {private}::{build} }} }}"
    );
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
    let needed = component.needs.iter().map(|need| &need.service.value);
    let asked = provided.iter().copied().chain(needed);
    code.push_str(&shareable(runtime, types, asked));
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

/// Every service of these has to be one that threads can share.
pub(super) fn shareable<'t>(
    runtime: &str,
    types: &TypeNames,
    asked: impl Iterator<Item = &'t TypeExpr>,
) -> String {
    let private = format!("{runtime}::__private");
    let mut code = String::new();
    for service in each_once(asked.filter(|service| service.is_dyn)) {
        let message = format!(
            "`{service}` cannot be a service, because it is not `Send + Sync`: write `pub trait {}: Send + Sync`",
            service.last_ident()
        );
        let service = types.get(service);
        let _ = write!(
            code,
            "const _: () = {{ #[allow(unused_imports)] use {private}::Unshareable as _; ::core::assert!({private}::Shared::<{service}>::SHAREABLE, {}); }};",
            literal(&message)
        );
    }
    code
}

/// Types without those that came before, sorted.
fn each_once<'t>(types: impl Iterator<Item = &'t TypeExpr>) -> Vec<&'t TypeExpr> {
    let mut types: Vec<&TypeExpr> = types.collect();
    sort_by(&mut types, Ord::cmp);
    types.dedup();
    types
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
    for (number, component) in side.components.iter().enumerate() {
        let (ty, name) = (types.get(&component.ty.value), &component.name.value);
        let attribute = condition(side, component).map(|it| format!("#[cfg({it})]"));
        let attribute = attribute.unwrap_or_default();
        let _ = write!(
            code,
            "{attribute} pub type {name}Type = super::{ty}; \
             {attribute} impl {}::__private::Public<{number}> for Components {{ type Type = {name}Type; }}",
            side.runtime
        );
        if component.kind != Kind::Hooks {
            let _ = write!(code, "{attribute} pub use super::{name}Deps;");
        }
        if let Some(condition) = condition(side, component) {
            let _ = write!(
                code,
                "#[allow(non_upper_case_globals)] pub const {name}There: bool = ::core::cfg!({condition});"
            );
        }
    }
    for entry in side.entries {
        code.push_str(&entry.reached_through(side, types, deps));
    }
    let _ = write!(code, "pub const DIGEST: &str = {}; }}", literal(digest));
    code
}

/// The condition under which a component is there, where rustc decides it.
fn condition(side: &Side<'_>, component: &ComponentDecl) -> Option<String> {
    let when = component.when.as_ref().filter(|_| side.conditional);
    when.map(predicate)
}

/// Every item of some code under an attribute.
pub(super) fn each_under(attribute: &str, code: &str) -> String {
    let Ok(file) = syn::parse_file(code) else {
        return code.to_owned();
    };
    let items = file.items.into_iter().map(|item| {
        let alone = syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![item],
        };
        format!("{attribute} {}", prettyplease::unparse(&alone))
    });
    items.collect()
}
