//! Prints a composition as a graph, for people: who needs whom, plugin by plugin.

use std::borrow::Cow;
use std::fmt::Write;

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
/// field, and the decorator whose value around the other component is handed over. Who is left out
/// is dotted, with a dotted arrow to who takes its place, or from who needed it.
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
        text.push_str("    }\n");
    }
    let draw = |text: &mut String, arrow: &Arrow<'_>| {
        let Arrow {
            from, to, label, ..
        } = arrow;
        let style = match arrow.line {
            Line::Solid => "",
            Line::Dashed => ", style = dashed",
            Line::Dotted => ", style = dotted",
        };
        let _ = writeln!(text, "    {from} -> {to} [label = {label:?}{style}];");
    };
    for arrow in arrows(plan) {
        draw(&mut text, &arrow);
    }
    for (number, loser) in losers(plan).enumerate() {
        let _ = writeln!(
            text,
            "    x{number} [label = {:?}, style = dotted];",
            loser.name
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
        text.push_str("    end\n");
    }
    let draw = |text: &mut String, arrow: &Arrow<'_>| {
        let Arrow {
            from, to, label, ..
        } = arrow;
        let line = if arrow.line == Line::Solid {
            "-->"
        } else {
            "-.->"
        };
        let _ = writeln!(text, "    {from} {line}|{label}| {to}");
    };
    for arrow in arrows(plan) {
        draw(&mut text, &arrow);
    }
    for (number, loser) in losers(plan).enumerate() {
        let _ = writeln!(text, "    x{number}[{:?}]", loser.name);
        let _ = writeln!(text, "    style x{number} stroke-dasharray: 3 3");
        for arrow in &loser.arrows {
            draw(&mut text, arrow);
        }
    }
    text
}

/// An arrow, by the names of its nodes: `c` and its number for a component, `x` for one that is left out.
struct Arrow<'a> {
    from: String,
    to: String,
    label: Cow<'a, str>,
    line: Line,
}

#[derive(PartialEq, Eq)]
enum Line {
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

fn arrows(plan: &Composition) -> impl Iterator<Item = Arrow<'_>> {
    let needs = plan.components.indexed();
    let needs = needs.flat_map(|(from, one)| one.needs.iter().map(move |need| (from, need)));
    needs.flat_map(|(from, need)| {
        // In a chain, the first decorator points at all that it wraps, and each further one at the one before it.
        let (to, through) = match need.form {
            Form::Inner => (need.handed_over(), None),
            _ => (&need.providers[..], need.wrapped_by),
        };
        let through = through.map(|decorator| &plan.components[decorator].id);
        to.iter().map(move |to| Arrow {
            from: format!("c{from}"),
            to: format!("c{to}"),
            label: match through {
                Some(decorator) => Cow::Owned(format!("{} through {decorator}", need.field)),
                None => Cow::Borrowed(&need.field),
            },
            line: match need.form {
                Form::Lazy => Line::Dashed,
                _ => Line::Solid,
            },
        })
    })
}

/// A component that is left out, with the arrows from and to it.
struct Loser<'a> {
    name: &'a str,
    arrows: Vec<Arrow<'a>>,
}

/// Those that are left out because others take their place, or because only these needed them.
fn losers(plan: &Composition) -> impl Iterator<Item = Loser<'_>> {
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
                line: Line::Dotted,
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
        Loser {
            name: &one.name,
            arrows,
        }
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
