//! The Rust that goes with the manifests of a case: every type and trait that they name, and every component, written as
//! somebody would who knows nothing of the mistakes in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use toml::{Table, Value};

use super::packages::{Package, Packages};

/// The library of a package.
pub(crate) fn library(packages: &Packages, number: usize) -> String {
    let package = &packages.all[number];
    let mut modules = Module::default();
    for (other, texts) in packages.all.iter().map(|other| (other, strings(other))) {
        let kinds = kinds(other);
        for text in texts {
            let (kind, path) = match text.strip_prefix("dyn ") {
                Some(path) => (Kind::Trait, path),
                None => (
                    kinds.get(&text).copied().unwrap_or(Kind::Type),
                    text.as_str(),
                ),
            };
            if resolve(packages, other, path) == Some(number) {
                let segments = path.split("::").skip(1).collect::<Vec<_>>();
                modules.add(&segments, kind);
            }
        }
    }
    let mut text = String::new();
    if package.manifest.is_some() {
        let runtime = package
            .externs
            .iter()
            .find(|(_, target)| packages.all[**target].name == "treenail");
        if let Some((runtime, _)) = runtime {
            let is_host = package.text().contains("[host]");
            let brought_in = if is_host { "compose" } else { "plugin" };
            let _ = writeln!(text, "{runtime}::{brought_in}!();");
            for component in components(packages, package) {
                text += &implementation(packages, package, runtime, &component);
            }
        }
    }
    modules.print(&mut text);
    text
}

/// What a path leads to. Of two that are said of one path, the greater one is meant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Trait,
    Type,
    /// An entry of every registry.
    Value,
    Registry,
}

/// The paths of a manifest that are said to lead to something else than a type.
fn kinds(package: &Package) -> BTreeMap<String, Kind> {
    let manifest = package.text();
    let pieces: Vec<&str> = manifest.split('"').collect();
    let kinds = pieces.windows(2).filter_map(|two| {
        let before = two[0].trim_end_matches([' ', '=']);
        let kind = match () {
            () if before.ends_with("registry.") => Kind::Registry,
            () if before.ends_with("registry") => Kind::Registry,
            () if before.ends_with("value") => Kind::Value,
            () => return None,
        };
        Some((two[1].to_owned(), kind))
    });
    kinds.collect()
}

#[derive(Default)]
struct Module {
    items: BTreeMap<String, Kind>,
    modules: BTreeMap<String, Module>,
}

impl Module {
    fn add(&mut self, path: &[&str], kind: Kind) {
        match path {
            [] => {}
            [name] => {
                let known = self.items.entry((*name).to_owned()).or_insert(kind);
                *known = kind.max(*known);
            }
            [module, rest @ ..] => self
                .modules
                .entry((*module).to_owned())
                .or_default()
                .add(rest, kind),
        }
    }

    fn print(&self, text: &mut String) {
        for (name, kind) in &self.items {
            let _ = match kind {
                Kind::Trait => writeln!(
                    text,
                    "pub trait {name}: ::core::marker::Send + ::core::marker::Sync {{}}"
                ),
                Kind::Type => writeln!(
                    text,
                    "#[derive(Default, serde::Deserialize, schemars::JsonSchema)]\npub struct {name} {{}}"
                ),
                Kind::Value => writeln!(
                    text,
                    "#[allow(non_upper_case_globals)]\npub static {name}: u32 = 0;"
                ),
                // It has any type for an entry.
                Kind::Registry => writeln!(
                    text,
                    "pub struct {name};\n\
                     impl ::treenail_core::Registry for {name} {{ type Entry = u32; }}\n\
                     impl<C: ?Sized> ::treenail_core::Accepts<C> for {name} {{ const ENTRY: &'static u32 = &0; }}\n\
                     impl<C: ::treenail_core::Wired> ::treenail_core::AcceptsWired<C> for {name} {{ fn entry(_: &'static str, _: C::Deps) -> ::std::sync::Arc<u32> {{ ::std::sync::Arc::new(0) }} }}"
                ),
            };
        }
        for (name, module) in &self.modules {
            let _ = writeln!(text, "pub mod {name} {{");
            module.print(text);
            text.push_str("}\n");
        }
    }
}

/// Every text in a manifest that is a path, with or without `dyn`.
pub(crate) fn strings(package: &Package) -> BTreeSet<String> {
    let manifest = package.text();
    let quoted = manifest.split('"').map(str::to_owned);
    quoted
        .filter(|text| is_path(text.strip_prefix("dyn ").unwrap_or(text)))
        .collect()
}

fn is_path(text: &str) -> bool {
    let is_identifier = |segment: &str| {
        let starts = segment.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        starts
            && segment
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let keywords = [
        "struct", "type", "match", "self", "Self", "fn", "dyn", "impl",
    ];
    let mut segments = text.split("::");
    text.contains("::")
        && segments.all(|segment| is_identifier(segment) && !keywords.contains(&segment))
}

/// The package that a path in a package's manifest leads to.
fn resolve(packages: &Packages, package: &Package, path: &str) -> Option<usize> {
    match path.split("::").next()? {
        "crate" => packages
            .all
            .iter()
            .position(|other| std::ptr::eq(other, package)),
        root => package.externs.get(root).copied(),
    }
}

struct Implementation {
    ty: String,
    kind: String,
    services: Vec<String>,
    fields: Vec<String>,
    /// The feature that it is there with.
    feature: Option<String>,
}

/// The components of a manifest, as far as it is TOML.
fn components(packages: &Packages, package: &Package) -> Vec<Implementation> {
    let Ok(table) = toml::from_str::<Table>(&package.text()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    // A type of an overlay that is not in force is wired to nothing: its author has it in a test, or under the same condition.
    let overlays = table.get("overlay").and_then(Value::as_table);
    let overlays = overlays.into_iter().flatten();
    let in_force = overlays.filter(|(name, overlay)| {
        let asked = packages.overlays.iter().any(|asked| asked == *name);
        asked || overlay.get("when").is_some()
    });
    let in_force = in_force.filter_map(|(_, overlay)| overlay.as_table());
    let entries = std::iter::once(&table).chain(in_force).flat_map(|layer| {
        let components = layer.get("component").and_then(Value::as_array);
        let components = components.into_iter().flatten();
        components.map(move |component| (layer.get("when"), component))
    });
    for (of_layer, entry) in entries {
        let Some(entry) = entry.as_table() else {
            continue;
        };
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let Some(ty) = text("type").filter(|ty| is_path(ty) && ty.starts_with("crate::")) else {
            continue;
        };
        let provided = entry
            .get("provides")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let services = provided.filter_map(Value::as_str).chain(text("decorate"));
        let fields = entry
            .get("requires")
            .and_then(Value::as_table)
            .into_iter()
            .flat_map(Table::keys);
        let when = entry.get("when").or(of_layer).and_then(Value::as_table);
        let feature = when.and_then(|when| when.get("feature")?.as_str());
        found.push(Implementation {
            feature: feature
                .filter(|name| package.features.contains_key(*name))
                .map(str::to_owned),
            ty: ty.to_owned(),
            kind: text("kind").unwrap_or("service").to_owned(),
            services: services.map(str::to_owned).collect(),
            fields: fields
                .filter(|field| is_path(&format!("_::{field}")))
                .cloned()
                .collect(),
        });
    }
    let hooks = table
        .get("plugin")
        .and_then(|plugin| plugin.get("hooks")?.as_str());
    found.extend(hooks.filter(|ty| is_path(ty)).map(|ty| Implementation {
        ty: ty.to_owned(),
        kind: "hooks".to_owned(),
        services: Vec::new(),
        fields: Vec::new(),
        feature: None,
    }));
    let mut types = BTreeSet::new();
    found.retain(|component| types.insert(component.ty.clone()));
    found
}

/// What the one service with methods, which is treenail's own, has.
const CLOCK: &str = "fn now(&self) -> ::std::time::Instant { unreachable!() } fn sleep(&self, _: ::std::time::Duration) -> ::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = ()> + Send + '_>> { unreachable!() }";

fn implementation(
    packages: &Packages,
    package: &Package,
    runtime: &str,
    component: &Implementation,
) -> String {
    let Implementation {
        ty,
        kind,
        services,
        fields,
        feature,
    } = component;
    let condition = feature
        .as_ref()
        .map(|name| format!("#[cfg(feature = {name:?})] "));
    let condition = condition.unwrap_or_default();
    if kind == "hooks" {
        return format!(
            "impl {runtime}::Hooks for {ty} {{ async fn setup(_: {runtime}::Inventory) -> {runtime}::Result<Self> {{ Ok(Self::default()) }} }}\n"
        );
    }
    let uses = fields.iter().map(|field| format!("drop(deps.{field}); "));
    let uses = uses.collect::<String>();
    // A type is implemented for by its name.
    let (module, name) = ty.rsplit_once("::").unwrap_or(("crate", ty));
    let mut text = String::new();
    if module != "crate" {
        let _ = write!(text, "const _: () = {{ use {ty}; ");
    }
    let _ = writeln!(
        text,
        "impl {runtime}::Component for {name} {{ async fn build(deps: {runtime}::Deps<Self>, config: {runtime}::Config<Self>) -> {runtime}::Result<Self> {{ {uses}drop(config); Ok({name}::default()) }} }}"
    );
    if module != "crate" {
        text.push_str("};\n");
    }
    if kind == "pipe" && packages.runtime_features.iter().any(|one| one == "pipes") {
        let _ = writeln!(
            text,
            "impl {runtime}::Pipe for {ty} {{ async fn run(&self, params: {runtime}::Params<Self>, _: &{runtime}::PipeContext) -> {runtime}::Result<{runtime}::PipeResult> {{ drop(params); unreachable!() }} }}"
        );
    }
    let mut known = BTreeSet::new();
    for service in services {
        let path = service
            .strip_prefix("dyn ")
            .filter(|path| is_path(path) && known.insert(*path));
        if let Some(path) = path.filter(|path| resolve(packages, package, path).is_some()) {
            let methods = if path == "treenail::Clock" { CLOCK } else { "" };
            let _ = writeln!(text, "impl {path} for {ty} {{{methods}}}");
        }
    }
    let lines = text.lines().map(|line| format!("{condition}{line}\n"));
    lines.collect()
}

/// Whether Rust can have all that the manifests name: a trait and a type of one name, it cannot.
pub(crate) fn is_possible(packages: &Packages) -> bool {
    let (mut traits, mut types) = (BTreeSet::new(), BTreeSet::new());
    for package in &packages.all {
        for text in strings(package) {
            let (kind, path) = match text.strip_prefix("dyn ") {
                Some(path) => (&mut traits, path),
                None => (&mut types, text.as_str()),
            };
            let inside = path.split_once("::").map(|(_, rest)| rest.to_owned());
            kind.insert((resolve(packages, package, path), inside));
        }
    }
    traits.is_disjoint(&types)
}
