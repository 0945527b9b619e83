//! Values as a file has them.

use std::collections::BTreeMap;

use serde_json::Value;

/// A value as YAML has it in one line.
pub(crate) fn plain_text(value: &Value) -> String {
    let is_plain = |text: &str| {
        let begins = text.starts_with(|sign: char| sign.is_alphabetic() || sign == '/');
        let is_word = !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_lowercase().as_str());
        let ends = !text.ends_with([':', ' ']);
        let signs = |sign: char| sign.is_control() || "#{}[],&*!|>'\"%@`".contains(sign);
        begins && is_word && ends && !text.contains(": ") && !text.contains(signs)
    };
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        Value::Object(object) => {
            let sorted: BTreeMap<&String, &Value> = object.iter().collect();
            let parts = sorted.iter().map(|(key, value)| {
                format!(
                    "{}: {}",
                    plain_text(&Value::String((*key).clone())),
                    plain_text(value)
                )
            });
            format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().map(plain_text).collect();
            format!("[{}]", parts.join(", "))
        }
        other => other.to_string(),
    }
}
