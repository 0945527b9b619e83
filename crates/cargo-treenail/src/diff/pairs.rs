//! What in the new composition is what of the old one, also where it has another name.

use std::collections::BTreeMap;

use crate::description::{Component, Description, Plugin};

/// Two compositions, with what is the same in both.
pub(crate) struct Pairs<'d> {
    pub(crate) old: &'d Description,
    pub(crate) new: &'d Description,
    /// By ids of the old composition: the plugin in the new one.
    plugins: BTreeMap<&'d str, &'d Plugin>,
    /// By ids of the old composition: the component in the new one.
    components: BTreeMap<&'d str, &'d Component>,
}

impl<'d> Pairs<'d> {
    pub(crate) fn of(old: &'d Description, new: &'d Description) -> Self {
        let mut pairs = Self {
            old,
            new,
            plugins: BTreeMap::new(),
            components: BTreeMap::new(),
        };
        for plugin in &old.plugins {
            let renamed = || {
                let mut others = new
                    .plugins
                    .iter()
                    .filter(|one| old.plugin(&one.id).is_none());
                others.find(|one| one.package == plugin.package)
            };
            if let Some(found) = new.plugin(&plugin.id).or_else(renamed) {
                pairs.plugins.insert(&plugin.id, found);
            }
        }
        for component in &old.components {
            if let Some(found) = pairs.find(component) {
                pairs.components.insert(&component.id, found);
            }
        }
        pairs
    }

    /// The component that has the name of one, or is of its type where that name is gone.
    fn find(&self, component: &Component) -> Option<&'d Component> {
        let plugin = &self.plugins.get(component.plugin.as_str())?.id;
        let (_, name) = component.id.split_once(':')?;
        let namesake = self.new.component(&format!("{plugin}:{name}"));
        namesake.or_else(|| {
            let is_new = |one: &&Component| match one.id.split_once(':') {
                Some((_, name)) => self
                    .old
                    .component(&format!("{}:{name}", component.plugin))
                    .is_none(),
                None => false,
            };
            let of_plugin = self
                .new
                .components
                .iter()
                .filter(|one| one.plugin == *plugin);
            let mut of_type = of_plugin
                .filter(is_new)
                .filter(|one| one.ty == component.ty);
            of_type.next()
        })
    }

    /// The plugin of the new composition that is this one of the old.
    pub(crate) fn plugin(&self, old: &str) -> Option<&'d Plugin> {
        self.plugins.get(old).copied()
    }

    /// The component of the new composition that is this one of the old.
    pub(crate) fn component(&self, old: &str) -> Option<&'d Component> {
        self.components.get(old).copied()
    }

    /// The name in the new composition of a component of the old one; its own where it is gone.
    pub(crate) fn id<'a>(&'a self, old: &'a str) -> &'a str {
        self.component(old).map_or(old, |new| new.id.as_str())
    }

    /// The name that a component of the old composition would have in the new one.
    pub(crate) fn name_now(&self, id: &str) -> String {
        let (plugin, name) = id.split_once(':').unwrap_or((id, ""));
        let plugin = self.plugin(plugin).map_or(plugin, |one| one.id.as_str());
        format!("{plugin}:{name}")
    }

    pub(crate) fn ids(&self, old: &[String]) -> Vec<String> {
        old.iter().map(|one| self.id(one).to_owned()).collect()
    }

    /// Whether a component, by its id in the new composition, is there in another scope than before.
    pub(crate) fn is_rescoped(&self, new: &str) -> bool {
        let mut was = self.old.components.iter();
        let was = was.find(|one| self.component(&one.id).is_some_and(|is| is.id == new));
        let is = self.new.component(new);
        was.zip(is).is_some_and(|(was, is)| was.scope != is.scope)
    }

    /// Whether a plugin was there before, by this or another id.
    pub(crate) fn is_new_plugin(&self, new: &str) -> bool {
        !self.plugins.values().any(|one| one.id == new)
    }

    /// Whether a component was there before, by this or another id.
    pub(crate) fn is_new(&self, new: &str) -> bool {
        self.new.component(new).is_some() && !self.components.values().any(|one| one.id == new)
    }
}
