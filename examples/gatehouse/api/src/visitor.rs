//! Visitors.

use serde::{Deserialize, Serialize};

/// Somebody who is expected, here, or gone again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// On the list.
    pub number: u64,
    /// Who it is.
    pub name: String,
    /// Whom the visit is for.
    pub host: String,
    /// How far the visit has come.
    pub stage: Stage,
}

/// How far a visit has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Expected.
    Announced,
    /// In the house.
    Arrived,
    /// Out again.
    Left,
}
