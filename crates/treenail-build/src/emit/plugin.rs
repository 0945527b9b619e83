//! The plugin's side: one `…Deps` struct per component, and what ties its type to the manifest.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Chunk, doc, literal};
use crate::desk::Undeclared;
use crate::model::{ComponentDecl, Condition, Form, Kind, TypeExpr};

/// A type that rustc says nothing more about. Whoever prints the messages of a manifest with mistakes defines it.
pub(crate) const LOST: &str = "__TreenailLost";

/// What the side of one plugin is printed from.
#[derive(Debug)]
pub(crate) struct Side<'a> {
    /// The plugin's id.
    pub(crate) plugin: &'a str,
    /// Path of the runtime crate.
    pub(crate) runtime: &'a str,
    /// Its components.
    pub(crate) components: &'a [&'a ComponentDecl],
    /// Digest of the manifest, for a crate that others compose; adds the module that they reach it through.
    pub(crate) digest: Option<&'a str>,
    /// With everything that a composition needs; else only what keeps the crate's own code free of further errors.
    pub(crate) complete: bool,
    /// Components in the crate's code that the manifest does not have, because of a mistake in it.
    pub(crate) undeclared: &'a BTreeSet<Undeclared>,
    /// Conditions of components become `#[cfg]`, for rustc to decide.
    pub(crate) conditional: bool,
}

/// Brings in the inputs of components that another module has.
pub(crate) fn wired_elsewhere(module: &str, components: &[&ComponentDecl]) -> Chunk {
    // Hooks need nothing.
    let components = components.iter().filter(|one| one.kind != Kind::Hooks);
    let names = components.map(|one| format!("{}Deps", one.name.value));
    let names = names.collect::<Vec<_>>().join(", ");
    Chunk::under(
        "The host's own components, which another composition has brought in.",
        format!("#[allow(unused_imports, unreachable_pub)] pub use {module}::{{{names}}};"),
    )
}

/// Prints the side of one plugin.
pub(crate) fn side(side: &Side<'_>) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    for component in side.components {
        let id = format!("{}:{}", side.plugin, component.name.value);
        let code = match component.kind {
            Kind::Hooks => hooks(side, component),
            Kind::Service | Kind::Pipe => wired(side, component, &id),
        };
        chunks.push(Chunk::under(
            format!("{id}: {}", component.ty.value),
            match attribute(side, component) {
                Some(attribute) => each_under(&attribute, &code),
                None => code,
            },
        ));
    }
    for one in side.undeclared {
        if let Some(path) = &one.path {
            let code = unknown(side.runtime, path, LOST, one.unconfigured);
            chunks.push(Chunk::new(code));
        }
    }
    if let Some(digest) = side.digest {
        chunks.push(Chunk::new(reached_through(side, digest)));
    }
    chunks
}

/// Hooks need nothing; all that is asked of their type is the trait.
fn hooks(side: &Side<'_>, component: &ComponentDecl) -> String {
    let (ty, runtime) = (&component.ty.value, side.runtime);
    if !side.complete {
        return String::new();
    }
    format!("const _: fn() = || {{ fn hooks<H: {runtime}::Hooks>() {{}} hooks::<{ty}>(); }};")
}

/// Other names for types that the crate does not seem to have, so that rustc is told of each once and says so once. The crate's
/// own code is then probably about types that the manifest does not have, and nothing is to be said about those.
pub(crate) fn doubtful(types: &[(TypeExpr, TypeExpr)], only: bool) -> Chunk {
    let mut code = String::new();
    for (alias, ty) in types {
        let _ = write!(
            code,
            "#[doc(hidden)] pub type {} = {ty};",
            alias.last_ident()
        );
    }
    // Beside other mistakes, theirs is the error that nothing follows from.
    if let Some((alias, _)) = types.first().filter(|_| only) {
        let _ = write!(
            code,
            "#[allow(dead_code)] type {LOST} = [(); ::core::mem::size_of::<{alias}>()];"
        );
    }
    Chunk::new(code)
}

/// A component of whose inputs nothing is known.
fn unknown(runtime: &str, ty: &str, deps: &str, unconfigured: bool) -> String {
    let config = if unconfigured { "()" } else { LOST };
    format!(
        "impl {runtime}::__private::Wired for {ty} {{ type Deps = {deps}; type Config = {config}; }} \
         impl {runtime}::__private::WiredPipe for {ty} {{ type Params = {LOST}; }}"
    )
}

fn wired(side: &Side<'_>, component: &ComponentDecl, id: &str) -> String {
    let runtime = side.runtime;
    let (ty, name) = (&component.ty.value, &component.name.value);
    if component.lost.anything {
        let deps = format!("{name}Deps");
        return format!(
            "#[allow(dead_code)] pub type {deps} = {LOST}; {}",
            unknown(runtime, &ty.to_string(), &deps, component.lost.unconfigured)
        );
    }
    let about = doc(&format!(
        "What `{}` needs: the inputs of component `{id}`.",
        ty.last_ident()
    ));
    let mut code = format!("{about} #[allow(unreachable_pub, dead_code)] pub struct {name}Deps {{");
    for need in &component.needs {
        let (service, field) = (&need.service.value, &need.field.value);
        let note = match need.form {
            Form::One => String::new(),
            Form::Optional => ", where something provides it".to_owned(),
            Form::All => ": every provider, in order".to_owned(),
            Form::Map => ": every provider, by its id or its name in the configuration".to_owned(),
            Form::Lazy => ", from `start` on".to_owned(),
            Form::Handle => ", its own".to_owned(),
        };
        let about = doc(&format!("`{service}`{note}"));
        let _ = write!(
            code,
            "{about} pub {field}: {},",
            field_type(runtime, service, need.form)
        );
    }
    for field in &component.lost.fields {
        let _ = write!(code, "#[allow(missing_docs)] pub {field}: {LOST},");
    }
    if let Some(decorated) = &component.decorate {
        let about = doc(&format!(
            "The `{}` whose place this component takes.",
            decorated.value
        ));
        let _ = write!(
            code,
            "{about} pub inner: {},",
            field_type(runtime, &decorated.value, Form::One)
        );
    }
    let config = match (component.kind, &component.config) {
        (Kind::Service, Some(config)) => config.value.to_string(),
        _ => "()".to_owned(),
    };
    let _ = write!(
        code,
        "}} impl {runtime}::__private::Wired for {ty} {{ type Deps = {name}Deps; type Config = {config}; }}"
    );
    if component.kind == Kind::Pipe {
        let params = component
            .params
            .as_ref()
            .map_or("()".to_owned(), |params| params.value.to_string());
        let _ = write!(
            code,
            "impl {runtime}::__private::WiredPipe for {ty} {{ type Params = {params}; }}"
        );
    }
    if side.complete {
        code.push_str(&ties(runtime, component));
    }
    code
}

fn field_type(runtime: &str, service: &TypeExpr, form: Form) -> String {
    let shared = format!("::std::sync::Arc<{service}>");
    match form {
        Form::One | Form::Handle => shared,
        Form::Optional => format!("::std::option::Option<{shared}>"),
        Form::All => format!("::std::vec::Vec<{shared}>"),
        Form::Map => format!("::std::collections::BTreeMap<::std::string::String, {shared}>"),
        Form::Lazy => format!("{runtime}::Lazy<{service}>"),
    }
}

/// Everything that generated code asks of a component's type is asked here, once. So a type that does not keep what the
/// manifest says is one error, in the crate of its author.
fn ties(runtime: &str, component: &ComponentDecl) -> String {
    let (ty, private) = (&component.ty.value, format!("{runtime}::__private"));
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
    let provided = provided
        .filter(|service| *service != ty)
        .collect::<BTreeSet<_>>();
    for service in &provided {
        let _ = write!(
            code,
            "impl {private}::Provides<{service}> for {ty} {{ fn provide(self: ::std::sync::Arc<Self>) -> ::std::sync::Arc<{service}> {{ self }} }}"
        );
    }
    let needed = component.needs.iter().map(|need| &need.service.value);
    for service in provided
        .iter()
        .copied()
        .chain(needed)
        .filter(|service| service.is_dyn)
        .collect::<BTreeSet<_>>()
    {
        let message = format!(
            "`{service}` cannot be a service, because it is not `Send + Sync`: write `pub trait {}: Send + Sync`",
            service.last_ident()
        );
        let _ = write!(
            code,
            "const _: () = {{ #[allow(unused_imports)] use {private}::Unshareable as _; ::core::assert!({private}::Shared::<{service}>::SHAREABLE, {}); }};",
            literal(&message)
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
        Kind::Service | Kind::Hooks => {}
    }
    code
}

/// The one module of a plugin crate that a host's generated code names. Re-exporting shows a type that is not public at
/// the plugin's author, not at whoever composes the plugin.
fn reached_through(side: &Side<'_>, digest: &str) -> String {
    let mut code = "#[doc(hidden)] pub mod __treenail {".to_owned();
    for component in side.components {
        let (ty, name) = (&component.ty.value, &component.name.value);
        let attribute = attribute(side, component).unwrap_or_default();
        code.push_str(&attribute);
        if ty.has_arguments() {
            let _ = write!(code, "pub type {name} = {ty};");
        } else {
            let _ = write!(code, "pub use {ty} as {name};");
        }
        if component.kind != Kind::Hooks {
            let _ = write!(code, "{attribute} pub use super::{name}Deps;");
        }
    }
    let _ = write!(code, "pub const DIGEST: &str = {}; }}", literal(digest));
    code
}

/// `#[cfg(…)]` for a component that is there only under a condition.
fn attribute(side: &Side<'_>, component: &ComponentDecl) -> Option<String> {
    let when = component.when.as_ref().filter(|_| side.conditional)?;
    Some(format!("#[cfg({})]", predicate(when)))
}

/// A condition as rustc writes it.
fn predicate(condition: &Condition) -> String {
    let list = |word: &str, parts: &[Condition]| {
        let parts: Vec<String> = parts.iter().map(predicate).collect();
        format!("{word}({})", parts.join(", "))
    };
    match condition {
        Condition::Feature(name) => format!("feature = {}", literal(&name.value)),
        Condition::Cfg(line) => line.clone(),
        Condition::All(parts) => list("all", parts),
        Condition::Any(parts) => list("any", parts),
        Condition::Not(part) => format!("not({})", predicate(part)),
    }
}

/// Every item of some code under an attribute.
fn each_under(attribute: &str, code: &str) -> String {
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
