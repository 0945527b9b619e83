//! The nouns of a composition. No logic and no IO: stages fill these in, each item with the place it came from.
//!
//! Longer than other files: it is a list, and a list is best read whole.

mod packages;
mod statement;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use semver::{Version, VersionReq};

use crate::source::{Located, Origin, SourceId};

pub(crate) use packages::Subject;
pub(crate) use statement::{Assertion, Claim, Condition, Level, LintLine, Override, Setting};

/// One manifest as its author wrote it.
#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    /// The file this manifest was read from.
    pub(crate) source: SourceId,
    /// The `[host]` table: this crate composes.
    pub(crate) host: Option<HostSection>,
    /// The `[plugin]` table: this crate contributes components.
    pub(crate) plugin: Option<PluginSection>,
    /// Everything that an overlay may state as well.
    pub(crate) layer: Layer,
    /// The `[overlay.NAME]` tables, in the order of the file.
    pub(crate) overlays: Vec<Overlay>,
    /// Every feature that a condition names, wherever it stands.
    pub(crate) features: Vec<Located<String>>,
}

/// The `[host]` table, of the manifest or of an overlay.
#[derive(Debug, Clone)]
pub(crate) struct HostSection {
    /// The table's header.
    pub(crate) origin: Origin,
    /// Version of the host's own plugin interface; default: the version of its package.
    pub(crate) api: Option<Setting<Version>>,
    /// Something in the table could not be read, perhaps `api`: nothing is checked against the host's version then.
    pub(crate) partial: bool,
    /// Root key of the configuration file; default: the package's name with `_` for `-`.
    pub(crate) root: Option<Setting<String>>,
    /// Services of which the host's code asks for every provider: nobody who provides one of them is left out.
    pub(crate) all: Option<Setting<Services>>,
}

/// Several services, as they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Services(pub(crate) Vec<Located<TypeExpr>>);

impl std::fmt::Display for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let texts = self
            .0
            .iter()
            .map(|ty| format!("{:?}", ty.value.to_string()));
        write!(f, "[{}]", texts.collect::<Vec<_>>().join(", "))
    }
}

/// The `[plugin]` table.
#[derive(Debug, Clone)]
pub(crate) struct PluginSection {
    /// The table's header.
    pub(crate) origin: Origin,
    /// Namespace of the plugin's components.
    pub(crate) id: Located<String>,
    /// One sentence for people.
    pub(crate) description: Option<String>,
    /// Contract packages with the versions supported.
    pub(crate) api: Vec<Constraint>,
    /// Versions of `[host] api` supported.
    pub(crate) host: Option<Located<VersionReq>>,
    /// Other plugins that have to be there, by id.
    pub(crate) requires: Vec<Constraint>,
    /// Plugins that must not be there, by id.
    pub(crate) conflicts: Vec<Constraint>,
    /// The type that sets the whole plugin up; a component of kind [`Kind::Hooks`] stands for it.
    pub(crate) hooks: Option<Located<TypeExpr>>,
}

/// A name with the versions of it that are meant.
#[derive(Debug, Clone)]
pub(crate) struct Constraint {
    /// A package name or a plugin id.
    pub(crate) name: Located<String>,
    /// Which versions.
    pub(crate) versions: Located<VersionReq>,
}

/// The statements that layers may make about a composition.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layer {
    /// `[plugins]`: which plugins take part, and how.
    pub(crate) rules: Vec<PluginRule>,
    /// `[bind]`: who wins where several provide one service.
    pub(crate) binds: Vec<Bind>,
    /// `[alias]`: further names of components and plugins.
    pub(crate) aliases: Vec<Alias>,
    /// `[lifecycle]`: what the host says about the lifecycle of components.
    pub(crate) tunings: Vec<Tuning>,
    /// `[override]`: changes to components of plugins.
    pub(crate) overrides: Vec<Override>,
    /// `[[component]]`.
    pub(crate) components: Vec<ComponentDecl>,
    /// `[[assert]]`.
    pub(crate) assertions: Vec<Assertion>,
    /// `[lints]`.
    pub(crate) lints: Vec<LintLine>,
    /// Lines of `[override]` and `[lifecycle]` that state nothing, as people write them.
    pub(crate) idle: Vec<Located<String>>,
    /// Components that are named in lines with a mistake.
    pub(crate) mentions: Vec<Mention>,
    /// What stands there but could not be read.
    pub(crate) poison: Poison,
}

/// The id of a component that has to be there, whatever else is wrong with the line that names it.
#[derive(Debug, Clone)]
pub(crate) enum Mention {
    /// On the right side of a line of `[bind]`.
    Bind(Setting<String>),
    /// On that of a line of `[alias]`.
    Alias(Setting<String>),
}

/// What a manifest says but could not be read. It has been reported; later stages use this to stay silent about the consequences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Poison {
    /// Anything may be missing: a file could not be read at all. Nothing that is absent (a plugin, a component, a provider)
    /// is then worth a report.
    pub(crate) anything: bool,
    /// Words of what could not be made sense of: what is not TOML, a table of a name that does not exist, a whole manifest.
    /// What is absent and has one of these for a name is not worth a report, see [`Poison::may_name`].
    pub(crate) words: BTreeSet<String>,
    /// A component that was left out has no name that could be guessed: any of its plugin's may be it.
    pub(crate) nameless: bool,
    /// Names of components that were left out; ids, where their plugin is known.
    pub(crate) components: BTreeSet<String>,
    /// `provides` (and `decorate`) entries that could not be read, and those of components that were left out. A missing
    /// provider is not reported where [`Poison::may_provide`] says yes.
    pub(crate) provides: Unread,
    /// Requirements that could not be read, and those of components that were left out. What they name may be in use, see
    /// [`Poison::may_need`].
    pub(crate) needs: Unread,
    /// Keys of `[bind]` lines that were left out. Several providers of such a service are not reported, see [`Poison::may_bind`].
    pub(crate) binds: Unread,
    /// Plugin ids of `[plugins]` lines that were left out in part or as a whole.
    pub(crate) rules: BTreeSet<String>,
    /// Left sides of `[alias]` lines that were left out.
    pub(crate) aliases: BTreeSet<String>,
    /// Keys of `[override]` entries that were left out: nothing more is said about these components.
    pub(crate) overrides: BTreeSet<String>,
}

/// Texts that were meant for types but are none, or whose types are left out: the words in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Unread {
    /// Each may be the name of the type that was meant.
    pub(crate) words: BTreeSet<String>,
    /// There was an empty text: it could be any type.
    pub(crate) any: bool,
}

/// One line of `[plugins]`.
#[derive(Debug, Clone)]
pub(crate) struct PluginRule {
    /// The plugin.
    pub(crate) id: Located<String>,
    /// A version the composition insists on.
    pub(crate) version: Option<Setting<VersionReq>>,
    /// `false` leaves the plugin out.
    pub(crate) enabled: Option<Setting<bool>>,
    /// `true`: may fail or be incompatible without taking the application down.
    pub(crate) optional: Option<Setting<bool>>,
    /// The plugin takes part only where this holds.
    pub(crate) when: Option<Condition>,
}

/// One line of `[bind]`.
#[derive(Debug, Clone)]
pub(crate) struct Bind {
    /// The service.
    pub(crate) service: Located<TypeExpr>,
    /// Component id of its provider.
    pub(crate) provider: Setting<String>,
}

/// One line of `[alias]`: `old = "new"`. Both are component ids (`plugin:Name`), or both are plugin ids. Both may end in `:*` as
/// well, which is a mistake that is told where the components of the plugin are known.
#[derive(Debug, Clone)]
pub(crate) struct Alias {
    /// The further name.
    pub(crate) from: Located<String>,
    /// What it stands for.
    pub(crate) to: Setting<String>,
}

/// One line of `[lifecycle]`.
#[derive(Debug, Clone)]
pub(crate) struct Tuning {
    /// Component id.
    pub(crate) component: Located<String>,
    /// What takes the place of the component's own words.
    pub(crate) terms: Terms,
    /// Whether the application cannot go on when its run has failed for good.
    pub(crate) fatal: Option<Setting<bool>>,
    /// Nothing of it is stated where this does not hold.
    pub(crate) when: Option<Condition>,
}

/// `deadline` and `restart`, as a component or a line of `[lifecycle]` states them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terms {
    /// How long its build may take.
    pub(crate) build: Option<Setting<Duration>>,
    /// How long its start may take.
    pub(crate) start: Option<Setting<Duration>>,
    /// How long its stop may take.
    pub(crate) stop: Option<Setting<Duration>>,
    /// Whether its run begins again after a failure.
    pub(crate) restart: Option<Setting<Option<Restart>>>,
}

/// `deadline` and `restart` of a component, when all layers have been heard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Tending {
    /// How long its steps may take.
    pub(crate) deadline: Deadlines,
    /// Whether its run begins again after a failure; the outer `None`: not said.
    pub(crate) restart: Option<Option<Restart>>,
}

/// How long the steps of a component may take; `None`: as long as those of any other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Deadlines {
    pub(crate) build: Option<Duration>,
    pub(crate) start: Option<Duration>,
    pub(crate) stop: Option<Duration>,
}

/// When a run that failed begins again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Restart {
    /// So many restarts are allowed...
    pub(crate) restarts: u32,
    /// ...in so much time.
    pub(crate) within: Duration,
    /// The time before the first one; it doubles with each.
    pub(crate) initial: Duration,
    /// The time before a restart is never longer.
    pub(crate) longest: Duration,
}

impl Restart {
    /// `restart = "on-failure"`
    pub(crate) const USUAL: Self = Self {
        restarts: 5,
        within: Duration::from_secs(60),
        initial: Duration::from_millis(200),
        longest: Duration::from_secs(30),
    };
}

/// One `[overlay.NAME]`.
#[derive(Debug, Clone)]
pub(crate) struct Overlay {
    /// Its name.
    pub(crate) name: Located<String>,
    /// It is in force where this holds, even if nobody asks for it.
    pub(crate) when: Option<Condition>,
    /// Its condition could not be read: it may be in force, or not.
    pub(crate) unsure: bool,
    /// Its `[overlay.NAME.host]`.
    pub(crate) host: Option<HostSection>,
    /// What it changes.
    pub(crate) layer: Layer,
}

/// One `[[component]]`.
#[derive(Debug, Clone)]
pub(crate) struct ComponentDecl {
    /// The table's header.
    pub(crate) origin: Origin,
    /// The Rust type.
    pub(crate) ty: Located<TypeExpr>,
    /// Name within the plugin; an identifier.
    pub(crate) name: Located<String>,
    /// One sentence for people and for the schema.
    pub(crate) description: Option<String>,
    /// Service or pipe.
    pub(crate) kind: Kind,
    /// How many there are.
    pub(crate) scope: Scope,
    /// Services this component provides; its own type is always one of them.
    pub(crate) provides: Vec<Located<TypeExpr>>,
    /// What it needs, in the order of the file.
    pub(crate) needs: Vec<Need>,
    /// Type of its configuration (services).
    pub(crate) config: Option<Located<TypeExpr>>,
    /// Type of its parameters (pipes), rendered anew for every run.
    pub(crate) params: Option<Located<TypeExpr>>,
    /// The service whose provider this component wraps; adds a field `inner` to its `Deps`.
    pub(crate) decorate: Option<Located<TypeExpr>>,
    /// Comes before these components among the providers of a service, and in decorator chains.
    pub(crate) before: Vec<Located<String>>,
    /// Comes after these.
    pub(crate) after: Vec<Located<String>>,
    /// `deadline` and `restart`.
    pub(crate) terms: Terms,
    /// It is there only where this holds.
    pub(crate) when: Option<Condition>,
    /// Something in it could not be read: it may need or provide more than is here.
    pub(crate) partial: bool,
}

impl ComponentDecl {
    /// Every type that it names, in the order of its keys.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Located<TypeExpr>> {
        let needs = self.needs.iter().map(|need| &need.service);
        std::iter::once(&self.ty)
            .chain(&self.provides)
            .chain(needs)
            .chain(&self.decorate)
            .chain(&self.config)
            .chain(&self.params)
    }
}

/// What a component is to the runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub(crate) enum Kind {
    /// An ordinary component.
    #[default]
    Service,
    /// A step of a pipeline.
    Pipe,
    /// The hooks of a plugin: all its other components come after it.
    Hooks,
}

/// How many of a component there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub(crate) enum Scope {
    /// One per App.
    #[default]
    Singleton,
    /// As many as the configuration names.
    Instance,
    /// One per injection.
    Transient,
}

/// One entry of a component's `requires`.
#[derive(Debug, Clone)]
pub(crate) struct Need {
    /// Field of the generated `Deps` struct; an identifier.
    pub(crate) field: Located<String>,
    /// The service.
    pub(crate) service: Located<TypeExpr>,
    /// How it is handed over.
    pub(crate) form: Form,
    /// This very provider (component id). Only with `One`, `Optional` and `Lazy`.
    pub(crate) from: Option<Located<String>>,
}

/// The form of a requirement, and so the type of its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// `Arc<S>`
    One,
    /// `Option<Arc<S>>`
    Optional,
    /// `Vec<Arc<S>>`: every provider, ordered.
    All,
    /// `BTreeMap<String, Arc<S>>`: every provider by component id, instances by their name.
    Map,
    /// `treenail::Lazy<S>`: usable once the application is built; breaks a cycle on purpose.
    Lazy,
    /// `Arc<treenail::Handle>`: the component's own. Written as a plain requirement, and recognized by its service.
    Handle,
}

/// A Rust type as a manifest may name it: a path, or `dyn` and a path, with types as generic arguments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TypeExpr {
    /// Whether it is a trait object.
    pub(crate) is_dyn: bool,
    /// The path, never empty. One that starts with `crate` is into the manifest's own package; any other longer one starts with
    /// an extern crate by the name the package has for it; a lone segment is a prelude type.
    pub(crate) segments: Vec<Segment>,
}

/// One name in the path of a type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Segment {
    /// The name, with `r#` where it is written so.
    pub(crate) name: String,
    /// Its generic arguments.
    pub(crate) arguments: Vec<TypeExpr>,
}

/// What Cargo resolved around the host: the packages, by index into `packages`.
#[derive(Debug, Clone)]
pub(crate) struct Universe {
    /// Every package reachable from the host, sorted by name, then version.
    pub(crate) packages: Vec<Package>,
    /// The host's package.
    pub(crate) host: PackageIx,
}

/// The packages that the host depends on directly, by name: several where it has several versions.
pub(crate) type Direct<'a> = BTreeMap<&'a str, BTreeSet<PackageIx>>;

impl Universe {
    /// The packages that the host depends on directly.
    pub(crate) fn direct(&self) -> Direct<'_> {
        let mut direct = Direct::new();
        for package in self.packages[self.host].externs.values() {
            let name = self.packages[*package].name.as_str();
            direct.entry(name).or_default().insert(*package);
        }
        direct
    }
}

/// Index into [`Universe::packages`].
pub(crate) type PackageIx = usize;

/// One resolved package.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    /// Package name.
    pub(crate) name: String,
    /// Resolved version.
    pub(crate) version: Version,
    /// Extern names this package has for its dependencies (renames included; normal and, for the root, development).
    pub(crate) externs: BTreeMap<String, PackageIx>,
    /// Library target's name; `None` for a package without a library.
    pub(crate) lib: Option<String>,
    /// Features that are on.
    pub(crate) features: BTreeSet<String>,
    /// Features that it has.
    pub(crate) declared: BTreeSet<String>,
    /// Where it comes from.
    pub(crate) home: Home,
    /// What it asks Cargo for, of packages that are there in several versions; of the host, of all.
    pub(crate) asks: BTreeMap<PackageIx, Ask>,
    /// Index into the list of manifests, where it has one.
    pub(crate) manifest: Option<usize>,
}

/// Where a package comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Home {
    /// Not known: nobody has asked Cargo.
    Unknown,
    /// This folder on this machine, which is never printed as it is.
    Folder(PathBuf),
    /// A registry or a Git repository, as Cargo writes it.
    Source(String),
}

/// How a Cargo.toml asks for a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Its name there.
    pub(crate) key: String,
    /// The versions that would do.
    pub(crate) versions: VersionReq,
}

/// A plugin that is not in this build, because a feature is off.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Absent {
    /// What it may be called by: its id, its package, its aliases.
    pub(crate) names: BTreeSet<String>,
    /// Its package.
    pub(crate) package: String,
    /// The feature that would bring it, as it is written after `--features`.
    pub(crate) feature: String,
    /// The platform that it is for, where this build is for another: then no feature brings it.
    pub(crate) platform: Option<String>,
    /// The host's package.
    pub(crate) host: String,
    /// What its components provide, as far as its sources are at hand: services without versions, see `Names::stem`, each with
    /// the component's id. Only messages tell it.
    pub(crate) provides: BTreeSet<(String, String)>,
}

/// A component or a plugin that is known and not in the composition.
#[derive(Debug, Clone)]
pub(crate) struct LeftOut {
    /// Id of the component or of the plugin, or the plugin's package.
    pub(crate) name: String,
    /// Why it is not.
    pub(crate) reason: Reason,
    /// Services that it would provide, as indices into [`Composition::services`]; of a loser and of what only losers needed.
    pub(crate) provides: Vec<usize>,
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

/// A package with a plugin's manifest, which its Cargo.toml does not name: it is not found as a plugin.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Undeclared {
    /// Id of the plugin.
    pub(crate) id: String,
    /// The package.
    pub(crate) package: String,
    /// Its Cargo.toml, for people.
    pub(crate) file: String,
    /// The package's name in it.
    pub(crate) at: Option<Origin>,
}

/// The resolved, checked, ordered result: all that emit, graph and lock need.
#[derive(Debug, Clone)]
pub(crate) struct Composition {
    /// Who composes.
    pub(crate) host: Host,
    /// Plugins in use, sorted by id. The host's own components belong to `app`.
    pub(crate) plugins: Vec<Plugin>,
    /// Components in use, dependencies first; ties by id.
    pub(crate) components: Vec<Component>,
    /// Services that a component in use provides or asks for, sorted by `key`.
    pub(crate) services: Vec<Service>,
    /// Further names, each with what it stands for.
    pub(crate) aliases: BTreeMap<String, String>,
    /// Plugins that a feature would bring.
    pub(crate) absent: Vec<Absent>,
    /// Who is known and not there, by name.
    pub(crate) left_out: Vec<LeftOut>,
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
    /// Path of its crate in the host: `::otai_zammad`, or `crate` for the host itself.
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
}

/// A component in use.
#[derive(Debug, Clone)]
pub(crate) struct Component {
    /// `plugin:Name`
    pub(crate) id: String,
    /// Index into [`Composition::plugins`].
    pub(crate) plugin: usize,
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
    /// Whether the application cannot go on when its run has failed for good.
    pub(crate) fatal: bool,
    /// Services it provides, as indices into [`Composition::services`]; its own type is not listed.
    pub(crate) provides: Vec<usize>,
    /// What it needs, in the order of the manifest; a decorator's `inner` comes last.
    pub(crate) needs: Vec<BoundNeed>,
}

/// A requirement with its answer. Component numbers are indices into [`Composition::components`].
#[derive(Debug, Clone, Hash)]
pub(crate) struct BoundNeed {
    /// Field of the `Deps` struct.
    pub(crate) field: String,
    /// Index into [`Composition::services`].
    pub(crate) service: usize,
    /// How it is handed over.
    pub(crate) form: Form,
    /// Everything that may be handed over, in order: for `One`, `Optional` and `Lazy` the provider (or, for a component that the
    /// configuration creates and may inject into by name, every provider), for `All` and `Map` every provider.
    pub(crate) providers: Vec<usize>,
    /// The provider where nothing else is said (`None`: absent optional, several instance providers, `All`, `Map`).
    pub(crate) default: Option<usize>,
    /// Breaks a cycle: not a dependency for ordering.
    pub(crate) lazy: bool,
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
    /// Every provider, ordered (`before`/`after`, then id). Where the winner is decorated, the last decorator stands in its place.
    pub(crate) providers: Vec<usize>,
    /// Who answers `get`: the only singleton provider, or the bound one, decorators applied. Never a transient.
    pub(crate) winner: Option<usize>,
    /// The winner may be absent at run time.
    pub(crate) optional: bool,
}
