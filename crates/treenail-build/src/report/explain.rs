//! The pages that explain the codes.

use crate::diagnostic::Code;

#[cfg(test)]
pub(crate) mod tests;

/// Every code that a message can have, in order.
pub fn codes() -> impl Iterator<Item = &'static str> {
    Code::ALL.iter().map(|code| code.name())
}

/// What a code means, in Markdown: why it is a mistake, an example of it, and the same without it.
///
/// ```
/// let page = treenail_build::explain("TN0203").expect("a page");
/// assert!(page.contains("Wrong:"));
/// assert!(treenail_build::explain("TN9999").is_none());
/// ```
#[must_use]
pub fn explain(code: &str) -> Option<&'static str> {
    Code::named(code).map(Code::explanation)
}
