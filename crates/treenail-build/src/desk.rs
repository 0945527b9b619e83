//! What is known of a crate at its author's desk, without asking Cargo: the names of its dependencies, and where it
//! implements components. It decides what is generated for a crate whose manifest has mistakes, so that they stay the only
//! errors: rustc is not told of paths that it would not find, and every `impl Component` has something to stand on.

mod code;
mod names;
mod text;
mod words;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use treenail_core::nearest::nearest;

use crate::declared::{self, Declared};
use crate::diagnostic::{Diagnostics, PathFault, Problem};
use crate::feature::{self, RUNTIME};
use crate::layer::condition;
use crate::manifest::INNER;
use crate::model::{ComponentDecl, Condition, Manifest, TypeExpr};
use crate::source::Located;
use crate::type_path::Root;

pub(crate) use code::{Code, Undeclared};
use text::{Fault, Texts};

/// A crate, seen from its own folder.
#[derive(Debug)]
pub(crate) struct Desk {
    /// Its folder.
    folder: PathBuf,
    /// Its `Cargo.toml`; `None` where that could not be read.
    declared: Option<Declared>,
    /// Paths of the manifest that its code, or that of a package beside it, does not have.
    absent: BTreeSet<TypeExpr>,
}

impl Desk {
    /// Of the package in this folder; for a test of the package, its development dependencies and its own library count.
    pub(crate) fn of(package: &Path, development: bool) -> Self {
        Self {
            folder: package.to_owned(),
            declared: Declared::of(package, development),
            absent: BTreeSet::new(),
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
            let declared = self.declared.as_ref();
            if let Some(declared) = declared.filter(|it| !it.features.contains(&name.value)) {
                all = false;
                let problem = condition::unknown(name, &declared.package, &declared.features);
                problems.report(problem, name.origin);
            }
            Some(true)
        };
        let condition = component.when.as_ref();
        condition.map(|condition| condition.evaluate(&mut known));
        all
    }

    /// Reports those of these paths whose last name is nothing's, where a text shows it. Once for a path: the rest follows.
    pub(crate) fn check_names<'m>(
        &mut self,
        types: impl Iterator<Item = &'m Located<TypeExpr>>,
        problems: &mut Diagnostics,
    ) {
        let mut texts = Texts::default();
        for ty in types {
            let declared = self.declared.as_ref();
            let (root, folder) = match ty.value.root() {
                Root::Own => ("crate", Some(self.folder.clone())),
                Root::Extern(name) => {
                    let folder = declared.and_then(|it| it.folder(&self.folder, name));
                    (name, folder)
                }
                Root::Std(_) | Root::Lone(_) => continue,
            };
            let Some(folder) = folder else { continue };
            let text = texts.of(&folder);
            let fault = text.and_then(|text| text.fault(&ty.value));
            // Then the text is not that of the crate, or not all of it.
            let fault = fault.filter(|_| !declared::is_elsewhere(&folder));
            let problem = match fault {
                None => continue,
                Some(Fault::Absent(suggestion)) => Problem::NotInPackage {
                    path: ty.value.to_string(),
                    name: ty.value.last_ident().to_owned(),
                    root: root.to_owned(),
                    suggestion,
                },
                Some(Fault::Trait) => Problem::NotATypePath {
                    text: ty.value.to_string(),
                    fault: PathFault::Trait,
                },
            };
            if self.absent.insert(ty.value.clone()) {
                problems.report(problem, ty.origin);
            }
        }
    }

    /// The package's code, where it decides that something is wrong.
    pub(crate) fn doubtful_files(&self) -> Vec<PathBuf> {
        match self.absent.is_empty() {
            true => Vec::new(),
            false => text::files(&self.folder),
        }
    }

    /// Whether the code has nothing of this path.
    pub(crate) fn lacks(&self, ty: &TypeExpr) -> bool {
        self.absent.contains(ty)
    }

    fn check_crates(&self, manifest: &Manifest, problems: &mut Diagnostics) {
        let Some(declared) = &self.declared else {
            return;
        };
        let mut told = BTreeSet::new();
        for ty in manifest.layer.components.iter().flat_map(types) {
            for name in ty.value.externs() {
                if self.has(name) || !told.insert(name) {
                    continue;
                }
                let known = declared.externs.keys().map(String::as_str);
                let problem = Problem::NotADependency {
                    extern_name: name.to_owned(),
                    package: declared.package.clone(),
                    suggestion: nearest(name, known),
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
        let knows = |ty: &Located<TypeExpr>| {
            !self.lacks(&ty.value) && ty.value.externs().into_iter().all(|it| self.has(it))
        };
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
        let declared = self.declared.as_ref();
        declared.is_none_or(|declared| declared.externs.contains_key(name))
    }
}

/// The types that a component is made of and from: nothing is bound by them.
pub(crate) fn made_of(component: &ComponentDecl) -> impl Iterator<Item = &Located<TypeExpr>> {
    let inputs = component.config.iter().chain(&component.params);
    std::iter::once(&component.ty).chain(inputs)
}

/// Every type that a component names, in the order of its keys.
pub(crate) fn types(component: &ComponentDecl) -> impl Iterator<Item = &Located<TypeExpr>> {
    let needs = component.needs.iter().map(|need| &need.service);
    std::iter::once(&component.ty)
        .chain(&component.provides)
        .chain(needs)
        .chain(&component.decorate)
        .chain(&component.config)
        .chain(&component.params)
}
