//! Prints a composition as a graph, for people: who needs whom, plugin by plugin, and which entries each registry has. It is one
//! long page: what is drawn is said once, and then in two languages.

use std::borrow::Cow;
use std::fmt::Write;

use super::left_out::kept_out_by;
use crate::key_map::KeyMap;
use crate::model::{ComponentIx, Composition, Form, PluginIx, Reason};

/// The language of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphFormat {
    /// Graphviz.
    Dot,
    /// Mermaid, which many forges draw inside Markdown.
    Mermaid,
}

/// The graph as text. An arrow goes from a component to what it needs; lazy ones, which do not order, are dashed. Its label is the
/// field, and the decorator whose value around the other component is handed over. A registry is drawn beside the plugins, with an
/// arrow to each of its entries, whose label is the key. Who is left out is dotted, with a dotted arrow to who takes its place, or
/// from who needed it; an entry that is left out is its plugin and what keeps it out, with a dotted arrow from the registry.
pub(crate) fn print(plan: &Composition, format: GraphFormat) -> String {
    match format {
        GraphFormat::Dot => dot(plan),
        GraphFormat::Mermaid => mermaid(plan),
    }
}

fn dot(plan: &Composition) -> String {
    let name = &plan.host.package;
    let mut text = format!("digraph {name:?} {{\n    rankdir = LR;\n    node [shape = box];\n");
    for (number, plugin) in plan.plugins.indexed() {
        let label = format!("{} {}", plugin.id, plugin.version);
        let _ = writeln!(
            text,
            "    subgraph cluster_{number} {{\n        label = {label:?};"
        );
        for (node, component) in members(plan, number) {
            let _ = writeln!(text, "        c{node} [label = {component:?}];");
        }
        for (node, name) in constants(plan, number) {
            let _ = writeln!(text, "        {node} [label = {name:?}, shape = plain];");
        }
        text.push_str("    }\n");
    }
    for (number, registry) in plan.registries.indexed() {
        let label = &registry.display;
        let _ = writeln!(text, "    r{number} [label = {label:?}, shape = folder];");
    }
    let draw = |text: &mut String, arrow: &Arrow<'_>| {
        let Arrow {
            from, to, label, ..
        } = arrow;
        let style = match arrow.line {
            Stroke::Solid => "",
            Stroke::Dashed => ", style = dashed",
            Stroke::Dotted => ", style = dotted",
        };
        let _ = writeln!(text, "    {from} -> {to} [label = {label:?}{style}];");
    };
    for arrow in arrows(plan).chain(entries(plan)) {
        draw(&mut text, &arrow);
    }
    for loser in losers(plan).chain(left_out_entries(plan)) {
        let _ = writeln!(
            text,
            "    {} [label = {:?}, style = dotted];",
            loser.node, loser.name
        );
        for arrow in &loser.arrows {
            draw(&mut text, arrow);
        }
    }
    text.push_str("}\n");
    text
}

fn mermaid(plan: &Composition) -> String {
    let mut text = "flowchart LR\n".to_owned();
    for (number, plugin) in plan.plugins.indexed() {
        let label = format!("{} {}", plugin.id, plugin.version);
        let _ = writeln!(text, "    subgraph p{number}[{label:?}]");
        for (node, component) in members(plan, number) {
            let _ = writeln!(text, "        c{node}[{component:?}]");
        }
        for (node, name) in constants(plan, number) {
            let _ = writeln!(text, "        {node}([{name:?}])");
        }
        text.push_str("    end\n");
    }
    for (number, registry) in plan.registries.indexed() {
        let _ = writeln!(text, "    r{number}[({:?})]", registry.display);
    }
    let draw = |text: &mut String, arrow: &Arrow<'_>| {
        let Arrow {
            from, to, label, ..
        } = arrow;
        let line = if arrow.line == Stroke::Solid {
            "-->"
        } else {
            "-.->"
        };
        let is_plain = |c: char| c.is_alphanumeric() || " _:-.".contains(c);
        let _ = match label.chars().all(is_plain) {
            true => writeln!(text, "    {from} {line}|{label}| {to}"),
            false => writeln!(text, "    {from} {line}|{label:?}| {to}"),
        };
    };
    for arrow in arrows(plan).chain(entries(plan)) {
        draw(&mut text, &arrow);
    }
    for loser in losers(plan).chain(left_out_entries(plan)) {
        let node = &loser.node;
        let _ = writeln!(text, "    {node}[{:?}]", loser.name);
        let _ = writeln!(text, "    style {node} stroke-dasharray: 3 3");
        for arrow in &loser.arrows {
            draw(&mut text, arrow);
        }
    }
    text
}

/// An arrow, by the names of its nodes: `c` and its number for a component, `x` for one that is left out, `r` for a registry, `e`
/// and two numbers for an entry that no component makes, `o` and two numbers for an entry that is left out.
struct Arrow<'a> {
    from: String,
    to: String,
    label: Cow<'a, str>,
    line: Stroke,
}

#[derive(PartialEq, Eq)]
enum Stroke {
    Solid,
    Dashed,
    Dotted,
}

fn members(plan: &Composition, plugin: PluginIx) -> impl Iterator<Item = (ComponentIx, &str)> {
    let components = plan.components.indexed();
    components
        .filter(move |(_, component)| component.plugin == plugin)
        .map(|(node, component)| (node, component.id.as_str()))
}

/// Entries of a plugin that no component makes, by their nodes.
fn constants(plan: &Composition, plugin: PluginIx) -> impl Iterator<Item = (String, String)> + '_ {
    plan.registries
        .indexed()
        .flat_map(move |(number, registry)| {
            let entries = registry.entries.iter().enumerate();
            let constants =
                entries.filter(move |(_, one)| one.plugin == plugin && one.made.is_none());
            constants.map(move |(place, entry)| {
                let path = entry.what.path();
                (format!("e{number}_{place}"), path.value.to_string())
            })
        })
}

/// From each registry to its entries.
fn entries(plan: &Composition) -> impl Iterator<Item = Arrow<'_>> {
    plan.registries.indexed().flat_map(|(number, registry)| {
        let entries = registry.entries.iter().enumerate();
        entries.map(move |(place, entry)| Arrow {
            from: format!("r{number}"),
            to: match entry.made {
                Some(component) => format!("c{component}"),
                None => format!("e{number}_{place}"),
            },
            label: Cow::Borrowed(&entry.key),
            line: Stroke::Solid,
        })
    })
}

fn arrows(plan: &Composition) -> impl Iterator<Item = Arrow<'_>> {
    let needs = plan.components.indexed();
    let needs = needs.flat_map(|(from, one)| one.needs.iter().map(move |need| (from, need)));
    needs.flat_map(|(from, need)| {
        // In a chain, the first decorator points at all that it wraps, and each further one at the one before it.
        let (to, through) = match need.form {
            Form::Inner => (need.handed_over(), None),
            Form::Registry => (&[][..], None),
            _ => (&need.providers[..], need.wrapped_by),
        };
        let through = through.map(|decorator| &plan.components[decorator].id);
        let to = to.iter().map(|to| format!("c{to}"));
        let registry = need.registry.map(|registry| format!("r{registry}"));
        to.chain(registry).map(move |to| Arrow {
            from: format!("c{from}"),
            to,
            label: match through {
                Some(decorator) => Cow::Owned(format!("{} through {decorator}", need.field)),
                None => Cow::Borrowed(&need.field),
            },
            line: match need.form {
                Form::Lazy => Stroke::Dashed,
                _ => Stroke::Solid,
            },
        })
    })
}

/// A component or an entry that is left out, with the arrows from and to it.
struct DrawnLoser<'a> {
    node: String,
    name: Cow<'a, str>,
    arrows: Vec<Arrow<'a>>,
}

/// Those that are left out because others take their place, or because only these needed them.
fn losers(plan: &Composition) -> impl Iterator<Item = DrawnLoser<'_>> {
    let all = plan.left_out.iter();
    let all = all.filter(|one| !matches!(one.reason, Reason::Off(_)));
    // A winner may be left out itself, where only losers needed it.
    let left_out =
        (all.clone().enumerate()).map(|(number, one)| (one.name.as_str(), format!("x{number}")));
    let there =
        (plan.components.indexed()).map(|(number, one)| (one.id.as_str(), format!("c{number}")));
    let nodes: KeyMap<&str, String> = left_out.chain(there).collect();
    all.map(move |one| {
        let dotted = |from: &str, to: &str, label: &'static str| {
            Some(Arrow {
                from: nodes.get(from)?.clone(),
                to: nodes.get(to)?.clone(),
                label: Cow::Borrowed(label),
                line: Stroke::Dotted,
            })
        };
        let arrows = match &one.reason {
            Reason::Lost(wins) => {
                let wins = wins.iter();
                wins.filter_map(|(winner, _)| dotted(&one.name, winner, "lost to"))
                    .collect()
            }
            Reason::Unneeded(needer) => {
                let arrow = dotted(needer, &one.name, "needed");
                arrow.into_iter().collect()
            }
            Reason::Off(_) => Vec::new(),
        };
        DrawnLoser {
            node: nodes.get(one.name.as_str()).cloned().unwrap_or_default(),
            name: Cow::Borrowed(&one.name),
            arrows,
        }
    })
}

/// Entries that are known and not there.
fn left_out_entries(plan: &Composition) -> impl Iterator<Item = DrawnLoser<'_>> {
    plan.registries.indexed().flat_map(|(number, registry)| {
        let entries = registry.left_out.iter().enumerate();
        entries.map(move |(place, entry)| {
            let node = format!("o{number}_{place}");
            let arrow = Arrow {
                from: format!("r{number}"),
                to: node.clone(),
                label: Cow::Borrowed(&entry.key),
                line: Stroke::Dotted,
            };
            DrawnLoser {
                node,
                name: Cow::Owned(format!("{}, {}", entry.plugin, kept_out_by(&entry.off))),
                arrows: vec![arrow],
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::GraphFormat;
    use crate::testing::{Case, Package};

    fn with_losers(format: GraphFormat) -> String {
        let host = "treenail = 1\n[host]\n[bind]\n\"dyn api::Tickets\" = \"store:Memory\"\n";
        let store = "treenail = 1\n[plugin]\nid = \"store\"\n\
            [[component]]\ntype = \"crate::Memory\"\nprovides = [\"dyn api::Tickets\"]\n\
            [[component]]\ntype = \"crate::Remote\"\nprovides = [\"dyn api::Tickets\"]\nrequires = { http = \"dyn api::Http\" }\n\
            [[component]]\ntype = \"crate::Http\"\nprovides = [\"dyn api::Http\"]\n";
        drawn(host, store, format)
    }

    fn drawn(host: &str, store: &str, format: GraphFormat) -> String {
        let package = |name, manifest| {
            let package = Package::new(name, "1.0.0").depends_on(["api", "treenail"]);
            package.manifest(manifest)
        };
        let case = Case::new(package("desk", host))
            .with(package("store", store))
            .with(Package::new("treenail", "0.1.0"))
            .beside(Package::new("api", "1.0.0"));
        let outcome = case.compose();
        outcome.composed().graph(format).expect("a composition")
    }

    #[test]
    fn an_arrow_says_through_which_decorator_it_goes() {
        let store = "treenail = 1\n[plugin]\nid = \"store\"\n\
            [[component]]\ntype = \"crate::Disk\"\nprovides = [\"dyn api::Tickets\"]\n\
            [[component]]\ntype = \"crate::Inner\"\ndecorate = \"dyn api::Tickets\"\n\
            [[component]]\ntype = \"crate::Outer\"\ndecorate = \"dyn api::Tickets\"\n\
            [[component]]\ntype = \"crate::View\"\nrequires = { tickets = \"dyn api::Tickets\" }\n";
        let dot = drawn("treenail = 1\n[host]\n", store, GraphFormat::Dot);
        let lines = dot.lines().filter(|line| line.contains("label"));
        assert_eq!(
            lines.map(str::trim).collect::<Vec<_>>(),
            [
                "label = \"store 1.0.0\";",
                "c0 [label = \"store:Disk\"];",
                "c1 [label = \"store:Inner\"];",
                "c2 [label = \"store:Outer\"];",
                "c3 [label = \"store:View\"];",
                "c1 -> c0 [label = \"inner\"];",
                "c2 -> c1 [label = \"inner\"];",
                "c3 -> c0 [label = \"tickets through store:Outer\"];",
            ]
        );
    }

    #[test]
    fn a_registry_leads_to_its_entries_and_whoever_asks_leads_to_it() {
        let store = "treenail = 1\n[plugin]\nid = \"store\"\n\
            [[component]]\ntype = \"crate::Pool\"\n\
            [[component]]\ntype = \"crate::Proxy\"\nrequires = { filters = { registry = \"api::Filters\" } }\n\
            [registry.\"api::Filters\"]\n\"urn:a\" = { value = \"crate::A\" }\n\
            callout = { type = \"crate::Callout\", requires = { pool = \"crate::Pool\" } }\n";
        let dot = drawn("treenail = 1\n[host]\n", store, GraphFormat::Dot);
        let lines = dot.lines().filter(|line| line.contains("label"));
        assert_eq!(
            lines.map(str::trim).collect::<Vec<_>>(),
            [
                "label = \"store 1.0.0\";",
                "c0 [label = \"store:Pool\"];",
                "c1 [label = \"store:api::Filters(callout)\"];",
                "c2 [label = \"store:Proxy\"];",
                "e0_1 [label = \"crate::A\", shape = plain];",
                "r0 [label = \"api::Filters\", shape = folder];",
                "c1 -> c0 [label = \"pool\"];",
                "c2 -> r0 [label = \"filters\"];",
                "r0 -> c1 [label = \"callout\"];",
                "r0 -> e0_1 [label = \"urn:a\"];",
            ]
        );
    }

    #[test]
    fn an_entry_that_is_left_out_is_dotted_with_what_keeps_it_out() {
        let host = "treenail = 1\n[host]\n[registry.\"api::Filters\"]\nslow = false\n";
        let store = "treenail = 1\n[plugin]\nid = \"store\"\n[registry.\"api::Filters\"]\n\
            keys = { value = \"crate::KEYS\", when = 'cfg(windows)' }\n\
            slow = { type = \"crate::Slow\", requires = { pool = \"crate::Pool\" } }\n\
            [[component]]\ntype = \"crate::Pool\"\n";
        let lines = |format| {
            let drawn = drawn(host, store, format);
            let is_left_out = |line: &&str| line.contains(" o0_");
            let lines = drawn.lines().filter(is_left_out).map(str::trim);
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(
            lines(GraphFormat::Dot),
            [
                "o0_0 [label = \"store, not for this platform\", style = dotted];",
                "r0 -> o0_0 [label = \"keys\", style = dotted];",
                "o0_1 [label = \"store, switched off\", style = dotted];",
                "r0 -> o0_1 [label = \"slow\", style = dotted];",
            ]
        );
        assert_eq!(
            lines(GraphFormat::Mermaid),
            [
                "o0_0[\"store, not for this platform\"]",
                "style o0_0 stroke-dasharray: 3 3",
                "r0 -.->|keys| o0_0",
                "o0_1[\"store, switched off\"]",
                "style o0_1 stroke-dasharray: 3 3",
                "r0 -.->|slow| o0_1",
            ]
        );
    }

    #[test]
    fn who_is_left_out_is_dotted_beside_who_takes_its_place() {
        let dot = with_losers(GraphFormat::Dot);
        let losers = dot.lines().filter(|line| line.contains("dotted"));
        assert_eq!(
            losers.map(str::trim).collect::<Vec<_>>(),
            [
                "x0 [label = \"store:Http\", style = dotted];",
                "x1 -> x0 [label = \"needed\", style = dotted];",
                "x1 [label = \"store:Remote\", style = dotted];",
                "x1 -> c0 [label = \"lost to\", style = dotted];",
            ]
        );
        let mermaid = with_losers(GraphFormat::Mermaid);
        let (_, losers) = mermaid.split_once("    end\n").expect("a plugin");
        assert_eq!(
            losers.lines().map(str::trim).collect::<Vec<_>>(),
            [
                "x0[\"store:Http\"]",
                "style x0 stroke-dasharray: 3 3",
                "x1 -.->|needed| x0",
                "x1[\"store:Remote\"]",
                "style x1 stroke-dasharray: 3 3",
                "x1 -.->|lost to| c0",
            ]
        );
    }
}
