//! The list of every mistake of every stage. Longer than other files, because a list is best read whole.

use std::sync::Arc;

use super::Severity;
use super::code::Code;
use super::fault::Fit;
use super::fault::{
    Absence, AliasFault, CargoFault, ComponentUse, ConditionFault, Cure, CycleStep, Fact, Idle,
    IdleOverlay, KeyCure, MetadataFault, Misfit, NameFault, NameOf, Named, NearMiss, PathFault,
    Way,
};
use crate::model::{Absent, Undeclared};
use crate::source::Origin;

/// Every mistake that can be made, with what its message needs. Versions and requirements are rendered already.
///
/// The comment of a variant says what [`Diagnostic::at`] points to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Problem {
    /// TN0001: not TOML. At: where the parser stumbled.
    InvalidToml {
        /// The parser's words.
        words: String,
    },
    /// TN0002. At: the key.
    UnknownKey {
        /// The key.
        key: String,
        /// The table, as people write it: `[plugin]`, "the manifest".
        table: String,
        /// The keys that exist there.
        expected: Vec<String>,
        /// What to do about it.
        cure: KeyCure,
    },
    /// TN0002: `[plugin]` lists plugins, as `[plugins]` does. At: its name.
    PluginsMeant,
    /// TN0003. At: the value.
    WrongType {
        /// The key.
        key: String,
        /// What belongs there, with its article.
        expected: String,
        /// What is there, with its article.
        found: String,
    },
    /// TN0004. At: the table's header.
    MissingKey {
        /// The key.
        key: String,
        /// The table.
        table: String,
        /// A line that would do.
        example: String,
    },
    /// TN0005: not one of the values that the key can have. At: the value.
    UnknownValue {
        /// The key.
        key: String,
        /// The value.
        value: String,
        /// The values that exist.
        expected: Vec<String>,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// TN0006. At: the value.
    NotAVersion {
        /// The text.
        text: String,
        /// A requirement was expected (`^0.3`), not a version.
        requirement: bool,
        /// The parser's words.
        words: String,
    },
    /// TN0007. At: the name.
    NotAName {
        /// The text.
        text: String,
        /// What it should name.
        of: NameOf,
        /// What is wrong with it.
        fault: NameFault,
    },
    /// TN0008. At: the text, or the part of it that does not belong.
    NotATypePath {
        /// The text.
        text: String,
        /// What is wrong with it.
        fault: PathFault,
    },
    /// TN0009: two keys of one requirement that exclude each other. At: the second.
    Excluding {
        /// The key that came first.
        first: String,
        /// The key that came second.
        second: String,
        /// Where the first is.
        first_at: Origin,
    },
    /// TN0010: two components of one plugin with one name. At: the second one's name.
    DuplicateComponent {
        /// The name, or the id where the plugin is known.
        id: String,
        /// The first one's name.
        first: Origin,
    },
    /// TN0011: `treenail = 2`. At: the number.
    UnknownFormat {
        /// The number.
        found: i64,
    },
    /// TN0012. At: `manifest = "…"` in the package's Cargo.toml where that could be read.
    Unreadable {
        /// The package; empty for the file the reader named himself.
        package: String,
        /// The path tried, relative to the package.
        path: String,
        /// What the system says about it.
        words: String,
    },
    /// TN0013. At: the second `type`.
    TypeDeclaredTwice {
        /// The type.
        ty: String,
        /// The first component's name.
        first: String,
        /// The second component's name.
        second: String,
        /// The first `type`.
        first_at: Origin,
    },
    /// TN0016: a list holds an entry more than once. At: any but the first.
    Repeated {
        /// The entry.
        entry: String,
        /// The list's key.
        key: String,
        /// The first one.
        first: Origin,
    },
    /// TN0014: a key that does not go with the component's kind or scope. At: the key.
    DoesNotApply {
        /// The key.
        key: String,
        /// The component.
        component: String,
        /// Why.
        misfit: Misfit,
    },
    /// TN0015: a text that is no condition. At: the text, or the part of it that does not belong.
    NotACondition {
        /// What is wrong with it.
        fault: ConditionFault,
    },

    /// TN0101. At: nowhere.
    CargoFailed {
        /// What went wrong.
        fault: CargoFault,
        /// Cargo's own words, or the system's.
        words: String,
    },
    /// TN0102. At: the table or key in the package's Cargo.toml.
    MetadataMalformed {
        /// The package.
        package: String,
        /// What is wrong.
        fault: MetadataFault,
    },
    /// TN0103: a plugin that is needed is in the graph, but the host does not depend on it directly. At: what needs it.
    IndirectPlugin {
        /// The plugin.
        id: String,
        /// Its package.
        package: String,
        /// The version that Cargo resolved.
        version: String,
        /// The direct dependency of the host that brings it in.
        via: String,
        /// The service it would provide, where that is why it is needed.
        service: Option<String>,
    },
    /// TN0104. At: the second `id`.
    PluginIdTwice {
        /// The id.
        id: String,
        /// The package that has it first (by name).
        first: Named,
        /// The other package.
        second: String,
    },
    /// TN0105. At: the key in `[plugins]`.
    UnknownPlugin {
        /// The id.
        id: String,
        /// The id that was probably meant.
        suggestion: Option<String>,
        /// The plugins that there are: one list for every mistake of this kind.
        known: Arc<[String]>,
        /// The package that would declare it.
        undeclared: Option<Undeclared>,
    },
    /// TN0106: the first segment of a path is no dependency of the manifest's package. At: the path.
    NotADependency {
        /// The segment.
        extern_name: String,
        /// The package whose manifest says so.
        package: String,
        /// A dependency of a similar name.
        suggestion: Option<String>,
        /// A package elsewhere in the graph that has a library of this name.
        elsewhere: Option<String>,
    },
    /// TN0107. At: the plugin's `id`.
    NoLibrary {
        /// The plugin.
        id: String,
        /// Its package.
        package: String,
    },
    /// TN0108: neither `[host]` nor `[plugin]`, or a file without `[host]` where a host is needed. At: the start of the file.
    NothingToCompose {
        /// The file has `[plugin]`, so it could be generated for, but not composed.
        has_plugin: bool,
    },
    /// TN0109. At: the start of the manifest.
    UnknownOverlay {
        /// The name that was asked for.
        name: String,
        /// The overlays that there are.
        known: Vec<String>,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// TN0110: a plugin that a feature would bring. At: the name.
    FeatureMissing {
        /// The plugin, as it is called there.
        id: String,
        /// It, and the feature.
        absent: Absent,
        /// `[plugins]` is where it is called: what to say there so that the plugin may be missing.
        stated: Option<String>,
    },
    /// TN0111, a warning: a package has a plugin's manifest, but does not say so. At: its name in Cargo.toml.
    UndeclaredPlugin(Undeclared),

    /// TN0201. At: the requirement in `[plugins]`.
    PluginVersion {
        /// The plugin.
        id: String,
        /// Its package.
        package: String,
        /// The version that Cargo resolved.
        version: String,
        /// What the composition insists on.
        wanted: String,
    },
    /// TN0202. At: the requirement in the requiring plugin's `requires`.
    RequiredPluginVersion {
        /// The plugin that requires.
        id: String,
        /// Its version.
        version: String,
        /// The plugin that is required.
        required: String,
        /// Package of the required plugin.
        package: String,
        /// The version of it that Cargo resolved.
        found: String,
        /// What is required.
        wanted: String,
    },
    /// TN0203. At: the requirement in `[plugin] api`.
    ContractVersion {
        /// The plugin.
        id: String,
        /// Its version.
        version: String,
        /// The contract package.
        package: String,
        /// The version that Cargo resolved.
        found: String,
        /// What the plugin supports.
        supported: String,
        /// What would make it fit, besides a plugin for that version.
        cure: Option<Fit>,
    },
    /// TN0204. At: `[plugin] host`.
    HostVersion {
        /// The plugin.
        id: String,
        /// Its version.
        version: String,
        /// The host's package.
        host: String,
        /// The host's api version.
        found: String,
        /// What the plugin supports.
        supported: String,
        /// `[host] api`, where it is written.
        api_at: Option<Origin>,
    },
    /// TN0205. At: a use of the contract crate by the first plugin.
    ContractTwice {
        /// The package.
        package: String,
        /// Who uses which version: (plugin or host, with where; version).
        users: Vec<(Named, String)>,
        /// How the versions come into the graph.
        ways: Vec<Way>,
        /// What would leave one of them.
        cures: Vec<Cure>,
    },
    /// TN0206. At: the entry in `conflicts`.
    Conflict {
        /// The plugin that says so.
        id: String,
        /// The plugin it cannot live with.
        other: String,
        /// The version of that one.
        version: String,
        /// The versions that conflict.
        versions: String,
    },
    /// TN0207. At: the entry in `requires`.
    RequiredPluginMissing {
        /// The plugin that requires.
        id: String,
        /// The plugin that is required.
        required: String,
        /// The versions that would do.
        wanted: String,
        /// Why it is not there.
        absence: Absence,
    },
    /// TN0208: `[plugin] api` names a package that the plugin does not depend on. At: the name.
    ApiNotADependency {
        /// The plugin.
        id: String,
        /// The package named.
        package: String,
        /// A dependency of a similar name.
        suggestion: Option<String>,
    },

    /// TN0301: `[host] all` names a service that nothing provides. At: the service there.
    NothingForHost {
        /// The service.
        service: String,
        /// What nearly provides it.
        near: Vec<NearMiss>,
    },
    /// TN0301. At: the service in the requirement.
    NoProvider {
        /// The service.
        service: String,
        /// The component that needs it.
        component: String,
        /// The field it needs it as.
        field: String,
        /// The inside of a table that says so: `service = "dyn crate::T"`.
        stated: String,
        /// What nearly provides it.
        near: Vec<NearMiss>,
    },
    /// TN0302. At: the service in the requirement.
    SeveralProviders {
        /// The service, in the host's words: the key of the `[bind]` line that would settle it.
        service: String,
        /// The component that needs it.
        component: String,
        /// The field it needs it as.
        field: String,
        /// The providers, in order.
        providers: Vec<Named>,
    },
    /// TN0303: only instance-scoped components provide what a singleton or transient plainly requires. At: the service in the requirement.
    WrongScope {
        /// The service, in the host's words.
        service: String,
        /// The component that needs it.
        component: String,
        /// The field it needs it as.
        field: String,
        /// Scope of that component: "singleton", "transient".
        scope: String,
        /// The instance-scoped providers.
        providers: Vec<Named>,
    },
    /// TN0304. At: the name.
    UnknownComponent {
        /// The id.
        id: String,
        /// Who names it.
        used: ComponentUse,
        /// The id that was probably meant.
        suggestion: Option<String>,
        /// Its plugin, where that exists but is switched off or left out.
        absence: Option<Absence>,
    },
    /// TN0305. At: the name in `[bind]` or `from`.
    DoesNotProvide {
        /// The component.
        id: String,
        /// The service.
        service: String,
        /// What it does provide.
        provides: Vec<String>,
        /// Where it is declared.
        declared: Option<Origin>,
    },
    /// TN0306. At: the left side.
    Alias {
        /// The left side.
        from: String,
        /// The right side.
        to: String,
        /// What is wrong.
        fault: AliasFault,
    },
    /// TN0307. At: the service in the requirement.
    OptionalProvider {
        /// The service.
        service: String,
        /// The component that needs it.
        component: String,
        /// The field it needs it as.
        field: String,
        /// The inside of a table that says so: `service = "dyn crate::T"`.
        stated: String,
        /// The provider.
        provider: String,
        /// The provider's plugin.
        plugin: String,
        /// Where the plugin is marked optional.
        marked: Option<Origin>,
    },
    /// TN0308. At: `config`, `params` or `kind` of the component.
    FeatureOff {
        /// The component.
        id: String,
        /// The feature of `treenail` that is off: `config` or `pipes`.
        feature: String,
        /// The name the host has for the runtime crate's package in its Cargo.toml.
        runtime: String,
    },
    /// TN0309. At: the service in `decorate`.
    NothingToDecorate {
        /// The decorator.
        id: String,
        /// The service.
        service: String,
        /// What nearly provides it.
        near: Vec<NearMiss>,
    },
    /// TN0310, a warning. At: the key in `[bind]`.
    UnusedBind {
        /// The service.
        service: String,
        /// The provider.
        provider: String,
    },

    /// TN0401. At: the first step's requirement.
    Cycle {
        /// The way round, starting at the smallest id; the last step needs the first one's component.
        steps: Vec<CycleStep>,
    },
    /// TN0402: `before` and `after` contradict each other. At: the first step's statement.
    Contradiction {
        /// The way round: each is said to come before the next, the last before the first; `at` is where that is said.
        steps: Vec<Named>,
    },

    /// TN0501: statements of one strength that differ. At: the first of them.
    Contradicted {
        /// What they are about: "the provider of `dyn a::T`".
        about: String,
        /// All of them, the strongest first: what is stated and where, and the priority.
        definitions: Vec<(Named, u32)>,
    },
    /// TN0502: a condition names a feature that its package does not have. At: the name.
    UnknownFeature {
        /// The feature.
        feature: String,
        /// The package.
        package: String,
        /// The one that was probably meant.
        suggestion: Option<String>,
        /// The features that there are.
        known: Vec<String>,
    },
    /// TN0503. At: the condition.
    AssertionFailed {
        /// Its author's words.
        message: String,
        /// What is the case.
        found: Vec<Fact>,
    },
    /// TN0504: an overlay's alias takes a name that nothing has, but nearly. At: the name.
    ReplacesNothing {
        /// The name.
        name: String,
        /// The name that was probably meant.
        suggestion: Option<String>,
    },

    /// TN0901, a warning: an optional plugin does not fit and is left out. At: where `inner` would have been.
    LeftOut {
        /// The plugin.
        id: String,
        /// Its version.
        version: String,
        /// Where it is marked optional.
        marked: Option<Origin>,
        /// Why.
        inner: Box<Problem>,
    },
    /// TN0902, a warning: nothing of a plugin is used. At: its line in `[plugins]`, else its `id`.
    UnusedPlugin {
        /// The plugin.
        id: String,
        /// Its package.
        package: String,
        /// Why.
        idle: Idle,
    },
    /// TN0903, a warning: a transient that nothing is handed, so it is never built. At: its name.
    UnusedComponent {
        /// The component.
        id: String,
        /// It is the host's own.
        own: bool,
        /// Who answers in its place, for each of its services.
        winners: Vec<Named>,
    },
    /// TN0904, a warning: an alias for something that does not take part. At: the left side.
    UnusedAlias {
        /// The left side.
        from: String,
        /// The right side.
        to: String,
        /// Its plugin.
        plugin: String,
    },
    /// TN0905, a warning. At: the overlay's name.
    UnusedOverlay {
        /// The overlay.
        name: String,
        /// Why.
        idle: IdleOverlay,
    },
    /// TN0906, a warning: `[lints]` names something else than a warning. At: the name.
    UnknownLint {
        /// The name.
        name: String,
        /// It is the code of a mistake that is always an error.
        is_error: bool,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// TN0907, a warning: a warning is allowed that does not occur. At: the name.
    UnusedLint {
        /// The name.
        name: String,
    },
    /// TN0908, a warning: `before` or `after` names a component of a plugin that is not there, but nearly. At: the name.
    UnusedOrder {
        /// The name.
        id: String,
        /// The component that says so.
        component: String,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// TN0909, a warning: a table of a manifest that only a host's can have. At: its first statement.
    UnusedTable {
        /// The table.
        table: String,
    },
    /// TN0909: a line of `[override]` or `[lifecycle]` states nothing. At: its name.
    IdleLine {
        /// As people write it: `[override] "mail:Mailer"`.
        line: String,
    },
    /// TN0910, a warning: `[host] all` names a service of which nobody would be left out without it. At: the service there.
    UnusedHostAll {
        /// The service.
        service: String,
    },
}

impl Problem {
    /// The code that names this kind of mistake for good.
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::InvalidToml { .. } => Code::TN0001,
            Self::UnknownKey { .. } | Self::PluginsMeant => Code::TN0002,
            Self::WrongType { .. } => Code::TN0003,
            Self::MissingKey { .. } => Code::TN0004,
            Self::UnknownValue { .. } => Code::TN0005,
            Self::NotAVersion { .. } => Code::TN0006,
            Self::NotAName { .. } => Code::TN0007,
            Self::NotATypePath { .. } => Code::TN0008,
            Self::Excluding { .. } => Code::TN0009,
            Self::DuplicateComponent { .. } => Code::TN0010,
            Self::UnknownFormat { .. } => Code::TN0011,
            Self::Unreadable { .. } => Code::TN0012,
            Self::TypeDeclaredTwice { .. } => Code::TN0013,
            Self::DoesNotApply { .. } => Code::TN0014,
            Self::Repeated { .. } => Code::TN0016,
            Self::CargoFailed { .. } => Code::TN0101,
            Self::MetadataMalformed { .. } => Code::TN0102,
            Self::IndirectPlugin { .. } => Code::TN0103,
            Self::PluginIdTwice { .. } => Code::TN0104,
            Self::UnknownPlugin { .. } => Code::TN0105,
            Self::NotADependency { .. } => Code::TN0106,
            Self::NoLibrary { .. } => Code::TN0107,
            Self::NothingToCompose { .. } => Code::TN0108,
            Self::UnknownOverlay { .. } => Code::TN0109,
            Self::FeatureMissing { .. } => Code::TN0110,
            Self::UndeclaredPlugin(_) => Code::TN0111,
            Self::PluginVersion { .. } => Code::TN0201,
            Self::RequiredPluginVersion { .. } => Code::TN0202,
            Self::ContractVersion { .. } => Code::TN0203,
            Self::HostVersion { .. } => Code::TN0204,
            Self::ContractTwice { .. } => Code::TN0205,
            Self::Conflict { .. } => Code::TN0206,
            Self::RequiredPluginMissing { .. } => Code::TN0207,
            Self::ApiNotADependency { .. } => Code::TN0208,
            Self::NoProvider { .. } | Self::NothingForHost { .. } => Code::TN0301,
            Self::SeveralProviders { .. } => Code::TN0302,
            Self::WrongScope { .. } => Code::TN0303,
            Self::UnknownComponent { .. } => Code::TN0304,
            Self::DoesNotProvide { .. } => Code::TN0305,
            Self::Alias { .. } => Code::TN0306,
            Self::OptionalProvider { .. } => Code::TN0307,
            Self::FeatureOff { .. } => Code::TN0308,
            Self::NothingToDecorate { .. } => Code::TN0309,
            Self::UnusedBind { .. } => Code::TN0310,
            Self::Cycle { .. } => Code::TN0401,
            Self::Contradiction { .. } => Code::TN0402,
            Self::LeftOut { .. } => Code::TN0901,
            Self::NotACondition { .. } => Code::TN0015,
            Self::Contradicted { .. } => Code::TN0501,
            Self::UnknownFeature { .. } => Code::TN0502,
            Self::AssertionFailed { .. } => Code::TN0503,
            Self::ReplacesNothing { .. } => Code::TN0504,
            Self::UnusedPlugin { .. } => Code::TN0902,
            Self::UnusedComponent { .. } => Code::TN0903,
            Self::UnusedAlias { .. } => Code::TN0904,
            Self::UnusedOverlay { .. } => Code::TN0905,
            Self::UnknownLint { .. } => Code::TN0906,
            Self::UnusedLint { .. } => Code::TN0907,
            Self::UnusedOrder { .. } => Code::TN0908,
            Self::UnusedTable { .. } | Self::IdleLine { .. } => Code::TN0909,
            Self::UnusedHostAll { .. } => Code::TN0910,
        }
    }

    /// How bad it is where `[lints]` says nothing: a warning is what has a name as a lint.
    pub(crate) fn severity(&self) -> Severity {
        match super::lint::name(self.code()) {
            Some(_) => Severity::Warning,
            None => Severity::Error,
        }
    }
}
