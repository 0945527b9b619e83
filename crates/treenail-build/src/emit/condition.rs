//! Conditions of components, for rustc to decide.

use super::chunk::literal;
use crate::model::Condition;

/// A condition as rustc writes it.
pub(super) fn predicate(condition: &Condition) -> String {
    let list = |word: &str, parts: &[Condition]| {
        let parts: Vec<String> = parts.iter().map(predicate).collect();
        format!("{word}({})", parts.join(", "))
    };
    match condition {
        Condition::Feature(name) => format!("feature = {}", literal(&name.value)),
        Condition::Cfg(line) => line.clone(),
        Condition::All(parts) => list("all", parts),
        Condition::Any(parts) => list("any", parts),
        Condition::Not(part) => format!("not({})", predicate(part)),
    }
}
