//! What the side of a plugin, or of a host's own components and entries, is printed from; and pieces that both print.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::chunk::docs;
use super::condition::predicate;
use super::type_names::TypeNames;
use crate::model::{ComponentDecl, EntryDecl, Form, TypeExpr};
use crate::sort::sort_by;
use crate::source::{Origin, Sources};

/// What the side of one plugin is printed from.
#[derive(Debug)]
pub(crate) struct Side<'a> {
    /// The plugin's id.
    pub(crate) plugin: &'a str,
    /// Path of the runtime crate.
    pub(crate) runtime: &'a str,
    /// What its manifest calls the runtime crate.
    pub(crate) runtime_name: &'a str,
    /// The files that places of its manifest are in.
    pub(crate) sources: &'a Sources,
    /// Its components.
    pub(crate) components: &'a [&'a ComponentDecl],
    /// Names of the components that the composition in the same crate builds, and nobody else.
    pub(crate) built: BTreeSet<&'a str>,
    /// Its entries of registries.
    pub(crate) entries: &'a [SideEntry<'a>],
    /// What brings dependencies that are not always there, by the names that code has for them: conditions, as rustc writes them.
    pub(crate) brought: &'a BTreeMap<String, String>,
    /// Digest of the manifest, for a crate that others compose; adds the module that they reach it through.
    pub(crate) digest: Option<&'a str>,
    /// It is the expansion of a procedural macro.
    pub(crate) is_expansion: bool,
    /// Conditions of components become `#[cfg]`, for rustc to decide.
    pub(crate) conditional: bool,
}

/// An entry, on the side of whoever declares it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SideEntry<'a> {
    /// The entry.
    pub(crate) decl: &'a EntryDecl,
    /// The number of its line; without one it is not in the composition, and only its type has inputs.
    pub(crate) number: Option<usize>,
    /// The number by which other crates reach the line.
    pub(crate) reached: Option<usize>,
}

impl Side<'_> {
    /// Whether a type is one of the runtime's, or is made of one: without a lifecycle it is not there.
    pub(super) fn is_of_the_runtime(&self, ty: &TypeExpr) -> bool {
        ty.externs().contains(self.runtime_name)
    }
}

/// The struct of the inputs of a component, or of an entry: of `whom`. Their doc comments have the types as the manifest does.
pub(super) fn inputs(
    side: &Side<'_>,
    types: &TypeNames,
    component: &ComponentDecl,
    name: &str,
    whom: &str,
) -> String {
    let runtime = side.runtime;
    let declared = |about: String, at: Origin| {
        let place = format!("Declared in `{}`.", side.sources.own_place(at));
        docs(&[about, String::new(), place])
    };
    let ty = &component.ty;
    let about = format!(
        "What `{}` needs: the inputs of {whom}.",
        ty.value.last_ident()
    );
    let about = declared(about, ty.origin);
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
            Form::Current => ", also after a reload".to_owned(),
            Form::Registry => ": every entry".to_owned(),
            Form::Handle | Form::AppHandle => ", its own".to_owned(),
            Form::Inner => String::new(),
        };
        let about = declared(format!("`{service}`{note}."), need.field.origin);
        let ty = match need.form {
            Form::Registry => format!("{runtime}::Entries<{}>", types.registry(service)),
            form => field_type(runtime, &types.get(service), form),
        };
        let _ = write!(code, "{about} pub {field}: {ty},");
    }
    if let Some(decorated) = &component.decorate {
        let (decorated, at) = (&decorated.value, decorated.origin);
        let about = declared(format!("The `{decorated}` that this value wraps."), at);
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
        Form::Current => format!("{runtime}::Current<{service}>"),
    }
}

/// Types without those that came before, sorted.
pub(super) fn each_once<'t>(types: impl Iterator<Item = &'t TypeExpr>) -> Vec<&'t TypeExpr> {
    let mut types: Vec<&TypeExpr> = types.collect();
    sort_by(&mut types, Ord::cmp);
    types.dedup();
    types
}

/// The condition under which a component is there, where rustc decides it.
pub(super) fn condition(side: &Side<'_>, component: &ComponentDecl) -> Option<String> {
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
