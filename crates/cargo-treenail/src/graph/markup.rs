//! Text of manifests as HTML. Whoever wrote them may be a stranger.

use std::collections::BTreeMap;

use crate::description::Description;

/// A text that is nothing but text: no markup, and nothing that drives how it is read.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(character),
            // Some turn the text around that is written after them.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => escaped.push('\u{fffd}'),
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

/// Where a topic stands in the page: the same in an `id` and behind `#`, and another one for each name.
pub(super) fn anchor(kind: &str, name: &str) -> String {
    let mut anchor = format!("{kind}:");
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b':' | b'_' | b'-' => {
                anchor.push(char::from(byte));
            }
            byte => anchor.push_str(&format!(".{byte:02x}")),
        }
    }
    anchor
}

/// Where the topic of each name stands.
pub(super) struct Names<'d> {
    topics: BTreeMap<&'d str, String>,
    /// A field may be called as a plugin is.
    plugins: BTreeMap<&'d str, String>,
}

impl<'d> Names<'d> {
    pub(super) fn of(description: &'d Description) -> Self {
        let (mut names, mut plugins) = (BTreeMap::new(), BTreeMap::new());
        let left_out = description.left_out.iter().map(|one| one.name.as_str());
        let features = description.needs_feature.iter().flat_map(|one| &one.names);
        let left_out = left_out.chain(features.map(String::as_str));
        names.extend(left_out.map(|name| (name, anchor("left-out", name))));
        for one in &description.plugins {
            let anchor = anchor("plugin", &one.id);
            plugins.insert(one.package.as_str(), anchor.clone());
            plugins.insert(&one.id, anchor);
        }
        for one in &description.services {
            names.insert(&one.name, anchor("service", &one.key));
        }
        for one in &description.registries {
            names.insert(&one.name, anchor("registry", &one.key));
        }
        for one in &description.components {
            names.insert(&one.id, anchor("component", &one.id));
        }
        Self {
            topics: names,
            plugins,
        }
    }

    pub(super) fn anchor(&self, name: &str) -> Option<&str> {
        self.topics.get(name).map(String::as_str)
    }

    /// A line in which names stand in backticks, each with a link to what it is.
    pub(super) fn linked(&self, line: &str) -> String {
        let mut html = String::new();
        let mut before = "";
        for (number, part) in line.split('`').enumerate() {
            let text = escaped(part);
            let is_plugin = before.ends_with("plugin ") || before.ends_with("package ");
            let plugin = self.plugins.get(part).filter(|_| is_plugin);
            before = part;
            match (number % 2, plugin.map(String::as_str).or(self.anchor(part))) {
                (0, _) => html.push_str(&text),
                (_, Some(anchor)) => {
                    html.push_str(&format!("<a href=\"#{anchor}\"><code>{text}</code></a>"));
                }
                (_, None) => html.push_str(&format!("<code>{text}</code>")),
            }
        }
        html
    }
}

#[cfg(test)]
mod tests {
    use super::{anchor, escaped};

    #[test]
    fn a_text_stays_a_text() {
        let text = "</script><img src=x onerror='a(\"&\")'>\u{202e}\u{1b}[31m";
        let escaped = escaped(text);
        assert_eq!(
            escaped,
            "&lt;/script&gt;&lt;img src=x onerror=&#39;a(&quot;&amp;&quot;)&#39;&gt;\u{fffd}\u{fffd}[31m"
        );
    }

    #[test]
    fn names_that_differ_have_places_that_differ() {
        assert_eq!(anchor("service", "dyn api::A"), "service:dyn.20api::A");
        assert_ne!(anchor("entry", "a b"), anchor("entry", "a.20b"));
    }
}
