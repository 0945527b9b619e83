//! Readable addresses: small letters, and `-` for everything else.

use std::fmt;

/// A path in its readable form.
///
/// ```
/// assert_eq!(filters_slug::Slug::from("/Shop/Red Shoes").to_string(), "/shop/red-shoes");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug(String);

impl From<&str> for Slug {
    fn from(path: &str) -> Self {
        let readable = path.chars().map(|sign| match sign {
            '/' => '/',
            sign if sign.is_ascii_alphanumeric() => sign.to_ascii_lowercase(),
            _ => '-',
        });
        Self(readable.collect())
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
