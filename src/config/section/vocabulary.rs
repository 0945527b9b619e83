//! What this program knows of the names in its configuration: those that its schema has, and components by every name.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use serde_json::Value;
use treenail_core::environment::spelling;
use treenail_core::nearest::nearest;

use super::names::Names;
use super::schema::document;
use crate::config::read::{Known, Loaded, Node, Segment, Settings, Vocabulary};
use crate::container::Table;

/// Lays the layers of a configuration over each other, as this composition reads them.
pub(super) fn load(table: &'static Table, settings: &Settings) -> Loaded {
    let known = SchemaNames {
        table,
        names: Names::new(table),
        schema: OnceCell::new(),
    };
    settings.load(&known.names.roots(), &known)
}

/// The names of a schema.
struct SchemaNames {
    table: &'static Table,
    names: Names,
    /// It is made when the first variable asks.
    schema: OnceCell<Value>,
}

/// A schema refers to itself where steps are inside steps; what goes deeper than this at one place leads to no map.
const DEPTH: usize = 32;

impl Vocabulary for SchemaNames {
    fn at(&self, path: &[Segment], root: &Node) -> Known {
        let document = self.schema.get_or_init(|| document(self.table));
        let mut node = Some(root);
        let mut shapes = self.shapes(document.pointer("/$defs/configuration"), node);
        for (number, segment) in path.iter().enumerate() {
            let is_component = number == 1 && is_components(&path[0]);
            node = node.and_then(|node| segment.of(node));
            let below = shapes.iter().filter_map(|shape| match segment {
                Segment::Key(key) if is_component => property(shape, self.id(key)),
                Segment::Key(key) => property(shape, key),
                Segment::Item(_) => shape.get("items"),
            });
            shapes = below
                .flat_map(|shape| self.shapes(Some(shape), node))
                .collect();
        }
        let mut names = Vec::new();
        for shape in &shapes {
            let properties = shape.get("properties").and_then(Value::as_object);
            names.extend(properties.into_iter().flat_map(|keys| keys.keys().cloned()));
        }
        if path.last().is_some_and(is_components) {
            if path.len() == 2 {
                let services = root.get("services").and_then(Node::pairs);
                names.extend(
                    services
                        .unwrap_or_default()
                        .iter()
                        .map(|pair| pair.key.clone()),
                );
            }
            if path.len() < 3 {
                self.add_components(&mut names);
            }
        }
        names.sort();
        names.dedup();
        Known {
            names,
            is_list: shapes.iter().any(|shape| shape.get("items").is_some()),
        }
    }
}

impl SchemaNames {
    /// The id of the component that goes by a name.
    fn id<'k>(&self, name: &'k str) -> &'k str {
        let component = self.names.component(name);
        component.map_or(name, |component| self.table.components[component].id)
    }

    /// Every name of a component, and of one that is left out where no other reads like it.
    fn add_components(&self, names: &mut Vec<String>) {
        names.extend(self.names.components().map(str::to_owned));
        let taken: BTreeSet<String> = names.iter().map(|name| spelling(name)).collect();
        let left_out = self.table.left_out.iter().map(|one| one.name);
        let left_out = left_out.filter(|name| !taken.contains(&spelling(name)));
        names.extend(left_out.map(str::to_owned));
    }

    /// What a value has to be or may be: references are followed, and of rules those that hold for the node.
    fn shapes<'s>(&'s self, schema: Option<&'s Value>, node: Option<&Node>) -> Vec<&'s Value> {
        let document = self.schema.get();
        let (mut found, mut open) = (Vec::new(), Vec::new());
        open.extend(schema.map(|schema| (schema, 0)));
        while let Some((schema, depth)) = open.pop() {
            found.push(schema);
            if depth == DEPTH {
                continue;
            }
            let reference = schema.get("$ref").and_then(Value::as_str);
            let target = reference.and_then(|text| document?.pointer(text.strip_prefix('#')?));
            open.extend(target.map(|target| (target, depth + 1)));
            for key in ["anyOf", "oneOf", "allOf"] {
                for one in schema
                    .get(key)
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                {
                    let one = match one.get("if") {
                        Some(rule) if holds(rule, node) => one.get("then"),
                        Some(_) => None,
                        None => Some(one),
                    };
                    open.extend(one.map(|one| (one, depth + 1)));
                }
            }
        }
        found
    }
}

/// Whether a segment leads to what is said of components by their names.
fn is_components(segment: &Segment) -> bool {
    const SECTION: &str = "components";
    let near = |key: &str| nearest(key, [SECTION]).is_some();
    matches!(segment, Segment::Key(key) if key == SECTION || near(key))
}

/// Whether the condition of a rule holds: it asks for one of several components behind `use`.
fn holds(rule: &Value, node: Option<&Node>) -> bool {
    let used = node.and_then(|node| node.get("use")?.text());
    let allowed = rule
        .pointer("/properties/use/enum")
        .and_then(Value::as_array);
    let mut allowed = allowed.into_iter().flatten().filter_map(Value::as_str);
    used.is_some_and(|used| allowed.any(|name| name == used))
}

/// The schema of a key of a map. One that is nearly right takes the place of the right one, here as everywhere.
fn property<'s>(shape: &'s Value, key: &str) -> Option<&'s Value> {
    let properties = shape.get("properties").and_then(Value::as_object);
    let known = properties.and_then(|known| known.get(key));
    let further = shape
        .get("additionalProperties")
        .filter(|schema| schema.is_object());
    let near = || {
        let properties = properties?;
        properties.get(&nearest(key, properties.keys().map(String::as_str))?)
    };
    known.or(further).or_else(near)
}
