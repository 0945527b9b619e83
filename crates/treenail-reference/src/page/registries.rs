//! The registries, with their entries.

use super::link::link;
use crate::composition::{Composition, Entry, Registry};
use crate::document::{Document, Inline, Row, anchor, code, joined, text};
use crate::prose;

const HEAD: [&str; 3] = ["entry", "of", "meaning"];

pub(super) fn tell(page: &mut Document, composition: &Composition) {
    if composition.registries.is_empty() {
        return;
    }
    page.heading(2, "_registries".to_owned(), vec![text("Registries")]);
    for registry in &composition.registries {
        let own = anchor(&["_registry", &registry.name]);
        page.heading(3, own.clone(), vec![code(&registry.name)]);
        if registry.entries.is_empty() {
            page.say(vec![text("It has no entries.")]);
        }
        let rows = registry.entries.iter().map(|entry| Row {
            anchor: anchor(&[&own, &entry.key]),
            cells: vec![
                vec![code(&entry.key)],
                vec![link(composition, &entry.plugin)],
                meaning(entry),
            ],
        });
        page.table(&HEAD, rows.collect());
        page.say(left_out(registry));
    }
}

fn meaning(entry: &Entry) -> Vec<Inline> {
    let mut lines = vec![prose::inlines(&entry.description)];
    let attributes = entry.attributes.iter();
    let attributes = attributes.map(|(name, value)| vec![code(format!("{name}: {value}"))]);
    lines.push(joined(attributes.collect(), ", ", ", "));
    lines.retain(|line| !line.is_empty());
    lines.join(&Inline::Break)
}

fn left_out(registry: &Registry) -> Vec<Inline> {
    let all = registry.left_out.iter().map(|one| match &one.features {
        Some(features) => vec![
            code(&one.key),
            text(", which the program has with "),
            code(format!("--features {features}")),
        ],
        None => vec![code(&one.key)],
    });
    let mut line = joined(all.collect(), "; ", "; ");
    if !line.is_empty() {
        line.insert(0, text("Not in this program: "));
        line.push(text("."));
    }
    line
}
