//! The results that a step can see, and what templates have seen of them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

#[cfg(feature = "templates")]
use minijinja::value::{Enumerator, Object, Serde, Value};

use super::result::PipeResult;

/// The results that a step can see: those of its composite, and of the composites around it.
#[derive(Default)]
pub(crate) struct ResultScope {
    outer: Option<Arc<ResultScope>>,
    own: RwLock<BTreeMap<Arc<str>, StoredResult>>,
}

/// A result, and what templates have seen of it: all of it, or what stands under a key.
struct StoredResult {
    result: Arc<PipeResult>,
    #[cfg(feature = "templates")]
    converted: Vec<(Option<String>, Value)>,
}

#[cfg(feature = "templates")]
impl StoredResult {
    fn converted(&self, key: Option<&str>) -> Option<&Value> {
        let mut converted = self.converted.iter();
        let is_it = |(known, _): &&(Option<String>, Value)| known.as_deref() == key;
        converted.find(is_it).map(|(_, value)| value)
    }
}

impl ResultScope {
    #[cfg(feature = "pipes")]
    pub(crate) fn inside(outer: Arc<ResultScope>) -> Self {
        Self {
            outer: Some(outer),
            own: RwLock::default(),
        }
    }

    pub(crate) fn insert(&self, id: Arc<str>, result: Arc<PipeResult>) {
        let stored = StoredResult {
            result,
            #[cfg(feature = "templates")]
            converted: Vec::new(),
        };
        self.change().insert(id, stored);
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<PipeResult>> {
        let own = self.read().get(id).map(|stored| stored.result.clone());
        own.or_else(|| self.outer.as_ref()?.get(id))
    }

    /// What templates see of a result: all of it, or what the step has left behind under a key. What is large is converted
    /// once, as often as they ask.
    #[cfg(feature = "templates")]
    pub(super) fn value(&self, id: &str, key: Option<&str>) -> Option<Value> {
        let own = self.read();
        let Some(stored) = own.get(id) else {
            drop(own);
            return self.outer.as_ref()?.value(id, key);
        };
        if let Some(key) = key {
            let json = stored.result.data.get(key)?;
            if is_small(json) {
                return Some(Value::from(Serde(json)));
            }
        }
        if let Some(value) = stored.converted(key) {
            return Some(value.clone());
        }
        let result = stored.result.clone();
        drop(own);
        let value = match key {
            Some(key) => Value::from(Serde(result.data.get(key)?)),
            None => Value::from(Serde(&*result)),
        };
        if let Some(stored) = self.change().get_mut(id)
            && Arc::ptr_eq(&stored.result, &result)
        {
            let converted = (key.map(str::to_owned), value.clone());
            stored.converted.push(converted);
        }
        Some(value)
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<Arc<str>, StoredResult>> {
        self.own.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self) -> RwLockWriteGuard<'_, BTreeMap<Arc<str>, StoredResult>> {
        self.own.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        let mut ids = self
            .outer
            .as_ref()
            .map(|outer| outer.ids())
            .unwrap_or_default();
        ids.extend(self.read().keys().map(ToString::to_string));
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

#[cfg(feature = "templates")]
impl Object for ResultScope {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.value(key.as_str()?, None)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.ids().into_iter().map(Value::from).collect())
    }
}

/// Whether a value is converted in less time than it is found again.
#[cfg(feature = "templates")]
pub(super) fn is_small(json: &serde_json::Value) -> bool {
    match json {
        serde_json::Value::String(text) => text.len() <= 64,
        json => !json.is_array() && !json.is_object(),
    }
}
