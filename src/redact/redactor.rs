//! What an application knows of its secrets, and texts without them.

use std::borrow::Cow;
use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::needle::{Needles, joined};
use crate::error::Error;

/// Takes the secret values of an application out of texts.
///
/// It learns them while a configuration is checked and while steps run: every value of a field that is declared to be
/// secret, wherever it came from. The library passes all of its own errors, reports and events through it, and panics
/// that reach the process's panic hook. What is said elsewhere, such as a line of a log, the host passes through it: see
/// [`writer`](Self::writer). A clone knows what the original knows.
///
/// A text is found as it is and as other notations write it, also inside each other: with the escapes of JSON, of `Debug`,
/// of a URL, of a form and of HTML, in hexadecimal digits, as a list of bytes, and in Base64, alone or inside something
/// longer. A value of eight letters and more is also found in another case, with other blanks between its letters, and
/// where only the larger half of it is left; of a value of several lines, each line counts by itself. A value of fewer
/// than three letters is not looked for: it would blank out half of a message and protect nothing.
///
/// ```
/// let redactor = treenail::Redactor::default();
/// redactor.learn("p/ss wörd");
/// for text in ["p/ss wörd", r"p\/ss w\u00f6rd", "p%2Fss+w%c3%b6rd", "cC9zcyB3w7ZyZA"] {
///     assert_eq!(redactor.redact(&format!("it is {text}!")), "it is ***!");
/// }
/// ```
#[derive(Clone, Default)]
pub struct Redactor(pub(super) Arc<RwLock<KnownSecrets>>);

#[derive(Default)]
pub(super) struct KnownSecrets {
    /// From the configuration, or told by the host.
    configured: BTreeSet<String>,
    /// Rendered by steps, the oldest first: they may differ from run to run.
    rendered: VecDeque<String>,
    needles: Needles,
}

/// So many rendered values are remembered.
pub(super) const MOST_RENDERED: usize = 256;

/// What stands in the place of a secret.
const MASK: &str = "***";

impl Redactor {
    /// The text without secrets.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        masked(text, &self.read().needles.shown(text, false))
    }

    /// The text without secrets, where something may have cut it off in the middle of one: the beginning of a secret at the
    /// end of the text is taken for it, from three letters on.
    ///
    /// ```
    /// let redactor = treenail::Redactor::default();
    /// redactor.learn("hunter2");
    /// assert_eq!(redactor.redact_cut("it was hunt"), "it was ***");
    /// assert_eq!(redactor.redact("it was hunt"), "it was hunt");
    /// ```
    pub fn redact_cut<'t>(&self, text: &'t str) -> Cow<'t, str> {
        masked(text, &self.read().needles.shown(text, true))
    }

    /// Learns a value that no text shall show: one that stands in no configuration.
    pub fn learn(&self, secret: &str) {
        let mut known = self.write();
        if !known.configured.insert(secret.to_owned()) {
            return;
        }
        let rendered = known.rendered.iter().position(|known| known == secret);
        match rendered {
            Some(number) => drop(known.rendered.remove(number)),
            None => known.needles.add(secret, true),
        }
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
        let mut places = self.read().needles.shown(text, false);
        places.extend(places_of(text, values));
        masked(text, &joined(places)).into_owned()
    }

    /// Learns a value that a step has rendered.
    pub(crate) fn learn_rendered(&self, secret: &str) {
        let knows = |known: &KnownSecrets| {
            known.configured.contains(secret) || known.rendered.iter().any(|known| known == secret)
        };
        if knows(&self.read()) {
            return;
        }
        let mut known = self.write();
        if known.rendered.len() == MOST_RENDERED
            && let Some(oldest) = known.rendered.pop_front()
        {
            known.needles.remove(&oldest);
        }
        known.rendered.push_back(secret.to_owned());
        known.needles.add(secret, true);
    }

    fn read(&self) -> RwLockReadGuard<'_, KnownSecrets> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, KnownSecrets> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A text without these values, each as a whole.
pub(crate) fn without(text: &str, values: &BTreeSet<String>) -> String {
    masked(text, &places_of(text, values)).into_owned()
}

fn places_of(text: &str, values: &BTreeSet<String>) -> Vec<Range<usize>> {
    let mut needles = Needles::default();
    values.iter().for_each(|value| needles.add(value, false));
    needles.shown(text, false)
}

/// A text without what stands at these places.
fn masked<'t>(text: &'t str, places: &[Range<usize>]) -> Cow<'t, str> {
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut clean, mut end) = (String::new(), 0);
    for place in places {
        clean.push_str(&text[end..place.start]);
        clean.push_str(MASK);
        end = place.end;
    }
    clean.push_str(&text[end..]);
    Cow::Owned(clean)
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor(***)")
    }
}
