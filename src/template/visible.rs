//! A scope while a template is rendered in it: the names that the template finds, and what it has put out.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use minijinja::State;
use minijinja::value::{Object, Serde, Value};

use super::scope::{TemplateParams, TemplateScope};

/// The name under which functions find the scope they are called in.
pub(super) const SCOPE: &str = "__treenail_scope";

/// A scope as a template sees it, for one rendering.
#[derive(Debug)]
pub(super) struct VisibleScope {
    pub(super) scope: Arc<TemplateScope>,
    output: Mutex<RenderedOutput>,
}

/// What a rendering has put out so far.
#[derive(Debug, Default)]
struct RenderedOutput {
    count: usize,
    first: Value,
}

impl VisibleScope {
    pub(super) fn new(scope: Arc<TemplateScope>) -> Self {
        Self {
            scope,
            output: Mutex::default(),
        }
    }

    /// The scope that a template is rendered in.
    pub(super) fn of(state: &State<'_, '_>) -> Option<Arc<Self>> {
        state.lookup(SCOPE)?.downcast_object()
    }

    /// Notes that a value is put out.
    pub(super) fn put_out(&self, value: &Value) {
        let mut output = self.output();
        output.count += 1;
        if output.count == 1 {
            output.first = value.clone();
        }
    }

    /// The value that was put out, where it is the only one.
    pub(super) fn only_output(&self) -> Option<Value> {
        let output = self.output();
        (output.count == 1).then(|| output.first.clone())
    }

    fn output(&self) -> MutexGuard<'_, RenderedOutput> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Object for VisibleScope {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let map = |params: &Option<Arc<TemplateParams>>| match params {
            Some(params) => Value::from_dyn_object(params.clone()),
            None => Value::from(Serde(serde_json::Map::new())),
        };
        match key {
            "pipe_results" => Some(Value::from_dyn_object(self.scope.results.clone())),
            "params" => Some(map(&self.scope.params)),
            "parent_params" => Some(map(&self.scope.parent)),
            SCOPE => Some(Value::from_dyn_object(self.clone())),
            _ => None,
        }
    }
}
