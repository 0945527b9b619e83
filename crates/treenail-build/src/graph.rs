//! Prints a composition as a graph, for people: who needs whom, plugin by plugin.

use std::fmt::Write;

use crate::model::{Composition, Form};

/// The language of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphFormat {
    /// Graphviz.
    Dot,
    /// Mermaid, which many forges draw inside Markdown.
    Mermaid,
}

/// The graph as text. An arrow goes from a component to what it needs; lazy ones, which do not order, are dashed.
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
    text
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
