//! Layers: files, `.env` and the environment become figment providers, and the merged value becomes a tree of nodes
//! whose origins are looked up in the places of the files.

use std::collections::BTreeMap;
use std::sync::Arc;

use figment::value::{Dict, Empty, Map, Num, Tag, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::node::{Entry, Kind, Layer, Node, Origin};
use super::place::{Below, Spot};

/// One layer as figment wants it; the name in its metadata is its number here.
pub(crate) struct Numbered {
    pub(crate) number: usize,
    pub(crate) data: Dict,
}

impl Provider for Numbered {
    fn metadata(&self) -> Metadata {
        Metadata::named(format!("{PREFIX}{}", self.number))
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        Ok(Profile::Default.collect(self.data.clone()))
    }
}

const PREFIX: &str = "treenail layer ";

/// YAML as figment has it. Keys that are not text become text, as everywhere in JSON.
pub(crate) fn from_yaml(value: serde_yaml::Value) -> Result<Value, String> {
    use serde_yaml::Value as Y;
    let tag = Tag::Default;
    Ok(match value {
        Y::Null => Value::Empty(tag, Empty::None),
        Y::Bool(value) => Value::Bool(tag, value),
        Y::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(value), _, _) => Value::Num(tag, Num::I64(value)),
            (_, Some(value), _) => Value::Num(tag, Num::U64(value)),
            (_, _, Some(value)) if value.is_finite() => Value::Num(tag, Num::F64(value)),
            _ => Value::String(tag, number.to_string()),
        },
        Y::String(text) => Value::String(tag, text),
        Y::Sequence(items) => Value::Array(
            tag,
            items.into_iter().map(from_yaml).collect::<Result<_, _>>()?,
        ),
        Y::Mapping(entries) => {
            let mut dict = Dict::new();
            for (key, value) in entries {
                dict.insert(key_text(&key)?, from_yaml(value)?);
            }
            Value::Dict(tag, dict)
        }
        Y::Tagged(tagged) => from_yaml(tagged.value)?,
    })
}

fn key_text(key: &serde_yaml::Value) -> Result<String, String> {
    use serde_yaml::Value as Y;
    match key {
        Y::String(text) => Ok(text.clone()),
        Y::Bool(value) => Ok(value.to_string()),
        Y::Number(number) => Ok(number.to_string()),
        Y::Null => Ok("null".to_owned()),
        _ => Err(
            "a key of a map is itself a map or a list; a template needs quotes around its `{{ }}`"
                .to_owned(),
        ),
    }
}

/// What one variable says: a value at a path of keys.
pub(crate) struct Override {
    pub(crate) segments: Vec<String>,
    pub(crate) value: Value,
}

/// Reads `ROOT__A__B=value`, where `ROOT` is any of the names of the root key; `root` is the one that it goes by here. A
/// value in braces or brackets is YAML (so JSON too) and stands for a whole node.
pub(crate) fn variable(name: &str, value: &str, roots: &[&str], root: &str) -> Option<Override> {
    let mut segments = name.split("__");
    let first = segments.next()?;
    if !roots.iter().any(|known| known.eq_ignore_ascii_case(first)) {
        return None;
    }
    let rest: Vec<&str> = segments.collect();
    if rest.iter().any(|segment| segment.is_empty()) {
        return None;
    }
    // A variable with the name of the root alone may be anybody's, unless it holds a map.
    if rest.is_empty() && !value.trim_start().starts_with('{') {
        return None;
    }
    let segments = std::iter::once(root)
        .chain(rest)
        .map(str::to_owned)
        .collect();
    let text = || Value::String(Tag::Default, value.to_owned());
    let trimmed = value.trim_start();
    let whole =
        trimmed.starts_with(['{', '[']) && !trimmed.starts_with("{{") && !trimmed.starts_with("{%");
    let value = if whole {
        serde_yaml::from_str(value)
            .map_err(|_| ())
            .and_then(|value| from_yaml(value).map_err(|_| ()))
            .unwrap_or_else(|()| text())
    } else {
        text()
    };
    Some(Override { segments, value })
}

impl Override {
    /// The variable as a layer over `below`: names are matched in any case, and an item of a list takes the place of
    /// the one below, together with the rest of the list.
    pub(crate) fn over(mut self, below: Option<&Value>) -> (Value, Spot, Vec<String>) {
        let segments = std::mem::take(&mut self.segments);
        let mut resolved = Vec::new();
        let mut spot = Spot {
            whole: true,
            ..Spot::default()
        };
        let value = place(&segments, self.value, below, &mut resolved);
        for segment in resolved.iter().rev() {
            spot = match segment.parse::<usize>() {
                Ok(number) if segment.starts_with(|c: char| c.is_ascii_digit()) => {
                    let mut items: Vec<Spot> = (0..number).map(|_| Spot::default()).collect();
                    items.push(spot);
                    Spot {
                        below: Below::Items(items),
                        ..Spot::default()
                    }
                }
                _ => Spot {
                    below: Below::Keys(BTreeMap::from([(segment.clone(), (0, 0, spot))])),
                    ..Spot::default()
                },
            };
        }
        (value, spot, resolved)
    }
}

fn place(
    segments: &[String],
    value: Value,
    below: Option<&Value>,
    resolved: &mut Vec<String>,
) -> Value {
    let Some((first, rest)) = segments.split_first() else {
        return value;
    };
    if let (Some(Value::Array(_, items)), Ok(number)) = (below, first.parse::<usize>())
        && number <= items.len()
    {
        resolved.push(number.to_string());
        let mut items = items.clone();
        let item = place(rest, value, items.get(number), resolved);
        // Figment replaces lists and merges maps, so the item is merged here.
        let item = match items.get(number) {
            Some(old) => overlaid(old.clone(), item),
            None => item,
        };
        if number < items.len() {
            items[number] = item;
        } else {
            items.push(item);
        }
        return Value::Array(Tag::Default, items);
    }
    let dict = below.and_then(Value::as_dict);
    let exact = dict.and_then(|dict| dict.get_key_value(first));
    let found = exact.or_else(|| {
        dict?
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(first))
    });
    let key = found.map_or_else(|| first.to_lowercase(), |(key, _)| key.clone());
    resolved.push(key.clone());
    let below = place(rest, value, found.map(|(_, value)| value), resolved);
    Value::Dict(Tag::Default, Dict::from([(key, below)]))
}

fn overlaid(old: Value, new: Value) -> Value {
    match (old, new) {
        (Value::Dict(tag, mut old), Value::Dict(_, new)) => {
            for (key, value) in new {
                let merged = match old.remove(&key) {
                    Some(below) => overlaid(below, value),
                    None => value,
                };
                old.insert(key, merged);
            }
            Value::Dict(tag, old)
        }
        (_, new) => new,
    }
}

/// Turns figment's merged value into nodes.
pub(crate) struct Reader<'a> {
    pub(crate) figment: &'a Figment,
    pub(crate) layers: &'a mut Vec<Layer>,
    pub(crate) spots: &'a [Arc<Spot>],
    /// Layers from this number on are variables.
    pub(crate) variables: std::ops::Range<usize>,
    pub(crate) tags: BTreeMap<Tag, usize>,
}

/// A layer together with its place for the value at hand; `None` below the end of its places.
type Candidates<'a> = Vec<(usize, &'a Spot)>;

impl Reader<'_> {
    pub(crate) fn read(mut self, value: Value) -> Node {
        let spots = self.spots.to_vec();
        let candidates: Candidates<'_> = spots
            .iter()
            .enumerate()
            .map(|(number, spot)| (number, &**spot))
            .collect();
        self.node(value, &candidates)
    }

    fn node(&mut self, value: Value, candidates: &Candidates<'_>) -> Node {
        let layer = self.layer(value.tag());
        let origin = self.origin(layer, candidates);
        let from_text = self.variables.contains(&origin.layer);
        let kind = match value {
            Value::Dict(_, dict) => Kind::Map(self.entries(dict, candidates)),
            Value::Array(_, items) => Kind::List(
                items
                    .into_iter()
                    .enumerate()
                    .map(|(number, item)| {
                        let below = descend(candidates, |spot| spot.item(number));
                        self.node(item, &below)
                    })
                    .collect(),
            ),
            scalar => Kind::Scalar(json(scalar)),
        };
        Node {
            origin,
            kind,
            from_text,
        }
    }

    fn entries(&mut self, dict: Dict, candidates: &Candidates<'_>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = dict
            .into_iter()
            .map(|(key, value)| {
                let below = descend(candidates, |spot| spot.key(&key).map(|(_, _, spot)| spot));
                let value = self.node(value, &below);
                let key_origin = candidates
                    .iter()
                    .find(|(layer, _)| *layer == value.origin.layer)
                    .and_then(|(layer, spot)| {
                        spot.key(&key).map(|(line, column, _)| Origin {
                            layer: *layer,
                            line,
                            column,
                        })
                    })
                    .unwrap_or(value.origin);
                Entry {
                    key,
                    key_origin,
                    value,
                }
            })
            .collect();
        entries.sort_by_key(|entry| {
            (
                entry.key_origin.layer,
                entry.key_origin.line,
                entry.key_origin.column,
            )
        });
        entries
    }

    /// The layer of the tag if it really says something here, else the nearest one below that does.
    fn origin(&self, layer: usize, candidates: &Candidates<'_>) -> Origin {
        if layer >= self.spots.len() {
            return Origin {
                layer,
                line: 0,
                column: 0,
            };
        }
        let found = candidates
            .iter()
            .rev()
            .filter(|(number, _)| *number <= layer)
            .find(|(_, spot)| spot.whole);
        let any = || candidates.iter().rev().find(|(number, _)| *number <= layer);
        match found.or_else(any) {
            Some((layer, spot)) => Origin {
                layer: *layer,
                line: spot.line,
                column: spot.column,
            },
            None => Origin {
                layer,
                line: 0,
                column: 0,
            },
        }
    }

    fn layer(&mut self, tag: Tag) -> usize {
        if let Some(layer) = self.tags.get(&tag) {
            return *layer;
        }
        let metadata = self.figment.get_metadata(tag);
        let name = metadata.map_or("defaults", |metadata| &*metadata.name);
        let layer = match name
            .strip_prefix(PREFIX)
            .and_then(|number| number.parse().ok())
        {
            Some(number) => number,
            None => {
                let source = metadata
                    .and_then(|metadata| metadata.source.as_ref())
                    .map(|source| format!(" ({source})"))
                    .unwrap_or_default();
                self.layers.push(Layer {
                    name: format!("{name}{source}"),
                    text: None,
                });
                self.layers.len() - 1
            }
        };
        self.tags.insert(tag, layer);
        layer
    }
}

/// The places one level down. Below the end of a layer's places it keeps the last one.
fn descend<'a>(
    candidates: &Candidates<'a>,
    step: impl Fn(&'a Spot) -> Option<&'a Spot>,
) -> Candidates<'a> {
    candidates
        .iter()
        .filter_map(|(layer, spot)| match step(spot) {
            Some(below) => Some((*layer, below)),
            None if spot.whole && matches!(spot.below, Below::Nothing) => Some((*layer, *spot)),
            None => None,
        })
        .collect()
}

fn json(value: Value) -> serde_json::Value {
    match value {
        Value::String(_, text) => text.into(),
        Value::Char(_, character) => character.to_string().into(),
        Value::Bool(_, value) => value.into(),
        Value::Num(_, number) => match (number.to_u128(), number.to_i128(), number.to_f64()) {
            (Some(value), _, _) => {
                u64::try_from(value).map_or_else(|_| (value as f64).into(), Into::into)
            }
            (_, Some(value), _) => {
                i64::try_from(value).map_or_else(|_| (value as f64).into(), Into::into)
            }
            (_, _, value) => value.into(),
        },
        Value::Empty(..) | Value::Dict(..) | Value::Array(..) => serde_json::Value::Null,
    }
}
