//! What a pipe step leaves behind.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a pipe step leaves behind: whether it succeeded, and data for the steps after it.
///
/// ```
/// use treenail::PipeResult;
///
/// let first = PipeResult::ok().with("label", "billing");
/// let second = PipeResult::failed("no tickets");
/// let both = first.and(second);
/// assert!(both.has_failed());
/// assert_eq!(both.message, "no tickets");
/// assert_eq!(both.data["label"], "billing");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PipeResult {
    /// The step did what it was to do.
    pub succeeded: bool,
    /// The step was not run, for a good reason.
    pub was_skipped: bool,
    /// What there is to say about it.
    pub message: String,
    /// What later steps read with `get_pipe_result`.
    pub data: Map<String, Value>,
}

impl Default for PipeResult {
    fn default() -> Self {
        Self::ok()
    }
}

impl PipeResult {
    /// A success without data.
    pub fn ok() -> Self {
        Self {
            succeeded: true,
            was_skipped: false,
            message: String::new(),
            data: Map::new(),
        }
    }

    /// A failure. It stops the composite around the step, and is no error.
    pub fn failed(message: impl Into<String>) -> Self {
        Self {
            succeeded: false,
            message: message.into(),
            ..Self::ok()
        }
    }

    /// A step that was left out on purpose.
    pub fn skipped(message: impl Into<String>) -> Self {
        Self {
            was_skipped: true,
            ..Self::failed(message)
        }
    }

    /// Adds a value to its data.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.data.insert(key.into(), value.into());
        self
    }

    /// Neither a success nor skipped.
    pub fn has_failed(&self) -> bool {
        !self.succeeded && !self.was_skipped
    }

    /// Both together: successful if both are, skipped if both are; of equal data keys the right one stays.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let message = match (self.message.is_empty(), other.message.is_empty()) {
            (_, true) => self.message,
            (true, _) => other.message,
            _ => format!("{}; {}", self.message, other.message),
        };
        self.data.extend(other.data);
        Self {
            succeeded: self.succeeded && other.succeeded,
            was_skipped: self.was_skipped && other.was_skipped,
            message: message.trim_matches([';', ' ']).to_owned(),
            data: self.data,
        }
    }

    /// All together, starting from an empty success.
    pub fn union(results: impl IntoIterator<Item = Self>) -> Self {
        results.into_iter().fold(Self::ok(), Self::and)
    }
}

#[cfg(test)]
mod tests {
    use super::PipeResult;

    #[test]
    fn the_union_of_nothing_is_an_empty_success() {
        assert_eq!(PipeResult::union([]), PipeResult::ok());
    }

    #[test]
    fn a_union_succeeds_when_all_do_and_keeps_the_later_data() {
        let first = PipeResult {
            message: "one".into(),
            ..PipeResult::ok().with("k", 1).with("l", 1)
        };
        let second = PipeResult {
            message: "two".into(),
            ..PipeResult::ok().with("k", 2)
        };
        let both = PipeResult::union([first, second]);
        assert!(both.succeeded);
        assert_eq!(both.message, "one; two");
        assert_eq!(
            serde_json::Value::Object(both.data),
            serde_json::json!({"k": 2, "l": 1})
        );
    }

    #[test]
    fn one_failure_fails_a_union_and_its_message_is_kept() {
        let both = PipeResult::union([PipeResult::ok().with("k", 1), PipeResult::failed("broken")]);
        assert!(both.has_failed());
        assert_eq!(both.message, "broken");
        assert!(!both.was_skipped);
    }

    #[test]
    fn separators_at_the_ends_of_messages_are_dropped() {
        let result = |message: &str| PipeResult {
            message: message.into(),
            ..PipeResult::ok()
        };
        assert_eq!(
            PipeResult::union([result("; x;"), result(""), result("y")]).message,
            "x; y"
        );
    }
}
