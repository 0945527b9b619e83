//! What the page draws, as numbers and names: the layout is the browser's, since it depends on what is looked at.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::markup::{Names, anchor};
use crate::description::{Component, Description, Need};
use crate::why::Told;

/// What is drawn of a composition: boxes in groups, arrows from who needs to who is needed, and what belongs to each topic.
pub(super) fn drawing(
    description: &Description,
    path: &[&str],
    broken: &BTreeSet<String>,
) -> String {
    let names = Names::of(description);
    let mut drawing = Drawing::default();
    for plugin in &description.plugins {
        let (id, version) = (&plugin.id, &plugin.version);
        drawing
            .groups
            .push(json!([anchor("plugin", id), id, version]));
    }
    for one in &description.components {
        let name = one
            .id
            .split_once(':')
            .map_or(one.id.as_str(), |(_, name)| name);
        let kind = if one.is_entry() { "entry" } else { "component" };
        let at = drawing.node(&anchor("component", &one.id), name, Some(&one.plugin), kind);
        drawing.belongs("plugin", &one.plugin, at);
    }
    for one in &description.registries {
        drawing.node(&anchor("registry", &one.key), &one.name, None, "registry");
    }
    for one in description
        .left_out
        .iter()
        .filter(|one| one.is_consequence())
    {
        let (plugin, name) = one.name.split_once(':').unwrap_or(("", &one.name));
        let at = drawing.node(
            &anchor("left-out", &one.name),
            name,
            Some(plugin),
            "left-out",
        );
        drawing.belongs("plugin", plugin, at);
    }
    let told = Told::of(description);
    for (needer, need) in description.needs() {
        drawing.need(&told, needer, need);
    }
    for registry in &description.registries {
        let from = anchor("registry", &registry.key);
        for entry in &registry.entries {
            let to = match &entry.made_by {
                Some(id) => anchor("component", id),
                None => {
                    // A constant is looked at with its registry.
                    let at = drawing.node_at(&from, &entry.key, Some(&entry.plugin), "entry");
                    drawing.belongs("plugin", &entry.plugin, at);
                    at.to_string()
                }
            };
            let words = format!("entry `{}` of `{}`, {}", entry.key, entry.plugin, entry.at);
            drawing.arrow(&from, &to, &entry.key, "entry", &words);
        }
    }
    for one in &description.services {
        for id in one.providers.iter().chain(&one.decorators) {
            if let Some(at) = drawing.place(&anchor("component", id)) {
                drawing.belongs("service", &one.key, at);
            }
        }
    }
    for one in &description.left_out {
        let from = anchor("left-out", &one.name);
        for win in &one.lost_to {
            let words = format!(
                "`{}` takes the place of `{}`, {}",
                win.winner, one.name, win.at
            );
            if let Some(to) = names.anchor(&win.winner) {
                drawing.arrow(&from, to, "lost to", "lost", &words);
            }
        }
        if let Some(needer) = &one.only_needed_by {
            let words = format!("only `{needer}` needed `{}`", one.name);
            drawing.arrow(&anchor("left-out", needer), &from, "needed", "lost", &words);
        }
    }
    drawing.print(path, broken)
}

#[derive(Default)]
struct Drawing {
    groups: Vec<Value>,
    nodes: Vec<[String; 4]>,
    places: BTreeMap<String, usize>,
    arrows: Vec<Value>,
    topics: BTreeMap<String, Vec<usize>>,
}

impl Drawing {
    /// A box that is its topic.
    fn node(&mut self, anchor: &str, name: &str, plugin: Option<&str>, kind: &str) -> usize {
        let at = self.node_at(anchor, name, plugin, kind);
        self.places.insert(anchor.to_owned(), at);
        self.topics.entry(anchor.to_owned()).or_default().push(at);
        at
    }

    fn node_at(&mut self, topic: &str, name: &str, plugin: Option<&str>, kind: &str) -> usize {
        let group = plugin.map(|plugin| anchor("plugin", plugin));
        self.nodes
            .push([topic, name, group.as_deref().unwrap_or(""), kind].map(str::to_owned));
        self.nodes.len() - 1
    }

    /// A box is part of a topic.
    fn belongs(&mut self, kind: &str, name: &str, at: usize) {
        self.topics.entry(anchor(kind, name)).or_default().push(at);
    }

    /// The box of a topic, or the one with this number.
    fn place(&self, anchor: &str) -> Option<usize> {
        self.places
            .get(anchor)
            .copied()
            .or_else(|| anchor.parse().ok())
    }

    fn arrow(&mut self, from: &str, to: &str, label: &str, line: &str, words: &str) {
        if let (Some(from), Some(to)) = (self.place(from), self.place(to))
            && from != to
        {
            self.arrows.push(json!([from, to, label, line, words]));
        }
    }

    /// Arrows to everybody who is handed over, or is part of what is.
    fn need(&mut self, told: &Told<'_>, needer: &Component, need: &Need) {
        let from = anchor("component", &needer.id);
        let words = told.need(needer, need);
        if need.form == "registry" {
            let to = anchor("registry", &need.service);
            return self.arrow(&from, &to, &need.field, "needs", &words);
        }
        let line = match need.form.as_str() {
            "lazy" => "lazy",
            "inner" => "wraps",
            _ => "needs",
        };
        let service = told.description.service(&need.service);
        if let Some(service) = service.filter(|one| need.lacks_answer() && !one.runtime) {
            // There is a mistake: nobody provides it, or several do.
            for id in &service.providers {
                let label = format!("{}, or another", need.field);
                self.arrow(&from, &anchor("component", id), &label, line, &words);
            }
            if service.providers.is_empty() {
                let to = anchor("service", &service.key);
                if self.place(&to).is_none() {
                    self.node(&to, &service.name, None, "missing");
                }
                self.arrow(&from, &to, &need.field, line, &words);
            }
        }
        for id in need.reached() {
            let label = match need.wrapped_by.as_ref() == Some(id) {
                true => format!("{}, around it", need.field),
                false => need.field.clone(),
            };
            self.arrow(&from, &anchor("component", id), &label, line, &words);
        }
    }

    /// The document, which stands within a page: no markup in it.
    fn print(self, path: &[&str], broken: &BTreeSet<String>) -> String {
        let path = path.iter().map(|id| self.place(&anchor("component", id)));
        let path: Vec<usize> = path.flatten().collect();
        let document = json!({
            "path": path,
            "broken": broken,
            "groups": self.groups,
            "nodes": self.nodes,
            "arrows": self.arrows,
            "topics": self.topics,
        });
        document.to_string().replace('<', "\\u003c")
    }
}
