//! Taking secrets out of what is said.

use helpdesk_api::{ExposeSecret, SecretString};
use treenail::Redactor;
use url::Url;

/// What stands in place of a secret.
const HIDDEN: &str = "***";
/// So much of a text is shown, in letters.
const SHOWN: usize = 200;
/// Names of query parameters whose values are secret wherever they come from.
const SECRET_NAMES: [&str; 6] = ["token", "password", "passwd", "secret", "key", "auth"];

/// The texts that no message repeats.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    redactor: Redactor,
    /// Those that a redactor takes for too short to be looked for.
    short: Vec<SecretString>,
}

/// So many letters are short.
const SHORT: usize = 3;

impl Secrets {
    pub(crate) fn add(&mut self, secret: &SecretString) {
        let text = secret.expose_secret();
        match text.chars().count() {
            0 => {}
            1..SHORT => self.short.push(secret.clone()),
            _ => self.redactor.learn(text),
        }
    }

    /// The text without secrets, in each of the forms in which requests and answers carry them. Either may be cut off.
    pub(crate) fn text(&self, text: &str) -> String {
        let shown = self.redactor.redact_cut(text).into_owned();
        let short = self.short.iter().map(ExposeSecret::expose_secret);
        short.fold(shown, |shown, secret| shown.replace(secret, HIDDEN))
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
            "p=pa%22ss%20w%c3%b6rd",
            r#"{"error":"no token pa\u0022ss w\u00F6rd"}"#,
            r#"{"you":"{\"error\":\"pa\\u0022ss w\\u00f6rd\"}"}"#,
            "Basic YWRhOnBhInNzIHfDtnJk",
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
