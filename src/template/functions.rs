//! The functions that templates call, besides those of Jinja.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{
    Kwargs, Object, ObjectRepr, Rest, Serde, Value, ValueKind, ValueOrKwargs, from_args,
};
use minijinja::{Environment, Error, ErrorKind, State};

use super::scope::{FRAME, Frame};
use crate::config::nearest;

/// Adds the functions to an environment.
pub(super) fn add(env: &mut Environment<'static>) {
    env.add_function("get_pipe_result", get_pipe_result);
    env.add_function("has_failed", has_failed);
    env.add_function("get_env", get_env);
    env.add_function("get_parent_param", get_parent_param);
    env.add_function("at_path", at_path);
    env.add_function("fail", fail);
    env.add_filter("truncate", truncate);
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

fn frame(state: &State<'_, '_>) -> Result<Arc<Frame>, Error> {
    let found = state
        .lookup(FRAME)
        .and_then(|value| value.downcast_object::<Frame>());
    found.ok_or_else(|| wrong("this function needs the scope of a configuration".to_owned()))
}

/// `; did you mean ...?`, or nothing.
fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known)
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_default()
}

fn kept(state: &State<'_, '_>, id: &str) -> Result<Arc<super::scope::Kept>, Error> {
    let results = frame(state)?.scope.results.clone();
    results.get(id).ok_or_else(|| {
        let ids = results.ids();
        wrong(format!(
            "the result of step `{id}` was not found{}",
            hint(id, ids.iter().map(String::as_str))
        ))
    })
}

fn get_pipe_result(state: &State<'_, '_>, id: &str, key: Option<&str>) -> Result<Value, Error> {
    let kept = kept(state, id)?;
    let key = key.unwrap_or("value");
    match kept.result.data.get(key) {
        Some(value) if !value.is_null() => kept.value().get_attr("data")?.get_attr(key),
        Some(_) => Err(wrong(format!(
            "key `{key}` of the result of step `{id}` was not found: it holds nothing"
        ))),
        None => {
            let known = hint(key, kept.result.data.keys().map(String::as_str));
            Err(wrong(format!(
                "key `{key}` was not found in the result of step `{id}`{known}"
            )))
        }
    }
}

fn has_failed(state: &State<'_, '_>, id: &str) -> Result<bool, Error> {
    Ok(kept(state, id)?.result.has_failed())
}

fn get_env(state: &State<'_, '_>, name: &str) -> Result<Value, Error> {
    let frame = frame(state)?;
    let environment = &frame.scope.environment;
    match environment.get(name) {
        Some(value) => {
            frame.secret(value);
            Ok(Value::from(value.as_str()))
        }
        None => Err(wrong(format!(
            "environment variable `{name}` was not found{}",
            hint(name, environment.keys().map(String::as_str))
        ))),
    }
}

fn get_parent_param(state: &State<'_, '_>, name: &str) -> Result<Value, Error> {
    let frame = frame(state)?;
    let Some(parent) = &frame.scope.parent else {
        return Err(wrong(format!(
            "parameter `{name}` was not found: no step is around this one"
        )));
    };
    match parent.get(name) {
        Some(value) => Ok(Value::from(Serde(value))),
        None => Err(wrong(format!(
            "parameter `{name}` was not found in the step around this one{}",
            hint(name, parent.names())
        ))),
    }
}

fn at_path(value: &Value, path: &str) -> Result<Value, Error> {
    if !path.contains('.') {
        return Err(wrong(format!(
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
            return Err(wrong(format!("key `{key}` of path `{path}` was not found")));
        }
        at = below;
    }
    Ok(at)
}

fn fail(state: &State<'_, '_>, message: Option<&str>) -> Result<Value, Error> {
    let frame = frame(state)?;
    // A message is shown and logged, whatever was put into it.
    let message = frame.redacted(message.unwrap_or("Expression evaluated to FailMarker."));
    Ok(Value::from_object(FailMarker { message, frame }))
}

/// Jinja's `truncate(length=255, killwords=false, end="...", leeway=5)`, which also takes its arguments by position.
fn truncate(text: &str, arguments: Rest<ValueOrKwargs>) -> Result<String, Error> {
    let arguments = arguments.into_values();
    let (positional, named) = from_args::<(&[Value], Kwargs)>(&arguments)?;
    let given = |number: usize, name: &str| match positional.get(number) {
        Some(value) => Ok(Some(value.clone())),
        None => named.get::<Option<Value>>(name),
    };
    let number = |value: Option<Value>, default: usize| value.map_or(Ok(default), usize::try_from);
    let length = number(given(0, "length")?, 255)?;
    let cut_words = given(1, "killwords")?.is_some_and(|value| value.is_true());
    let end = given(2, "end")?.map_or_else(|| "...".to_owned(), |value| value.to_string());
    let leeway = number(given(3, "leeway")?, 5)?;
    named.assert_all_used()?;
    if text.chars().count() <= length.saturating_add(leeway) {
        return Ok(text.to_owned());
    }
    let kept: String = text
        .chars()
        .take(length.saturating_sub(end.chars().count()))
        .collect();
    let kept = if cut_words {
        kept.as_str()
    } else {
        kept.rsplit_once(' ')
            .map_or(kept.as_str(), |(words, _)| words)
    };
    Ok(format!("{kept}{end}"))
}

/// What `fail()` gives: wherever it becomes part of a value, the step fails. Printing it is becoming part of a text.
pub(super) struct FailMarker {
    message: String,
    frame: Arc<Frame>,
}

impl FailMarker {
    pub(super) fn happened(&self) {
        self.frame.fail(&self.message);
    }
}

impl fmt::Debug for FailMarker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.happened();
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
