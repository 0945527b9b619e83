//! What is wrong with a configuration that something shall be made of.

use std::fmt;

use schemars::Schema;
use serde_json::Value;
use treenail_core::nearest::nearest;

use super::fields::{FieldPath, Misfit};

/// A configuration does not fit the type that a key of [`Factories`](crate::Factories) reads.
///
/// ```text
/// `limit`: unknown field `rules[0].byte`: did you mean `bytes`?
/// `limit`: rules[0].bytes: invalid type: string "many", expected u64 at line 3 column 19
/// ```
#[derive(Debug)]
pub struct FactoryError {
    key: &'static str,
    misfits: Vec<FieldMisfit>,
}

/// One field that does not fit.
#[derive(Debug)]
struct FieldMisfit {
    /// Its path; empty for the whole configuration.
    path: String,
    /// What serde says of its value; `None`: the type has no field of that name.
    message: Option<String>,
    /// What was probably written wrong.
    nearest: Option<String>,
}

impl FactoryError {
    pub(super) fn new(key: &'static str, misfit: Misfit, schema: impl Fn() -> Schema) -> Self {
        let fault = misfit.fault.map(|(path, message)| FieldMisfit {
            nearest: nearest_expected(&message),
            message: Some(message),
            path: path.to_string(),
        });
        let mut misfits: Vec<FieldMisfit> = fault.into_iter().collect();
        if !misfit.unknown.is_empty() {
            let schema = schema().to_value();
            let unknown = misfit.unknown.iter().map(|path| FieldMisfit {
                nearest: nearest_field(&schema, path),
                message: None,
                path: path.to_string(),
            });
            misfits.extend(unknown);
        }
        Self { key, misfits }
    }

    /// The key of the registry.
    #[must_use]
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// Paths of the fields that do not fit, as `rules[0].bytes`; an empty one stands for the whole configuration.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.misfits.iter().map(|misfit| misfit.path.as_str())
    }
}

impl fmt::Display for FactoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: ", self.key)?;
        for (number, misfit) in self.misfits.iter().enumerate() {
            if number > 0 {
                f.write_str("; ")?;
            }
            match (&misfit.message, misfit.path.as_str()) {
                (None, path) => write!(f, "unknown field `{path}`")?,
                (Some(message), "") => f.write_str(message)?,
                (Some(message), path) => write!(f, "{path}: {message}")?,
            }
            if let Some(nearest) = &misfit.nearest {
                write!(f, ": did you mean `{nearest}`?")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for FactoryError {}

/// What was meant by the first name that serde quotes: `unknown variant `fats`, expected `fast` or `slow``.
fn nearest_expected(message: &str) -> Option<String> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let written = quoted.next()?;
    nearest(written, quoted)
}

/// What was meant by the last name of a path: a field of the type that the rest of the path leads to.
fn nearest_field(schema: &Value, path: &FieldPath) -> Option<String> {
    let mut names = path.names();
    let written = names.next_back()?;
    let mut types = shapes(schema, schema);
    for name in names {
        let next = types.into_iter().filter_map(|ty| {
            let field = ty.get("properties").and_then(|fields| fields.get(name));
            let keys = ty.get("patternProperties").and_then(Value::as_object);
            let field = field.or_else(|| keys?.values().next());
            field.or_else(|| ty.get("additionalProperties"))
        });
        types = next.flat_map(|ty| shapes(schema, ty)).collect();
    }
    let properties = types
        .into_iter()
        .filter_map(|ty| ty.get("properties")?.as_object());
    nearest(
        written,
        properties.flat_map(|fields| fields.keys().map(String::as_str)),
    )
}

/// The types behind a type: what it refers to, the elements of a list, alternatives.
fn shapes<'a>(root: &'a Value, ty: &'a Value) -> Vec<&'a Value> {
    let (mut open, mut found) = (vec![ty], Vec::<&Value>::new());
    while let Some(ty) = open.pop() {
        // A type that holds itself comes by again.
        if found.iter().any(|known| std::ptr::eq(*known, ty)) {
            continue;
        }
        found.push(ty);
        let reference = ty.get("$ref").and_then(Value::as_str);
        open.extend(reference.and_then(|place| root.pointer(place.strip_prefix('#')?)));
        open.extend(ty.get("items"));
        let several = ["allOf", "anyOf", "oneOf", "prefixItems"];
        let several = several.iter().filter_map(|key| ty.get(key)?.as_array());
        open.extend(several.flatten());
    }
    found
}
