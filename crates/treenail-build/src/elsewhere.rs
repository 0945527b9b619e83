//! Components that another composition of the same file has brought into the crate: a type can be wired once.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostics, Problem};
use crate::layer;
use crate::model::{ComponentDecl, Form, Manifest, Overlay, TypeExpr};
use crate::source::Located;

/// A composition in another module of the crate.
#[derive(Debug, Clone)]
pub(crate) struct Elsewhere {
    /// The module, as a path of Rust.
    pub(crate) module: String,
    /// The overlays that were asked for there.
    pub(crate) overlays: Vec<String>,
}

/// The composing crate's own components, by where they are brought in.
#[derive(Debug, Default)]
pub(crate) struct Split<'a> {
    /// Here.
    pub(crate) here: Vec<&'a ComponentDecl>,
    /// In the module.
    pub(crate) elsewhere: Vec<(&'a str, Vec<&'a ComponentDecl>)>,
    /// Nowhere: an overlay that is not in force has them, or one that is replaces them.
    pub(crate) spare: Vec<&'a ComponentDecl>,
}

/// Looks for each component in the other compositions, in their order. One that has its type and not its inputs is
/// reported. `by_condition` are the overlays that are in force there as they are here, and `is_there` says so of components.
pub(crate) fn split<'a>(
    others: &'a [Elsewhere],
    (host, by_condition): (&'a Manifest, &[&'a Overlay]),
    components: &[&'a ComponentDecl],
    is_there: impl Fn(&ComponentDecl) -> bool,
    problems: &mut Diagnostics,
) -> Split<'a> {
    let has = |other: &Elsewhere| {
        let overlays = host.overlays.iter().filter(|overlay| {
            let mut all = by_condition.iter();
            other.overlays.contains(&overlay.name.value)
                || all.any(|one| std::ptr::eq(*one, *overlay))
        });
        let layers = std::iter::once(&host.layer).chain(overlays.map(|overlay| &overlay.layer));
        let layers: Vec<Vec<&'a ComponentDecl>> = layers
            .map(|layer| {
                layer
                    .components
                    .iter()
                    .filter(|one| is_there(one))
                    .collect()
            })
            .collect();
        layer::own_components(&layers)
    };
    let others: Vec<(&'a str, Vec<&'a ComponentDecl>)> = others
        .iter()
        .map(|other| (other.module.as_str(), has(other)))
        .collect();
    let mut split = Split {
        here: Vec::new(),
        elsewhere: others
            .iter()
            .map(|(module, _)| (*module, Vec::new()))
            .collect(),
        spare: Vec::new(),
    };
    let wired = |ty: &TypeExpr| {
        let mut all = others.iter().flat_map(|(_, there)| there);
        all.find(|one| one.ty.value == *ty).copied()
    };
    let mut types = BTreeSet::new();
    for component in components {
        let is_same = |one: &&ComponentDecl| are_wired_alike(one, component);
        let found = others
            .iter()
            .position(|(_, there)| there.iter().any(is_same));
        if let Some(found) = found {
            split.elsewhere[found].1.push(component);
        } else if let Some(other) = wired(&component.ty.value) {
            let problem = Problem::TypeDeclaredTwice {
                ty: component.ty.value.to_string(),
                first: other.name.value.clone(),
                second: component.name.value.clone(),
                first_at: other.ty.origin,
            };
            problems.report(problem, component.ty.origin);
        } else if types.insert(&component.ty.value) {
            split.here.push(component);
        }
    }
    let layers = host.overlays.iter().map(|overlay| &overlay.layer);
    let all = std::iter::once(&host.layer).chain(layers);
    let all = all.flat_map(|layer| &layer.components);
    split.spare = all
        .filter(|one| is_there(one) && wired(&one.ty.value).is_none())
        .filter(|one| types.insert(&one.ty.value))
        .collect();
    split
        .elsewhere
        .retain(|(_, components)| !components.is_empty());
    split
}

/// Whether the code that is generated for one serves for the other.
fn are_wired_alike(there: &ComponentDecl, here: &ComponentDecl) -> bool {
    fn ty(ty: Option<&Located<TypeExpr>>) -> Option<&TypeExpr> {
        ty.map(|ty| &ty.value)
    }
    fn needs(one: &ComponentDecl) -> BTreeMap<&str, (&TypeExpr, Form)> {
        let needs = one.needs.iter();
        needs
            .map(|need| (need.field.value.as_str(), (&need.service.value, need.form)))
            .collect()
    }
    let provides = |ty: &TypeExpr| there.provides.iter().any(|one| one.value == *ty);
    std::ptr::eq(there, here)
        || there.name.value == here.name.value
            && there.ty.value == here.ty.value
            && there.kind == here.kind
            && here.provides.iter().all(|one| provides(&one.value))
            && needs(there) == needs(here)
            && ty(there.config.as_ref()) == ty(here.config.as_ref())
            && ty(there.params.as_ref()) == ty(here.params.as_ref())
            && ty(there.decorate.as_ref()) == ty(here.decorate.as_ref())
}

#[cfg(test)]
mod tests {
    use crate::composer::Composer;
    use crate::testing::Case;

    const DESK: &str = r#"
# package desk 1.0.0: depends on api, treenail; features config, pipes
treenail = 1
[host]
[[component]]
type = "crate::Own"
requires = { shelf = "dyn api::Shelf" }
[[component]]
type = "crate::Disk"
provides = ["dyn api::Shelf"]
[overlay.doubles.bind]
"dyn api::Shelf" = "app:Paper"
[[overlay.doubles.component]]
type = "crate::Paper"
provides = ["dyn api::Shelf"]
[overlay.always]
when = 'cfg(true)'
[[overlay.always.component]]
type = "crate::Always"
[overlay.offline.bind]
"dyn api::Shelf" = "app:Paper"
[[overlay.offline.component]]
type = "crate::Paper"
provides = ["dyn api::Shelf"]
[[overlay.offline.component]]
type = "crate::Muffled"
[overlay.strange.bind]
"dyn api::Shelf" = "app:Paper"
[[overlay.strange.component]]
type = "crate::Paper"
provides = ["dyn api::Shelf"]
requires = { bell = { service = "dyn api::Bell", optional = true } }
# package api 1.4.0
# package treenail 0.1.0: features config, pipes
"#;

    fn composer() -> Composer {
        Composer::new("").components("super::live")
    }

    fn with(overlays: &[&str]) -> Composer {
        let overlays = overlays.iter().map(|&name| name.to_owned());
        composer().components_with("super::doubled", overlays)
    }

    /// Types that are wired in this very composition.
    fn wired(text: &str) -> Vec<&str> {
        let lines = text.lines();
        lines
            .filter_map(|line| line.strip_prefix("impl ::treenail::__private::Wired for crate::"))
            .map(|rest| rest.trim_end_matches(" {"))
            .collect()
    }

    #[test]
    fn what_another_composition_has_is_taken_from_there() {
        let case = Case::parse(DESK).overlay("offline");
        let alone = case.compose();
        let all = ["Own", "Disk", "Always", "Paper", "Muffled"];
        assert_eq!(wired(alone.composed().rust()), all);
        let one = case.compose_by(composer());
        assert_eq!(wired(one.composed().rust()), ["Paper", "Muffled"]);
        let two = case.compose_by(with(&["doubles"]));
        let rust = two.composed().rust();
        assert_eq!(wired(rust), ["Muffled"]);
        assert!(
            rust.contains("pub use super::live::{OwnDeps, DiskDeps, AlwaysDeps};"),
            "{rust}"
        );
        assert!(
            rust.contains("pub use super::doubled::PaperDeps;"),
            "{rust}"
        );
    }

    #[test]
    fn a_type_has_the_same_inputs_in_all_compositions_of_a_crate() {
        let case = Case::parse(DESK).overlay("strange");
        case.compose_by(composer()).assert_codes([]);
        let outcome = case.compose_by(with(&["doubles"]));
        outcome.assert_codes(["TN0013"]);
        outcome.assert_at("TN0013", "plugins.toml:28:8");
        outcome.assert_says(
            "TN0013",
            "is wired differently in two compositions of this crate",
        );
    }

    #[test]
    fn the_overlay_of_another_composition_exists() {
        let outcome = Case::parse(DESK).compose_by(with(&["dobules"]));
        outcome.assert_codes(["TN0109"]);
        outcome.assert_says("TN0109", "did you mean `doubles`?");
    }
}
