//! What a template sees: results of earlier steps, parameters and variables. Nothing is copied for a rendering; the
//! engine asks for what it needs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[cfg(feature = "templates")]
use minijinja::value::{Enumerator, Object, Serde, Value};

use super::result::PipeResult;
use super::result_scope::ResultScope;
#[cfg(feature = "templates")]
use super::result_scope::is_small;
use crate::redact::{other, without};

/// The parameters that templates have asked for by their names: what is large is converted once, as often as they ask.
#[cfg(feature = "templates")]
#[derive(Default)]
struct ConvertedValues(Mutex<BTreeMap<String, Value>>);

#[cfg(feature = "templates")]
impl ConvertedValues {
    fn value(&self, name: &str, json: &serde_json::Value) -> Value {
        if is_small(json) {
            return Value::from(Serde(json));
        }
        let mut known = lock(&self.0);
        if let Some(value) = known.get(name) {
            return value.clone();
        }
        let value = Value::from(Serde(json));
        known.insert(name.to_owned(), value.clone());
        value
    }
}

/// Parameters as templates see them. Steps inside them are not for templates.
pub(crate) struct TemplateParams {
    values: Arc<serde_json::Value>,
    hidden: Arc<[String]>,
    #[cfg(feature = "templates")]
    converted: ConvertedValues,
}

impl TemplateParams {
    pub(crate) fn new(values: Arc<serde_json::Value>, hidden: Arc<[String]>) -> Self {
        Self {
            values,
            hidden,
            #[cfg(feature = "templates")]
            converted: ConvertedValues::default(),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&serde_json::Value> {
        self.values
            .get(name)
            .filter(|_| !self.hidden.iter().any(|hidden| hidden == name))
    }

    #[cfg(feature = "templates")]
    pub(super) fn value(&self, name: &str) -> Option<Value> {
        let value = self.get(name)?;
        Some(self.converted.value(name, value))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.values
            .as_object()
            .into_iter()
            .flat_map(|values| values.keys())
            .map(String::as_str)
            .filter(|name| !self.hidden.iter().any(|hidden| hidden == name))
    }
}

impl fmt::Debug for TemplateParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(feature = "templates")]
impl Object for TemplateParams {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.value(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.names().map(Value::from).collect())
    }
}

/// What a template sees: results of earlier steps, parameters, and variables; and what happened while it was rendered.
///
/// Made anew for each step and each service; for tests of a renderer by hand:
///
/// ```
/// use std::{collections::BTreeMap, sync::Arc};
/// use treenail::{PipeResult, TemplateScope};
///
/// let variables = BTreeMap::from([("NAME".to_owned(), "value".to_owned())]);
/// let scope = TemplateScope::new(Arc::new(variables)).result("one", PipeResult::ok().with("k", 1));
/// assert_eq!(scope.variable("NAME"), Some("value"));
/// assert_eq!(scope.pipe_result("one").expect("a result").data["k"], 1);
/// ```
#[derive(Default)]
pub struct TemplateScope {
    pub(super) results: Arc<ResultScope>,
    pub(super) params: Option<Arc<TemplateParams>>,
    pub(super) parent: Option<Arc<TemplateParams>>,
    pub(super) environment: Arc<BTreeMap<String, String>>,
    failed: Mutex<Option<String>>,
    /// Values of variables that were read.
    read: Mutex<Vec<String>>,
    /// Values of fields that are declared to be secret.
    secrets: Mutex<Vec<String>>,
    /// The scope of the step around this one, whose parameters this one can see.
    outer: Option<Arc<TemplateScope>>,
}

impl TemplateScope {
    /// A scope that sees these variables and nothing else.
    pub fn new(environment: Arc<BTreeMap<String, String>>) -> Self {
        Self {
            environment,
            ..Self::default()
        }
    }

    /// The scope of a step, which keeps the secrets of the one above it too.
    #[cfg(feature = "pipes")]
    pub(crate) fn of_step(
        results: Arc<ResultScope>,
        parent: Option<Arc<TemplateParams>>,
        environment: Arc<BTreeMap<String, String>>,
        outer: Option<Arc<TemplateScope>>,
    ) -> Self {
        Self {
            results,
            params: None,
            parent,
            environment,
            failed: Mutex::default(),
            read: Mutex::default(),
            secrets: Mutex::default(),
            outer,
        }
    }

    /// A scope that sees as much as this one, but other values of all variables.
    pub(crate) fn with_other_variables(&self) -> Arc<Self> {
        let variables = self.environment.iter();
        let others = variables.map(|(name, value)| (name.clone(), other(value)));
        Arc::new(Self {
            results: self.results.clone(),
            params: self.params.clone(),
            parent: self.parent.clone(),
            environment: Arc::new(others.collect()),
            outer: self.outer.clone(),
            ..Self::default()
        })
    }

    /// A scope that sees as much as this one, with nothing noted yet.
    #[cfg(test)]
    #[cfg(feature = "pipes")]
    pub(crate) fn afresh(&self) -> Arc<Self> {
        Arc::new(Self {
            results: self.results.clone(),
            params: self.params.clone(),
            parent: self.parent.clone(),
            environment: self.environment.clone(),
            ..Self::default()
        })
    }

    /// Adds the result of a step.
    #[must_use]
    pub fn result(self, id: impl Into<String>, result: PipeResult) -> Self {
        let id: String = id.into();
        self.results.insert(id.into(), Arc::new(result));
        self
    }

    /// Lets templates see these values as `params`.
    #[must_use]
    pub fn params(mut self, values: serde_json::Map<String, serde_json::Value>) -> Self {
        self.params = Some(Arc::new(TemplateParams::new(
            Arc::new(values.into()),
            Arc::default(),
        )));
        self
    }

    /// Lets templates see these values as the parameters of the step around this one.
    #[must_use]
    pub fn parent_params(mut self, values: serde_json::Map<String, serde_json::Value>) -> Self {
        self.parent = Some(Arc::new(TemplateParams::new(
            Arc::new(values.into()),
            Arc::default(),
        )));
        self
    }

    /// A variable of the environment or of `.env`. Errors of the step will not show its value.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let value = self.environment.get(name)?;
        remember(&self.read, value);
        Some(value)
    }

    /// The result of an earlier step, as far as this one can see it.
    pub fn pipe_result(&self, id: &str) -> Option<Arc<PipeResult>> {
        self.results.get(id)
    }

    /// A parameter of the step around this one.
    pub fn parent_param(&self, name: &str) -> Option<&serde_json::Value> {
        self.parent.as_ref()?.get(name)
    }

    /// Makes the step that is being rendered fail, whatever becomes of the template. The first message stays.
    pub fn fail(&self, message: &str) {
        if self.failed().is_none() {
            let message = self.redacted(message);
            lock(&self.failed).get_or_insert(message);
        }
    }

    /// The message of the first failure.
    pub(crate) fn failed(&self) -> Option<String> {
        lock(&self.failed).clone()
    }

    /// Remembers the value of a secret parameter, so that nothing shows it.
    pub(crate) fn secret(&self, value: &str) {
        remember(&self.secrets, value);
    }

    /// The values of secret parameters.
    pub(crate) fn secrets(&self) -> Vec<String> {
        lock(&self.secrets).clone()
    }

    /// A message without the values of variables that were read, and without secret parameters.
    pub(crate) fn redacted(&self, message: &str) -> String {
        without(message, &self.hidden_values())
    }

    /// The values of variables that were read, and secret parameters: of this step and those around it.
    pub(crate) fn hidden_values(&self) -> BTreeSet<String> {
        let mut secrets = BTreeSet::new();
        let mut next = Some(self);
        while let Some(scope) = next {
            secrets.extend(lock(&scope.secrets).iter().cloned());
            secrets.extend(lock(&scope.read).iter().cloned());
            next = scope.outer.as_deref();
        }
        secrets
    }
}

fn remember(known: &Mutex<Vec<String>>, value: &str) {
    let mut known = lock(known);
    if !known.iter().any(|known| known == value) {
        known.push(value.to_owned());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for TemplateScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TemplateScope")
            .field("results", &self.results)
            .field("params", &self.params)
            .field("parent_params", &self.parent)
            .finish_non_exhaustive()
    }
}
