//! What holds for every composition, tried on generated ones.

mod case_folders;
mod case_text;
pub(crate) mod cases;
mod codes;
mod fronts;
mod helps;
mod hostile;
mod independent;
mod lock;
mod manifest;
mod oracle;
mod reference;
mod registries;
mod shipped;

use std::fmt::Write;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::model::{ComponentIx, Form};
use crate::testing::{Case, Outcome, Package};

/// A component by chance: the service it provides, what it needs in which form, its scope.
#[derive(Debug, Clone)]
struct Chance {
    provides: usize,
    needs: Vec<(usize, usize)>,
    scope: usize,
    decorates: bool,
}

const FORMS: [&str; 5] = [
    "",
    ", optional = true",
    ", all = true",
    ", map = true",
    ", lazy = true",
];
const SCOPES: [&str; 3] = ["singleton", "instance", "transient"];
const SERVICES: usize = 6;

fn chance() -> impl Strategy<Value = Chance> {
    let needs = vec((0..SERVICES, 0..FORMS.len()), 0..3);
    // Mostly singletons and hardly any decorators: otherwise nothing would ever compose.
    let scope = prop_oneof![4 => Just(0_usize), 1 => Just(1_usize), 1 => Just(2_usize)];
    (0..SERVICES, needs, scope, prop::bool::weighted(0.05)).prop_map(
        |(provides, needs, scope, decorates)| Chance {
            provides,
            needs,
            scope,
            decorates,
        },
    )
}

/// Plugins, each with the components that chance gave it, and what is bound.
fn chances() -> impl Strategy<Value = (Vec<Vec<Chance>>, Vec<Option<usize>>)> {
    (
        vec(vec(chance(), 0..4), 1..6),
        vec(prop::option::of(0..4_usize), SERVICES),
    )
}

/// Only to things that a component further up provides: then there is no cycle, and more to look at.
fn acyclic(mut plugins: Vec<Vec<Chance>>) -> Vec<Vec<Chance>> {
    for component in plugins.iter_mut().flatten() {
        component
            .needs
            .retain(|(service, _)| *service < component.provides);
        component.decorates = false;
    }
    plugins
}

/// Composes, with the plugins found in one order or another.
fn compose(plugins: &[Vec<Chance>], binds: &[Option<usize>], rotation: usize) -> Outcome {
    let mut found: Vec<Package> = plugins
        .iter()
        .enumerate()
        .map(|(number, components)| {
            let package = Package::new(format!("p{number}"), "1.0.0").depends_on(["api"]);
            package.manifest(manifest(number, components))
        })
        .collect();
    let by = rotation % found.len().max(1);
    found.rotate_left(by);
    if rotation % 2 == 1 {
        found.reverse();
    }
    let mut host = "treenail = 1\n[host]\n[bind]\n".to_owned();
    for (service, chosen) in binds.iter().enumerate() {
        let mut providers = plugins.iter().enumerate().flat_map(|(plugin, components)| {
            components
                .iter()
                .enumerate()
                .filter(move |(_, one)| one.provides == service && !one.decorates)
                .map(move |(place, _)| (plugin, place))
        });
        if let Some((plugin, place)) = chosen.and_then(|chosen| providers.nth(chosen)) {
            let _ = writeln!(host, "\"dyn api::S{service}\" = \"p{plugin}:C{place}\"");
        }
    }
    let host = Package::new("zz-host", "1.0.0").manifest(host);
    let case = Case::new(host).with(Package::new("api", "1.0.0"));
    found.into_iter().fold(case, Case::with).compose()
}

fn manifest(plugin: usize, components: &[Chance]) -> String {
    let mut text = format!("treenail = 1\n[plugin]\nid = \"p{plugin}\"\n");
    for (place, component) in components.iter().enumerate() {
        let _ = writeln!(text, "[[component]]\ntype = \"crate::C{place}\"");
        let service = component.provides;
        if component.decorates {
            let _ = writeln!(text, "decorate = \"dyn api::S{service}\"");
        } else {
            let _ = writeln!(
                text,
                "provides = [\"dyn api::S{service}\"]\nscope = \"{}\"",
                SCOPES[component.scope]
            );
        }
        text.push_str("[component.requires]\n");
        for (field, (service, form)) in component.needs.iter().enumerate() {
            let _ = writeln!(
                text,
                "f{field} = {{ service = \"dyn api::S{service}\"{} }}",
                FORMS[*form]
            );
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_component_needs_comes_before_it((plugins, binds) in chances()) {
        let outcome = compose(&acyclic(plugins), &binds, 0);
        let Some(plan) = outcome.composed().composition() else { return Ok(()) };
        for (number, component) in plan.components.indexed() {
            for need in component.needs.iter().filter(|need| need.form != Form::Lazy) {
                for before in need.default.iter().chain(need.providers.iter().filter(|_| matches!(need.form, Form::All | Form::Map))) {
                    let configured = |number: ComponentIx| plan.components[number].scope == crate::model::Scope::Instance;
                    prop_assert!(*before < number || configured(*before) && configured(number), "{} before {}", plan.components[*before].id, component.id);
                }
            }
        }
    }

    #[test]
    fn the_generated_file_parses((plugins, binds) in chances()) {
        let outcome = compose(&acyclic(plugins), &binds, 0);
        let rust = outcome.composed().rust();
        prop_assert!(syn::parse_file(rust).is_ok(), "{rust}");
    }

    #[test]
    fn the_order_in_which_plugins_are_found_is_nothing_to_the_result((plugins, binds) in chances(), rotation in 0..8_usize) {
        let (one, two) = (compose(&plugins, &binds, 0), compose(&plugins, &binds, rotation));
        prop_assert_eq!(one.text(), two.text());
        prop_assert_eq!(one.composed().rust(), two.composed().rust());
    }

    #[test]
    fn the_same_composition_gives_the_same_bytes((plugins, binds) in chances()) {
        let (one, two) = (compose(&plugins, &binds, 0), compose(&plugins, &binds, 0));
        prop_assert_eq!(one.composed().rust(), two.composed().rust());
        prop_assert_eq!(one.messages(), two.messages());
    }

    /// A plain requirement of a singleton has the provider that the rules name, found here by counting.
    #[test]
    fn a_plain_requirement_gets_the_only_or_the_bound_provider((plugins, binds) in chances()) {
        let plugins = acyclic(plugins);
        let outcome = compose(&plugins, &binds, 0);
        let Some(plan) = outcome.composed().composition() else { return Ok(()) };
        for component in plan.components.iter().filter(|one| one.scope != crate::model::Scope::Instance) {
            for need in component.needs.iter().filter(|need| need.form == Form::One) {
                let key = &plan.services[need.service].display;
                let service: usize = key.trim_start_matches("dyn api::S").parse().expect("a number");
                let all: Vec<(String, usize)> = plugins.iter().enumerate().flat_map(|(plugin, components)| {
                    components.iter().enumerate().filter(|(_, one)| one.provides == service).map(move |(place, one)| (format!("p{plugin}:C{place}"), one.scope))
                }).collect();
                let fixed: Vec<&str> = all.iter().filter(|(_, scope)| *scope != 1).map(|(id, _)| id.as_str()).collect();
                let expected = match binds[service].and_then(|chosen| all.get(chosen)) {
                    Some((id, _)) => id.as_str(),
                    None => fixed[0],
                };
                prop_assert!(binds[service].and_then(|chosen| all.get(chosen)).is_some() || fixed.len() == 1);
                let found = need.default.map(|number| plan.components[number].id.as_str());
                prop_assert_eq!(found, Some(expected));
            }
        }
    }
}

#[test]
fn enough_of_what_chance_makes_composes() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let composed = (0..100).filter(|_| {
        let (plugins, binds) = chances().new_tree(&mut runner).expect("a value").current();
        !compose(&acyclic(plugins), &binds, 0)
            .composed()
            .has_errors()
    });
    let composed = composed.count();
    assert!(
        composed >= 20,
        "only {composed} of 100: the laws look at too little"
    );
}
