//! What a template sees: results of earlier steps, parameters and variables. Nothing is copied for a rendering; the
//! engine asks for what it needs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use minijinja::value::{Enumerator, Object, Serde, Value};

use super::result::PipeResult;

/// The results that a step can see: those of its composite, and of the composites around it.
#[derive(Default)]
pub(crate) struct ResultScope {
    above: Option<Arc<ResultScope>>,
    here: RwLock<BTreeMap<String, Arc<Kept>>>,
}

/// A result, and what templates see of it: converted once, when it is first asked for.
pub(crate) struct Kept {
    pub(crate) result: PipeResult,
    value: OnceLock<Value>,
}

impl Kept {
    pub(super) fn value(&self) -> Value {
        self.value
            .get_or_init(|| Value::from(Serde(&self.result)))
            .clone()
    }
}

impl ResultScope {
    #[cfg(feature = "pipes")]
    pub(crate) fn inside(above: Arc<ResultScope>) -> Self {
        Self {
            above: Some(above),
            here: RwLock::default(),
        }
    }

    pub(crate) fn insert(&self, id: String, result: PipeResult) {
        let kept = Arc::new(Kept {
            result,
            value: OnceLock::new(),
        });
        self.here
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, kept);
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<Kept>> {
        let here = self
            .here
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
            .cloned();
        here.or_else(|| self.above.as_ref()?.get(id))
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        let mut ids = self
            .above
            .as_ref()
            .map(|above| above.ids())
            .unwrap_or_default();
        ids.extend(
            self.here
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .keys()
                .cloned(),
        );
        ids.sort();
        ids.dedup();
        ids
    }
}

impl fmt::Debug for ResultScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.ids()).finish()
    }
}

impl Object for ResultScope {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get(key.as_str()?).map(|kept| kept.value())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.ids().into_iter().map(Value::from).collect())
    }
}

/// Parameters as templates see them. Steps inside them are not for templates.
pub(crate) struct Params {
    values: Arc<serde_json::Value>,
    hidden: Vec<String>,
}

impl Params {
    pub(crate) fn new(values: Arc<serde_json::Value>, hidden: Vec<String>) -> Self {
        Self { values, hidden }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&serde_json::Value> {
        self.values
            .get(name)
            .filter(|_| !self.hidden.iter().any(|hidden| hidden == name))
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

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl Object for Params {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get(key.as_str()?)
            .map(|value| Value::from(Serde(value)))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.names().map(Value::from).collect())
    }
}

/// What templates see: results of earlier steps, parameters, and the variables that `get_env` reads.
#[derive(Debug, Clone, Default)]
pub struct TemplateScope {
    pub(super) results: Arc<ResultScope>,
    pub(super) params: Option<Arc<Params>>,
    pub(super) parent: Option<Arc<Params>>,
    pub(super) environment: Arc<BTreeMap<String, String>>,
}

impl TemplateScope {
    /// A scope that sees these variables and nothing else.
    pub fn new(environment: Arc<BTreeMap<String, String>>) -> Self {
        Self {
            environment,
            ..Self::default()
        }
    }

    #[cfg(feature = "pipes")]
    pub(crate) fn of_step(
        results: Arc<ResultScope>,
        parent: Option<Arc<Params>>,
        environment: Arc<BTreeMap<String, String>>,
    ) -> Self {
        Self {
            results,
            params: None,
            parent,
            environment,
        }
    }

    /// The same with the result of one more step.
    #[must_use]
    pub fn result(self, id: impl Into<String>, result: PipeResult) -> Self {
        self.results.insert(id.into(), result);
        self
    }

    /// The same with these values as `params`.
    #[must_use]
    pub fn params(mut self, values: serde_json::Map<String, serde_json::Value>) -> Self {
        self.params = Some(Arc::new(Params::new(Arc::new(values.into()), Vec::new())));
        self
    }

    /// The same with these values as the parameters of the step around this one.
    #[must_use]
    pub fn parent_params(mut self, values: serde_json::Map<String, serde_json::Value>) -> Self {
        self.parent = Some(Arc::new(Params::new(Arc::new(values.into()), Vec::new())));
        self
    }
}

/// The name under which functions find the frame they are called in.
pub(super) const FRAME: &str = "__treenail_frame";

/// One step's renderings: the scope, and what happened on the way.
pub(crate) struct Frame {
    pub(super) scope: TemplateScope,
    failed: Mutex<Option<String>>,
    secrets: Mutex<Vec<String>>,
    /// The step around this one, whose parameters this one can see.
    above: Option<Arc<Frame>>,
}

impl Frame {
    pub(crate) fn new(scope: TemplateScope) -> Arc<Self> {
        Self::inside(None, scope)
    }

    /// A frame that keeps the secrets of the one above it too.
    pub(crate) fn inside(above: Option<Arc<Frame>>, scope: TemplateScope) -> Arc<Self> {
        Arc::new(Self {
            scope,
            above,
            failed: Mutex::default(),
            secrets: Mutex::default(),
        })
    }

    /// A fail marker became part of a value.
    pub(super) fn fail(&self, message: &str) {
        lock(&self.failed).get_or_insert_with(|| message.to_owned());
    }

    /// The message of the first fail marker that became part of a value.
    pub(crate) fn failed(&self) -> Option<String> {
        lock(&self.failed).clone()
    }

    /// Remembers the value of a variable or of a secret parameter, so that no error shows it.
    pub(crate) fn secret(&self, value: &str) {
        if value.len() >= SHORTEST {
            lock(&self.secrets).push(value.to_owned());
        }
    }

    /// A message without the values of variables that were read, and without secret parameters.
    pub(crate) fn redacted(&self, message: &str) -> String {
        let mut secrets = Vec::new();
        let mut next = Some(self);
        while let Some(frame) = next {
            secrets.extend(lock(&frame.secrets).iter().cloned());
            next = frame.above.as_deref();
        }
        redacted(message, &secrets)
    }
}

/// A message without these texts. A longer one goes first: it may hold a shorter one.
pub(crate) fn redacted(message: &str, secrets: &[String]) -> String {
    let mut secrets: Vec<&String> = secrets.iter().collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
        .iter()
        .filter(|secret| secret.len() >= SHORTEST)
        .fold(message.to_owned(), |message, secret| {
            // Errors show texts quoted, with escapes.
            let quoted = format!("{secret:?}");
            message
                .replace(secret.as_str(), "***")
                .replace(&quoted[1..quoted.len() - 1], "***")
        })
}

/// Shorter values would blank out half of a message and protect nothing.
const SHORTEST: usize = 3;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Frame")
    }
}

impl Object for Frame {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let map = |params: &Option<Arc<Params>>| match params {
            Some(params) => Value::from_dyn_object(params.clone()),
            None => Value::from(Serde(serde_json::Map::new())),
        };
        match key {
            "pipe_results" => Some(Value::from_dyn_object(self.scope.results.clone())),
            "params" => Some(map(&self.scope.params)),
            "parent_params" => Some(map(&self.scope.parent)),
            FRAME => Some(Value::from_dyn_object(self.clone())),
            _ => None,
        }
    }
}
