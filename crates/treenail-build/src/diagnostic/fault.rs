//! The parts that mistakes are told with: what is wrong with a name, why a plugin is absent, what nearly fits.
//!
//! Longer than other files: it is a list, beside that of the mistakes.

use crate::source::Origin;

/// Something with the place it was written at, for a second label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Named {
    /// A component id, a plugin id, a package: what the variant says.
    pub(crate) name: String,
    /// Where it is written.
    pub(crate) at: Option<Origin>,
}

/// What a broken name was meant to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NameOf {
    /// A plugin: `[A-Za-z][A-Za-z0-9_-]*`.
    Plugin,
    /// A component within its plugin: a Rust identifier.
    Component,
    /// `plugin:Name`.
    ComponentId,
    /// Both sides of `[alias]`.
    Alias,
    /// A field of a `Deps` struct: a Rust identifier.
    Field,
    /// A Cargo package.
    Package,
    /// The root key of the configuration.
    Root,
    /// `[overlay.NAME]`
    Overlay,
}

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NameFault {
    /// Nothing there.
    Empty,
    /// Characters that do not belong.
    Shape,
    /// A Rust keyword.
    Keyword,
    /// A name that treenail keeps for itself (`app`, `inner`).
    Reserved,
}

/// Why a text is not a type that a manifest may name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PathFault {
    /// Not Rust; the parser's words.
    Syntax(String),
    /// A reference, tuple, function, macro..: what it is, with its article.
    Kind(&'static str),
    /// A lifetime.
    Lifetime,
    /// `<T as Trait>::X`
    QualifiedSelf,
    /// `dyn A + B`
    Bounds,
    /// A const argument, an associated type, `(A) -> B`.
    Argument,
    /// `::a::B`
    LeadingColons,
    /// `self::`, `super::`, `Self`.
    Relative,
    /// `Foo`: neither a path nor a type of the prelude.
    Lone,
    /// `crate` alone.
    CrateAlone,
    /// A place that needs the author's own type (`crate::X`).
    NotOwn,
    /// `dyn` where a concrete type belongs.
    UnexpectedDyn,
    /// A path without `dyn` where only a trait can stand.
    MissingDyn,
    /// More nesting than any real type has.
    TooDeep,
}

/// Why a key does not go with its component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Misfit {
    /// A key that pipes do not have: `config`, `provides`, `decorate`, another scope than `instance`.
    Pipe,
    /// A key that only pipes have: `params`.
    Service,
    /// `decorate` on something that is not a singleton.
    Scope,
    /// Another form than a plain one for a component's own handle. At: the service.
    Handle,
}

/// Why `cargo metadata` gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CargoFault {
    /// The program could not be started.
    NotStarted,
    /// It ended with an error.
    Failed,
    /// Its output was not understood.
    Output,
    /// It knows no package for this manifest (a virtual workspace).
    NoRoot,
}

/// What is wrong with `[package.metadata.treenail]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MetadataFault {
    /// Not a table.
    NotATable,
    /// No `manifest` key.
    NoManifest,
    /// A key whose value is not a string.
    NotAString(String),
    /// `manifest` leads out of the package, or is absolute.
    Outside(String),
    /// A table of nearly this name.
    Misspelt(String),
    /// A key that does not exist.
    UnknownKey {
        /// The key.
        key: String,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// `feature` names a feature that the package does not have.
    UnknownFeature(String),
}

/// Why a plugin is not there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Absence {
    /// No package in the dependency graph has this plugin id; a similar id that exists.
    Unknown {
        /// A similar id that exists.
        suggestion: Option<String>,
    },
    /// `[plugins] id = { enabled = false }`.
    Disabled {
        /// Where that is written.
        at: Option<Origin>,
    },
    /// An optional plugin that does not fit.
    LeftOut,
    /// A component of a plugin that takes part.
    Component(Gone),
}

/// Why a component is not there although its plugin is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gone {
    /// `[override]` switches it off, there.
    Off(Origin),
    /// Its condition does not hold; where it is declared.
    When(Origin),
    /// An overlay gives its name to another component.
    Renamed {
        /// That one.
        to: String,
    },
}

/// Something that nearly provides a service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NearMiss {
    /// The same trait, of another version of its package.
    OtherVersion {
        /// Component id of the provider.
        provider: String,
        /// The package.
        package: String,
        /// Version that the provider implements.
        theirs: String,
        /// Version that is asked for.
        ours: String,
        /// Where the provider says so.
        at: Option<Origin>,
    },
    /// A plugin that is switched off provides it.
    Disabled {
        /// The plugin.
        plugin: String,
        /// Its component id.
        provider: String,
        /// Where it is switched off.
        at: Option<Origin>,
    },
    /// An optional plugin that was left out provides it.
    LeftOut {
        /// The plugin.
        plugin: String,
        /// Its component id.
        provider: String,
    },
    /// Something of a similar name is provided.
    Similar {
        /// The service that is provided.
        service: String,
        /// Component id of its provider.
        provider: String,
        /// Where the provider says so.
        at: Option<Origin>,
    },
    /// A feature brings it.
    Feature {
        /// Its component id.
        provider: String,
        /// The package that has the feature.
        package: String,
        /// The features, of which all have to be on.
        features: Vec<String>,
        /// The package is the host itself.
        own: bool,
        /// Where the condition, or the provider, is written.
        at: Option<Origin>,
    },
    /// The composition takes it out: `[override]`.
    Overridden {
        /// Its component id.
        provider: String,
        /// Where that is written.
        at: Option<Origin>,
    },
    /// A component has this very type but does not say that it provides the service (`dyn` forgotten, or `provides` missing).
    NotDeclared {
        /// Component id.
        provider: String,
        /// Where it is declared.
        at: Option<Origin>,
    },
}

/// Who names a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ComponentUse {
    /// `[bind]`
    Bind,
    /// `from` of a requirement.
    From,
    /// `before`
    Before,
    /// `after`
    After,
    /// The right side of `[alias]`.
    Alias,
    /// `[lifecycle]`
    Lifecycle,
    /// `[override]`
    Override,
}

/// What is wrong with an alias.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AliasFault {
    /// It stands for another alias.
    Chain {
        /// Where that one is written.
        next_at: Origin,
        /// A stronger layer states that one: then this name is to be replaced there as well.
        is_stronger: bool,
        /// What stands at the end of the chain, if that is there.
        end: Option<String>,
    },
    /// It stands for all components of a plugin: their names, where they are known.
    Wildcard(Vec<String>),
    /// It hides an existing component or plugin, outside an overlay.
    Shadows(Named),
    /// One side names a component, the other a plugin.
    Mixed,
}

/// One edge of a cycle: `id` needs the next step's component through `field`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CycleStep {
    /// Component id.
    pub(crate) id: String,
    /// The field of its requirement; empty where it has to wait for the hooks of its plugin.
    pub(crate) field: String,
    /// The inside of a table that says so: `service = "dyn crate::T"`.
    pub(crate) stated: String,
    /// Whether `lazy = true` can be written there (a plain requirement, not a decorator's `inner`).
    pub(crate) can_be_lazy: bool,
    /// The requirement, or the component where there is none.
    pub(crate) at: Option<Origin>,
}

/// What to do about a key that its table does not have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyCure {
    /// There is none like it any more: what to write instead.
    Gone(&'static str),
    /// It is the first line of a manifest.
    FirstLine,
    /// It is a table by itself, under this header.
    Header(String),
    /// It is a key of another table.
    KeyOf {
        /// What the table is called.
        table: &'static str,
        /// How it is written, where it has no header.
        example: &'static str,
    },
    /// This one was probably meant.
    Meant(String),
    /// Nothing is known but the keys that there are.
    Unknown,
}

/// Why a text is no condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ConditionFault {
    /// Not `cfg(…)` as Rust has it.
    Cfg {
        /// The text.
        text: String,
        /// What is wrong with it.
        words: String,
    },
    /// Not a number of providers.
    Count(String),
    /// A table without a key.
    Empty {
        /// What to write.
        example: &'static str,
    },
}

/// Why a plugin does nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Idle {
    /// It declares no component.
    Empty,
    /// None of its components is ever built: all are transient, and nothing is handed one.
    Unbuilt(Vec<String>),
}

/// Why an overlay does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum IdleOverlay {
    /// It states nothing.
    Empty,
    /// The manifest has no `[host]`, so it is never applied.
    NoHost,
}

/// What is the case, where an assertion asks for something else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fact {
    /// A plugin takes part at this version, or does not.
    Plugin {
        /// Its id.
        id: String,
        /// Its version, where it does.
        version: Option<String>,
        /// A similar id that exists.
        suggestion: Option<String>,
    },
    /// A component is there, or not.
    Component {
        /// Its id.
        id: String,
        /// Whether it is.
        there: bool,
        /// A similar id that exists.
        suggestion: Option<String>,
    },
    /// Who provides a service.
    Service {
        /// The service.
        service: String,
        /// Its providers.
        providers: Vec<String>,
    },
}

/// How a version of a package comes into the graph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Way {
    /// From the host to the version: names, with versions.
    pub(crate) steps: Vec<String>,
    /// The versions that the last but one asks for.
    pub(crate) asked: Option<String>,
    /// Where the host names the first package on the way.
    pub(crate) at: Option<Origin>,
}

/// What would leave one version of a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cure {
    /// Cargo can do it.
    Update {
        /// The package.
        package: String,
        /// The version to leave.
        from: String,
        /// The version to take.
        to: String,
    },
    /// A package has to depend on another version.
    Change {
        /// The package.
        package: String,
        /// The plugin that it is.
        plugin: Option<String>,
        /// The contract package and the version to depend on.
        contract: String,
        /// The file and the line to write, where the package's source is at hand.
        line: Option<(String, String)>,
    },
}

/// What would give a plugin a version of a contract package that it supports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// The host's Cargo.toml allows this version.
    Update(String),
    /// It has to allow another: the line to write there.
    Line(String),
}
