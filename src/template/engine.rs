//! The engine: templates are compiled once, and rendered to a value or a text. The formatter sees every value before it
//! becomes text, so a template that puts out one value and nothing else keeps that value as it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, State, escape_formatter};

use super::functions::{self, FailMarker};
use super::scope::Frame;

/// A compiled template of an [`Engine`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TemplateId(Arc<str>);

/// What a template gave.
#[derive(Debug)]
pub(crate) enum Rendered {
    /// It put out one value and nothing else.
    Value(Native),
    /// Anything else.
    Text(String),
}

/// A value as the template had it.
#[derive(Debug)]
pub(crate) struct Native(Value);

/// Why a template could not be rendered, without the values of variables.
#[derive(Debug)]
pub(crate) struct RenderError(pub(crate) String);

/// All templates of a configuration.
pub(crate) struct Engine {
    env: Environment<'static>,
    known: BTreeMap<String, TemplateId>,
}

/// Whether a text has to be rendered at all.
pub(crate) fn has_syntax(text: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|mark| text.contains(mark))
}

/// Templates with this first letter are one expression.
const LONE: char = '=';

/// Steps of one rendering: far more than any configuration needs, and an end for a runaway loop.
const FUEL: u64 = 10_000_000;

impl Engine {
    pub(crate) fn new() -> Self {
        let mut env = Environment::new();
        let mut syntax = SyntaxConfig::builder();
        syntax.trim_blocks(true).lstrip_blocks(true);
        if let Ok(syntax) = syntax.build() {
            env.set_syntax(syntax);
        }
        env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        env.set_fuel(Some(FUEL));
        env.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        env.set_formatter(format);
        minijinja_contrib::add_to_environment(&mut env);
        functions::add(&mut env);
        Self {
            env,
            known: BTreeMap::new(),
        }
    }

    /// Compiles a template, unless the same text has been compiled before.
    pub(crate) fn compile(&mut self, source: &str) -> Result<TemplateId, String> {
        if let Some(known) = self.known.get(source) {
            return Ok(known.clone());
        }
        let number = self.known.len();
        let name = if self.is_lone(source) {
            format!("{LONE}{number}")
        } else {
            number.to_string()
        };
        self.env
            .add_template_owned(name.clone(), source.to_owned())
            .map_err(|error| words(&error))?;
        let id = TemplateId(name.into());
        self.known.insert(source.to_owned(), id.clone());
        Ok(id)
    }

    /// `{{ expression }}` and nothing around it but the newline that YAML's `>` and `|` leave.
    fn is_lone(&self, source: &str) -> bool {
        let source = source.strip_suffix('\n').unwrap_or(source);
        let inside = source
            .strip_prefix("{{")
            .and_then(|rest| rest.strip_suffix("}}"));
        inside.is_some_and(|inside| self.env.compile_expression_owned(inside.to_owned()).is_ok())
    }

    pub(crate) fn render(
        &self,
        id: &TemplateId,
        frame: &Arc<Frame>,
    ) -> Result<Rendered, RenderError> {
        self.try_render(id, frame)
            .map_err(|error| RenderError(frame.redacted(&words(&error))))
    }

    fn try_render(&self, id: &TemplateId, frame: &Arc<Frame>) -> Result<Rendered, Error> {
        let template = self.env.get_template(&id.0)?;
        let captured = template.render_captured(Value::from_dyn_object(frame.clone()))?;
        let output = captured.state().get_extension::<Output>();
        let lone = id.0.starts_with(LONE);
        let value = output
            .filter(|output| output.count == 1)
            .map(|output| output.value.clone());
        Ok(match value {
            Some(value) if lone || captured.output() == value.to_string() => {
                note_failures(&value);
                Rendered::Value(Native(value))
            }
            _ => Rendered::Text(captured.into_output()),
        })
    }
}

/// What a rendering has put out so far.
#[derive(Default)]
struct Output {
    count: usize,
    value: Value,
}

fn format(
    out: &mut minijinja::Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let output = state.get_or_insert_extension_with(Output::default);
    output.count += 1;
    if output.count == 1 {
        output.value = value.clone();
    }
    // The value of a lone expression is used as it is: its text may be long, and nobody reads it.
    if state.name().starts_with(LONE) {
        return Ok(());
    }
    escape_formatter(out, state, value)
}

/// Fail markers that are part of a value rather than of a text.
fn note_failures(value: &Value) {
    if let Some(marker) = value.downcast_object_ref::<FailMarker>() {
        marker.happened();
        return;
    }
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => {
            if let Ok(items) = value.try_iter() {
                items.for_each(|item| note_failures(&item));
            }
        }
        ValueKind::Map => {
            if let Ok(keys) = value.try_iter() {
                keys.filter_map(|key| value.get_item(&key).ok())
                    .for_each(|item| note_failures(&item));
            }
        }
        _ => {}
    }
}

impl Native {
    pub(crate) fn json(&self) -> Result<serde_json::Value, String> {
        if self.0.is_undefined() || self.0.downcast_object_ref::<FailMarker>().is_some() {
            return Ok(serde_json::Value::Null);
        }
        serde_json::to_value(&self.0).map_err(|error| error.to_string())
    }

    pub(crate) fn text(&self) -> String {
        if self.0.is_undefined() {
            String::new()
        } else {
            self.0.to_string()
        }
    }
}

/// A minijinja error in one line, with its causes.
fn words(error: &Error) -> String {
    let mut text = match error.detail() {
        Some(detail) if error.kind() == minijinja::ErrorKind::UndefinedError => {
            format!("undefined value: {detail}")
        }
        Some(detail) => detail.to_owned(),
        None => error.kind().to_string(),
    };
    if error.kind() == minijinja::ErrorKind::SyntaxError
        && let Some(line) = error.line().filter(|line| *line > 1)
    {
        text.push_str(&format!(" (line {line} of the template)"));
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("templates", &self.known.len())
            .finish_non_exhaustive()
    }
}
