//! What a scalar of YAML means: null, a boolean, a number or a text. Numbers are read by `serde_yaml`.

use saphyr_parser::{ScalarStyle, Tag};
use serde_json::Value as Json;
use serde_yaml::Number;

/// The value of a scalar: what is quoted is a text, unless its tag says otherwise.
pub(super) fn read(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Json, String> {
    let (fits, expected): (fn(&Json) -> bool, &str) = match tag.and_then(core_type) {
        None if style == ScalarStyle::Plain => return Ok(plain(text)),
        Some("null") => (Json::is_null, "null"),
        Some("bool") => (Json::is_boolean, "a boolean"),
        Some("int") => (|value| value.is_i64() || value.is_u64(), "an integer"),
        Some("float") => (Json::is_number, "a number"),
        _ => return Ok(text.into()),
    };
    let value = plain(text);
    if fits(&value) {
        Ok(value)
    } else {
        Err(format!("expected {expected}, as its tag says"))
    }
}

/// The name of a type of YAML itself, written as `!!int` or in full. Tags of applications mean nothing here.
fn core_type(tag: &Tag) -> Option<&str> {
    if tag.is_yaml_core_schema() {
        return Some(&tag.suffix);
    }
    let in_full = tag.handle.is_empty();
    in_full.then(|| tag.suffix.strip_prefix("tag:yaml.org,2002:"))?
}

/// What a scalar without quotes means.
fn plain(text: &str) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" => true.into(),
        "false" | "False" | "FALSE" => false.into(),
        _ if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => text.into(),
        _ => text
            .parse()
            .map_or_else(|_| text.into(), |number| json_number(&number)),
    }
}

/// A number; JSON has none for infinity, so that stays a text.
fn json_number(number: &Number) -> Json {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(value), _, _) => value.into(),
        (_, Some(value), _) => value.into(),
        (_, _, Some(value)) if value.is_finite() => value.into(),
        _ => number.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::node::Kind;
    use super::super::yaml::parse;

    #[test]
    fn a_scalar_is_what_serde_yaml_takes_it_for() {
        for text in [
            "1",
            "-1",
            "+1",
            "0x1F",
            "0o17",
            "0b11",
            "017",
            "1e3",
            "1.5",
            ".5",
            "5.",
            "1_000",
            ".inf",
            "-.inf",
            "inf",
            "true",
            "TRUE",
            "tRUE",
            "yes",
            "null",
            "~",
            "none",
            "'1'",
            "\"true\"",
            "''",
            "12:30",
            "0.0",
            "-0",
            "00.5",
            "1e400",
            "!!str 5",
            "!x 5",
            "!<tag:yaml.org,2002:str> 7",
            "!!int '5'",
            "18446744073709551615",
        ] {
            let ours = parse(&format!("a: {text}"), 0, 0).expect(text);
            let Some(Kind::Scalar(value)) = ours.get("a").map(|node| &node.kind) else {
                panic!("{text} is no scalar");
            };
            let theirs: Vec<serde_yaml::Value> =
                serde_yaml::from_str(&format!("[{text}]")).expect(text);
            let theirs = match &theirs[0] {
                serde_yaml::Value::Tagged(tagged) => tagged.value.clone(),
                value => value.clone(),
            };
            // JSON has no infinity.
            let theirs = match serde_json::to_value(&theirs).expect(text) {
                serde_json::Value::Null if !theirs.is_null() => json!(text),
                value => value,
            };
            assert_eq!(*value, theirs, "{text}");
        }
    }
}
