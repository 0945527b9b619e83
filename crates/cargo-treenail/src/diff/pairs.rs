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
            let mut others = new
                .plugins
                .iter()
                .filter(|one| old.plugin(&one.id).is_none());
            let renamed = others.find(|one| {
                let is_alias = new.aliases.get(&plugin.id) == Some(&one.id);
                let was_alias = old.aliases.get(&one.id) == Some(&plugin.id);
                let is_said = (is_alias || was_alias) && !new.is_host(&one.id);
                one.package == plugin.package || is_said
            });
            if let Some(found) = new.plugin(&plugin.id).or(renamed) {
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

    /// The component that has the name of one; where that is gone, a new one of its plugin for which an alias says so, or that is of
    /// its type.
    fn find(&self, component: &Component) -> Option<&'d Component> {
        let plugin = &self.plugins.get(component.plugin.as_str())?.id;
        self.new
            .component(&self.name_now(&component.id))
            .or_else(|| {
                let all = self
                    .new
                    .components
                    .iter()
                    .filter(|one| one.plugin == *plugin);
                let is_old = |one: &Component| {
                    let mut all = self.old.components.iter();
                    all.any(|old| self.name_now(&old.id) == one.id)
                };
                let (then, now) = (&self.old.aliases, &self.new.aliases);
                let mut alike =
                    all.filter(|one| match (now.get(&component.id), then.get(&one.id)) {
                        (None, None) => one.ty == component.ty,
                        (now, then) => now == Some(&one.id) || then == Some(&component.id),
                    });
                alike.find(|one| !is_old(one))
            })
    }

    /// The plugin of the new composition that is this one of the old.
    pub(crate) fn plugin(&self, old: &str) -> Option<&'d Plugin> {
        self.plugins.get(old).copied()
    }

    /// Whether a plugin of the old composition is gone. The host's own part never is: what it has speaks for itself.
    pub(crate) fn goes(&self, old: &str) -> bool {
        self.plugin(old).is_none() && !self.old.is_host(old)
    }

    /// Whether a plugin of the new composition was not there before, by this or another id.
    pub(crate) fn comes(&self, new: &str) -> bool {
        let is_known = self.plugins.values().any(|one| one.id == new);
        self.new.plugin(new).is_some() && !is_known && !self.new.is_host(new)
    }

    /// The component of the new composition that is this one of the old.
    pub(crate) fn component(&self, old: &str) -> Option<&'d Component> {
        self.components.get(old).copied()
    }

    /// The name in the new composition of a component of the old one; its own where it is gone.
    pub(crate) fn id<'a>(&'a self, old: &'a str) -> &'a str {
        self.component(old).map_or(old, |new| new.id.as_str())
    }

    pub(crate) fn ids(&self, old: &[String]) -> Vec<String> {
        old.iter().map(|one| self.id(one).to_owned()).collect()
    }

    /// The name that a component of the old composition would have in the new one.
    pub(crate) fn name_now(&self, id: &str) -> String {
        let (plugin, name) = id.split_once(':').unwrap_or((id, ""));
        let plugin = self.plugin(plugin).map_or(plugin, |one| one.id.as_str());
        format!("{plugin}:{name}")
    }

    /// The name that a component of the new composition would have had in the old one.
    pub(crate) fn name_before(&self, id: &str) -> String {
        let (plugin, name) = id.split_once(':').unwrap_or((id, ""));
        let mut was = self.plugins.iter().filter(|(_, is)| is.id == plugin);
        let plugin = was.next().map_or(plugin, |(was, _)| was);
        format!("{plugin}:{name}")
    }

    /// Whether a component of the new composition was not there before, by this or another id.
    pub(crate) fn is_new(&self, new: &str) -> bool {
        self.new.component(new).is_some() && self.was(new).is_none()
    }

    /// The component of the old composition that is this one of the new.
    pub(crate) fn was(&self, new: &str) -> Option<&'d Component> {
        let mut pairs = self.components.iter().filter(|(_, is)| is.id == new);
        self.old.component(pairs.next()?.0)
    }

    /// Whether a component of the new composition is there in another scope than before.
    pub(crate) fn is_rescoped(&self, new: &str) -> bool {
        let both = self.was(new).zip(self.new.component(new));
        both.is_some_and(|(was, is)| was.scope != is.scope)
    }
}
