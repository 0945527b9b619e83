//! What an editor offers of a schema: a thing by one name, with a sentence about it.

use serde_json::{Value, json};

/// What matches these names alone. An editor offers what is listed, and not what matches: so it offers a thing by one name.
pub(super) fn one_of_names(names: &[&str]) -> Option<String> {
    let escaped = |name: &&str| {
        let letters = name.chars().map(|letter| match letter {
            '\\' | '^' | '$' | '.' | '|' | '?' | '*' | '+' | '(' | ')' | '[' | ']' | '{' | '}'
            | '/' => {
                format!("\\{letter}")
            }
            letter => letter.to_string(),
        });
        letters.collect::<String>()
    };
    let names: Vec<String> = names.iter().map(escaped).collect();
    (!names.is_empty()).then(|| format!("^({})$", names.join("|")))
}

/// The schema of a name: those to offer, each with a sentence about it, and others that are read all the same.
pub(super) fn name(offered: &[Value], others: &[&str]) -> Value {
    let mut names = offered.to_vec();
    if let Some(pattern) = one_of_names(others) {
        names.push(json!({ "type": "string", "pattern": pattern, "description": "Another name." }));
    }
    json!({ "anyOf": names })
}

/// A schema with a sentence, if there is one.
pub(super) fn described(mut schema: Value, about: &str) -> Value {
    if !about.is_empty() {
        schema["description"] = json!(about);
    }
    schema
}
