//! What is told of a composition, by whoever knows it: the program itself, or the compiler.

use std::collections::BTreeMap;

/// A composition, as far as people who run the program want to know it.
#[derive(Debug, Clone, Default)]
pub struct Composition {
    /// The host's package.
    pub host: String,
    /// The version that configurations are checked against.
    pub api: String,
    /// Root key of the configuration.
    pub root: String,
    /// The plugins, by id.
    pub plugins: Vec<Plugin>,
    /// The components.
    pub components: Vec<Component>,
    /// The registries, by name.
    pub registries: Vec<Registry>,
    /// Further names, each with what it stands for.
    pub aliases: BTreeMap<String, String>,
    /// Who is known and not in the composition.
    pub left_out: Vec<LeftOut>,
    /// Plugins that features would bring.
    pub absent: Vec<Absent>,
}

/// A plugin in use.
#[derive(Debug, Clone, Default)]
pub struct Plugin {
    /// Its id.
    pub id: String,
    /// Its package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// May fail without taking the application down.
    pub optional: bool,
    /// One sentence, or nothing.
    pub description: String,
}

/// A component in use.
#[derive(Debug, Clone)]
pub struct Component {
    /// `plugin:Name`.
    pub id: String,
    /// Its plugin's id.
    pub plugin: String,
    /// What it is.
    pub kind: Kind,
    /// How many there are.
    pub scope: Scope,
    /// Whether it takes a configuration.
    pub configured: bool,
    /// One sentence, or nothing.
    pub description: String,
    /// The services it provides.
    pub provides: Vec<String>,
    /// What it needs.
    pub needs: Vec<Need>,
}

/// What a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What others ask for, or what works by itself.
    Service,
    /// A step of pipelines.
    Pipe,
    /// What sets a plugin up and cleans up after it.
    Hooks,
    /// What makes an entry of a registry.
    Entry,
}

/// How many of a component there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One.
    Singleton,
    /// As many as the configuration names.
    Instance,
    /// One per injection.
    Transient,
    /// One around each provider of a service.
    Decorator,
}

/// One requirement of a component.
#[derive(Debug, Clone)]
pub struct Need {
    /// Its name.
    pub field: String,
    /// The service.
    pub service: String,
    /// How it is handed over.
    pub form: Form,
    /// Ids of the components that may be handed over.
    pub providers: Vec<String>,
    /// The one that is where nothing else is said.
    pub default: Option<String>,
    /// The last decorator around what is handed over.
    pub wrapped_by: Option<String>,
}

/// How a requirement is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One provider.
    One,
    /// One, or none.
    Optional,
    /// Every provider.
    Every,
    /// The entries of a registry.
    Entries,
    /// By the runtime itself.
    Own,
    /// What a decorator wraps.
    Inner,
}

/// A registry.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Its type.
    pub name: String,
    /// Its entries, by key.
    pub entries: Vec<Entry>,
    /// Entries that are known and not there.
    pub left_out: Vec<LeftOutEntry>,
}

/// An entry of a registry.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Its key.
    pub key: String,
    /// Its plugin's id.
    pub plugin: String,
    /// One sentence, or nothing.
    pub description: String,
    /// Names and values, as in the manifest.
    pub attributes: Vec<(String, String)>,
}

/// An entry that is known and not there.
#[derive(Debug, Clone, Default)]
pub struct LeftOutEntry {
    /// Its key.
    pub key: String,
    /// The features that would bring it, as they are written after `--features`; `None` where it is out for another reason.
    pub features: Option<String>,
}

/// A component or a plugin that is known and not in the composition.
#[derive(Debug, Clone)]
pub struct LeftOut {
    /// Its id, or a plugin's package.
    pub name: String,
    /// Why it is not.
    pub reason: Reason,
}

/// Why something is not in a composition.
#[derive(Debug, Clone)]
pub enum Reason {
    /// These components take its place.
    Lost(Vec<String>),
    /// Only this one needed it, and is left out too.
    Unneeded(String),
    /// It is switched off.
    Off,
}

/// A plugin that a feature would bring.
#[derive(Debug, Clone, Default)]
pub struct Absent {
    /// All that it is called.
    pub names: Vec<String>,
    /// The feature, as it is written after `--features`.
    pub feature: String,
}
