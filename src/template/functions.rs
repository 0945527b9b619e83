//! The functions that templates call, besides those of Jinja.

use std::sync::Arc;

use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};
use treenail_core::nearest::nearest;

use super::bounds::{paid, pay};
use super::fail_marker::FailMarker;
use super::filters::{pay_for_marks, pprint};
#[cfg(feature = "pipes")]
use super::result::PipeResult;
#[cfg(feature = "pipes")]
use super::result_scope::ResultScope;
use super::scope::TemplateScope;
use super::visible::VisibleScope;

/// Adds the functions to an environment.
pub(super) fn add(env: &mut Environment<'static>) {
    #[cfg(feature = "pipes")]
    {
        env.add_function("get_pipe_result", get_pipe_result);
        env.add_function("has_failed", has_failed);
        env.add_function("get_parent_param", get_parent_param);
    }
    env.add_function("get_env", get_env);
    env.add_function("at_path", at_path);
    env.add_function("fail", fail);
    env.add_function("debug", debug);
    env.add_function("lipsum", lipsum);
    env.add_function("randrange", randrange);
    env.add_function("range", range);
    env.set_unknown_method_callback(method);
}

fn error(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

fn scope(state: &State<'_, '_>) -> Result<Arc<TemplateScope>, Error> {
    let found = VisibleScope::of(state).map(|visible| visible.scope.clone());
    found.ok_or_else(|| error("this function needs the scope of a configuration".to_owned()))
}

/// `; did you mean ...?`, or nothing.
pub(super) fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known)
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_default()
}

/// What a step has left behind under this key is its result, where a template names no other.
pub(super) const DEFAULT_KEY: &str = "value";

#[cfg(feature = "pipes")]
fn result(results: &ResultScope, id: &str) -> Result<Arc<PipeResult>, Error> {
    results.get(id).ok_or_else(|| {
        let ids = results.ids();
        error(format!(
            "the result of step `{id}` was not found{}",
            hint(id, ids.iter().map(String::as_str))
        ))
    })
}

#[cfg(feature = "pipes")]
fn get_pipe_result(state: &State<'_, '_>, id: &str, key: Option<&str>) -> Result<Value, Error> {
    let scope = scope(state)?;
    let key = key.unwrap_or(DEFAULT_KEY);
    match scope.results.value(id, Some(key)) {
        Some(value) if !value.is_none() => Ok(value),
        Some(_) => Err(error(format!(
            "key `{key}` of the result of step `{id}` was not found: it holds nothing"
        ))),
        None => {
            let result = result(&scope.results, id)?;
            let known = hint(key, result.data.keys().map(String::as_str));
            Err(error(format!(
                "key `{key}` was not found in the result of step `{id}`{known}"
            )))
        }
    }
}

#[cfg(feature = "pipes")]
fn has_failed(state: &State<'_, '_>, id: &str) -> Result<bool, Error> {
    Ok(result(&scope(state)?.results, id)?.has_failed())
}

fn get_env(state: &State<'_, '_>, name: &str) -> Result<Value, Error> {
    let scope = scope(state)?;
    match scope.variable(name) {
        Some(value) => Ok(Value::from(value)),
        None => Err(error(format!(
            "environment variable `{name}` was not found{}",
            hint(name, scope.environment.keys().map(String::as_str))
        ))),
    }
}

#[cfg(feature = "pipes")]
fn get_parent_param(state: &State<'_, '_>, name: &str) -> Result<Value, Error> {
    let scope = scope(state)?;
    let Some(parent) = &scope.parent else {
        return Err(error(format!(
            "parameter `{name}` was not found: no step is around this one"
        )));
    };
    match parent.value(name) {
        Some(value) => Ok(value),
        None => Err(error(format!(
            "parameter `{name}` was not found in the step around this one{}",
            hint(name, parent.names())
        ))),
    }
}

fn at_path(value: &Value, path: &str) -> Result<Value, Error> {
    if !path.contains('.') {
        return Err(error(format!(
            "`{path}` is no path: keys are separated by dots, as in `a.b`"
        )));
    }
    let mut at = value.clone();
    for key in path.split('.') {
        let below = match (at.kind(), key.parse::<usize>()) {
            (ValueKind::Seq, Ok(number)) => at.get_item_by_index(number)?,
            _ if at.is_undefined() || at.is_none() => Value::UNDEFINED,
            _ => at.get_attr(key).unwrap_or(Value::UNDEFINED),
        };
        if below.is_undefined() {
            return Err(error(format!("key `{key}` of path `{path}` was not found")));
        }
        at = below;
    }
    Ok(at)
}

fn fail(state: &State<'_, '_>, message: Option<&str>) -> Result<Value, Error> {
    let message = message.unwrap_or("Expression evaluated to FailMarker.");
    Ok(Value::from_object(FailMarker::new(message, scope(state)?)))
}

/// `debug(*values)`. The engine's own shows all variables where it gets none, whatever they hold.
fn debug(state: &mut State<'_, '_>, Rest(values): Rest<Value>) -> Result<String, Error> {
    if values.is_empty() {
        return Err(error(
            "`debug` shows the values that it is given".to_owned(),
        ));
    }
    let shown: Result<Vec<String>, Error> = values
        .into_iter()
        .map(|value| pprint(state, &value))
        .collect();
    Ok(shown?.join("\n"))
}

/// `lipsum(n=5, html=false, min=20, max=100)`.
fn lipsum(
    state: &mut State<'_, '_>,
    paragraphs: Option<usize>,
    named: Kwargs,
) -> Result<Value, Error> {
    let number = |name| Ok::<_, Error>(named.get::<Option<usize>>(name)?.unwrap_or(100));
    let words = number("min")?.max(number("max")?);
    let paragraphs_of = paragraphs.map_or_else(|| number("n"), Ok)?;
    // No word is longer, and each has a space.
    let bytes = words.saturating_add(1).saturating_mul(16);
    pay(state, bytes.saturating_mul(paragraphs_of))?;
    minijinja_contrib::globals::lipsum(state, paragraphs, named)
}

/// Beyond this number, the difference of two may be none.
const FAR: std::ops::RangeInclusive<i64> = -(1 << 60)..=1 << 60;

fn randrange(state: &mut State<'_, '_>, one: i64, other: Option<i64>) -> Result<i64, Error> {
    if !FAR.contains(&one) || !FAR.contains(&other.unwrap_or(0)) {
        return Err(error("the range of `randrange` is too large".to_owned()));
    }
    Ok(minijinja_contrib::globals::randrange(state, one, other))
}

fn range(lower: i64, upper: Option<i64>, step: Option<i64>) -> Result<Value, Error> {
    if [Some(lower), upper, step]
        .iter()
        .flatten()
        .any(|number| !FAR.contains(number))
    {
        return Err(error("the numbers of `range` are too large".to_owned()));
    }
    let number = |number: i64| number as isize;
    minijinja::functions::range(number(lower), upper.map(number), step.map(number))
}

/// The methods of Python's texts, lists and maps.
fn method(
    state: &mut State<'_, '_>,
    value: &Value,
    name: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    // A key is found in a map without looking at the others.
    if value.kind() != ValueKind::Map {
        paid(state, value.clone())?;
    }
    if name == "format"
        && let Some(text) = value.as_str()
    {
        let fields: Vec<&str> = text.split('{').skip(1).collect();
        for field in &fields {
            let field = field.split('}').next().unwrap_or_default();
            let numbers = field.split(|c: char| !c.is_ascii_digit());
            let width = numbers.filter(|number| !number.is_empty());
            let width = width
                .map(|number| number.parse().unwrap_or(usize::MAX))
                .max();
            pay(state, width.unwrap_or(0))?;
        }
        pay_for_marks(state, fields.len(), arguments)?;
    }
    minijinja_contrib::pycompat::unknown_method_callback(state, value, name, arguments)
}
