//! Compositions as what their manifests state.

mod draw;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Form, Scope};

/// Traits that anything may provide: `dyn api::S0` and so on.
pub(super) const SERVICES: usize = 5;

/// The service that every component may ask for a handle of its own with.
pub(super) const HANDLE: &str = "treenail::Handle";

/// A composition: the host at first, then its plugins.
#[derive(Clone, Default)]
pub(super) struct World {
    pub(super) plugins: Vec<Plugin>,
    /// What the host says in its overlay, with the components that it has there.
    pub(super) overlay: Option<(Statements, Vec<Component>)>,
    /// Numbers of the traits of which the host asks for every provider.
    pub(super) all: BTreeSet<usize>,
}

/// A plugin: the host is number 0, called `app`, and says nothing of versions.
#[derive(Debug, Clone, Default)]
pub(super) struct Plugin {
    /// Of its package: 1.0.0, or 1.5.0.
    pub(super) newer: bool,
    /// The host does not depend on its package; the plugin before it does.
    pub(super) indirect: bool,
    /// `api` and `host`: whether what is there is supported.
    pub(super) api: Option<bool>,
    pub(super) host: Option<bool>,
    /// Other plugins by id, and whether they are needed, or not endured, at version 1.5.
    pub(super) requires: BTreeMap<String, bool>,
    pub(super) conflicts: BTreeMap<String, bool>,
    pub(super) components: Vec<Component>,
    pub(super) says: Statements,
}

/// What a layer states, by what it is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Statements {
    pub(super) rules: BTreeMap<String, Rule>,
    pub(super) binds: BTreeMap<usize, Setting<String>>,
    pub(super) aliases: BTreeMap<String, Setting<String>>,
    pub(super) overrides: BTreeMap<String, Override>,
}

/// A value with its own priority and condition.
#[derive(Debug, Clone)]
pub(super) struct Setting<T> {
    pub(super) value: T,
    pub(super) priority: Option<u32>,
    pub(super) when: When,
}

/// A condition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum When {
    #[default]
    Always,
    Holds,
    Fails,
    /// It names a feature that there is none of.
    Broken,
}

/// A line of `[plugins]`.
#[derive(Debug, Clone, Default)]
pub(super) struct Rule {
    pub(super) enabled: Option<Setting<bool>>,
    pub(super) optional: Option<Setting<bool>>,
    /// `true`: from 1.5 on.
    pub(super) version: Option<Setting<bool>>,
    pub(super) when: When,
}

/// An entry of `[override]`.
#[derive(Debug, Clone, Default)]
pub(super) struct Override {
    pub(super) enabled: Option<Setting<bool>>,
    pub(super) when: When,
}

/// A component.
#[derive(Debug, Clone)]
pub(super) struct Component {
    /// `p1:C10`: no two plugins have components of one name.
    pub(super) id: String,
    /// Its own type, as every manifest but its own names it.
    pub(super) ty: String,
    /// Numbers of traits.
    pub(super) provides: BTreeSet<usize>,
    pub(super) needs: Vec<Need>,
    pub(super) scope: Scope,
    pub(super) decorates: Option<usize>,
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
    pub(super) when: When,
}

#[derive(Debug, Clone)]
pub(super) struct Need {
    /// `dyn api::S0`, a component's type, or [`HANDLE`].
    pub(super) service: String,
    pub(super) form: Form,
    pub(super) from: Option<String>,
}

/// The trait of this number.
pub(super) fn service(number: usize) -> String {
    format!("dyn api::S{number}")
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&super::text::Text::of(self).shown())
    }
}

impl World {
    pub(super) fn id(&self, plugin: usize) -> String {
        if plugin == 0 {
            "app".to_owned()
        } else {
            format!("p{plugin}")
        }
    }

    /// Every component that is declared anywhere.
    pub(super) fn declared(&self) -> impl Iterator<Item = &Component> {
        let doubles = self.overlay.iter().flat_map(|(_, components)| components);
        self.plugins
            .iter()
            .flat_map(|plugin| &plugin.components)
            .chain(doubles)
    }

    /// Leaves out what cannot be met, and binds what several provide.
    fn point_one_way(&mut self) {
        let there = super::rules::there(self);
        let is_there =
            |one: &&Component| there.iter().any(|(id, ty)| *id == one.id && *ty == one.ty);
        let providers: Vec<Vec<String>> = (0..SERVICES)
            .map(|service| {
                let all = self.declared().filter(|one| {
                    one.provides.contains(&service) && one.decorates != Some(service)
                });
                all.filter(is_there).map(|one| one.id.clone()).collect()
            })
            .collect();
        self.all.retain(|service| !providers[*service].is_empty());
        let types: BTreeSet<String> = self
            .declared()
            .filter(is_there)
            .map(|one| one.ty.clone())
            .collect();
        let doubles = self
            .overlay
            .iter_mut()
            .flat_map(|(_, components)| components);
        for component in self
            .plugins
            .iter_mut()
            .flat_map(|plugin| &mut plugin.components)
            .chain(doubles)
        {
            let least = component
                .provides
                .iter()
                .chain(&component.decorates)
                .min()
                .copied()
                .unwrap_or(SERVICES);
            component.decorates = component
                .decorates
                .filter(|service| !providers[*service].is_empty());
            let own = component.ty.clone();
            component.needs.retain(|need| {
                let number = (0..SERVICES).find(|number| service(*number) == need.service);
                number.map_or(
                    need.service == HANDLE || types.contains(&need.service) && need.service < own,
                    |number| number < least && !providers[number].is_empty(),
                )
            });
        }
        let (first, _) = self.plugins.split_at_mut(1);
        let says = self.overlay.as_mut().map(|(says, _)| says);
        let mut layers: Vec<&mut Statements> = first
            .iter_mut()
            .map(|host| &mut host.says)
            .chain(says)
            .collect();
        for (service, providers) in providers.iter().enumerate() {
            for layer in &mut layers {
                if layer
                    .binds
                    .get(&service)
                    .is_some_and(|bind| !providers.contains(&bind.value))
                {
                    layer.binds.remove(&service);
                }
            }
            if providers.len() > 1
                && layers
                    .iter()
                    .all(|layer| !layer.binds.contains_key(&service))
            {
                let value = providers[0].clone();
                layers[0].binds.insert(
                    service,
                    Setting {
                        value,
                        priority: None,
                        when: When::Always,
                    },
                );
            }
        }
    }
}
