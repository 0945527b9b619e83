//! Taking secrets out of what is said.

use helpdesk_api::{ExposeSecret, SecretString};
use url::Url;

/// What stands in place of a secret.
const HIDDEN: &str = "***";
/// So much of a text is shown, in letters.
const SHOWN: usize = 200;
/// Names of query parameters whose values are secret wherever they come from.
const SECRET_NAMES: [&str; 6] = ["token", "password", "passwd", "secret", "key", "auth"];

/// The texts that no message repeats.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<SecretString>);

impl Secrets {
    pub(crate) fn add(&mut self, secret: &SecretString) {
        if !secret.expose_secret().is_empty() {
            self.0.push(secret.clone());
        }
    }

    /// The text without secrets, in each of the forms in which a request carries them.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut forms = self.forms();
        // The longest first, for one secret may be the beginning of another.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        let mut shown = text.to_owned();
        for form in &forms {
            shown = shown.replace(form.as_str(), HIDDEN);
        }
        // What was cut off in the middle of a secret.
        for form in &forms {
            let ends = form.char_indices().map(|(end, _)| &form[..end]).skip(3);
            let begun = ends
                .filter(|begun| shown.ends_with(begun))
                .max_by_key(|begun| begun.len());
            if let Some(begun) = begun.map(str::len) {
                shown.truncate(shown.len() - begun);
                shown.push_str(HIDDEN);
            }
        }
        shown
    }

    fn forms(&self) -> Vec<String> {
        let secrets = self.0.iter().map(ExposeSecret::expose_secret);
        secrets
            .flat_map(|secret| {
                let json = escaped(secret);
                let query: String =
                    url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
                // Whoever repeats a body in an answer escapes it once more.
                let twice = escaped(&json);
                let html = [
                    ('&', "&amp;"),
                    ('<', "&lt;"),
                    ('>', "&gt;"),
                    ('"', "&quot;"),
                ];
                let html = html
                    .iter()
                    .fold(secret.to_owned(), |text, (letter, entity)| {
                        text.replace(*letter, entity)
                    });
                [secret.to_owned(), json, twice, query, html]
            })
            .collect()
    }

    /// The address without credentials and secret parameters.
    pub(crate) fn url(&self, url: &Url) -> String {
        let mut shown = url.clone();
        // Neither can fail for an address with a host, and without one there are no credentials.
        let _ = shown.set_username("");
        let _ = shown.set_password(None);
        let is_secret = |name: &str| {
            let name = name.to_lowercase();
            SECRET_NAMES.iter().any(|secret| name.contains(secret))
        };
        if shown.query_pairs().any(|(name, _)| is_secret(&name)) {
            let pairs = url.query_pairs().map(|(name, value)| {
                let hidden = is_secret(&name);
                (name, if hidden { HIDDEN.into() } else { value })
            });
            shown.query_pairs_mut().clear().extend_pairs(pairs);
        }
        self.text(shown.as_str())
    }

    /// The beginning of an answer, on one line.
    pub(crate) fn snippet(&self, body: &[u8]) -> String {
        let text = self.text(&String::from_utf8_lossy(body));
        let mut words = text.split_whitespace();
        let mut line = words.next().unwrap_or_default().to_owned();
        for word in words {
            line.push(' ');
            line.push_str(word);
            if line.len() > 4 * SHOWN {
                break;
            }
        }
        line.retain(|letter| !letter.is_control());
        match line.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        }
    }
}

/// The text as it stands between the quotes of a JSON text.
fn escaped(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json[1..json.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(texts: &[&str]) -> Secrets {
        let mut secrets = Secrets::default();
        texts.iter().for_each(|text| secrets.add(&(*text).into()));
        secrets
    }

    #[test]
    fn a_secret_is_hidden_as_it_is_and_as_it_is_written_in_json_and_in_an_address() {
        let secrets = secrets(&["pa\"ss wörd", "pa"]);
        for text in [
            "pa\"ss wörd",
            r#"{"Password":"pa\"ss wörd"}"#,
            r#"{"you":"{\"Password\":\"pa\\\"ss wörd\"}"}"#,
            "<p>pa&quot;ss wörd</p>",
            "p=pa%22ss+w%C3%B6rd",
            "it is pa, really",
        ] {
            let shown = secrets.text(text);
            assert!(!shown.contains("pa"), "{shown}");
            assert!(shown.contains(HIDDEN), "{shown}");
        }
    }

    #[test]
    fn the_beginning_of_a_secret_at_the_end_of_a_text_is_hidden() {
        let secrets = secrets(&["hunter2"]);
        assert_eq!(secrets.text("it was hunte"), "it was ***");
        assert_eq!(secrets.text("it was hu"), "it was hu");
    }

    #[test]
    fn an_empty_secret_hides_nothing() {
        assert_eq!(secrets(&[""]).text("text"), "text");
    }

    #[test]
    fn an_address_is_shown_without_credentials_and_secret_parameters() {
        let url = "http://ada:hunter2@h.invalid/p?q=1&Access_Token=4711&x=opensesame";
        let url = Url::parse(url).expect("an address");
        assert_eq!(
            secrets(&["opensesame"]).url(&url),
            "http://h.invalid/p?q=1&Access_Token=***&x=***"
        );
    }

    #[test]
    fn a_snippet_is_one_short_line() {
        let body = format!("<html>\n  \u{1b}[2J {}", "é".repeat(500));
        let shown = secrets(&[]).snippet(body.as_bytes());
        assert!(shown.starts_with("<html> [2J é"), "{shown}");
        assert_eq!(shown.chars().count(), SHOWN + 1);
    }
}
