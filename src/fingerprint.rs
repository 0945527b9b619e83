//! What a configuration came to, without its values.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::LazyLock;

use serde_json::Value;

/// The values of a configuration as hashes under a key of this process, by their paths: enough to tell whether another one
/// says the same, and where it does not. No secret can be told from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fingerprint(BTreeMap<String, u64>);

static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);

impl Fingerprint {
    pub(crate) fn of(value: &Value) -> Self {
        let mut fingerprint = Self::default();
        fingerprint.add(String::new(), value);
        fingerprint
    }

    fn add(&mut self, path: String, value: &Value) {
        match value {
            Value::Object(object) if !object.is_empty() => {
                for (key, value) in object {
                    let path = match path.as_str() {
                        "" => key.clone(),
                        path => format!("{path}.{key}"),
                    };
                    self.add(path, value);
                }
            }
            // Nothing is said.
            Value::Object(_) | Value::Null if path.is_empty() => {}
            value => {
                self.0.insert(path, KEY.hash_one(value));
            }
        }
    }

    /// The paths at which another one says something else.
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        let paths = self.0.keys().chain(other.0.keys());
        let differs = paths.filter(|path| self.0.get(*path) != other.0.get(*path));
        let mut differs: Vec<String> = differs.cloned().collect();
        differs.sort();
        differs.dedup();
        differs
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_said_in_another_order_is_the_same_and_what_differs_is_named() {
        let one = Fingerprint::of(&json!({ "url": "a", "retry": { "times": 3, "after": [1, 2] } }));
        let same =
            Fingerprint::of(&json!({ "retry": { "after": [1, 2], "times": 3 }, "url": "a" }));
        assert_eq!(one, same);
        let other = Fingerprint::of(&json!({ "url": "a", "retry": { "times": 4 }, "token": "t" }));
        assert_eq!(
            one.differences(&other),
            ["retry.after", "retry.times", "token"]
        );
        assert_eq!(other.differences(&one), one.differences(&other));
        let nothing = Fingerprint::of(&json!({}));
        assert_eq!(
            nothing.differences(&Fingerprint::of(&json!({ "url": "a" }))),
            ["url"]
        );
    }
}
