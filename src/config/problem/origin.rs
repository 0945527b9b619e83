//! Places: the layer, the line and the column that a value came from.

use std::sync::Arc;

use crate::place::Place;

/// Where a value came from: a layer, and the place in it where it has lines. Ordered as the layers and their lines are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    /// The number of the layer.
    pub(crate) layer: usize,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Origin {
    /// A layer as a whole.
    pub(crate) fn of_layer(layer: usize) -> Self {
        Self {
            layer,
            line: 0,
            column: 0,
        }
    }

    /// The origin of what stands in no layer.
    pub(crate) fn nowhere() -> Self {
        Self::of_layer(usize::MAX)
    }

    /// The place, in a source of this name.
    pub(crate) fn place(self, source: String) -> Place {
        Place {
            source,
            line: self.line,
            column: self.column,
            excerpt: None,
            layer: self.layer,
        }
    }
}

/// A source of values, as a place names it.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    /// The file, or the variable.
    pub(crate) name: String,
    /// The lines, where they may be shown.
    pub(crate) text: Option<Arc<Lines>>,
}

/// A text with the beginnings of its lines, so that a thousand problems are not a thousand walks through it.
#[derive(Debug)]
pub(crate) struct Lines {
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    pub(crate) fn new(text: String) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self { text, starts }
    }

    pub(super) fn line(&self, number: u32) -> Option<&str> {
        let number = number as usize;
        let start = *self.starts.get(number.checked_sub(1)?)?;
        let end = self.starts.get(number).copied();
        let line = &self.text[start..end.unwrap_or(self.text.len())];
        Some(line.trim_end_matches(['\n', '\r']))
    }
}
