//! A key under which there is no entry, and what is said of it.

use std::error::Error;
use std::fmt;

use crate::composed::{Cause, Composed};
use crate::entries::LeftOutEntry;
use crate::index::find;
use crate::nearest::nearest;
use crate::registry::Registry;

/// There is no entry under a key.
///
/// The message says what there is and what was probably meant; for an entry that is known, why it is not in the program.
///
/// ```
/// # use treenail_core::composed::{Composed, EntryAt, Cause, StaticLine, index};
/// # use treenail_core::{Entries, LeftOutEntry, Registry};
/// # struct Filters;
/// # impl Registry for Filters { type Entry = str; }
/// # static LINE: StaticLine<Filters> = StaticLine {
/// #     key: "max_body_guard", plugin: "guard", version: "1.0.0", description: "", attributes: &[],
/// #     at: EntryAt::Constant("an entry"),
/// # };
/// # static COMPOSED: Composed<Filters> = Composed {
/// #     registry: "proxy_api::Filters",
/// #     lines: &[&LINE],
/// #     index: &index::<_, 2>(&[&LINE]),
/// #     left_out: &[LeftOutEntry { key: "tenant", cause: Cause::Feature("tenant") }],
/// # };
/// # let filters = Entries::of(&COMPOSED);
/// let error = filters.get("max_body_gard").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "nothing in `proxy_api::Filters` is called `max_body_gard`: did you mean `max_body_guard`? There is `max_body_guard`"
/// );
///
/// let error = filters.get("tenant").unwrap_err();
/// assert_eq!(error.to_string(), "`tenant` is not in this program: build it with `--features tenant`");
/// ```
pub struct UnknownKey {
    composed: &'static dyn Listed,
    /// The key, where it is as short as most are: then a look-up that finds nothing allocates nothing.
    short: [u8; SHORT],
    length: u8,
    long: Option<Box<str>>,
}

/// More bytes than most keys have.
const SHORT: usize = 47;

/// A composed registry of any type.
trait Listed: Send + Sync {
    fn registry(&self) -> &'static str;
    fn keys(&self) -> Vec<&'static str>;
    /// The plugin of a key that has a line.
    fn plugin(&self, key: &str) -> Option<&'static str>;
    fn left_out(&self) -> &'static [LeftOutEntry];
}

impl<R: Registry> Listed for Composed<R> {
    fn registry(&self) -> &'static str {
        match self.registry {
            "" => std::any::type_name::<R>(),
            known => known,
        }
    }

    fn keys(&self) -> Vec<&'static str> {
        self.lines.iter().map(|line| line.key).collect()
    }

    fn plugin(&self, key: &str) -> Option<&'static str> {
        find(self.index, key).map(|line| line.plugin)
    }

    fn left_out(&self) -> &'static [LeftOutEntry] {
        self.left_out
    }
}

impl UnknownKey {
    #[cold]
    pub(crate) fn of<R: Registry>(composed: &'static Composed<R>, key: &str) -> Self {
        // Filled in where it stays: to move what was just written byte by byte costs more than the look-up.
        let mut error = Self {
            composed,
            short: [0; SHORT],
            length: 0,
            long: None,
        };
        match (error.short.get_mut(..key.len()), u8::try_from(key.len())) {
            (Some(short), Ok(length)) => {
                short.copy_from_slice(key.as_bytes());
                error.length = length;
            }
            _ => error.long = Some(key.into()),
        }
        error
    }

    /// The key.
    ///
    /// ```
    /// # use treenail_core::UnknownKey;
    /// fn length(error: &UnknownKey) -> usize {
    ///     error.key().len()
    /// }
    /// ```
    #[must_use]
    pub fn key(&self) -> &str {
        let short = self.short.get(..usize::from(self.length));
        let short = short.and_then(|short| str::from_utf8(short).ok());
        self.long.as_deref().or(short).unwrap_or_default()
    }

    /// The key of the registry that was probably meant.
    ///
    /// ```
    /// # use treenail_core::UnknownKey;
    /// fn corrected(error: &UnknownKey) -> String {
    ///     error.suggestion().unwrap_or_else(|| error.key().to_owned())
    /// }
    /// ```
    #[must_use]
    pub fn suggestion(&self) -> Option<String> {
        if self.causes().next().is_some() {
            return None;
        }
        let left_out = self.composed.left_out().iter().map(|one| one.key);
        let keys = self.composed.keys().into_iter();
        nearest(self.key(), keys.chain(left_out))
    }

    /// Why the key is known and not in the program. One that has a line is missing because its optional plugin failed.
    fn causes(&self) -> impl Iterator<Item = Cause> {
        let failed = self.composed.plugin(self.key()).map(Cause::Failed);
        let left_out = causes(self.composed, self.key());
        failed.into_iter().chain(left_out)
    }
}

/// Why a key of a registry is left out.
fn causes(composed: &'static dyn Listed, key: &str) -> impl Iterator<Item = Cause> {
    let left_out = composed.left_out().iter();
    left_out
        .filter(move |one| one.key == key)
        .map(|one| one.cause)
}

impl fmt::Display for UnknownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, composed) = (self.key(), self.composed);
        if self.causes().next().is_some() {
            return because(f, key, self.causes());
        }
        write!(
            f,
            "nothing in `{}` is called `{}`: ",
            composed.registry(),
            shown(key)
        )?;
        let keys = composed.keys();
        if let Some(meant) = self.suggestion() {
            write!(f, "did you mean `{}`? ", shown(&meant))?;
            if !keys.contains(&meant.as_str()) {
                return because(f, &meant, causes(composed, &meant));
            }
            f.write_str("There ")?;
        } else {
            f.write_str("there ")?;
        }
        f.write_str(match keys.len() {
            0 => "is nothing in it",
            1 => "is ",
            _ => "are ",
        })?;
        let listed = keys
            .iter()
            .take(MOST_KEYS)
            .map(|key| format!("`{}`", shown(key)));
        f.write_str(&listed.collect::<Vec<_>>().join(", "))?;
        match keys.len().saturating_sub(MOST_KEYS) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// More keys than anybody reads.
const MOST_KEYS: usize = 20;

/// More of a key than anybody reads, in characters.
const LONGEST: usize = 80;

/// As the message: it is what a `main` that ends with an error prints.
impl fmt::Debug for UnknownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for UnknownKey {}

/// Says why an entry is not in the program.
pub(crate) fn because(
    f: &mut fmt::Formatter<'_>,
    key: &str,
    causes: impl IntoIterator<Item = Cause>,
) -> fmt::Result {
    write!(f, "`{}` is not ", shown(key))?;
    for (number, cause) in causes.into_iter().enumerate() {
        f.write_str(match cause {
            _ if number > 0 => "; or ",
            Cause::Failed(_) => "there: ",
            _ => "in this program: ",
        })?;
        match cause {
            Cause::Feature(feature) => write!(f, "build it with `--features {feature}`"),
            Cause::Platform => f.write_str("it is for another platform"),
            Cause::Off(place) => write!(f, "the host leaves it out ({place})"),
            Cause::Incompatible(plugin) => {
                write!(
                    f,
                    "its optional plugin `{plugin}` does not fit this program"
                )
            }
            Cause::Lifecycle => {
                f.write_str("it needs services, and the feature `lifecycle` of treenail is off")
            }
            Cause::Services => f.write_str("it needs services, which only an application has"),
            Cause::Failed(plugin) => write!(f, "its optional plugin `{plugin}` failed"),
        }?;
    }
    Ok(())
}

/// A key as a message has it: on one line, of a length that people read.
fn shown(key: &str) -> String {
    let is_hidden = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut text = String::new();
    for sign in key.chars().take(LONGEST) {
        match sign {
            _ if is_hidden(sign) => text.extend(sign.escape_default()),
            _ => text.push(sign),
        }
    }
    if key.chars().nth(LONGEST).is_some() {
        text.push('…');
    }
    text
}
