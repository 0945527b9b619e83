//! [`Redactor`]: what an application's words must not show, and the words without it.

#![cfg_attr(
    not(feature = "pipes"),
    allow(
        dead_code,
        reason = "only a configuration has secrets, and only steps render them later"
    )
)]

use std::borrow::Cow;
use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::Error;

/// Takes the secret values of an application out of texts.
///
/// It learns them while a configuration is checked and while steps run: every value of a field that is declared to be
/// secret, wherever it came from. The library passes all of its own errors, reports and events through it. What is said
/// elsewhere, such as a line of a log, the host passes through it: see `Settings::redactor`. A clone knows what the
/// original knows.
///
/// A text is found as it is, with the escapes of a quoted text, and as a part of a URL. A value of fewer than three
/// letters is not looked for: it would blank out half of a message and protect nothing.
#[derive(Clone, Default)]
pub struct Redactor(Arc<RwLock<KnownSecrets>>);

#[derive(Default)]
struct KnownSecrets {
    /// From the configuration.
    configured: BTreeSet<String>,
    /// Rendered by steps, the oldest first: they may differ from run to run.
    rendered: VecDeque<String>,
    /// Everything that is looked for, the longest first: it may hold a shorter one.
    forms: Vec<String>,
}

/// So many rendered values are remembered.
const MOST_RENDERED: usize = 256;

const SHORTEST: usize = 3;

/// What stands in the place of a secret.
const MASK: &str = "***";

impl Redactor {
    /// The text without secrets.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        masked(text, &known.forms)
    }

    /// An error without secrets. One that shows none stays as it is; of another one only the words are left.
    pub(crate) fn redact_error(&self, error: Error) -> Error {
        let mut texts = Vec::new();
        let mut shown = false;
        for cause in error.chain() {
            let text = cause.to_string();
            let clean = self.redact(&text);
            shown |= matches!(clean, Cow::Owned(_));
            texts.push(clean.into_owned());
        }
        let mut texts = texts.into_iter().rev();
        match texts.next() {
            Some(innermost) if shown => texts.fold(Error::msg(innermost), Error::context),
            _ => error,
        }
    }

    /// The text without secrets and without these values.
    pub(crate) fn redact_with(&self, text: &str, values: &BTreeSet<String>) -> String {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let all = known.configured.iter().chain(&known.rendered).chain(values);
        masked(text, &forms(all)).into_owned()
    }

    /// Learns a value of the configuration.
    pub(crate) fn learn(&self, secret: &str) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if secret.len() >= SHORTEST && known.configured.insert(secret.to_owned()) {
            known.update_forms();
        }
    }

    /// Learns a value that a step has rendered.
    pub(crate) fn learn_rendered(&self, secret: &str) {
        let knows = |known: &KnownSecrets| {
            secret.len() < SHORTEST
                || known.configured.contains(secret)
                || known.rendered.iter().any(|known| known == secret)
        };
        if knows(&self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            return;
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.rendered.len() == MOST_RENDERED {
            known.rendered.pop_front();
        }
        known.rendered.push_back(secret.to_owned());
        known.update_forms();
    }
}

impl KnownSecrets {
    fn update_forms(&mut self) {
        self.forms = forms(self.configured.iter().chain(&self.rendered));
    }
}

/// Every form of these texts that is looked for, the longest first.
pub(crate) fn forms<'s>(secrets: impl IntoIterator<Item = &'s String>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for secret in secrets
        .into_iter()
        .filter(|secret| secret.len() >= SHORTEST)
    {
        let quoted = format!("{secret:?}");
        found.insert(quoted[1..quoted.len() - 1].to_owned());
        found.insert(in_a_url(secret));
        found.insert(secret.clone());
    }
    let mut found: Vec<String> = found.into_iter().collect();
    found.sort_by_key(|form| std::cmp::Reverse(form.len()));
    found
}

/// Percent-encoded as in RFC 3986.
fn in_a_url(text: &str) -> String {
    use fmt::Write as _;

    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// A text without these forms, which are sorted: the longest first.
pub(crate) fn masked<'t>(text: &'t str, forms: &[String]) -> Cow<'t, str> {
    let mut clean = Cow::Borrowed(text);
    for form in forms {
        if clean.contains(form.as_str()) {
            clean = Cow::Owned(clean.replace(form.as_str(), MASK));
        }
    }
    clean
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor(***)")
    }
}

#[cfg(all(test, feature = "pipes"))]
mod tests {
    use super::{MOST_RENDERED, Redactor};
    use crate::Error;

    fn knows(secrets: &[&str]) -> Redactor {
        let redactor = Redactor::default();
        secrets.iter().for_each(|secret| redactor.learn(secret));
        redactor
    }

    #[test]
    fn a_secret_is_found_as_it_is_quoted_and_in_a_url() {
        let redactor = knows(&["p\"ss wörd", "p\"ss", "no"]);
        for (text, clean) in [
            ("it is p\"ss wörd, no?", "it is ***, no?"),
            ("it is p\"ss", "it is ***"),
            (r#"{"a": "p\"ss wörd"}"#, r#"{"a": "***"}"#),
            ("http://x/?q=p%22ss%20w%C3%B6rd&r=1", "http://x/?q=***&r=1"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(redactor.redact(text), clean);
        }
        assert!(!format!("{redactor:?}").contains("ss"));
    }

    #[test]
    fn an_error_keeps_its_type_unless_it_shows_a_secret() {
        let redactor = knows(&["hush"]);
        let fine = || Error::from(std::io::Error::other("refused")).context("connecting");
        let kept = redactor.redact_error(fine());
        assert!(kept.downcast_ref::<std::io::Error>().is_some());
        let shown = Error::from(std::io::Error::other("user:hush")).context("connecting as hush");
        let clean = redactor.redact_error(shown.context("starting"));
        assert_eq!(
            format!("{clean:#}"),
            "starting: connecting as ***: user:***"
        );
        assert!(!format!("{clean:?}").contains("hush"));
    }

    #[test]
    fn rendered_values_are_remembered_for_a_while_and_written_ones_for_ever() {
        let redactor = knows(&["for ever"]);
        for number in 0..=MOST_RENDERED {
            redactor.learn_rendered(&format!("value {number};"));
        }
        assert_eq!(redactor.redact("for ever"), "***");
        assert_eq!(redactor.redact(&format!("value {MOST_RENDERED};")), "***");
        assert_eq!(redactor.redact("value 0;"), "value 0;");
    }
}
