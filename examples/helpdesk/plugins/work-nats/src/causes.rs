//! An error and what is behind it.

use std::error::Error as StdError;

/// The error and its causes, outermost first.
pub(crate) fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn StdError + 'static)| {
        (*error).source()
    })
}
