//! What a program asks for entries.

use std::fmt;
use std::sync::Arc;

use crate::composed::{Cause, Composed, EntryAt, StaticLine};
use crate::index::find;
use crate::registry::Registry;
use crate::unknown_key::{UnknownKey, because};

/// The entries of a registry in this program.
///
/// They were checked when the program was built: every key stands once, and every entry has the registry's type. A look-up
/// reads a hash table that rustc computed when it compiled the program. It takes no lock, and allocates nothing unless it is for
/// a long key that is not there.
///
/// A program gets them from its `App`, or, where no entry needs services, from the generated `registries::get`; a component by
/// `{ registry = "…" }` in its `requires`. A clone shares the entries.
///
/// ```
/// # use treenail_core::composed::{Composed, EntryAt, StaticLine, index};
/// use treenail_core::{Entries, Registry};
///
/// /// Shapes, by name.
/// struct Shapes;
///
/// impl Registry for Shapes {
///     type Entry = fn(f64) -> f64;
/// }
///
/// fn area(shapes: &Entries<Shapes>, shape: &str, size: f64) -> Result<f64, treenail_core::UnknownKey> {
///     Ok(shapes.get(shape)?(size))
/// }
/// # fn square(size: f64) -> f64 { size * size }
/// # static LINE: StaticLine<Shapes> = StaticLine {
/// #     key: "square", plugin: "plane", version: "1.0.0", description: "", attributes: &[],
/// #     at: EntryAt::<Shapes>::Constant(&{ square }),
/// # };
/// # static COMPOSED: Composed<Shapes> = Composed {
/// #     registry: "shapes::Shapes",
/// #     lines: &[&LINE],
/// #     index: &index::<_, 2>(&[&LINE]),
/// #     left_out: &[],
/// # };
/// # let shapes = Entries::of(&COMPOSED);
///
/// assert_eq!(area(&shapes, "square", 3.0)?, 9.0);
/// assert!(area(&shapes, "circle", 3.0).is_err());
/// # Ok::<(), treenail_core::UnknownKey>(())
/// ```
pub struct Entries<R: Registry> {
    composed: &'static Composed<R>,
    /// Those that were made of services, by number.
    made: Option<Arc<[Made<R>]>>,
}

/// An entry that was made of services; nothing where its optional plugin failed.
type Made<R> = Option<Arc<<R as Registry>::Entry>>;

impl<R: Registry> Entries<R> {
    /// The entries of a registry of which none needs services.
    #[doc(hidden)]
    pub const fn of(composed: &'static Composed<R>) -> Self {
        Self {
            composed,
            made: None,
        }
    }

    /// The entries of a registry of which some were made of services: these, by number.
    #[doc(hidden)]
    pub fn with(composed: &'static Composed<R>, made: impl IntoIterator<Item = Made<R>>) -> Self {
        Self {
            composed,
            made: Some(made.into_iter().collect()),
        }
    }

    /// The entry under a key.
    ///
    /// ```
    /// # use treenail_core::{Entries, Registry, UnknownKey};
    /// # struct Greetings;
    /// # impl Registry for Greetings { type Entry = fn(&str) -> String; }
    /// fn greet(greetings: &Entries<Greetings>, language: &str) -> Result<String, UnknownKey> {
    ///     let greeting = greetings.get(language)?;
    ///     Ok(greeting("world"))
    /// }
    /// ```
    ///
    /// # Errors
    /// There is none: the error says what there is, what was probably meant, or why this one is not in the program.
    #[inline]
    pub fn get(&self, key: &str) -> Result<&R::Entry, UnknownKey> {
        let line = find(self.composed.index, key);
        line.and_then(|line| self.entry(line))
            .ok_or_else(|| UnknownKey::of(self.composed, key))
    }

    #[inline]
    fn entry(&self, line: &StaticLine<R>) -> Option<&R::Entry> {
        match line.at {
            EntryAt::Constant(entry) => Some(entry),
            EntryAt::Made(number) => self.made.as_ref()?.get(number)?.as_deref(),
        }
    }

    /// The keys, sorted.
    ///
    /// ```
    /// # use treenail_core::{Entries, Registry};
    /// # struct Codecs;
    /// # impl Registry for Codecs { type Entry = u8; }
    /// fn usage(codecs: &Entries<Codecs>) -> String {
    ///     let names: Vec<&str> = codecs.keys().collect();
    ///     format!("--codec <{}>", names.join("|"))
    /// }
    /// ```
    pub fn keys(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.iter().map(|line| line.key)
    }

    /// Every entry, with what is known of it, sorted by key.
    ///
    /// ```
    /// # use treenail_core::{Entries, Registry};
    /// # struct Codecs;
    /// # impl Registry for Codecs { type Entry = u8; }
    /// fn print(codecs: &Entries<Codecs>) {
    ///     for line in codecs.iter() {
    ///         println!("{} ({} {}): {}", line.key, line.plugin, line.version, line.description);
    ///     }
    /// }
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = Line<'_, R>> + Clone {
        self.composed.lines.iter().filter_map(|line| {
            Some(Line {
                key: line.key,
                plugin: line.plugin,
                version: line.version,
                description: line.description,
                attributes: line.attributes,
                entry: self.entry(line)?,
            })
        })
    }

    /// What is known and not in this program, sorted by key: because of a feature, of the host's manifest, or of an optional plugin
    /// that failed.
    ///
    /// ```
    /// # use treenail_core::{Entries, Registry};
    /// # struct Codecs;
    /// # impl Registry for Codecs { type Entry = u8; }
    /// fn explain(codecs: &Entries<Codecs>) {
    ///     for one in codecs.left_out() {
    ///         println!("{one}"); // `gzip` is not in this program: build it with `--features gzip`
    ///     }
    /// }
    /// ```
    pub fn left_out(&self) -> impl Iterator<Item = LeftOutEntry> + Clone {
        let failed = self
            .composed
            .lines
            .iter()
            .filter(|line| self.entry(line).is_none());
        let failed = failed.map(|line| LeftOutEntry {
            key: line.key,
            cause: Cause::Failed(line.plugin),
        });
        let mut all: Vec<LeftOutEntry> = self.composed.left_out.to_vec();
        all.extend(failed);
        all.sort_by_key(|one| one.key);
        all.into_iter()
    }
}

impl<R: Registry> Clone for Entries<R> {
    fn clone(&self) -> Self {
        Self {
            composed: self.composed,
            made: self.made.clone(),
        }
    }
}

/// The keys.
impl<R: Registry> fmt::Debug for Entries<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys()).finish()
    }
}

/// An entry, with what its manifest says of it.
///
/// ```
/// # use treenail_core::{Line, Registry};
/// # struct Ports;
/// # impl Registry for Ports { type Entry = dyn Fn(u16) + Send + Sync; }
/// fn open(line: Line<'_, Ports>) -> Option<()> {
///     let port = line.attribute("port")?.parse().ok()?; // attributes = { port = "4317" }
///     (line.entry)(port);
///     Some(())
/// }
/// ```
#[non_exhaustive]
pub struct Line<'a, R: Registry> {
    /// Its key.
    pub key: &'static str,
    /// Id of the plugin that brings it; the host's own are of `app`.
    pub plugin: &'static str,
    /// Version of that plugin's package.
    pub version: &'static str,
    /// One sentence, or nothing.
    pub description: &'static str,
    /// Names and values, sorted by name.
    pub attributes: &'static [(&'static str, &'static str)],
    /// The entry.
    pub entry: &'a R::Entry,
}

impl<R: Registry> Line<'_, R> {
    /// The value of an attribute.
    ///
    /// ```
    /// # use treenail_core::{Line, Registry};
    /// # struct Codecs;
    /// # impl Registry for Codecs { type Entry = u8; }
    /// fn is_stable(line: &Line<'_, Codecs>) -> bool {
    ///     line.attribute("stability") == Some("stable")
    /// }
    /// ```
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'static str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }
}

impl<R: Registry> Clone for Line<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Registry> Copy for Line<'_, R> {}

/// Everything but the entry, which need not be printable.
impl<R: Registry> fmt::Debug for Line<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line")
            .field("key", &self.key)
            .field("plugin", &self.plugin)
            .field("version", &self.version)
            .field("description", &self.description)
            .field("attributes", &self.attributes)
            .finish_non_exhaustive()
    }
}

/// An entry that is known and not in this program. Its text says why.
///
/// ```
/// # use treenail_core::LeftOutEntry;
/// # use treenail_core::composed::Cause;
/// # let one = LeftOutEntry { key: "gzip", cause: Cause::Feature("gzip") };
/// assert_eq!(one.to_string(), "`gzip` is not in this program: build it with `--features gzip`");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOutEntry {
    /// Its key.
    pub key: &'static str,
    /// Why it is not.
    #[doc(hidden)]
    pub cause: Cause,
}

impl LeftOutEntry {
    /// The feature of the program that would bring it, as it is written after `--features`.
    ///
    /// ```
    /// # use treenail_core::{Entries, Registry};
    /// # struct Codecs;
    /// # impl Registry for Codecs { type Entry = u8; }
    /// fn features(codecs: &Entries<Codecs>) -> Vec<&'static str> {
    ///     codecs.left_out().filter_map(|one| one.feature()).collect()
    /// }
    /// ```
    #[must_use]
    pub fn feature(&self) -> Option<&'static str> {
        match self.cause {
            Cause::Feature(feature) => Some(feature),
            _ => None,
        }
    }
}

impl fmt::Display for LeftOutEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        because(f, self.key, [self.cause])
    }
}
