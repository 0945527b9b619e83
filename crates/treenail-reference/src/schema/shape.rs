//! What may stand at a place: its forms, and what is said about it.

use std::collections::BTreeMap;

use serde_json::{Map as Object, Value};

use super::written::plain_text;

/// What may stand at a place, and what is said about it.
#[derive(Clone, Default)]
pub(crate) struct Shape<'s> {
    pub(crate) description: Option<&'s str>,
    pub(crate) default: Option<&'s Value>,
    pub(crate) examples: Vec<&'s Value>,
    pub(crate) secret: bool,
    pub(crate) deprecated: bool,
    pub(crate) nullable: bool,
    pub(crate) forms: Vec<ValueForm<'s>>,
}

/// One form of what may stand at a place.
#[derive(Clone)]
pub(crate) enum ValueForm<'s> {
    Anything,
    Step,
    Duration,
    Plain(Plain, &'s Value),
    Constants(Vec<Constant<'s>>),
    /// A name that is read and not offered.
    OtherName,
    List(ListForm<'s>),
    Map(MapForm<'s>),
}

/// What is written in one line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plain {
    Text,
    Number,
    Integer,
    Boolean,
}

/// One of the values that are listed.
#[derive(Clone)]
pub(crate) struct Constant<'s> {
    pub(crate) value: &'s Value,
    pub(crate) about: Option<&'s str>,
}

/// A definition, and which of its forms.
pub(crate) type Name<'s> = (&'s str, usize);

/// A list.
#[derive(Clone, Copy)]
pub(crate) struct ListForm<'s> {
    /// The definition that it is, if it has a name.
    pub(crate) name: Option<Name<'s>>,
    pub(crate) at: &'s Value,
}

/// A map.
#[derive(Clone, Default)]
pub(crate) struct MapForm<'s> {
    /// The definition that it is, if it has a name.
    pub(crate) name: Option<Name<'s>>,
    /// What is said of it, where it is one of several.
    pub(crate) about: Option<&'s str>,
    /// Its keys are there whichever of the others it is.
    pub(crate) is_common: bool,
    /// What tells it from the others, where it is one of several.
    pub(crate) when: Option<String>,
    pub(crate) properties: BTreeMap<&'s str, &'s Value>,
    pub(crate) required: Vec<&'s str>,
    /// What further keys hold; nothing where there may be none.
    pub(crate) further: Vec<Further<'s>>,
}

/// Keys that have no name of their own.
#[derive(Clone)]
pub(crate) struct Further<'s> {
    /// What they look like.
    pub(crate) pattern: Option<&'s str>,
    pub(crate) at: &'s Value,
}

impl<'s> Shape<'s> {
    pub(super) fn annotate(&mut self, object: &'s Object<String, Value>) {
        let about = object.get("description").and_then(Value::as_str);
        self.description = self.description.or(about);
        self.default = self.default.or(object.get("default"));
        let examples = object.get("examples").and_then(Value::as_array);
        self.examples.extend(examples.into_iter().flatten());
        self.deprecated |= object.get("deprecated") == Some(&Value::Bool(true));
        self.secret |= object.get("writeOnly") == Some(&Value::Bool(true));
        self.secret |= object.get("format").and_then(Value::as_str) == Some("password");
    }

    /// Calls the forms from this one on by the definition that they are of, but for those that are of another one.
    pub(super) fn call(&mut self, from: usize, definition: Option<&'s str>) {
        let Some(definition) = definition else { return };
        for (number, form) in self.forms.iter_mut().skip(from).enumerate() {
            let name = match form {
                ValueForm::Map(map) => &mut map.name,
                ValueForm::List(list) => &mut list.name,
                _ => continue,
            };
            name.get_or_insert((definition, number));
        }
    }

    /// One more of the values that are listed.
    pub(super) fn constant(&mut self, value: &'s Value, about: Option<&'s str>) {
        if value.is_null() {
            self.nullable = true;
            return;
        }
        let one = Constant { value, about };
        for form in &mut self.forms {
            if let ValueForm::Constants(all) = form {
                all.push(one);
                return;
            }
        }
        self.forms.push(ValueForm::Constants(vec![one]));
    }
}

impl<'s> MapForm<'s> {
    /// Takes the keys that a schema declares.
    pub(super) fn take_keys(&mut self, object: &'s Object<String, Value>) {
        let properties = object.get("properties").and_then(Value::as_object);
        let properties = properties.into_iter().flatten();
        self.properties
            .extend(properties.map(|(key, at)| (key.as_str(), at)));
        let required = object.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten();
        self.required.extend(required.filter_map(Value::as_str));
        let patterns = object.get("patternProperties").and_then(Value::as_object);
        let patterns: BTreeMap<&String, &Value> = patterns.into_iter().flatten().collect();
        for (pattern, at) in patterns {
            let pattern = Some(pattern.as_str());
            self.further.push(Further { pattern, at });
        }
        for key in ["additionalProperties", "unevaluatedProperties"] {
            if let Some(at) = object.get(key).filter(|at| **at != Value::Bool(false)) {
                self.further.push(Further { pattern: None, at });
            }
        }
    }

    /// The key whose value tells it from others, with that value.
    pub(crate) fn tag(&self) -> Option<(&'s str, &'s Value)> {
        let mut properties = self.properties.iter();
        properties.find_map(|(key, at)| {
            // A text may stand for it as well.
            let value = at.get("const").or_else(|| at["anyOf"][0].get("const"));
            Some((*key, value?))
        })
    }
}

impl<'s> Further<'s> {
    /// Whether these keys may hold anything.
    pub(crate) fn is_free(&self) -> bool {
        !self.is_declared()
    }

    /// Whether anything is said of what these keys hold.
    pub(crate) fn is_declared(&self) -> bool {
        self.at.as_object().is_some_and(|at| !at.is_empty())
    }
}

/// Says of maps that may stand at one place what tells each from the others.
pub(super) fn tell_apart(forms: &mut [ValueForm<'_>]) {
    let maps = forms.iter_mut().filter_map(|form| match form {
        ValueForm::Map(map) if !map.is_common => Some(map),
        _ => None,
    });
    let mut maps: Vec<_> = maps.collect();
    if maps.len() < 2 {
        return;
    }
    for (number, map) in maps.iter_mut().enumerate() {
        map.when = match map.tag() {
            Some((key, value)) => Some(format!("{key}: {}", plain_text(value))),
            // A key that no other one has tells by itself.
            None if map.properties.len() == 1 => None,
            None => Some(format!("form {}", number + 1)),
        };
    }
}
