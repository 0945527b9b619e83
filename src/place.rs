//! Where a value of a configuration was written.

use std::fmt;

/// The place of a value: a file with line and column, or a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file, or what else the value came from.
    pub source: String,
    /// The line, from 1; 0 where the source has no lines.
    pub line: u32,
    /// The column in characters, from 1; 0 where the source has no lines.
    pub column: u32,
    /// The line as far as it holds no value that may be secret.
    pub excerpt: Option<String>,
    pub(crate) layer: usize,
}

/// `file:line:column`, or the source alone where it has no lines.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.source),
            line => write!(f, "{}:{line}:{}", self.source, self.column),
        }
    }
}
