//! Annotations as workflows of GitHub read them from the log: each is shown beside the line that it is about.

/// A line of the log. `level` is `error`, `warning` or `notice`.
pub(crate) fn annotation(level: &str, properties: &[(&str, &str)], text: &str) -> String {
    let properties = properties.iter().map(|(key, value)| {
        let value = escaped(value).replace(':', "%3A").replace(',', "%2C");
        format!("{key}={value}")
    });
    let properties: Vec<String> = properties.collect();
    format!("::{level} {}::{}", properties.join(","), escaped(text))
}

/// A text within one line.
fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
