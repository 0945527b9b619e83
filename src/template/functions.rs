//! The functions that templates call, besides those of Jinja.

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "pipes")]
use minijinja::value::Serde;
use minijinja::value::{Object, ObjectRepr, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};
use treenail_core::nearest::nearest;

#[cfg(feature = "pipes")]
use super::scope::StoredResult;
use super::scope::{SCOPE, TemplateScope};

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
}

fn error(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

fn scope(state: &State<'_, '_>) -> Result<Arc<TemplateScope>, Error> {
    let found = state
        .lookup(SCOPE)
        .and_then(|value| value.downcast_object::<TemplateScope>());
    found.ok_or_else(|| error("this function needs the scope of a configuration".to_owned()))
}

/// The names of the functions that [`add`] adds.
pub(super) const FUNCTIONS: &[&str] = &[
    #[cfg(feature = "pipes")]
    "get_pipe_result",
    #[cfg(feature = "pipes")]
    "has_failed",
    #[cfg(feature = "pipes")]
    "get_parent_param",
    "get_env",
    "at_path",
    "fail",
];

/// `; did you mean ...?`, or nothing.
pub(super) fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known)
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_default()
}

#[cfg(feature = "pipes")]
fn stored(state: &State<'_, '_>, id: &str) -> Result<Arc<StoredResult>, Error> {
    let results = scope(state)?.results.clone();
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
    let stored = stored(state, id)?;
    let key = key.unwrap_or("value");
    match stored.result.data.get(key) {
        Some(value) if !value.is_null() => stored.value().get_attr("data")?.get_attr(key),
        Some(_) => Err(error(format!(
            "key `{key}` of the result of step `{id}` was not found: it holds nothing"
        ))),
        None => {
            let known = hint(key, stored.result.data.keys().map(String::as_str));
            Err(error(format!(
                "key `{key}` was not found in the result of step `{id}`{known}"
            )))
        }
    }
}

#[cfg(feature = "pipes")]
fn has_failed(state: &State<'_, '_>, id: &str) -> Result<bool, Error> {
    Ok(stored(state, id)?.result.has_failed())
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
    match parent.get(name) {
        Some(value) => Ok(Value::from(Serde(value))),
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
    Ok(Value::from_object(FailMarker {
        message: message.to_owned(),
        scope: scope(state)?,
    }))
}

/// What `fail()` gives: wherever it becomes part of a value, the step fails. Printing it is becoming part of a text.
pub(super) struct FailMarker {
    message: String,
    scope: Arc<TemplateScope>,
}

impl FailMarker {
    pub(super) fn fail_step(&self) {
        self.scope.fail(&self.message);
    }
}

impl fmt::Debug for FailMarker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fail_step();
        f.write_str("FailMarker")
    }
}

impl Object for FailMarker {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
