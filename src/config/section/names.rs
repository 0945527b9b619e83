//! Names: component ids and plugins with their aliases, and the root key.

use std::collections::BTreeMap;

use treenail_core::environment::spelling;
use treenail_core::nearest::nearest;

use crate::config::problem::ProblemKind;
use crate::container::{Entry, Reason, Scope, Table};

/// The names of a composition.
pub(super) struct Names {
    components: BTreeMap<&'static str, usize>,
    aliases: BTreeMap<&'static str, &'static str>,
    table: &'static Table,
}

impl Names {
    pub(super) fn new(table: &'static Table) -> Self {
        let components = table
            .components
            .iter()
            .enumerate()
            .map(|(number, entry)| (entry.id, number))
            .collect();
        Self {
            components,
            aliases: table.aliases.iter().copied().collect(),
            table,
        }
    }

    /// The accepted root keys: the host's, and those that an alias makes the same.
    pub(super) fn roots(&self) -> Vec<&'static str> {
        let root = self.table.root;
        std::iter::once(root)
            .chain(
                self.table
                    .aliases
                    .iter()
                    .filter(|(_, to)| *to == root)
                    .map(|(from, _)| *from),
            )
            .collect()
    }

    /// The component with this name. An alias wins over a component of the same name: so a double takes its place.
    pub(super) fn component(&self, name: &str) -> Option<usize> {
        self.components.get(self.target(name)).copied()
    }

    /// Whether this is the id of a component of which there is one.
    pub(super) fn is_singleton(&self, id: &str) -> bool {
        let number = self.components.get(id);
        number.is_some_and(|number| self.table.components[*number].scope == Scope::Singleton)
    }

    /// What a name stands for: itself, where it is no alias.
    fn target<'n>(&self, name: &'n str) -> &'n str {
        self.aliases.get(name).copied().unwrap_or(name)
    }

    /// What to say of a component that is not there, in a place where these fit.
    pub(super) fn unknown_component(
        &self,
        name: &str,
        fits: impl Fn(&Entry) -> bool,
    ) -> ProblemKind {
        let known = self.left_out(name);
        let known = known.or_else(|| self.feature_missing(name, self.plugin_in(name)));
        known.unwrap_or_else(|| ProblemKind::UnknownComponent {
            name: name.to_owned(),
            suggestion: self.near_component(name, fits),
        })
    }

    /// The component that was probably meant by a name, among those that fit. A name without a plugin is compared as the
    /// environment has both.
    fn near_component(&self, name: &str, fits: impl Fn(&Entry) -> bool) -> Option<String> {
        let fitting = |known: &&'static str| {
            let component = self.component(known);
            component.is_some_and(|component| fits(&self.table.components[component]))
        };
        let known: Vec<&str> = self.components().filter(fitting).collect();
        if name.contains(':') {
            return nearest(name, known);
        }
        let spelled: Vec<String> = known.iter().map(|known| spelling(known)).collect();
        let name = spelling(name);
        let near = match spelled.contains(&name) {
            true => Some(name),
            false => nearest(&name, spelled.iter().map(String::as_str)),
        };
        let number = spelled.iter().position(|one| Some(one) == near.as_ref());
        number.map(|number| known[number].to_owned())
    }

    /// The plugin in the name of a component. The environment has no colon, so there it is one that the composition speaks of.
    fn plugin_in<'n>(&self, name: &'n str) -> &'n str {
        if let Some((plugin, _)) = name.split_once(':') {
            return plugin;
        }
        let left_out = self.table.left_out.iter().map(|one| one.name);
        let absent = self.table.absent.iter().flat_map(|one| one.names);
        let plugins = left_out.chain(absent.copied());
        let mut plugins = plugins.filter(|name| !name.contains(':'));
        let spelled = spelling(name);
        let begins = |plugin: &&str| spelled.starts_with(&format!("{}_", spelling(plugin)));
        plugins.find(begins).unwrap_or(name)
    }

    /// Where it is known and not there: that, and why.
    pub(super) fn left_out(&self, name: &str) -> Option<ProblemKind> {
        let row = |name: &str| {
            let target = self.target(name);
            self.table.left_out.iter().find(|one| one.name == target)
        };
        let mut found = row(name).or_else(|| row(self.plugin_in(name)))?;
        let keep = found.keep.map(str::to_owned);
        let mut needers = Vec::new();
        // Who needed it is left out as well; the last one says why.
        while let Reason::Unneeded(needer) = found.reason {
            needers.push(needer.to_owned());
            found = row(needer)?;
        }
        let (winners, places): (Vec<&str>, Vec<&str>) = match found.reason {
            Reason::Lost(wins) => wins.iter().copied().unzip(),
            Reason::Off(place) => (Vec::new(), vec![place]),
            Reason::Unneeded(_) => return None,
        };
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        Some(ProblemKind::LeftOut {
            name: name.to_owned(),
            needers,
            winners: owned(winners),
            places: owned(places),
            keep,
        })
    }

    /// Every name that `component` knows.
    pub(super) fn components(&self) -> impl Iterator<Item = &'static str> {
        let aliases = self.aliases.keys().copied();
        let aliases = aliases.filter(|name| name.contains(':'));
        self.components.keys().copied().chain(aliases)
    }

    /// What to say of a plugin that is not there.
    pub(super) fn unknown_plugin(&self, name: &str) -> ProblemKind {
        let known = self.left_out(name);
        let known = known.or_else(|| self.feature_missing(name, name));
        known.unwrap_or_else(|| ProblemKind::UnknownPlugin {
            name: name.to_owned(),
            suggestion: nearest(name, self.plugins()),
        })
    }

    /// Every name that `plugin` knows, but those of packages.
    pub(super) fn plugins(&self) -> impl Iterator<Item = &'static str> {
        let aliases = self.aliases.keys().copied();
        let aliases = aliases.filter(|name| !name.contains(':'));
        let plugins = self.table.plugins.iter().map(|plugin| plugin.id);
        plugins.chain(aliases)
    }

    /// Where the plugin would be there with a feature of the program: that.
    fn feature_missing(&self, name: &str, plugin: &str) -> Option<ProblemKind> {
        if self.plugin(plugin).is_some() {
            return None;
        }
        let mut absent = self.table.absent.iter();
        let absent = absent.find(|absent| absent.names.contains(&plugin))?;
        Some(ProblemKind::FeatureMissing {
            name: name.to_owned(),
            feature: absent.feature.to_owned(),
            package: self.table.host.to_owned(),
        })
    }

    /// The version of the plugin with this name. An alias is the host's word that the plugin stands in for another one,
    /// so it counts as that one in the host's own version.
    pub(super) fn plugin(&self, name: &str) -> Option<&'static str> {
        let by_id = |id: &str| {
            self.table
                .plugins
                .iter()
                .find(|plugin| plugin.id == id || plugin.package == id)
        };
        match self.aliases.get(name) {
            Some(target) => by_id(target).map(|_| self.table.api),
            None => by_id(name).map(|plugin| plugin.version),
        }
    }
}
