//! What a manifest says, as its author wrote it.

use std::collections::BTreeSet;

use semver::{Version, VersionReq};

use super::component::{ComponentDecl, Terms};
use super::poison::Poison;
use super::registry::{EntryChoice, EntryDecl};
use super::statement::{Assertion, Condition, LintLine, Override, Setting};
use super::type_expr::TypeExpr;
use crate::source::{Located, Origin, SourceId};

/// One manifest as its author wrote it.
#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    /// The file this manifest was read from.
    pub(crate) source: SourceId,
    /// It says nothing: it is empty, or all of it is comments.
    pub(crate) is_blank: bool,
    /// The `[host]` table: this crate composes.
    pub(crate) host: Option<HostSection>,
    /// The `[plugin]` table: this crate contributes components.
    pub(crate) plugin: Option<PluginSection>,
    /// Everything that an overlay may state as well.
    pub(crate) layer: Layer,
    /// The `[overlay.NAME]` tables, in the order of the file.
    pub(crate) overlays: Vec<Overlay>,
    /// The `[lock]` table.
    pub(crate) lock: LockSection,
    /// The `[distribution]` table.
    pub(crate) distribution: Option<DistributionSection>,
    /// Every feature that the manifest names, wherever it stands.
    pub(crate) features: Vec<Located<String>>,
    /// Everything that a condition asks of the target, wherever it stands, as `rustc --print cfg` says it.
    pub(crate) target: BTreeSet<String>,
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
    /// Whether the configuration may say how the application logs.
    pub(crate) logging: Option<Setting<bool>>,
    /// Whether only the lock says which packages there are.
    pub(crate) locked: bool,
}

impl HostSection {
    /// One that says nothing; `partial` where that is not sure.
    pub(crate) fn silent(origin: Origin, partial: bool) -> Self {
        Self {
            origin,
            api: None,
            partial,
            root: None,
            all: None,
            logging: None,
            locked: false,
        }
    }
}

/// The `[lock]` table.
#[derive(Debug, Clone, Default)]
pub(crate) struct LockSection {
    /// Further sets of features.
    pub(crate) features: Vec<Vec<Located<String>>>,
    /// Target triples; empty: this machine's.
    pub(crate) targets: Vec<Located<String>>,
}

/// The `[distribution]` table: an edition, of which Cargo.toml and the program are written.
#[derive(Debug, Clone)]
pub(crate) struct DistributionSection {
    /// The table's header.
    pub(crate) origin: Origin,
    /// Name of the package.
    pub(crate) name: Located<String>,
    /// The library with the application's `main`.
    pub(crate) host: CargoDependency,
    /// The packages of the plugins, in the order of the file.
    pub(crate) plugins: Vec<CargoDependency>,
    /// Further lines of `[package]`: keys and values as Cargo.toml has them.
    pub(crate) package: Vec<(String, String)>,
    /// The tables of `[patch]`, each by its key, with their lines.
    pub(crate) patch: Vec<(String, Vec<CargoDependency>)>,
}

/// A dependency, as it is written in a Cargo.toml.
#[derive(Debug, Clone)]
pub(crate) struct CargoDependency {
    /// Its name there.
    pub(crate) key: Located<String>,
    /// Name of the package.
    pub(crate) package: String,
    /// Where it lies, from the folder of the Cargo.toml on.
    pub(crate) path: Option<String>,
    /// The value of its line.
    pub(crate) text: String,
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
    /// The entries of `[registry]`.
    pub(crate) entries: Vec<EntryDecl>,
    /// What `[registry]` says of the entries of plugins.
    pub(crate) choices: Vec<EntryChoice>,
    /// Lines that could not be read and may have been choices: only of what they are about something is known.
    pub(crate) unread_choices: Vec<EntryChoice>,
    /// `[[assert]]`.
    pub(crate) assertions: Vec<Assertion>,
    /// `[lints]`.
    pub(crate) lints: Vec<LintLine>,
    /// Lines of `[override]` and `[lifecycle]`, and tables of `[registry]`, that state nothing, as people write them.
    pub(crate) idle: Vec<Located<String>>,
    /// Components that are named in lines with a mistake.
    pub(crate) mentions: Vec<Mention>,
    /// What stands there but could not be read.
    pub(crate) poison: Poison,
}

impl Layer {
    /// Leaves out everything that the layer states: later stages are silent about its consequences.
    pub(crate) fn leave_out(&self, poison: &mut Poison) {
        poison.merge(&self.poison);
        for component in &self.components {
            poison.leave_out(component);
        }
        for entry in &self.entries {
            poison.leave_out_entry(entry);
        }
        let binds = self.binds.iter();
        poison
            .binds
            .absorb(binds.map(|bind| bind.service.value.to_string()));
        let rules = self.rules.iter();
        poison.rules.extend(rules.map(|rule| rule.id.value.clone()));
        let aliases = self.aliases.iter();
        poison
            .aliases
            .extend(aliases.map(|alias| alias.from.value.clone()));
        let overrides = self.overrides.iter();
        poison
            .overrides
            .extend(overrides.map(|one| one.id.value.clone()));
    }
}

/// The id of a component that has to be there, whatever else is wrong with the line that names it.
#[derive(Debug, Clone)]
pub(crate) enum Mention {
    /// On the right side of a line of `[bind]`.
    Bind(Setting<String>),
    /// On the right side of a line of `[alias]`.
    Alias(Setting<String>),
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
    /// Nothing of it is stated where this does not hold.
    pub(crate) when: Option<Condition>,
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
