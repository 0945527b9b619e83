//! Components, as manifests declare them.

use std::time::Duration;

use super::statement::{Condition, Setting};
use super::type_expr::TypeExpr;
use crate::source::{Located, Origin};

/// The plugin in the id of a component, `plugin:Name`; of another name, that name.
pub(crate) fn plugin_of(id: &str) -> &str {
    id.split_once(':').map_or(id, |(plugin, _)| plugin)
}

/// `deadline`, `restart` and `fatal`, as a component or a line of `[lifecycle]` states them.
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
    /// Whether the application cannot go on when its run has failed for good.
    pub(crate) fatal: Option<Setting<bool>>,
}

impl Terms {
    /// Whether nothing is stated.
    pub(crate) fn is_empty(&self) -> bool {
        let deadlines = [&self.build, &self.start, &self.stop];
        deadlines.iter().all(|deadline| deadline.is_none())
            && self.restart.is_none()
            && self.fatal.is_none()
    }
}

/// `deadline`, `restart` and `fatal` of a component, when all layers have been heard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Tending {
    /// How long its steps may take.
    pub(crate) deadline: Deadlines,
    /// Whether its run begins again after a failure; the outer `None`: not said.
    pub(crate) restart: Option<Option<Restart>>,
    /// Whether the application cannot go on when its run has failed for good.
    pub(crate) fatal: bool,
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
    /// So long the next run has to hold before all is well again.
    pub(crate) healthy_after: Duration,
}

impl Restart {
    /// `restart = "on-failure"`
    pub(crate) const USUAL: Self = Self {
        restarts: 5,
        within: Duration::from_secs(60),
        initial: Duration::from_millis(200),
        longest: Duration::from_secs(30),
        healthy_after: Duration::from_secs(10),
    };
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
    /// Where it says that it provides nothing, `provides = []`.
    pub(crate) provides_nothing: Option<Origin>,
    /// What it needs, in the order of the file.
    pub(crate) needs: Vec<Need>,
    /// Type of its configuration (services).
    pub(crate) config: Option<Located<TypeExpr>>,
    /// Type of its parameters (pipes), rendered anew for every run.
    pub(crate) params: Option<Located<TypeExpr>>,
    /// The service of which this component wraps every provider, each in a value of its own; adds a field `inner` to its `Deps`.
    pub(crate) decorate: Option<Located<TypeExpr>>,
    /// Comes before these components among the providers of a service, and in decorator chains.
    pub(crate) before: Vec<Located<String>>,
    /// Comes after these.
    pub(crate) after: Vec<Located<String>>,
    /// `deadline`, `restart` and `fatal`.
    pub(crate) terms: Terms,
    /// How it is replaced where a reload has something else for it.
    pub(crate) reload: Reload,
    /// It is there only where this holds.
    pub(crate) when: Option<Condition>,
    /// Something in it could not be read: it may need or provide more than is here.
    pub(crate) partial: bool,
}

impl ComponentDecl {
    /// One of which nothing more is said.
    pub(crate) fn of(kind: Kind, ty: Located<TypeExpr>, name: Located<String>) -> Self {
        Self {
            origin: name.origin,
            ty,
            name,
            description: None,
            kind,
            scope: Scope::Singleton,
            provides: Vec::new(),
            provides_nothing: None,
            needs: Vec::new(),
            config: None,
            params: None,
            decorate: None,
            before: Vec::new(),
            after: Vec::new(),
            terms: Terms::default(),
            reload: Reload::default(),
            when: None,
            partial: false,
        }
    }

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
    /// An entry of a registry that is made of its services.
    Entry,
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

/// How a component is replaced where a reload has another configuration for it, or other values of what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub(crate) enum Reload {
    /// The old one is stopped, then the new one is built.
    #[default]
    Recreate,
    /// The new one is built and started, then the old one is stopped.
    Overlap,
    /// It takes another configuration while it runs.
    Reconfigure,
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
    /// This very provider (component id). Only with `One`, `Optional`, `Lazy` and `Current`.
    pub(crate) from: Option<Located<String>>,
    /// One of the instances that the configuration names, which it chooses. Only with `One`, `Optional`, `Lazy` and `Current`, and not with
    /// `from`.
    pub(crate) named: bool,
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
    /// `Arc<S>`: what a value of a decorator wraps. Nobody writes it.
    Inner,
    /// `treenail::Entries<R>`: every entry of a registry.
    Registry,
    /// `Arc<treenail::AppHandle>`: on the application. Written as a plain requirement, and recognized by its service.
    AppHandle,
    /// `treenail::Current<S>`: the provider, and after a reload the one in its place.
    Current,
}
