//! What is known of a crate at its author's desk, without asking Cargo: the names of its dependencies, and where it
//! implements components. It decides what is generated for a crate whose manifest has mistakes, so that they stay the only
//! errors: rustc is not told of paths that it would not find, and every `impl Component` has something to stand on.

mod code;

use std::collections::BTreeSet;
use std::path::Path;

use crate::declared;
use crate::diagnostic::{Diagnostics, Problem};
use crate::feature::{self, RUNTIME};
use crate::layer::condition;
use crate::manifest::INNER;
use crate::model::{ComponentDecl, Condition, Manifest, TypeExpr};
use crate::source::Located;
use crate::suggest::suggest;

pub(crate) use code::{Code, Undeclared};

/// A crate, seen from its own folder.
#[derive(Debug)]
pub(crate) struct Desk {
    /// Name of its package.
    package: String,
    /// Crates that it can name; `None` where its `Cargo.toml` could not be read.
    externs: Option<BTreeSet<String>>,
    /// Features that it declares.
    features: BTreeSet<String>,
}

impl Desk {
    /// Of the package in this folder; for a test of the package, its development dependencies and its own library count.
    pub(crate) fn of(package: &Path, development: bool) -> Self {
        let (name, externs) = declared::externs(package, development);
        Self {
            package: name,
            externs,
            features: declared::features(package),
        }
    }

    /// Reports what a plugin's manifest names and its package does not have: crates, each once, and features. `runtime` has
    /// those features of the runtime crate that are on, where they are known.
    pub(crate) fn check(
        &self,
        manifest: &Manifest,
        runtime: Option<&BTreeSet<String>>,
        problems: &mut Diagnostics,
    ) {
        self.check_crates(manifest, problems);
        for component in &manifest.layer.components {
            self.knows_features(component, problems);
            let plugin = manifest.plugin.as_ref().zip(runtime);
            let Some((plugin, on)) = plugin else { continue };
            let id = format!("{}:{}", plugin.id.value, component.name.value);
            feature::check_component(&id, component, RUNTIME, on, problems);
        }
    }

    /// Whether its package has the features that a component's condition names.
    fn knows_features(&self, component: &ComponentDecl, problems: &mut Diagnostics) -> bool {
        let mut all = true;
        let mut known = |atom: &Condition| {
            let Condition::Feature(name) = atom else {
                return Some(true);
            };
            if self.externs.is_some() && !self.features.contains(&name.value) {
                all = false;
                let features = &self.features;
                problems.report(
                    condition::unknown(name, &self.package, features),
                    name.origin,
                );
            }
            Some(true)
        };
        let condition = component.when.as_ref();
        condition.map(|condition| condition.evaluate(&mut known));
        all
    }

    fn check_crates(&self, manifest: &Manifest, problems: &mut Diagnostics) {
        let mut told = BTreeSet::new();
        for ty in manifest.layer.components.iter().flat_map(types) {
            for name in ty.value.externs() {
                if self.has(name) || !told.insert(name) {
                    continue;
                }
                let known = self.externs.iter().flatten().map(String::as_str);
                let problem = Problem::NotADependency {
                    extern_name: name.to_owned(),
                    package: self.package.clone(),
                    suggestion: suggest(name, known),
                    elsewhere: None,
                };
                problems.report(problem, ty.origin);
            }
        }
    }

    /// The component without what names a crate that is not there: that is lost. It is there whatever a condition says that
    /// names a feature which is not there.
    pub(crate) fn nameable(&self, component: &ComponentDecl) -> ComponentDecl {
        let mut component = component.clone();
        if !self.knows_features(&component, &mut Diagnostics::default()) {
            component.when = None;
        }
        let knows = |ty: &Located<TypeExpr>| ty.value.externs().into_iter().all(|it| self.has(it));
        let lost = &mut component.lost;
        component.provides.retain(knows);
        component.needs.retain(|need| {
            let known = knows(&need.service);
            if !known {
                lost.fields.insert(need.field.value.clone());
            }
            known
        });
        if component.decorate.as_ref().is_some_and(|ty| !knows(ty)) {
            component.decorate = None;
            lost.fields.insert(INNER.to_owned());
        }
        for input in [&mut component.config, &mut component.params] {
            if input.as_ref().is_some_and(|ty| !knows(ty)) {
                *input = None;
                lost.anything = true;
            }
        }
        component
    }

    fn has(&self, name: &str) -> bool {
        let known = self.externs.as_ref();
        known.is_none_or(|known| known.contains(name))
    }
}

/// Every type that a component names, in the order of its keys.
fn types(component: &ComponentDecl) -> impl Iterator<Item = &Located<TypeExpr>> {
    let needs = component.needs.iter().map(|need| &need.service);
    std::iter::once(&component.ty)
        .chain(&component.provides)
        .chain(needs)
        .chain(&component.decorate)
        .chain(&component.config)
        .chain(&component.params)
}
