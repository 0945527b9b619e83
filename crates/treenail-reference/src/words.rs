//! What may stand at a place, in words.

use serde_json::Value;

use crate::document::{Inline, code, joined, text};
use crate::schema::{Constant, Plain, Schemas, Shape, ValueForm, plain_text};

/// So many letters of values stand in one line.
const LONGEST_LINE: usize = 60;

/// A pattern that is longer is nothing that people read.
const LONGEST_PATTERN: usize = 60;

/// A list of lists of lists is told no further.
const DEPTH: usize = 3;

/// What a value may be.
pub(crate) fn takes(schemas: Schemas<'_>, shape: &Shape<'_>) -> Vec<Inline> {
    let mut forms = words(schemas, &shape.forms, 0);
    if forms.is_empty() && !shape.nullable {
        return vec![text("nothing")];
    }
    if shape.nullable && (shape.forms.is_empty() || !shape.default.is_none_or(Value::is_null)) {
        forms.push(vec![code("null")]);
    }
    let mut line = joined(forms, ", ", " or ");
    if shape.secret {
        line.extend([text(", "), Inline::Strong("secret".to_owned())]);
    }
    if shape.deprecated {
        line.push(text(", deprecated"));
    }
    line
}

/// Whether there are more values than a line has place for: they are told one below the other, with what is said of them.
pub(crate) fn are_many(all: &[Constant<'_>]) -> bool {
    let length = all.iter().map(|one| plain_text(one.value).chars().count());
    length.sum::<usize>() > LONGEST_LINE
}

fn words(schemas: Schemas<'_>, forms: &[ValueForm<'_>], depth: usize) -> Vec<Vec<Inline>> {
    let mut all: Vec<Vec<Inline>> = Vec::new();
    for form in forms {
        let one = word(schemas, form, depth);
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn word(schemas: Schemas<'_>, form: &ValueForm<'_>, depth: usize) -> Vec<Inline> {
    match form {
        ValueForm::Anything => vec![text("any value")],
        ValueForm::Step => vec![text("step")],
        ValueForm::Duration => vec![text("duration")],
        ValueForm::OtherName => vec![text("another name of one")],
        ValueForm::Plain(Plain::Text, at) => plain_word("text", at),
        ValueForm::Plain(Plain::Number, at) => plain_word("number", at),
        ValueForm::Plain(Plain::Integer, at) => plain_word("integer", at),
        ValueForm::Plain(Plain::Boolean, _) => vec![text("boolean")],
        ValueForm::Constants(all) if are_many(all) => vec![text("one of these")],
        ValueForm::Constants(all) => {
            let all = all.iter();
            let all = all.map(|one| vec![code(plain_text(one.value))]);
            joined(all.collect(), ", ", " or ")
        }
        ValueForm::List(list) => list_word(schemas, list.at, depth),
        ValueForm::Map(map) => {
            let further = map.further.iter().find(|one| one.is_declared());
            let Some(further) = further.filter(|_| map.properties.is_empty()) else {
                return vec![text("map")];
            };
            of("map", inner(schemas, further.at, depth))
        }
    }
}

/// What is in a list or a map; nothing where that is told no further.
fn inner(schemas: Schemas<'_>, at: &Value, depth: usize) -> Vec<Vec<Inline>> {
    match depth < DEPTH {
        true => words(schemas, &schemas.read(at).forms, depth + 1),
        false => Vec::new(),
    }
}

/// `list of texts`, `list of: text or number`.
fn of(outer: &str, mut inner: Vec<Vec<Inline>>) -> Vec<Inline> {
    if let [one] = inner.as_mut_slice()
        && let [Inline::Text(word)] = one.as_mut_slice()
        && !word.contains(' ')
    {
        return vec![text(format!("{outer} of {word}s"))];
    }
    if inner.is_empty() {
        return vec![text(outer)];
    }
    let mut line = vec![text(format!("{outer} of: "))];
    line.extend(joined(inner, ", ", " or "));
    line
}

fn list_word(schemas: Schemas<'_>, at: &Value, depth: usize) -> Vec<Inline> {
    let mut line = match at.get("items") {
        Some(items) if items.is_object() => of("list", inner(schemas, items, depth)),
        _ => vec![text("list")],
    };
    line.extend(between(at, "minItems", "maxItems", " items").map(text));
    if at["uniqueItems"] == true {
        line.push(text(", each once"));
    }
    line
}

fn plain_word(word: &str, at: &Value) -> Vec<Inline> {
    let mut line = vec![text(word)];
    if word == "text" {
        let pattern = at["pattern"].as_str();
        let pattern = pattern.filter(|pattern| pattern.chars().count() <= LONGEST_PATTERN);
        let format = at["format"].as_str();
        if let Some(format) = format.filter(|format| *format != "password") {
            line.extend([text(" ("), code(format), text(")")]);
        }
        line.extend(between(at, "minLength", "maxLength", " characters").map(text));
        if let Some(pattern) = pattern {
            line.extend([text(" like "), code(pattern)]);
        }
        return line;
    }
    line.extend(between(at, "minimum", "maximum", "").map(text));
    let exclusive = between(at, "exclusiveMinimum", "exclusiveMaximum", "");
    let exclusive = exclusive.map(|words| {
        words
            .replace("at least", "more than")
            .replace("at most", "less than")
    });
    line.extend(exclusive.map(text));
    if let Some(step) = at.get("multipleOf") {
        line.push(text(format!(", a multiple of {step}")));
    }
    line
}

/// The bounds that a schema has, in words.
fn between(at: &Value, low: &str, high: &str, unit: &str) -> Option<String> {
    match (at.get(low), at.get(high)) {
        (Some(low), Some(high)) if low == high => Some(format!(", exactly {low}{unit}")),
        (Some(low), Some(high)) => Some(format!(", at least {low} and at most {high}{unit}")),
        (Some(low), None) => Some(format!(", at least {low}{unit}")),
        (None, Some(high)) => Some(format!(", at most {high}{unit}")),
        (None, None) => None,
    }
}
