//! Texts that were read, and places in them.

use std::sync::Arc;

/// Index into [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SourceId(pub(crate) u32);

/// A range of bytes in one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    /// Which text.
    pub(crate) source: SourceId,
    /// First byte.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
}

/// A value and the place it was written at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Located<T> {
    /// The value.
    pub(crate) value: T,
    /// The place.
    pub(crate) origin: Origin,
}

/// A text with the name that people know it by.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// A path relative to what the reader knows: the host's package, or `package/plugins.toml` for a plugin's. Never absolute.
    pub(crate) name: String,
    /// The text.
    pub(crate) text: Arc<str>,
}

/// Every text that was read in one run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text.
    pub(crate) fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let id = SourceId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(Source {
            name: name.into(),
            text: text.into(),
        });
        id
    }

    /// The text with this number.
    pub(crate) fn get(&self, id: SourceId) -> &Source {
        &self.0[id.0 as usize]
    }

    /// Line and column of a byte, both from 1; columns count characters.
    pub(crate) fn position(&self, origin: Origin) -> (usize, usize) {
        let text = &self.get(origin.source).text;
        let before = &text[..text.floor_char_boundary((origin.start as usize).min(text.len()))];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}
