//! The words that a value may be, each with what it stands for.

use crate::model::{Kind, Level, Reload, Restart, Scope};

/// Kinds of components.
pub(super) const KINDS: &[(&str, Kind)] = &[("service", Kind::Service), ("pipe", Kind::Pipe)];

/// Scopes of components.
pub(super) const SCOPES: &[(&str, Scope)] = &[
    ("singleton", Scope::Singleton),
    ("instance", Scope::Instance),
    ("transient", Scope::Transient),
];

/// What `reload` may be.
pub(super) const RELOADS: &[(&str, Reload)] = &[
    ("recreate", Reload::Recreate),
    ("overlap", Reload::Overlap),
    ("reconfigure", Reload::Reconfigure),
];

/// What `restart` may be.
pub(super) const POLICIES: &[(&str, Option<Restart>)] =
    &[("never", None), ("on-failure", Some(Restart::USUAL))];

/// Priorities of settings, as those of NixOS's `mkDefault` and `mkForce`.
pub(super) const PRIORITIES: &[(&str, u32)] = &[("default", 1000), ("force", 50)];

/// Levels of lints.
pub(super) const LEVELS: &[(&str, Level)] = &[
    ("allow", Level::Allow),
    ("warn", Level::Warn),
    ("deny", Level::Deny),
];
