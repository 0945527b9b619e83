//! The nouns of a composition, each item with the place it came from. They decide nothing and read nothing: stages fill
//! them in.

mod component;
mod composition;
mod dependency;
mod manifest;
mod packages;
mod poison;
mod registry;
mod statement;
mod type_expr;
pub(crate) mod type_path;

pub(crate) use component::{
    ComponentDecl, Deadlines, Form, Kind, Need, Reload, Restart, Scope, Tending, Terms, plugin_of,
};
pub(crate) use composition::{
    BoundNeed, Component, ComponentIx, Composition, Dormant, EntryOff, Host, LeftOut, LeftOutEntry,
    Loser, OwnType, Plugin, PluginIx, Reason, Registry, RegistryEntry, RegistryIx, Service,
    ServiceIx,
};
pub(crate) use dependency::{RuntimeLines, dependency, source};
pub(crate) use manifest::{
    Alias, Bind, CargoDependency, Constraint, DistributionSection, HostSection, Layer, LockSection,
    Manifest, Mention, Overlay, PluginRule, PluginSection, Services, Tuning,
};
pub(crate) use packages::{
    Absent, Ask, DependencyOff, Direct, Home, HostFeature, Package, PackageIx, Subject, Undeclared,
    Universe,
};
pub(crate) use poison::Poison;
pub(crate) use registry::{EntryChoice, EntryDecl, EntryOf, EntryPath};
pub(crate) use statement::{
    Assertion, Claim, Condition, Level, LintLine, Override, Setting, cfg_of,
};
pub(crate) use type_expr::{Root, TypeExpr, without_raw};
