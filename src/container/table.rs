//! The static table that generated code brings: what the runtime knows of a composition.

use std::any::Any;
#[cfg(feature = "config")]
use std::sync::Arc;

use super::inputs::Inputs;
use super::policy::{Deadlines, Reload, Restart};
#[cfg(feature = "config")]
use crate::component::ConfigBinding;
use crate::component::{AnyComponent, Building};
#[cfg(feature = "pipes")]
use crate::pipe::PipeBinding;
use crate::supervision::StepFuture;
#[cfg(feature = "config")]
use crate::template::TemplateRenderer;

/// A composition, as generated.
#[derive(Debug)]
pub struct Table {
    /// The host's package.
    pub host: &'static str,
    /// The version that plugins and configurations are checked against.
    pub api: &'static str,
    /// Root key of the configuration.
    pub root: &'static str,
    /// Whether the configuration may say how the application logs.
    pub logging: bool,
    /// Digest of the composition.
    pub digest: &'static str,
    /// The plugins, by id.
    pub plugins: &'static [PluginEntry],
    /// The components, dependencies first.
    pub components: &'static [Entry],
    /// Instance-scoped components that the host bound a service to: the configuration has to name exactly one of each.
    pub bound: &'static [usize],
    /// Further names of components and plugins.
    pub aliases: &'static [(&'static str, &'static str)],
    /// Plugins that are not in this program, because a feature of its package is off.
    pub absent: &'static [Absent],
    /// Who is known and not in the composition, by name.
    pub left_out: &'static [LeftOut],
}

/// A plugin in use.
#[derive(Debug)]
pub struct PluginEntry {
    /// Its id.
    pub id: &'static str,
    /// Its package.
    pub package: &'static str,
    /// Its version.
    pub version: &'static str,
    /// May fail without taking the application down.
    pub optional: bool,
    /// One sentence.
    pub description: &'static str,
    /// Number of the component that is its hooks.
    pub hooks: Option<usize>,
}

/// A plugin that a feature would bring.
#[derive(Debug)]
pub struct Absent {
    /// What it may be called by.
    pub names: &'static [&'static str],
    /// Its package.
    pub package: &'static str,
    /// The feature, as it is written after `--features`.
    pub feature: &'static str,
}

/// A component or a plugin that is known and not in the composition.
#[derive(Debug)]
pub struct LeftOut {
    /// Its id, or a plugin's package.
    pub name: &'static str,
    /// Why it is not.
    pub reason: Reason,
    /// The service of it that `[host] all` would keep it by.
    pub keep: Option<&'static str>,
}

/// Why something is not in a composition. Places are lines of manifests: `plugins.toml:7`.
#[derive(Debug, Clone, Copy)]
pub enum Reason {
    /// These components take its place, each with the place that says so.
    Lost(&'static [(&'static str, &'static str)]),
    /// Only components that are left out needed it: this one did.
    Unneeded(&'static str),
    /// It is switched off there.
    Off(&'static str),
}

/// How many of a component there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One per App.
    Singleton,
    /// As many as the configuration names.
    Instance,
    /// One per injection.
    Transient,
    /// One around each provider of a service: of every singleton, instance and injection that provides it.
    Decorator,
}

/// How a requirement is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `Arc<S>`
    One,
    /// `Option<Arc<S>>`
    Optional,
    /// `Vec<Arc<S>>`
    All,
    /// `BTreeMap<String, Arc<S>>`
    Map,
    /// `Lazy<S>`
    Lazy,
    /// `Current<S>`: whoever is the provider, also after a reload
    Current,
    /// `Entries<R>`: its providers are the entries that are made of services, by key
    Registry,
    /// treenail's own, whatever the form: `Handle`, `AppHandle`, and `dyn Clock` where no component provides it
    Own,
    /// `Arc<S>`: what a value of a decorator wraps; its last requirement
    Inner,
}

/// One requirement of a component.
#[derive(Debug)]
pub struct Need {
    /// Field of its `Deps`.
    pub field: &'static str,
    /// The service, for people.
    pub service: &'static str,
    /// How it is handed over.
    pub form: Form,
    /// Numbers of the components that may be handed over, in order.
    pub providers: &'static [usize],
    /// The one that is where nothing else is said.
    pub default: Option<usize>,
    /// The decorator whose values around them are handed over.
    pub wrapped_by: Option<usize>,
    /// One of the instances that the configuration names.
    pub named: bool,
}

impl Need {
    /// What is handed over of these components, in order; nothing, where the configuration says nothing.
    pub const fn new(
        field: &'static str,
        service: &'static str,
        form: Form,
        providers: &'static [usize],
    ) -> Self {
        Self {
            field,
            service,
            form,
            providers,
            default: None,
            wrapped_by: None,
            named: false,
        }
    }

    /// Hands over the only component that there is for it.
    pub const fn one(
        field: &'static str,
        service: &'static str,
        provider: &'static [usize; 1],
    ) -> Self {
        Self::new(field, service, Form::One, provider).by_default(provider[0])
    }

    /// Hands over this one where nothing else is said.
    #[must_use]
    pub const fn by_default(mut self, component: usize) -> Self {
        self.default = Some(component);
        self
    }

    /// Hands over what a decorator makes of it.
    #[must_use]
    pub const fn wrapped_by(mut self, decorator: usize) -> Self {
        self.wrapped_by = Some(decorator);
        self
    }

    /// Lets the configuration name the instance.
    #[must_use]
    pub const fn named(mut self) -> Self {
        self.named = true;
        self
    }
}

/// One component of the table.
#[derive(Debug)]
pub struct Entry {
    pub(crate) id: &'static str,
    pub(crate) plugin: usize,
    pub(crate) scope: Scope,
    pub(crate) needs: &'static [Need],
    pub(crate) build: fn(&mut Inputs) -> Building,
    pub(crate) description: &'static str,
    pub(crate) provides: &'static [&'static str],
    pub(crate) deadlines: Deadlines,
    pub(crate) restart: Option<Restart>,
    /// When its run has failed for good, the application cannot go on.
    pub(crate) fatal: bool,
    pub(crate) reload: Reload,
    #[cfg(feature = "config")]
    pub(crate) config: Option<fn() -> ConfigBinding>,
    #[cfg(feature = "config")]
    pub(crate) renders: Option<fn(AnyComponent) -> Arc<dyn TemplateRenderer>>,
    #[cfg(feature = "pipes")]
    pub(crate) pipe: Option<fn() -> PipeBinding>,
}

#[cfg(feature = "config")]
impl Entry {
    /// The needs of which a configuration may say what meets them, with their numbers.
    pub(crate) fn chosen_needs(&self) -> impl Iterator<Item = (usize, &'static Need)> + Clone {
        let is_configured = self.scope == Scope::Instance;
        self.needs.iter().enumerate().filter(move |(_, need)| {
            let is_single = matches!(
                need.form,
                Form::One | Form::Optional | Form::Lazy | Form::Current
            );
            is_single && (is_configured || need.named)
        })
    }
}

impl Entry {
    /// A component without description and configuration.
    pub const fn new(
        id: &'static str,
        plugin: usize,
        scope: Scope,
        needs: &'static [Need],
        build: fn(&mut Inputs) -> Building,
    ) -> Self {
        Self {
            id,
            plugin,
            scope,
            needs,
            build,
            description: "",
            provides: &[],
            deadlines: Deadlines {
                build: None,
                start: None,
                stop: None,
            },
            restart: None,
            fatal: false,
            reload: Reload::Recreate,
            #[cfg(feature = "config")]
            config: None,
            #[cfg(feature = "config")]
            renders: None,
            #[cfg(feature = "pipes")]
            pipe: None,
        }
    }

    /// What it wraps, if it is a decorator.
    pub(crate) fn inner(&self) -> Option<&'static Need> {
        let last = self.needs.last();
        last.filter(|need| need.form == Form::Inner)
    }

    /// Says what it is.
    #[must_use]
    pub const fn describe(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// Names the services it provides.
    #[must_use]
    pub const fn provides(mut self, services: &'static [&'static str]) -> Self {
        self.provides = services;
        self
    }

    /// Limits how long its steps may take.
    #[must_use]
    pub const fn within(mut self, deadlines: Deadlines) -> Self {
        self.deadlines = deadlines;
        self
    }

    /// Runs it again when its run fails.
    #[must_use]
    pub const fn restart(mut self, restart: Restart) -> Self {
        self.restart = Some(restart);
        self
    }

    /// Makes the end of its runs the end of the application.
    #[must_use]
    pub const fn fatal(mut self) -> Self {
        self.fatal = true;
        self
    }

    /// Lets its successor run before it is stopped.
    #[must_use]
    pub const fn overlap(mut self) -> Self {
        self.reload = Reload::Overlap;
        self
    }

    /// Lets it take another configuration while it runs.
    #[must_use]
    pub const fn reconfigure(
        mut self,
        reconfigure: fn(AnyComponent, Box<dyn Any + Send>) -> StepFuture<()>,
    ) -> Self {
        self.reload = Reload::Reconfigure(reconfigure);
        self
    }

    /// Binds its configuration.
    #[cfg(feature = "config")]
    #[must_use]
    pub const fn config(mut self, binding: fn() -> ConfigBinding) -> Self {
        self.config = Some(binding);
        self
    }

    /// Lets it render templates.
    #[cfg(feature = "config")]
    #[must_use]
    pub const fn renders(mut self, cast: fn(AnyComponent) -> Arc<dyn TemplateRenderer>) -> Self {
        self.renders = Some(cast);
        self
    }

    /// Makes it a step of pipelines.
    #[cfg(feature = "pipes")]
    #[must_use]
    pub const fn pipe(mut self, binding: fn() -> PipeBinding) -> Self {
        self.pipe = Some(binding);
        self
    }
}
