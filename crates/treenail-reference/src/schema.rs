//! Reads JSON Schemas as far as those of configurations go: what may stand at a place, in forms, each reference followed.

mod shape;
mod written;

use serde_json::{Map as Object, Value};

use shape::tell_apart;
pub(crate) use shape::{Constant, Further, ListForm, MapForm, Name, Plain, Shape, ValueForm};
pub(crate) use written::plain_text;

/// So many references are followed to say what one value may be: definitions may hold each other over and over.
const REFERENCES: usize = 256;

/// Beginnings of the patterns of a text that stands for a value of another type: a template, a number, a word. The runtime writes
/// them beside what a component declares.
const TEXT_FORMS: [&str; 4] = [
    r"\{[{%#]",
    r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$",
    r"^\s*[+-]?[0-9]+\s*$",
    r"^\s*([tT]rue|[fF]alse)\s*$",
];

/// What the runtime says of names that are read and not offered.
const OTHER_NAME: &str = "Another name.";

/// The place of the definition of a step.
const STEP: &str = "#/$defs/step";

/// A document, in which references lead.
#[derive(Clone, Copy)]
pub(crate) struct Schemas<'s> {
    document: &'s Value,
}

/// The way to what is read: the definitions that it is inside of, and how many references may still be followed.
struct Way<'s> {
    inside: Vec<&'s str>,
    left: usize,
}

impl<'s> Schemas<'s> {
    pub(crate) fn new(document: &'s Value) -> Self {
        Self { document }
    }

    /// What a pointer leads to.
    pub(crate) fn at(self, pointer: &str) -> Option<&'s Value> {
        self.document.pointer(pointer)
    }

    /// What may stand where this is declared.
    pub(crate) fn read(self, at: &'s Value) -> Shape<'s> {
        let mut shape = Shape::default();
        let mut way = Way {
            inside: Vec::new(),
            left: REFERENCES,
        };
        self.gather(at, &mut shape, &mut way);
        tell_apart(&mut shape.forms);
        shape
    }

    /// The only map that may stand there.
    pub(crate) fn map(self, at: &'s Value) -> Option<MapForm<'s>> {
        let mut forms = self.read(at).forms.into_iter();
        forms.find_map(|form| match form {
            ValueForm::Map(map) => Some(map),
            _ => None,
        })
    }

    fn gather(self, at: &'s Value, shape: &mut Shape<'s>, way: &mut Way<'s>) {
        let Some(object) = at.as_object() else {
            if at != &Value::Bool(false) {
                shape.forms.push(ValueForm::Anything);
            }
            return;
        };
        shape.annotate(object);
        let before = shape.forms.len();
        let reference = object.get("$ref").and_then(Value::as_str);
        if let Some(reference) = reference {
            self.follow(reference, shape, way);
        }
        if let Some(form) = marked(object) {
            shape.nullable |= types(object).contains(&"null");
            shape.forms.push(form);
        } else if let Some(constants) = constants(object) {
            constants.iter().for_each(|one| shape.constant(one, None));
        } else if several(object).next().is_some() {
            self.alternatives(object, shape, way);
        } else if object.contains_key("allOf") && all_of(object).next().is_some() {
            self.all_at_once(object, shape, way);
        } else {
            typed(shape, object, at);
        }
        if shape.forms.len() == before && reference.is_none() && !shape.nullable {
            shape.forms.push(ValueForm::Anything);
        }
    }

    fn follow(self, reference: &str, shape: &mut Shape<'s>, way: &mut Way<'s>) {
        if reference == STEP {
            shape.forms.push(ValueForm::Step);
            return;
        }
        let pointer = reference.strip_prefix('#').unwrap_or(reference);
        let name = self.definition(pointer);
        let is_inside = name.is_some_and(|name| way.inside.contains(&name));
        match self.document.pointer(pointer) {
            Some(target) if !is_inside && way.left > 0 => {
                way.left -= 1;
                way.inside.push(name.unwrap_or(""));
                let before = shape.forms.len();
                self.gather(target, shape, way);
                way.inside.pop();
                shape.call(before, name);
            }
            _ => shape.forms.push(ValueForm::Anything),
        }
    }

    /// The name of a definition, as the document has it.
    fn definition(self, pointer: &str) -> Option<&'s str> {
        let name = pointer.strip_prefix("/$defs/")?;
        let name = name.replace("~1", "/").replace("~0", "~");
        let definitions = self.document["$defs"].as_object()?;
        definitions
            .get_key_value(&name)
            .map(|(name, _)| name.as_str())
    }

    fn alternatives(
        self,
        object: &'s Object<String, Value>,
        shape: &mut Shape<'s>,
        way: &mut Way<'s>,
    ) {
        let offered: Vec<&Value> = several(object).filter(|one| !is_text_form(one)).collect();
        let mut read = Vec::new();
        for one in offered {
            let mut inner = Shape::default();
            self.gather(one, &mut inner, way);
            shape.nullable |= inner.nullable;
            shape.secret |= inner.secret;
            if !inner.forms.is_empty() {
                read.push(inner);
            }
        }
        if let [only] = read.as_mut_slice() {
            shape.description = shape.description.or(only.description);
            shape.default = shape.default.or(only.default);
            shape.deprecated |= only.deprecated;
            shape.examples.append(&mut only.examples);
        }
        let mut own = MapForm::default();
        own.take_keys(object);
        if !own.properties.is_empty() || own.further.iter().any(Further::is_declared) {
            own.is_common = true;
            shape.forms.push(ValueForm::Map(own));
        }
        let is_one = read.len() == 1;
        for inner in read {
            let about = inner.description.filter(|_| !is_one);
            for form in inner.forms {
                match form {
                    ValueForm::Constants(all) => {
                        all.iter()
                            .for_each(|one| shape.constant(one.value, one.about.or(about)));
                    }
                    ValueForm::Map(mut map) => {
                        map.about = map.about.or(about);
                        shape.forms.push(ValueForm::Map(map));
                    }
                    other => shape.forms.push(other),
                }
            }
        }
    }

    /// What has to be all of these has the keys of each.
    fn all_at_once(
        self,
        object: &'s Object<String, Value>,
        shape: &mut Shape<'s>,
        way: &mut Way<'s>,
    ) {
        let mut found = Vec::new();
        let mut own = MapForm::default();
        own.take_keys(object);
        if !own.properties.is_empty() {
            own.is_common = true;
            found.push(ValueForm::Map(own));
        }
        for one in all_of(object) {
            let mut inner = Shape::default();
            self.gather(one, &mut inner, way);
            shape.secret |= inner.secret;
            shape.description = shape.description.or(inner.description);
            shape.default = shape.default.or(inner.default);
            if let [ValueForm::Map(map)] = inner.forms.as_mut_slice() {
                map.is_common = true;
            }
            found.append(&mut inner.forms);
        }
        let is_map = found.iter().any(|form| matches!(form, ValueForm::Map(_)));
        found.retain(|form| !is_map || !matches!(form, ValueForm::Anything));
        shape.forms.append(&mut found);
    }
}

/// What a schema declares by its types.
fn typed<'s>(shape: &mut Shape<'s>, object: &'s Object<String, Value>, at: &'s Value) {
    let mut types = types(object);
    if types.is_empty() && object.contains_key("properties") {
        types.push("object");
    } else if types.is_empty() && object.contains_key("items") {
        types.push("array");
    }
    for kind in types {
        match kind {
            "null" => shape.nullable = true,
            "string" => shape.forms.push(ValueForm::Plain(Plain::Text, at)),
            "number" => shape.forms.push(ValueForm::Plain(Plain::Number, at)),
            "integer" => shape.forms.push(ValueForm::Plain(Plain::Integer, at)),
            "boolean" => shape.forms.push(ValueForm::Plain(Plain::Boolean, at)),
            "array" => shape
                .forms
                .push(ValueForm::List(ListForm { name: None, at })),
            "object" => {
                let mut map = MapForm::default();
                map.take_keys(object);
                shape.forms.push(ValueForm::Map(map));
            }
            _ => shape.forms.push(ValueForm::Anything),
        }
    }
}

fn marked<'s>(object: &Object<String, Value>) -> Option<ValueForm<'s>> {
    match object.get("x-treenail").and_then(Value::as_str) {
        Some("duration") => Some(ValueForm::Duration),
        Some("step") => Some(ValueForm::Step),
        _ => {
            let about = object.get("description").and_then(Value::as_str);
            (about == Some(OTHER_NAME)).then_some(ValueForm::OtherName)
        }
    }
}

fn constants(object: &Object<String, Value>) -> Option<Vec<&Value>> {
    match (object.get("const"), object.get("enum")) {
        (Some(one), _) => Some(vec![one]),
        (None, Some(Value::Array(all))) => Some(all.iter().collect()),
        _ => None,
    }
}

fn types(object: &Object<String, Value>) -> Vec<&str> {
    match object.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn several(object: &Object<String, Value>) -> impl Iterator<Item = &Value> {
    let lists = ["anyOf", "oneOf"].into_iter();
    let lists = lists.filter_map(|key| object.get(key)?.as_array());
    // What only asks for keys is no form of its own.
    let all = lists.flatten();
    all.filter(|one| {
        one.as_object()
            .is_none_or(|one| !one.keys().all(|key| key == "required") || one.is_empty())
    })
}

/// What a value has to be besides; a rule that depends on another value is none.
fn all_of(object: &Object<String, Value>) -> impl Iterator<Item = &Value> {
    let all = object.get("allOf").and_then(Value::as_array);
    let all = all.into_iter().flatten();
    all.filter(|one| one.get("if").is_none())
}

fn is_text_form(schema: &Value) -> bool {
    let pattern = schema.get("pattern").and_then(Value::as_str);
    let keys = schema.as_object().map_or(0, Object::len);
    let [template, number, integer, boolean] = TEXT_FORMS;
    schema["type"] == "string"
        && keys == 2
        && pattern.is_some_and(|pattern| {
            let of_word = [number, integer, boolean];
            let mixed = |first: &str| pattern == format!("{first}|{boolean}");
            pattern.starts_with(template) || of_word.iter().any(|one| *one == pattern || mixed(one))
        })
}
