//! Which of several statements about one thing counted, for whoever asks why.

use super::mistake::{About, Statement};

/// Which of several statements about one thing counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    /// What they are about.
    pub(crate) about: About,
    /// Each with its layer, the one that counts first, then the stronger before the weaker.
    pub(crate) statements: Vec<(&'static str, Statement)>,
}
