//! Keys as the rows of a table.

use std::collections::BTreeMap;

use serde_json::Value;

use super::link::link;
use crate::composition::Composition;
use crate::document::{Document, Inline, Row, anchor, code, joined, text};
use crate::keys::{Key, Told};
use crate::prose;
use crate::schema::{Constant, Further, Plain, Schemas, ValueForm, plain_text};
use crate::words::{are_many, takes};

/// Where a step is told. No plugin is called so.
pub(super) const STEP: &str = "_step";

const HEAD: [&str; 4] = ["key", "takes", "default", "meaning"];

/// Puts keys on the page. They belong to what has this anchor.
pub(super) fn tell(
    page: &mut Document,
    composition: &Composition,
    schemas: Schemas<'_>,
    owner: &str,
    keys: &[Key<'_>],
) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let rows = keys.iter().map(|key| {
        let mut own = anchor(&[owner, &key.path]);
        let times = times.entry(own.clone()).or_default();
        *times += 1;
        if *times > 1 {
            own = format!("{own}-{times}");
        }
        Row {
            anchor: own,
            cells: vec![
                vec![code(&key.path)],
                kinds(composition, schemas, owner, key, keys),
                default(key),
                meaning(composition, owner, key),
            ],
        }
    });
    let rows = rows.collect();
    page.table(&HEAD, rows);
}

fn kinds(
    composition: &Composition,
    schemas: Schemas<'_>,
    owner: &str,
    key: &Key<'_>,
    keys: &[Key<'_>],
) -> Vec<Inline> {
    let mut line = takes(schemas, &key.shape);
    if decided_by_use(key) {
        line = vec![text("map, as "), code("use"), text(" decides")];
    }
    if is_chosen(key) {
        line = vec![text("the name of an instance")];
    }
    for one in &mut line {
        match one {
            // What the program itself offers is told on the page; what a component takes may only be called so.
            Inline::Code(id) if owner.starts_with('_') => *one = link(composition, id),
            Inline::Text(word) if word == "step" && owner != STEP => {
                *one = Inline::Link {
                    code: word.clone(),
                    to: STEP.to_owned(),
                };
            }
            _ => {}
        }
    }
    for told in &key.told {
        line.push(text(", see "));
        line.push(match told {
            Told::At(path) => {
                let row = path_of_row(path);
                let to = match keys.iter().any(|one| one.path == row) {
                    true => anchor(&[owner, row]),
                    // The whole, which has no row.
                    false => owner.to_owned(),
                };
                let code = match path.as_str() {
                    "" => "the whole".to_owned(),
                    path => path.to_owned(),
                };
                Inline::Link { code, to }
            }
            Told::Component(id) => Inline::Link {
                code: id.clone(),
                to: anchor(&[id]),
            },
        });
    }
    line
}

/// The row that tells of a path: items of a list and what the file names are told with what holds them.
fn path_of_row(path: &str) -> &str {
    let mut path = path;
    loop {
        let shorter = path.trim_end_matches("[]");
        let shorter = shorter.trim_end_matches(crate::keys::NAMED);
        let shorter = shorter.trim_end_matches('.');
        if shorter == path {
            return path;
        }
        path = shorter;
    }
}

/// `params` and `injects` of an instance or of a step are those of its component.
fn decided_by_use(key: &Key<'_>) -> bool {
    let name = key.path.rsplit('.').next().unwrap_or_default();
    let is_open = matches!(key.shape.forms.as_slice(), [ValueForm::Anything]);
    is_open && ["params", "injects"].contains(&name)
}

/// Whether it says which instance meets a requirement.
fn is_chosen(key: &Key<'_>) -> bool {
    let is_inject = key.path.starts_with("injects.");
    is_inject
        && matches!(
            key.shape.forms.as_slice(),
            [ValueForm::Plain(Plain::Text, _)]
        )
}

fn default(key: &Key<'_>) -> Vec<Inline> {
    let stated = key.shape.default.filter(|value| !value.is_null());
    match stated {
        _ if key.required => vec![Inline::Strong("required".to_owned())],
        Some(_) if key.shape.secret => vec![text("not shown")],
        Some(value) => vec![code(plain_text(value))],
        None if key.shape.nullable || key.shape.default.is_some() => vec![text("none")],
        None => Vec::new(),
    }
}

fn meaning(composition: &Composition, owner: &str, key: &Key<'_>) -> Vec<Inline> {
    let mut lines = Vec::new();
    if let Some(when) = &key.when {
        lines.push(vec![text("With "), code(when), text(":")]);
    }
    if let Some(pattern) = key.pattern {
        lines.push(vec![text("For names like "), code(pattern), text(".")]);
    }
    if is_chosen(key) {
        let service = key.shape.description.unwrap_or_default();
        lines.push(vec![text("One that is "), code(service), text(".")]);
    } else if let Some(description) = key.shape.description {
        lines.push(prose::inlines(description));
    }
    for form in &key.shape.forms {
        let ValueForm::Constants(all) = form else {
            continue;
        };
        let is_list = are_many(all);
        let told = all
            .iter()
            .filter_map(|one| constant(composition, owner, one, is_list));
        lines.extend(told);
    }
    if key.shape.forms.iter().any(is_open) {
        lines.push(vec![text("Further keys are allowed.")]);
    }
    let examples = key.shape.examples.iter().filter(|_| !key.shape.secret);
    let examples: Vec<_> = examples
        .map(|value| vec![code(plain_text(value))])
        .collect();
    if !examples.is_empty() {
        let mut line = vec![text("For example ")];
        line.extend(joined(examples, ", ", " or "));
        line.push(text("."));
        lines.push(line);
    }
    lines.join(&Inline::Break)
}

/// Whether a value takes keys that are not listed, beside those that are.
pub(super) fn is_open(form: &ValueForm<'_>) -> bool {
    match form {
        ValueForm::Map(map) => {
            !map.properties.is_empty() && map.further.iter().any(Further::is_free)
        }
        _ => false,
    }
}

/// One of several values, where the line of all of them does not say everything: where that is long, or something is said of
/// the value which the page does not say elsewhere.
fn constant(
    composition: &Composition,
    owner: &str,
    one: &Constant<'_>,
    is_list: bool,
) -> Option<Vec<Inline>> {
    let value = plain_text(one.value);
    if let Value::String(id) = one.value
        && owner.starts_with('_')
        && let linked @ Inline::Link { .. } = link(composition, id)
    {
        return is_list.then(|| vec![linked]);
    }
    match one.about {
        Some(about) => {
            let mut line = vec![code(value), text(": ")];
            line.extend(prose::inlines(about));
            Some(line)
        }
        None => is_list.then(|| vec![code(value)]),
    }
}
