//! Hooks of a whole plugin: setup before its first component is built, cleanup after its last one stopped.

use std::fmt;
use std::future::Future;

use crate::Result;
use crate::component::{Component, Config, Deps, Wired};
use crate::container::{Building, Inputs, Table, build_plain};

/// What a plugin does once for all of its components; its manifest names the type: `[plugin] hooks = "crate::Hooks"`.
///
/// ```
/// struct Hooks;
///
/// impl treenail::Hooks for Hooks {
///     async fn setup(registry: treenail::Registry) -> treenail::Result<Self> {
///         if std::env::var_os("ACME_LICENCE").is_none() {
///             let host = registry.host();
///             return Err(treenail::Error::msg(format!("{host} needs a licence in ACME_LICENCE")));
///         }
///         Ok(Self)
///     }
///
///     async fn cleanup(&self) -> treenail::Result<()> {
///         Ok(())
///     }
/// }
/// ```
///
/// The hooks take part in the lifecycle as a component does, under the name of their type: with deadlines, a state, a
/// place in reports. All other components of the plugin depend on them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is named as `hooks` in plugins.toml, but does not implement `Hooks`",
    label = "named as hooks",
    note = "implement `treenail::Hooks` for it: `setup` makes the value"
)]
pub trait Hooks: Sized + Send + Sync + 'static {
    /// Called before the plugin's first component is built.
    ///
    /// # Errors
    /// Why the plugin refuses to take part. Nothing of it is then built. The start is rolled back, or, for a plugin that
    /// the host calls optional, goes on without it.
    fn setup(registry: Registry) -> impl Future<Output = Result<Self>> + Send;

    /// Called after the plugin's last component has stopped, and only if [`setup`](Hooks::setup) succeeded.
    ///
    /// # Errors
    /// Reported in the [`StopReport`](crate::StopReport); the stop goes on.
    fn cleanup(&self) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }
}

/// What is in the application: its plugins and components, as composed.
#[derive(Clone, Copy)]
pub struct Registry {
    table: &'static Table,
    /// The plugin that is being set up, if one is.
    plugin: Option<usize>,
}

/// The registry of an application, outside any plugin.
pub fn registry(table: &'static Table) -> Registry {
    Registry {
        table,
        plugin: None,
    }
}

impl Registry {
    pub(crate) fn of(table: &'static Table, plugin: usize) -> Self {
        let plugin = Some(plugin);
        Self { table, plugin }
    }

    /// The host's package.
    #[must_use]
    pub fn host(&self) -> &'static str {
        self.table.host
    }

    /// The version of the host that plugins are checked against.
    #[must_use]
    pub fn api(&self) -> &'static str {
        self.table.api
    }

    /// The plugin that is being set up; `None` for a registry that an `App` gave.
    #[must_use]
    pub fn plugin(&self) -> Option<PluginInfo> {
        self.plugin.map(|plugin| self.info(plugin))
    }

    /// All plugins, by id.
    pub fn plugins(&self) -> impl Iterator<Item = PluginInfo> + use<> {
        let registry = *self;
        (0..self.table.plugins.len()).map(move |plugin| registry.info(plugin))
    }

    /// All components, dependencies first.
    pub fn components(&self) -> impl Iterator<Item = ComponentInfo> + use<> {
        let table = self.table;
        table.components.iter().map(|entry| ComponentInfo {
            id: entry.id,
            plugin: table.plugins[entry.plugin].id,
            description: entry.description,
            provides: entry.provides,
        })
    }

    fn info(&self, plugin: usize) -> PluginInfo {
        let entry = &self.table.plugins[plugin];
        PluginInfo {
            id: entry.id,
            package: entry.package,
            version: entry.version,
            description: entry.description,
            optional: entry.optional,
        }
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.plugins()).finish()
    }
}

/// A plugin of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PluginInfo {
    /// Its id.
    pub id: &'static str,
    /// Its package.
    pub package: &'static str,
    /// Its version.
    pub version: &'static str,
    /// One sentence, or nothing.
    pub description: &'static str,
    /// Whether it may fail without taking the application down.
    pub optional: bool,
}

/// A component of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ComponentInfo {
    /// `plugin:Name`.
    pub id: &'static str,
    /// Its plugin's id.
    pub plugin: &'static str,
    /// One sentence, or nothing.
    pub description: &'static str,
    /// The services it provides, in the host's words.
    pub provides: &'static [&'static str],
}

/// Hooks in the place of a component.
struct Hooked<H>(H);

impl<H: Hooks> Wired for Hooked<H> {
    type Deps = Registry;
    type Config = ();
}

impl<H: Hooks> Component for Hooked<H> {
    async fn build(registry: Deps<Self>, (): Config<Self>) -> Result<Self> {
        H::setup(registry).await.map(Self)
    }

    async fn stop(&self) -> Result<()> {
        self.0.cleanup().await
    }
}

/// The step that the generated entry of a plugin's hooks ends in.
pub fn set_up<H: Hooks>(inputs: &mut Inputs) -> Building {
    build_plain::<Hooked<H>>(inputs.registry())
}
