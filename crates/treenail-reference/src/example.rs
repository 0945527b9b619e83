//! The least that a configuration of a component has to say, as YAML.

use serde_json::Value;
use treenail_core::environment::spelling;

use crate::schema::{MapForm, Plain, Schemas, Shape, ValueForm, plain_text};

/// What is longer is no example; and definitions may hold each other over and over.
const LONGEST: usize = 60;

/// A value of an example.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// A value in one line.
    Plain(String),
    Map(Vec<(String, Node)>),
}

impl Node {
    /// A map with one key around it.
    pub(crate) fn under(self, key: &str) -> Self {
        Self::Map(vec![(key.to_owned(), self)])
    }

    /// The text of YAML.
    pub(crate) fn print(&self) -> String {
        let mut text = String::new();
        self.write(0, &mut text);
        text
    }

    fn write(&self, depth: usize, text: &mut String) {
        let Self::Map(entries) = self else { return };
        for (key, value) in entries {
            let key = quoted_key(key);
            text.push_str(&"  ".repeat(depth));
            match value {
                Self::Plain(value) => text.push_str(&format!("{key}: {value}\n")),
                Self::Map(inner) if inner.is_empty() => text.push_str(&format!("{key}: {{}}\n")),
                Self::Map(_) => {
                    text.push_str(&format!("{key}:\n"));
                    value.write(depth + 1, text);
                }
            }
        }
    }
}

fn quoted_key(key: &str) -> String {
    let is_plain = key.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && key
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || "_-".contains(sign));
    match is_plain
        && !["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
            .contains(&key.to_lowercase().as_str())
    {
        true => key.to_owned(),
        false => Value::from(key).to_string(),
    }
}

/// The least that has to stand where this is declared; `None` where nobody can tell.
pub(crate) fn least(schemas: Schemas<'_>, at: &Value) -> Option<Node> {
    let mut left = LONGEST;
    value(schemas, "value", &schemas.read(at), &mut left)
}

fn map(schemas: Schemas<'_>, map: &MapForm<'_>, left: &mut usize) -> Option<Node> {
    let required = map.properties.iter();
    let required = required.filter(|(key, _)| map.required.contains(key));
    let entries = required.map(|(key, at)| {
        let value = value(schemas, key, &schemas.read(at), left)?;
        Some(((*key).to_owned(), value))
    });
    entries.collect::<Option<_>>().map(Node::Map)
}

fn value(schemas: Schemas<'_>, key: &str, shape: &Shape<'_>, left: &mut usize) -> Option<Node> {
    *left = left.checked_sub(1)?;
    if shape.secret {
        let template = format!("{{{{ get_env('{}') }}}}", spelling(key));
        return Some(plain(&Value::from(template)));
    }
    let shown = shape.examples.first().copied();
    if let Some(shown) = shown.or(shape.default.filter(|value| !value.is_null())) {
        return Some(plain(shown));
    }
    let (common, forms): (Vec<_>, Vec<_>) = shape
        .forms
        .iter()
        .partition(|form| matches!(form, ValueForm::Map(map) if map.is_common));
    let mut forms = forms.into_iter();
    let least = forms.find_map(|form| least_of(schemas, form, left));
    let mut all = Vec::new();
    for form in common {
        all.push(least_of(schemas, form, left)?);
    }
    let others = shape.forms.len() > all.len();
    if all.is_empty() {
        return least;
    }
    if others {
        all.push(least?);
    }
    merged(all)
}

fn least_of(schemas: Schemas<'_>, form: &ValueForm<'_>, left: &mut usize) -> Option<Node> {
    match form {
        ValueForm::Constants(all) => Some(plain(all.first()?.value)),
        ValueForm::Anything => Some(plain(&Value::from("…"))),
        ValueForm::Duration => Some(Node::Plain("PT1S".to_owned())),
        ValueForm::Step | ValueForm::OtherName => None,
        ValueForm::Plain(kind, at) => of_kind(*kind, at),
        ValueForm::List(list) => {
            let is_any = list.at.get("prefixItems").is_none();
            let may_be_empty = is_any && list.at["minItems"].as_u64().unwrap_or(0) == 0;
            may_be_empty.then(|| Node::Plain("[]".to_owned()))
        }
        ValueForm::Map(one) => map(schemas, one, left),
    }
}

/// The keys of all of these.
fn merged(all: Vec<Node>) -> Option<Node> {
    let mut entries: Vec<(String, Node)> = Vec::new();
    for one in all {
        let Node::Map(more) = one else { return None };
        let known: Vec<String> = entries.iter().map(|(key, _)| key.clone()).collect();
        entries.extend(more.into_iter().filter(|(key, _)| !known.contains(key)));
    }
    Some(Node::Map(entries))
}

/// The value in one line; JSON is YAML.
fn plain(value: &Value) -> Node {
    Node::Plain(match value {
        Value::String(_) => value.to_string(),
        other => plain_text(other),
    })
}

fn of_kind(kind: Plain, at: &Value) -> Option<Node> {
    let low = at.get("minimum").and_then(Value::as_f64);
    let above = at.get("exclusiveMinimum").and_then(Value::as_f64);
    let fits = |number: f64| {
        let high = at.get("maximum").and_then(Value::as_f64);
        let below = at.get("exclusiveMaximum").and_then(Value::as_f64);
        high.is_none_or(|high| number <= high)
            && below.is_none_or(|below| number < below)
            && low.is_none_or(|low| number >= low)
            && above.is_none_or(|above| number > above)
            && at.get("multipleOf").is_none()
    };
    match kind {
        Plain::Boolean => Some(Node::Plain("false".to_owned())),
        Plain::Text => {
            let is_free = at.get("pattern").is_none() && at["minLength"].as_u64().unwrap_or(0) <= 1;
            is_free.then(|| plain(&Value::from("…")))
        }
        Plain::Integer | Plain::Number => {
            let number = low.or(above.map(|above| above + 1.0)).unwrap_or(1.0).ceil();
            fits(number).then(|| Node::Plain(format!("{number:.0}")))
        }
    }
}
