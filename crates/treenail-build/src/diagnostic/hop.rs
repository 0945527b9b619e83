//! Why something is needed: the way from a requirement up to the host.

use crate::source::Origin;

/// One step of that way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hop {
    /// Who needs it.
    pub(crate) who: Needer,
    /// Where that is written.
    pub(crate) at: Option<Origin>,
}

/// Who needs something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Needer {
    /// A component, in this field.
    Component {
        /// Its id.
        id: String,
        /// The field.
        field: String,
    },
    /// A plugin.
    Plugin {
        /// Its id.
        id: String,
        /// Its version.
        version: String,
    },
    /// The host, as one of its own components.
    HostItself {
        /// Its package.
        host: String,
    },
    /// The host, as a plugin that it has a line for.
    HostUses {
        /// Its package.
        host: String,
        /// The plugin.
        plugin: String,
    },
    /// A package that depends on another.
    Dependent(Dependent),
    /// A package for which Cargo chose the version of another.
    Resolved(Dependent),
}

/// A package and one of its dependencies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Dependent {
    /// The package.
    pub(crate) package: String,
    /// Its Cargo.toml, which is named where no line of it is known.
    pub(crate) file: String,
    /// The dependency.
    pub(crate) dependency: String,
    /// The version of that.
    pub(crate) version: String,
}

impl Hop {
    /// "needed by", and who needs it.
    pub(crate) fn words(&self) -> String {
        let who = match &self.who {
            Needer::Component { id, field } => format!("`{id}` as `{field}`"),
            Needer::Plugin { id, version } => format!("plugin `{id}` {version}"),
            Needer::HostItself { host } => format!("`{host}`, whose own component it is"),
            Needer::HostUses { host, plugin } => format!("`{host}`, which uses plugin `{plugin}`"),
            Needer::Dependent(one) => {
                let (name, version) = (&one.dependency, &one.version);
                format!("{}, which depends on {name} {version}", self.package(one))
            }
            Needer::Resolved(one) => {
                let (name, version) = (&one.dependency, &one.version);
                format!("{}, which resolves {name} to {version}", self.package(one))
            }
        };
        format!("needed by {who}")
    }

    fn package(&self, one: &Dependent) -> String {
        let Dependent { package, file, .. } = one;
        match self.at {
            Some(_) => format!("`{package}`"),
            None => format!("`{package}` ({file})"),
        }
    }
}
