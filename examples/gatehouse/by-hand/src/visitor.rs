//! Visitors.

use serde::{Deserialize, Serialize};

/// Somebody who is expected, here, or gone again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Visitor {
    /// On the list.
    pub(crate) number: u64,
    /// Who it is.
    pub(crate) name: String,
    /// Whom the visit is for.
    pub(crate) host: String,
    /// How far the visit has come.
    pub(crate) stage: Stage,
}

/// How far a visit has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stage {
    /// Expected.
    Announced,
    /// In the house.
    Arrived,
    /// Out again.
    Left,
}
