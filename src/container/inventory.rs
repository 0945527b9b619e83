//! What is in an application, for whoever asks: its plugins and components, as composed.

use std::fmt;

use super::table::Table;

/// What is in the application: its plugins and components, as composed.
#[derive(Clone, Copy)]
pub struct Inventory {
    table: &'static Table,
    /// The plugin that is being set up, if one is.
    plugin: Option<usize>,
}

/// The inventory of an application, outside any plugin.
pub fn inventory(table: &'static Table) -> Inventory {
    Inventory {
        table,
        plugin: None,
    }
}

impl Inventory {
    /// The inventory that the hooks of a plugin are set up with.
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

    /// The plugin that is being set up; `None` for an inventory that an `App` gave.
    #[must_use]
    pub fn plugin(&self) -> Option<PluginInfo> {
        self.plugin.map(|plugin| self.info(plugin))
    }

    /// All plugins, by id.
    pub fn plugins(&self) -> impl Iterator<Item = PluginInfo> + use<> {
        let inventory = *self;
        (0..self.table.plugins.len()).map(move |plugin| inventory.info(plugin))
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

impl fmt::Debug for Inventory {
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
