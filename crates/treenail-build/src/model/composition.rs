//! What was composed: the resolved, checked, ordered result.

use std::collections::BTreeSet;

use semver::Version;

use super::component::{Form, Kind, Reload, Scope, Tending};
use super::packages::{Absent, HostFeature};
use super::registry::EntryPath;
use super::type_expr::TypeExpr;
use crate::index::{IndexVec, index_types};
use crate::source::Origin;

index_types! {
    /// Index into [`Composition::plugins`].
    PluginIx,
    /// Index into [`Composition::components`].
    ComponentIx,
    /// Index into [`Composition::services`].
    ServiceIx,
    /// Index into [`Composition::registries`].
    RegistryIx
}

/// The resolved, checked, ordered result: all that emit, graph and lock need.
#[derive(Debug, Clone)]
pub(crate) struct Composition {
    /// Who composes.
    pub(crate) host: Host,
    /// Plugins in use, sorted by id. The host's own components belong to `app`.
    pub(crate) plugins: IndexVec<PluginIx, Plugin>,
    /// Components in use, dependencies first; ties by id.
    pub(crate) components: IndexVec<ComponentIx, Component>,
    /// Services that a component in use provides or asks for, the registries among them that are asked for, sorted by `key`.
    pub(crate) services: IndexVec<ServiceIx, Service>,
    /// Registries that have entries, or that a component asks for, sorted by `key`.
    pub(crate) registries: IndexVec<RegistryIx, Registry>,
    /// The runtime's own service of the time, if it is among them: the runtime answers for it where no component does.
    pub(crate) clock: Option<ServiceIx>,
    /// Further names, each with what it stands for.
    pub(crate) aliases: Vec<(String, String)>,
    /// Plugins that a feature would bring.
    pub(crate) absent: Vec<Absent>,
    /// Features of the host's package that bring a plugin, and default ones that bring none, by name.
    pub(crate) features: Vec<HostFeature>,
    /// Who is known and not there, by name.
    pub(crate) left_out: Vec<LeftOut>,
    /// Components that features keep out, as far as the composition knows: others may switch features on in the same build.
    pub(crate) dormant: Vec<Dormant>,
    /// The overlays in force.
    pub(crate) overlays: Vec<String>,
    /// Digest of everything above that reaches the generated code; 32 hexadecimal digits.
    pub(crate) digest: String,
}

/// The composing crate.
#[derive(Debug, Clone, Hash)]
pub(crate) struct Host {
    /// Package name.
    pub(crate) package: String,
    /// Package version.
    pub(crate) version: Version,
    /// Version that plugins' `host` requirements and the configuration's `api_version` are checked against.
    pub(crate) api: Version,
    /// Root key of the configuration.
    pub(crate) root: String,
    /// Whether the configuration may say how the application logs.
    pub(crate) logging: bool,
    /// Path of the runtime crate in generated code: `::treenail`, or what the host calls it.
    pub(crate) runtime: String,
    /// Features of the runtime crate that are on.
    pub(crate) runtime_features: BTreeSet<String>,
}

/// A plugin in use.
#[derive(Debug, Clone, Hash)]
pub(crate) struct Plugin {
    /// Its id.
    pub(crate) id: String,
    /// Its package's name.
    pub(crate) package: String,
    /// Its package's version.
    pub(crate) version: Version,
    /// Path of its crate in the host: `::acme_mailer`, or `crate` for the host itself.
    pub(crate) crate_path: String,
    /// Its manifest, as shown to people.
    pub(crate) manifest: String,
    /// Digest of its manifest; 32 hexadecimal digits. The handshake compares it with the linked crate's.
    pub(crate) digest: String,
    /// May fail without taking the application down.
    pub(crate) optional: bool,
    /// One sentence for people.
    pub(crate) description: Option<String>,
    /// The composing file's own components: their inputs are generated with the composition.
    pub(crate) own: bool,
    /// Its package depends on the runtime, or is it, and prints its side. The host prints the entries of any other one.
    pub(crate) has_runtime: bool,
}

/// A component that is not there because features of its package are off.
#[derive(Debug, Clone, Hash)]
pub(crate) struct Dormant {
    /// Its plugin.
    pub(crate) plugin: PluginIx,
    /// Its name.
    pub(crate) name: String,
    /// The features, each as the host's Cargo.toml switches it on: `mailer/smtp`.
    pub(crate) features: Vec<String>,
}

/// A component in use.
#[derive(Debug, Clone)]
pub(crate) struct Component {
    /// `plugin:Name`
    pub(crate) id: String,
    /// Its plugin.
    pub(crate) plugin: PluginIx,
    /// Its name within the plugin.
    pub(crate) name: String,
    /// Its type as the manifest names it, for comments.
    pub(crate) ty: TypeExpr,
    /// Where it was declared.
    pub(crate) origin: Origin,
    /// One sentence for people.
    pub(crate) description: Option<String>,
    /// Service or pipe.
    pub(crate) kind: Kind,
    /// How many there are.
    pub(crate) scope: Scope,
    /// Whether a `config` (services) or `params` (pipes) type was declared.
    pub(crate) configured: bool,
    /// How it is taken through its life, with what the host says about it.
    pub(crate) tending: Tending,
    /// How it is replaced where a reload has something else for it.
    pub(crate) reload: Reload,
    /// Services it provides; its own type is listed where the manifest does so.
    pub(crate) provides: Vec<ServiceIx>,
    /// The service it decorates: there is a value of it for each provider, whatever `scope` is.
    pub(crate) decorates: Option<ServiceIx>,
    /// What the host may get by its own type.
    pub(crate) own: OwnType,
    /// What it needs, in the order of the manifest; a decorator's `inner` comes last.
    pub(crate) needs: Vec<BoundNeed>,
}

/// What the host may get of a component by its own type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum OwnType {
    /// Nothing: it is a decorator, a pipe, the hooks of a plugin, or made anew for each injection.
    Nothing,
    /// The one that there is.
    One,
    /// The instances that the configuration names.
    Instances,
}

/// A requirement with its answer.
#[derive(Debug, Clone, Hash)]
pub(crate) struct BoundNeed {
    /// Field of the `Deps` struct.
    pub(crate) field: String,
    /// What is asked for.
    pub(crate) service: ServiceIx,
    /// How it is handed over.
    pub(crate) form: Form,
    /// Everything that may be handed over, in order: for `One`, `Optional` and `Lazy` the provider (or, for a component that the
    /// configuration creates and may inject into by name, every provider), for `All` and `Map` every provider.
    pub(crate) providers: Vec<ComponentIx>,
    /// The provider where nothing else is said (`None`: absent optional, several instance providers, `All`, `Map`, `Inner`).
    pub(crate) default: Option<ComponentIx>,
    /// The decorator whose values are handed over, each around one of these providers.
    pub(crate) wrapped_by: Option<ComponentIx>,
    /// It is for the configuration to choose one of the instances.
    pub(crate) named: bool,
    /// The registry that is asked for; its entries with services are the providers.
    pub(crate) registry: Option<RegistryIx>,
    /// Breaks a cycle: not a dependency for ordering.
    pub(crate) lazy: bool,
}

impl BoundNeed {
    /// Components whose values are handed over.
    pub(crate) fn handed_over(&self) -> &[ComponentIx] {
        match &self.wrapped_by {
            Some(decorator) => std::slice::from_ref(decorator),
            None => &self.providers,
        }
    }
}

/// A service in use.
#[derive(Debug, Clone, Hash)]
pub(crate) struct Service {
    /// Identity: the type with every crate name replaced by `package@version`.
    pub(crate) key: String,
    /// The type for people: in the host's words, or by the library's own name where the host has none.
    pub(crate) display: String,
    /// The type in the host's words (`dyn ::helpdesk_api::TicketSystem`); `None` where the host has no name for the package.
    pub(crate) host_path: Option<String>,
    /// Every provider, ordered (`before`/`after`, then id).
    pub(crate) providers: Vec<ComponentIx>,
    /// The last of its decorators, each of which wraps what the one before it made of a provider.
    pub(crate) wrapped_by: Option<ComponentIx>,
    /// Who answers `get`: the only singleton provider, or the bound one. Never a transient.
    pub(crate) winner: Option<ComponentIx>,
    /// The winner, or what wraps it, may be absent at run time.
    pub(crate) optional: bool,
}

impl Service {
    /// Whether it is a trait; else it is the type of a component.
    pub(crate) fn is_dyn(&self) -> bool {
        self.key.starts_with("dyn ")
    }
}

/// A registry in use.
#[derive(Debug, Clone)]
pub(crate) struct Registry {
    /// Identity: the type with every crate name replaced by `package@version`.
    pub(crate) key: String,
    /// The type for people: in the host's words, or by the library's own name where the host has none.
    pub(crate) display: String,
    /// The type in the host's words (`::helpdesk_api::Filters`); `None` where the host has no name for the package.
    pub(crate) host_path: Option<String>,
    /// Its entries, sorted by key.
    pub(crate) entries: Vec<RegistryEntry>,
    /// Entries that are known and not there, sorted by key, then plugin.
    pub(crate) left_out: Vec<LeftOutEntry>,
}

impl Registry {
    /// The components that make its entries: the place of each is the number by which its line finds what was made.
    pub(crate) fn made(&self) -> impl Iterator<Item = ComponentIx> {
        self.entries.iter().filter_map(|entry| entry.made)
    }
}

/// An entry of a registry.
#[derive(Debug, Clone)]
pub(crate) struct RegistryEntry {
    /// Its key.
    pub(crate) key: String,
    /// Its plugin.
    pub(crate) plugin: PluginIx,
    /// Its place among the entries of its manifest, those under conditions included: in [`Layer::entries`](super::Layer::entries)
    /// of a plugin; of the host's own, among those of its layers that are there.
    pub(crate) number: usize,
    /// Where its key is.
    pub(crate) origin: Origin,
    /// One sentence for people.
    pub(crate) description: Option<String>,
    /// What else is said of it, in the order of its manifest.
    pub(crate) attributes: Vec<(String, String)>,
    /// What it is, as its manifest names it.
    pub(crate) what: EntryPath,
    /// What it is in the host's code; `None` where the host has no name for its package.
    pub(crate) host_path: Option<String>,
    /// The component that makes it of its services; without one it is a constant.
    pub(crate) made: Option<ComponentIx>,
}

/// An entry that is known and not in the composition.
#[derive(Debug, Clone)]
pub(crate) struct LeftOutEntry {
    /// Its key.
    pub(crate) key: String,
    /// Its plugin; of a plugin that is not there, its package.
    pub(crate) plugin: String,
    /// Why it is not.
    pub(crate) off: EntryOff,
}

/// Why an entry is not in the composition.
#[derive(Debug, Clone)]
pub(crate) enum EntryOff {
    /// These features would bring it, each as the host's Cargo.toml switches it on: `tenant`, `guard/gzip`.
    Features(Vec<String>),
    /// It is not for this platform.
    Platform,
    /// Its plugin is optional and does not fit.
    Unfit,
    /// The host leaves it or its plugin out, there.
    Off(Origin),
}

/// A component or a plugin that is known and not in the composition.
#[derive(Debug, Clone)]
pub(crate) struct LeftOut {
    /// Id of the component or of the plugin, or the plugin's package.
    pub(crate) name: String,
    /// Why it is not.
    pub(crate) reason: Reason,
    /// The component, if it has lost, or if only losers needed it.
    pub(crate) loser: Option<Loser>,
}

/// A component that would be there if it had not lost, or if nobody of those who needed it had.
#[derive(Debug, Clone)]
pub(crate) struct Loser {
    /// Its plugin.
    pub(crate) plugin: PluginIx,
    /// Its name within the plugin.
    pub(crate) name: String,
    /// Its type as the manifest names it.
    pub(crate) ty: TypeExpr,
    /// Its type for people, where the host could get it by that.
    pub(crate) own: Option<String>,
    /// Services that it would provide.
    pub(crate) provides: Vec<ServiceIx>,
}

/// Why something is not in the composition.
#[derive(Debug, Clone)]
pub(crate) enum Reason {
    /// These components take its place, as is written there: by `[bind]`, or by an alias of an overlay.
    Lost(Vec<(String, Origin)>),
    /// Only components that are left out needed it: this one did.
    Unneeded(String),
    /// It is switched off there.
    Off(Origin),
}
