//! Prints a composition as a graph, for people: who needs whom, plugin by plugin.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::{Composition, Form, Reason};

/// The language of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphFormat {
    /// Graphviz.
    Dot,
    /// Mermaid, which many forges draw inside Markdown.
    Mermaid,
}

/// The graph as text. An arrow goes from a component to what it needs; lazy ones, which do not order, are dashed. Who is left out
/// is dotted, with a dotted arrow to who takes its place, or from who needed it.
pub(crate) fn print(plan: &Composition, format: GraphFormat) -> String {
    match format {
        GraphFormat::Dot => dot(plan),
        GraphFormat::Mermaid => mermaid(plan),
    }
}

fn dot(plan: &Composition) -> String {
    let mut text = format!(
        "digraph {:?} {{\n    rankdir = LR;\n    node [shape = box];\n",
        plan.host.package
    );
    for (number, plugin) in plan.plugins.iter().enumerate() {
        let _ = writeln!(
            text,
            "    subgraph cluster_{number} {{\n        label = \"{} {}\";",
            plugin.id, plugin.version
        );
        for (node, component) in members(plan, number) {
            let _ = writeln!(text, "        c{node} [label = {component:?}];");
        }
        text.push_str("    }\n");
    }
    for arrow in arrows(plan) {
        let style = if arrow.lazy { ", style = dashed" } else { "" };
        let _ = writeln!(
            text,
            "    c{} -> c{} [label = {:?}{style}];",
            arrow.from, arrow.to, arrow.label
        );
    }
    for (number, loser) in losers(plan).enumerate() {
        let _ = writeln!(
            text,
            "    x{number} [label = {:?}, style = dotted];",
            loser.name
        );
        for arrow in loser.arrows {
            let _ = writeln!(
                text,
                "    {} -> {} [label = {:?}, style = dotted];",
                arrow.from, arrow.to, arrow.label
            );
        }
    }
    text.push_str("}\n");
    text
}

fn mermaid(plan: &Composition) -> String {
    let mut text = "flowchart LR\n".to_owned();
    for (number, plugin) in plan.plugins.iter().enumerate() {
        let _ = writeln!(
            text,
            "    subgraph p{number}[\"{} {}\"]",
            plugin.id, plugin.version
        );
        for (node, component) in members(plan, number) {
            let _ = writeln!(text, "        c{node}[{component:?}]");
        }
        text.push_str("    end\n");
    }
    for arrow in arrows(plan) {
        let line = if arrow.lazy { "-.->" } else { "-->" };
        let _ = writeln!(
            text,
            "    c{} {line}|{}| c{}",
            arrow.from, arrow.label, arrow.to
        );
    }
    for (number, loser) in losers(plan).enumerate() {
        let _ = writeln!(
            text,
            "    x{number}[{:?}]\n    style x{number} stroke-dasharray: 3 3",
            loser.name
        );
        for arrow in loser.arrows {
            let _ = writeln!(
                text,
                "    {} -.->|{}| {}",
                arrow.from, arrow.label, arrow.to
            );
        }
    }
    text
}

/// A component that is left out, which is drawn as `x` and its number.
struct Loser<'a> {
    name: &'a str,
    arrows: Vec<LoserArrow>,
}

/// An arrow from or to one, by the names of nodes.
struct LoserArrow {
    from: String,
    to: String,
    label: &'static str,
}

/// Those that are left out because others take their place, or because only these needed them.
fn losers(plan: &Composition) -> impl Iterator<Item = Loser<'_>> {
    let all = plan.left_out.iter();
    let all = all.filter(|one| !matches!(one.reason, Reason::Off(_)));
    let losers: BTreeMap<&str, usize> = (all.clone().enumerate())
        .map(|(number, one)| (one.name.as_str(), number))
        .collect();
    let there: BTreeMap<&str, usize> = (plan.components.iter().enumerate())
        .map(|(number, one)| (one.id.as_str(), number))
        .collect();
    // A winner may be left out itself, where only losers needed it.
    let node = move |id: &str| match there.get(id) {
        Some(number) => Some(format!("c{number}")),
        None => losers.get(id).map(|number| format!("x{number}")),
    };
    all.enumerate().map(move |(number, one)| {
        let own = format!("x{number}");
        let arrow = |from: Option<String>, to: Option<String>, label| {
            Some(LoserArrow {
                from: from?,
                to: to?,
                label,
            })
        };
        let arrows = match &one.reason {
            Reason::Lost(wins) => {
                let wins = wins.iter();
                wins.filter_map(|(winner, _)| arrow(Some(own.clone()), node(winner), "lost to"))
                    .collect()
            }
            Reason::Unneeded(needer) => {
                let arrow = arrow(node(needer), Some(own), "needed");
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

fn members(plan: &Composition, plugin: usize) -> impl Iterator<Item = (usize, &str)> {
    let components = plan.components.iter().enumerate();
    components
        .filter(move |(_, component)| component.plugin == plugin)
        .map(|(node, component)| (node, component.id.as_str()))
}

struct Arrow<'a> {
    from: usize,
    to: usize,
    label: &'a str,
    lazy: bool,
}

fn arrows(plan: &Composition) -> impl Iterator<Item = Arrow<'_>> {
    plan.components
        .iter()
        .enumerate()
        .flat_map(|(from, component)| {
            component.needs.iter().flat_map(move |need| {
                need.providers.iter().map(move |to| Arrow {
                    from,
                    to: *to,
                    label: &need.field,
                    lazy: need.form == Form::Lazy || need.lazy,
                })
            })
        })
}

#[cfg(test)]
mod tests {
    use super::GraphFormat;
    use crate::testing::{Case, Package};

    fn drawn(format: GraphFormat) -> String {
        let host = "treenail = 1\n[host]\n[bind]\n\"dyn api::Tickets\" = \"store:Memory\"\n";
        let store = "treenail = 1\n[plugin]\nid = \"store\"\n\
            [[component]]\ntype = \"crate::Memory\"\nprovides = [\"dyn api::Tickets\"]\n\
            [[component]]\ntype = \"crate::Remote\"\nprovides = [\"dyn api::Tickets\"]\nrequires = { http = \"dyn api::Http\" }\n\
            [[component]]\ntype = \"crate::Http\"\nprovides = [\"dyn api::Http\"]\n";
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
    fn who_is_left_out_is_dotted_beside_who_takes_its_place() {
        let dot = drawn(GraphFormat::Dot);
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
        let mermaid = drawn(GraphFormat::Mermaid);
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
