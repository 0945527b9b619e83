//! The built-in renderer, by minijinja. The formatter sees every value before it becomes text, so a template that puts out
//! one value and nothing else keeps that value as it is.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, escape_formatter};

use super::fail_marker::FailMarker;
use super::functions::{self, hint};
use super::lookups::Lookups;
use super::names::{FUNCTIONS, NAMES};
use super::renderer::{Rendered, RenderedValue, Template, TemplateRenderer};
use super::scope::TemplateScope;
use super::syntax::{self, NameKind, NameUse, SyntaxFault};
use super::tokens::has_syntax;
use super::visible::VisibleScope;
use super::{bounds, filters, names};
use crate::Result;

/// All templates of a configuration.
#[derive(Debug, Clone, Default)]
pub(crate) struct Engine(Arc<RwLock<Templates>>);

struct Templates {
    env: Environment<'static>,
    /// By text: equal texts are one template.
    known: BTreeMap<String, KnownTemplate>,
}

/// A template that was compiled.
#[derive(Clone)]
struct KnownTemplate {
    name: Arc<str>,
    /// How it is rendered without the engine, where it is as simple as that.
    lookups: Option<Arc<Lookups>>,
}

/// A template of an [`Engine`].
struct Jinja {
    engine: Engine,
    known: KnownTemplate,
}

/// Templates with this first letter are one expression.
const ONE_EXPRESSION: char = '=';

impl TemplateRenderer for Engine {
    fn compile(&self, text: &str) -> Result<Option<Arc<dyn Template>>> {
        if !has_syntax(text) {
            return Ok(None);
        }
        let mut templates = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let known = templates.compiled(text).map_err(crate::Error::msg)?;
        let engine = self.clone();
        Ok(Some(Arc::new(Jinja { engine, known })))
    }
}

impl Template for Jinja {
    fn render(&self, scope: &Arc<TemplateScope>) -> Result<Rendered> {
        if let Some(lookups) = &self.known.lookups
            && let Some(rendered) = lookups.render(scope)
        {
            return Ok(Rendered(rendered));
        }
        let templates = self.engine.0.read().unwrap_or_else(PoisonError::into_inner);
        // The engine's arithmetic is not checked everywhere.
        let rendered = catch_unwind(AssertUnwindSafe(|| {
            render(&templates.env, &self.known.name, scope)
        }));
        match rendered {
            Ok(rendered) => rendered.map_err(|error| message_of(&error, Some(scope))),
            Err(_) => Err("the template makes its engine panic".to_owned()),
        }
        .map_err(crate::Error::msg)
    }
}

fn render(
    env: &Environment<'_>,
    name: &str,
    scope: &Arc<TemplateScope>,
) -> Result<Rendered, Error> {
    let template = env.get_template(name)?;
    let visible = Arc::new(VisibleScope::new(scope.clone()));
    let text = template.render(Value::from_dyn_object(visible.clone()))?;
    let one_expression = name.starts_with(ONE_EXPRESSION);
    Ok(Rendered(match visible.only_output() {
        Some(value) if one_expression || text == value.to_string() => {
            note_failures(&value);
            RenderedValue::Native(value)
        }
        _ => RenderedValue::Text(text),
    }))
}

impl Default for Templates {
    fn default() -> Self {
        let mut env = Environment::new();
        let mut syntax = SyntaxConfig::builder();
        syntax.trim_blocks(true).lstrip_blocks(true);
        if let Ok(syntax) = syntax.build() {
            env.set_syntax(syntax);
        }
        env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        env.set_formatter(format);
        minijinja_contrib::add_to_environment(&mut env);
        bounds::add(&mut env);
        functions::add(&mut env);
        filters::add(&mut env);
        Self {
            env,
            known: BTreeMap::new(),
        }
    }
}

impl Templates {
    /// Compiles a template, unless the same text has been compiled before.
    fn compiled(&mut self, source: &str) -> Result<KnownTemplate, String> {
        if let Some(known) = self.known.get(source) {
            return Ok(known.clone());
        }
        if source.len() > bounds::SOURCE {
            return Err(format!(
                "the template is too long: {} bytes are the limit",
                bounds::SOURCE
            ));
        }
        let read = match syntax::read(source) {
            Ok(read) => read,
            Err(SyntaxFault::TooDeep) => {
                return Err(format!(
                    "the template is nested too deeply: {} blocks and brackets around each other are the limit, and {} \
                     operators, filters and attributes that work on the result of each other",
                    bounds::BRACKETS,
                    bounds::OPERATORS
                ));
            }
            Err(SyntaxFault::Malformed) => {
                let malformed = self.env.template_from_str(source).err();
                return Err(malformed.map_or_else(
                    || "the template has a form that is not known here".to_owned(),
                    |error| message_of(&error, None),
                ));
            }
        };
        let number = self.known.len();
        let name = if self.is_one_expression(source) {
            format!("{ONE_EXPRESSION}{number}")
        } else {
            number.to_string()
        };
        self.env
            .add_template_owned(name.clone(), read.guarded)
            .map_err(|error| message_of(&error, None))?;
        self.refuse_unknown_names(&read.names)?;
        let known = KnownTemplate {
            name: name.into(),
            lookups: Lookups::read(source).map(Arc::new),
        };
        self.known.insert(source.to_owned(), known.clone());
        Ok(known)
    }

    /// `{{ expression }}` and nothing around it but the newline that YAML's `>` and `|` leave.
    fn is_one_expression(&self, source: &str) -> bool {
        let source = source.strip_suffix('\n').unwrap_or(source);
        let inside = source
            .strip_prefix("{{")
            .and_then(|rest| rest.strip_suffix("}}"));
        inside.is_some_and(|inside| self.env.compile_expression_owned(inside.to_owned()).is_ok())
    }

    /// Filters and tests are known before anything is rendered; the engine looks for them only then.
    fn refuse_unknown_names(&self, used: &[NameUse<'_>]) -> Result<(), String> {
        let mut state = self.env.empty_state();
        for used in used {
            let (what, known) = match used.kind {
                NameKind::Filter => ("filter", names::FILTERS),
                NameKind::Test => ("test", names::TESTS),
            };
            // What is known complains about its arguments at most.
            let unknown = match used.kind {
                NameKind::Filter => {
                    let tried = state.apply_filter(used.name, &[]);
                    tried.is_err_and(|error| error.kind() == ErrorKind::UnknownFilter)
                }
                NameKind::Test => {
                    let tried = state.perform_test(used.name, &[]);
                    tried.is_err_and(|error| error.kind() == ErrorKind::UnknownTest)
                }
            };
            if unknown {
                let hint = hint(used.name, known.iter().copied());
                return Err(format!("{what} `{}` is unknown{hint}", used.name));
            }
        }
        Ok(())
    }
}

fn format(
    out: &mut minijinja::Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    if let Some(visible) = VisibleScope::of(state) {
        visible.put_out(value);
    }
    // The value of a lone expression is used as it is: its text may be long, and nobody reads it.
    if state.name().starts_with(ONE_EXPRESSION) {
        return Ok(());
    }
    escape_formatter(out, state, value)
}

/// Fail markers that are part of a value rather than of a text. The engine's own maps are walked in place.
fn note_failures(value: &Value) {
    if let Some(marker) = value.downcast_object_ref::<FailMarker>() {
        marker.fail_step();
        return;
    }
    if let Some(map) = value.downcast_object_ref::<BTreeMap<Value, Value>>() {
        map.values().for_each(note_failures);
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

/// A minijinja error in one line, with its causes, and with the name that may have been meant.
fn message_of(error: &Error, scope: Option<&TemplateScope>) -> String {
    let mut text = match (error.kind(), error.detail()) {
        (ErrorKind::UndefinedError, Some(detail)) => format!("undefined value: {detail}"),
        (ErrorKind::UnknownFunction, Some(detail)) => {
            let name = detail.strip_suffix(" is unknown").unwrap_or(detail);
            let hint = hint(name, FUNCTIONS.iter().copied());
            format!("undefined function: `{name}` is undefined{hint}")
        }
        (ErrorKind::OutOfFuel, _) => {
            "the template takes more time or memory than a template may take".to_owned()
        }
        (_, Some(detail)) => detail.to_owned(),
        (kind, None) => kind.to_string(),
    };
    if let Some(line) = error.line().filter(|line| *line > 1) {
        text.push_str(&format!(" (line {line} of the template)"));
    }
    if let Some(undefined) = undefined(&text) {
        text.push_str(&suggestion(undefined, scope));
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

/// The expression that the engine calls undefined.
fn undefined(text: &str) -> Option<&str> {
    let (before, _) = text.split_once("` is undefined")?;
    before.rsplit_once('`').map(|(_, name)| name)
}

fn suggestion(undefined: &str, scope: Option<&TemplateScope>) -> String {
    let (first, rest) = undefined.split_once('.').unwrap_or((undefined, ""));
    let next = rest.split(['.', '[']).next().unwrap_or_default();
    match (first, scope) {
        ("pipe_results", Some(scope)) if !next.is_empty() => {
            let ids = scope.results.ids();
            hint(next, ids.iter().map(String::as_str))
        }
        ("parent_params", Some(scope)) if !next.is_empty() => match &scope.parent {
            Some(parent) => hint(next, parent.names()),
            None => String::new(),
        },
        _ if NAMES.contains(&first) || FUNCTIONS.contains(&first) => String::new(),
        _ => hint(first, NAMES.iter().chain(FUNCTIONS).copied()),
    }
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Templates")
            .field("templates", &self.known.len())
            .finish_non_exhaustive()
    }
}
