//! TOML as it is written: texts, keys, and values on one line.

use std::fmt::Write as _;
use std::path::Path;

use toml::de::DeValue;

use crate::sort::sort_by;

/// A basic string.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A key, without quotes where it needs none.
pub(crate) fn key(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match !name.is_empty() && name.chars().all(is_plain) {
        true => name.to_owned(),
        false => quote(name),
    }
}

/// A value on one line, its keys in the order in which they are written. Paths, which are values of `path`, are from `root` on.
pub(crate) fn inline(value: &DeValue<'_>, called: &str, root: &Path) -> String {
    match value {
        DeValue::String(path) if called == "path" => {
            quote(&root.join(path.as_ref()).to_string_lossy())
        }
        DeValue::String(text) => quote(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(values) => {
            let values = values.iter().map(|value| inline(value.get_ref(), "", root));
            format!("[{}]", values.collect::<Vec<_>>().join(", "))
        }
        DeValue::Table(table) if table.is_empty() => "{}".to_owned(),
        DeValue::Table(table) => {
            let mut entries: Vec<_> = table.iter().collect();
            sort_by(&mut entries, |(one, _), (other, _)| {
                one.span().start.cmp(&other.span().start)
            });
            let entries = entries.into_iter().map(|(name, value)| {
                let name = name.get_ref();
                format!("{} = {}", key(name), inline(value.get_ref(), name, root))
            });
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{inline, quote};
    use std::path::Path;
    use toml::de::DeTable;

    #[test]
    fn a_quoted_text_reads_as_itself() {
        let text = "a\"b\\c\n\u{1}\u{7f}ä";
        let written = format!("x = {}", quote(text));
        let (table, errors) = DeTable::parse_recoverable(&written);
        assert!(errors.is_empty());
        assert_eq!(table.get_ref()["x"].get_ref().as_str(), Some(text));
    }

    #[test]
    fn a_value_keeps_its_meaning_and_its_order_in_another_folder() {
        let text =
            "x = { a = { path = \"../b\", features = [\"c\"] }, 'n m' = 0x1f, t = true, e = {} }";
        let (table, _) = DeTable::parse_recoverable(text);
        let value = table.get_ref()["x"].get_ref();
        assert_eq!(
            inline(value, "", Path::new("/base")),
            r#"{ a = { path = "/base/../b", features = ["c"] }, "n m" = 0x1f, t = true, e = {} }"#
        );
        assert_eq!(
            inline(value, "", Path::new("")),
            text.replace("'n m'", "\"n m\"").trim_start_matches("x = ")
        );
    }
}
