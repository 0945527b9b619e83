//! The rules of entries, told a second time: whose entry counts, what is left out, and what is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use proptest::collection::btree_map;
use proptest::prelude::*;

use super::{entries, left_out};
use crate::model::EntryPath;
use crate::testing::Case;

const KEYS: [&str; 4] = ["a", "A", "b", "urn:c"];
const PLUGINS: [&str; 2] = ["guard", "tenant"];

/// Whether a plugin takes part.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    In,
    Off,
    Unfit,
}

/// An entry of a plugin: what it is, and under which feature.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Entry {
    has_services: bool,
    feature: Option<bool>,
}

/// A line of the host's.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Line {
    Own,
    Nobody,
    From(usize),
}

#[derive(Debug, Clone)]
struct World {
    plugins: Vec<(Part, BTreeMap<usize, Entry>)>,
    host: BTreeMap<usize, Line>,
    overlay: BTreeMap<usize, Line>,
}

fn worlds() -> impl Strategy<Value = World> {
    let part = prop_oneof![4 => Just(Part::In), 1 => Just(Part::Off), 1 => Just(Part::Unfit)];
    let entry = (
        any::<bool>(),
        prop_oneof![3 => Just(None), 1 => any::<bool>().prop_map(Some)],
    );
    let entry = entry.prop_map(|(has_services, feature)| Entry {
        has_services,
        feature,
    });
    let line = prop_oneof![
        Just(Line::Own),
        Just(Line::Nobody),
        (0..PLUGINS.len()).prop_map(Line::From)
    ];
    let plugin = (part, btree_map(0..KEYS.len(), entry, 0..4));
    let lines = || btree_map(0..KEYS.len(), line.clone(), 0..3);
    let plugins = proptest::collection::vec(plugin, PLUGINS.len());
    (plugins, lines(), lines()).prop_map(|(plugins, host, overlay)| World {
        plugins,
        host,
        overlay,
    })
}

fn text(world: &World) -> String {
    let mut text = "# overlay on\n# package desk 1.0.0: depends on guard, tenant, api, treenail\n\
        treenail = 1\n[host]\n[lints]\nwarnings = \"allow\"\nsimilar_keys = \"warn\"\n[plugins]\n"
        .to_owned();
    for (name, (part, _)) in PLUGINS.iter().zip(&world.plugins) {
        let _ = match part {
            Part::In => Ok(()),
            Part::Off => writeln!(text, "{name} = {{ enabled = false }}"),
            Part::Unfit => writeln!(text, "{name} = {{ version = \"9\", optional = true }}"),
        };
    }
    for (prefix, lines) in [("", &world.host), ("overlay.on.", &world.overlay)] {
        let _ = writeln!(text, "[{prefix}registry.\"api::R\"]");
        for (key, line) in lines {
            let says = match line {
                Line::Own => "{ value = \"crate::own\" }".to_owned(),
                Line::Nobody => "false".to_owned(),
                Line::From(plugin) => format!("{{ from = {:?} }}", PLUGINS[*plugin]),
            };
            let _ = writeln!(text, "{:?} = {says}", KEYS[*key]);
        }
    }
    for (name, (_, entries)) in PLUGINS.iter().zip(&world.plugins) {
        let _ = write!(
            text,
            "# package {name} 1.0.0: depends on api, treenail; features on; declares off\n\
             treenail = 1\n[plugin]\nid = \"{name}\"\n[registry.\"api::R\"]\n"
        );
        for (key, entry) in entries {
            let what = match entry.has_services {
                true => format!("type = \"crate::T{key}\", requires = {{}}"),
                false => "value = \"crate::v\"".to_owned(),
            };
            let when = entry.feature.map(|is_on| {
                let name = if is_on { "on" } else { "off" };
                format!(", when = {{ feature = {name:?} }}")
            });
            let when = when.unwrap_or_default();
            let _ = writeln!(text, "{:?} = {{ {what}{when} }}", KEYS[*key]);
        }
    }
    text + "# package api 1.0.0\n# package treenail 0.1.0\n"
}

/// What comes of a world: mistakes, and by key whose entry is there, and whose are left out.
#[derive(Debug, Default, PartialEq)]
struct Verdict {
    mistakes: BTreeSet<(&'static str, &'static str)>,
    there: BTreeMap<&'static str, &'static str>,
    left_out: BTreeSet<(&'static str, &'static str)>,
}

fn judge(world: &World) -> Verdict {
    let mut verdict = Verdict::default();
    let choice = |line: Option<&Line>| line.copied().filter(|line| *line != Line::Own);
    for (number, key) in KEYS.into_iter().enumerate() {
        let (host, overlay) = (world.host.get(&number), world.overlay.get(&number));
        let is_own = [host, overlay].contains(&Some(&Line::Own));
        let choice = choice(overlay).or(choice(host));
        let mut there = Vec::new();
        if is_own {
            match choice {
                Some(Line::From(_)) => _ = verdict.left_out.insert((key, "app")),
                _ => there.push("app"),
            }
        }
        let declared = |plugin: usize| world.plugins[plugin].1.get(&number);
        for (plugin, name) in PLUGINS.into_iter().enumerate() {
            let Some(entry) = declared(plugin) else {
                continue;
            };
            let is_there = world.plugins[plugin].0 == Part::In && entry.feature != Some(false);
            let is_chosen = choice.is_none_or(|choice| choice == Line::From(plugin));
            match is_there && is_chosen {
                true => there.push(name),
                false => _ = verdict.left_out.insert((key, name)),
            }
        }
        let is_mistaken = match choice {
            Some(Line::Nobody) => (0..PLUGINS.len()).all(|plugin| declared(plugin).is_none()),
            Some(Line::From(plugin)) => declared(plugin).is_none_or(|entry| {
                world.plugins[plugin].0 == Part::In && entry.feature == Some(false)
            }),
            _ => false,
        };
        if is_mistaken {
            verdict.mistakes.insert(("TN0313", key));
        }
        if there.len() > 1 {
            verdict.mistakes.insert(("TN0312", key));
        }
        if let Some(first) = there.first() {
            verdict.there.insert(key, first);
        }
    }
    if verdict.there.contains_key("a") && verdict.there.contains_key("A") {
        verdict.mistakes.insert(("TN0912", "a"));
    }
    verdict
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_compiler_agrees_with_the_rules(world in worlds()) {
        let (text, expected) = (text(&world), judge(&world));
        let outcome = Case::parse(&text).compose();
        let told = outcome.messages().iter().map(|one| {
            let span = one.spans.first().expect("a place");
            let key = span.line.split('=').next().unwrap_or_default().trim();
            (one.code, key.trim_matches('"').to_owned())
        });
        let told: BTreeSet<(&str, String)> = told.collect();
        let mistakes = expected.mistakes.iter().map(|(code, key)| (*code, (*key).to_owned()));
        prop_assert_eq!(told, mistakes.collect::<BTreeSet<_>>(), "{}\n{}", text, outcome.text());
        let composed = outcome.composed();
        let Some(plan) = composed.composition() else { return Ok(()) };
        if plan.registries.iter().count() == 0 {
            prop_assert!(expected.there.is_empty() && expected.left_out.is_empty());
            return Ok(());
        }
        let name = "api::R";
        let there = expected.there.iter().map(|(key, plugin)| format!("{key} {plugin} "));
        let found = entries(composed, name);
        prop_assert_eq!(found.len(), expected.there.len());
        for (line, start) in found.iter().zip(there) {
            prop_assert!(line.starts_with(&start), "{} is not {}", line, start);
        }
        let left_out: Vec<String> = left_out(composed, name);
        let starts = expected.left_out.iter().map(|(key, plugin)| format!("{key} {plugin} "));
        prop_assert_eq!(left_out.len(), expected.left_out.len());
        for (line, start) in left_out.iter().zip(starts) {
            prop_assert!(line.starts_with(&start), "{} is not {}", line, start);
        }
        for entry in &plan.registries.iter().next().expect("the registry").entries {
            prop_assert_eq!(entry.made.is_some(), matches!(entry.what, EntryPath::Type(_)));
        }
    }
}

#[test]
fn chance_makes_every_mistake_of_the_rules_and_worlds_without_one() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut fine, mut codes) = (0, BTreeSet::new());
    for _ in 0..1000 {
        let world = worlds().new_tree(&mut runner).expect("a value").current();
        let verdict = judge(&world);
        fine += usize::from(verdict.mistakes.is_empty() && verdict.there.len() > 1);
        codes.extend(verdict.mistakes.into_iter().map(|(code, _)| code));
    }
    assert!(fine > 100, "only {fine} of 1000");
    assert_eq!(codes, BTreeSet::from(["TN0312", "TN0313", "TN0912"]));
}
