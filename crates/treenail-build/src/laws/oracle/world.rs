//! Compositions as what their manifests state.

mod answerable;
mod draw;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Form, Scope};

/// Traits that anything may provide: `dyn api::S0` and so on.
pub(super) const SERVICES: usize = 5;

/// Registries, no two a slip of the hand apart.
pub(super) const REGISTRIES: [&str; 3] = ["api::Filters", "api::Codecs", "api::Sinks"];
/// Keys of entries, of which two differ by case alone.
pub(super) const KEYS: [&str; 4] = ["a", "A", "b", "urn:c"];

/// What every component may ask the runtime for: handles, of which there is one.
pub(super) const HANDLES: [&str; 2] = ["treenail::Handle", "treenail::AppHandle"];
/// The service that the runtime answers for where no component does, which here is always.
pub(super) const CLOCK: &str = "dyn treenail::Clock";

/// Whether it is the runtime that is asked.
pub(super) fn is_of_runtime(service: &str) -> bool {
    HANDLES.contains(&service) || service == CLOCK
}

/// A composition: the host at first, then its plugins.
#[derive(Clone, Default)]
pub(super) struct World {
    pub(super) plugins: Vec<Plugin>,
    /// What the host says in its overlay, with the components that it has there.
    pub(super) overlay: Option<(Statements, Vec<Component>)>,
    /// Numbers of the traits of which the host asks for every provider.
    pub(super) all: BTreeSet<usize>,
}

/// A plugin: the host is number 0, called `app`, and says nothing of versions.
#[derive(Debug, Clone, Default)]
pub(super) struct Plugin {
    /// Of its package: 1.0.0, or 1.5.0.
    pub(super) newer: bool,
    /// The host does not depend on its package; the plugin before it does.
    pub(super) indirect: bool,
    /// Its package does not depend on the runtime, and has no components.
    pub(super) bare: bool,
    /// `api` and `host`: whether what is there is supported.
    pub(super) api: Option<bool>,
    pub(super) host: Option<bool>,
    /// Other plugins by id, and whether they are needed, or not endured, at version 1.5.
    pub(super) requires: BTreeMap<String, bool>,
    pub(super) conflicts: BTreeMap<String, bool>,
    pub(super) components: Vec<Component>,
    pub(super) says: Statements,
}

/// What a layer states, by what it is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Statements {
    pub(super) rules: BTreeMap<String, Rule>,
    pub(super) binds: BTreeMap<usize, Setting<String>>,
    pub(super) aliases: BTreeMap<String, Setting<String>>,
    pub(super) overrides: BTreeMap<String, Override>,
    /// By the numbers of registry and key.
    pub(super) lines: BTreeMap<(usize, usize), Line>,
}

/// A line of a registry.
#[derive(Debug, Clone)]
pub(super) enum Line {
    Entry(Entry),
    /// Of a host: the plugin whose entry counts; `None`: nobody's.
    Choice(Setting<Option<String>>),
}

impl Line {
    /// What makes the entry that it is.
    pub(super) fn made_mut(&mut self) -> Option<&mut Option<Component>> {
        match self {
            Self::Entry(entry) => Some(&mut entry.made),
            Self::Choice(_) => None,
        }
    }
}

/// An entry of a registry.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// It is made of services; otherwise it is a value.
    pub(super) made: Option<Component>,
    pub(super) when: When,
}

/// A value with its own priority and condition.
#[derive(Debug, Clone)]
pub(super) struct Setting<T> {
    pub(super) value: T,
    pub(super) priority: Option<u32>,
    pub(super) when: When,
}

/// A condition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum When {
    #[default]
    Always,
    Holds,
    Fails,
    /// It names a feature that there is none of.
    Broken,
}

/// A line of `[plugins]`.
#[derive(Debug, Clone, Default)]
pub(super) struct Rule {
    pub(super) enabled: Option<Setting<bool>>,
    pub(super) optional: Option<Setting<bool>>,
    /// `true`: from 1.5 on.
    pub(super) version: Option<Setting<bool>>,
    pub(super) when: When,
}

/// An entry of `[override]`.
#[derive(Debug, Clone, Default)]
pub(super) struct Override {
    pub(super) enabled: Option<Setting<bool>>,
    pub(super) when: When,
}

/// A component.
#[derive(Debug, Clone)]
pub(super) struct Component {
    /// `p1:C10`: no two plugins have components of one name.
    pub(super) id: String,
    /// Its own type, as every manifest but its own names it.
    pub(super) ty: String,
    /// Numbers of traits.
    pub(super) provides: BTreeSet<usize>,
    pub(super) needs: Vec<Need>,
    pub(super) scope: Scope,
    pub(super) decorates: Option<usize>,
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
    pub(super) when: When,
    /// It makes an entry of this registry.
    pub(super) registry: Option<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Need {
    /// `dyn api::S0`, a component's type, one of [`HANDLES`], [`CLOCK`], or one of [`REGISTRIES`].
    pub(super) service: String,
    pub(super) form: Form,
    pub(super) from: Option<String>,
    /// One of the instances that the configuration names.
    pub(super) named: bool,
}

impl Need {
    /// Whether it asks for the entries of this registry.
    pub(super) fn asks_for(&self, registry: &str) -> bool {
        self.form == Form::Registry && self.service == registry
    }
}

/// The trait of this number.
pub(super) fn service(number: usize) -> String {
    format!("dyn api::S{number}")
}

impl World {
    pub(super) fn id(&self, plugin: usize) -> String {
        if plugin == 0 {
            "app".to_owned()
        } else {
            format!("p{plugin}")
        }
    }

    /// Every component that is declared anywhere, without those that make entries.
    pub(super) fn declared(&self) -> impl Iterator<Item = &Component> {
        let doubles = self.overlay.iter().flat_map(|(_, components)| components);
        self.plugins
            .iter()
            .flat_map(|plugin| &plugin.components)
            .chain(doubles)
    }
}
