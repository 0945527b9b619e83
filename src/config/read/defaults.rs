//! A figment of the application's own as a tree: its values have no lines, and each names the provider that it came from.

use std::collections::BTreeMap;
use std::sync::Arc;

use figment::Figment;
use figment::value::{Dict, Num, Tag, Value};
use serde_json::Value as Json;

use super::node::{DEPTH, Kind, Node, Pair};
use crate::config::problem::{Layer, Origin};

/// Reads all of a figment; each of its providers becomes a layer. What is nested too deep is
/// left out, and where it came from is handed out too.
pub(super) fn read(figment: &Figment, layers: &mut Vec<Layer>) -> (Node, Option<Origin>) {
    let value = figment.find_value("");
    let value = value.unwrap_or_else(|_| Value::from(Dict::new()));
    let mut reader = FigmentReader {
        figment,
        layers,
        numbers: BTreeMap::new(),
        too_deep: None,
    };
    let node = reader.node(value, DEPTH);
    (node, reader.too_deep)
}

struct FigmentReader<'a> {
    figment: &'a Figment,
    layers: &'a mut Vec<Layer>,
    /// The layer of each provider.
    numbers: BTreeMap<Tag, usize>,
    /// Where something is nested too deep.
    too_deep: Option<Origin>,
}

impl FigmentReader<'_> {
    /// A value that may still nest so deep.
    fn node(&mut self, value: Value, depth: usize) -> Node {
        let origin = Origin::of_layer(self.layer(value.tag()));
        let Some(depth) = depth.checked_sub(1) else {
            self.too_deep.get_or_insert(origin);
            return Node::new(origin, Kind::Scalar(Json::Null));
        };
        let kind = match value {
            Value::Dict(_, dict) => {
                let pairs = dict.into_iter().map(|(key, value)| {
                    let value = self.node(value, depth);
                    Pair {
                        key,
                        key_origin: value.origin,
                        value,
                    }
                });
                Kind::Map(Arc::new(pairs.collect()))
            }
            Value::Array(_, items) => {
                let items = items.into_iter().map(|item| self.node(item, depth));
                Kind::List(Arc::new(items.collect()))
            }
            Value::String(_, text) => Kind::Scalar(text.into()),
            Value::Char(_, character) => Kind::Scalar(character.to_string().into()),
            Value::Bool(_, value) => Kind::Scalar(value.into()),
            Value::Num(_, number) => Kind::Scalar(json(number)),
            Value::Empty(..) => Kind::Scalar(Json::Null),
        };
        Node::new(origin, kind)
    }

    fn layer(&mut self, tag: Tag) -> usize {
        if let Some(number) = self.numbers.get(&tag) {
            return *number;
        }
        let metadata = self.figment.get_metadata(tag);
        let source = metadata.and_then(|metadata| metadata.source.as_ref());
        let source = source.map(|source| format!(" ({source})"));
        let name = metadata.map_or("defaults", |metadata| &*metadata.name);
        let number = self.layers.len();
        self.layers.push(Layer {
            name: format!("{name}{}", source.unwrap_or_default()),
            text: None,
        });
        self.numbers.insert(tag, number);
        number
    }
}

/// The number as an integer where it is one that JSON has.
fn json(number: Num) -> Json {
    match (number.to_u128(), number.to_i128()) {
        (Some(value), _) => u64::try_from(value).map_or_else(|_| (value as f64).into(), Into::into),
        (_, Some(value)) => i64::try_from(value).map_or_else(|_| (value as f64).into(), Into::into),
        _ => number.to_f64().into(),
    }
}
