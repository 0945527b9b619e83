//! Two compositions, what is known to differ, and the words in which that is told.

use super::fact::{Class, Decided, Fact};
use super::pairs::Pairs;
use crate::description::{Component, Description, Need, Plugin, Service};

/// Two compositions, and what is known to differ.
pub(super) struct Comparison<'d> {
    pub(super) pairs: &'d Pairs<'d>,
    /// Their configurations are compared besides, which says more of them than the compositions do.
    pub(super) has_schemas: bool,
    pub(super) facts: Vec<Fact>,
}

impl Comparison<'_> {
    pub(super) fn tell(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    pub(super) fn tells(&self, subject: &str) -> bool {
        self.facts.iter().any(|fact| fact.subject == subject)
    }

    /// Tells what follows from the first of these that is told. Whether one is.
    pub(super) fn follows(
        &mut self,
        causes: impl IntoIterator<Item = String>,
        class: Class,
        what: &str,
    ) -> bool {
        for cause in causes {
            let told = self.facts.iter_mut().find(|fact| fact.subject == cause);
            if let Some(fact) = told {
                fact.follow(class, what.to_owned());
                return true;
            }
        }
        false
    }
}

pub(super) fn about_plugin(id: &str) -> String {
    format!("plugin `{id}`")
}

/// What the fact is about that a plugin may fail now, or may not any more.
pub(super) fn about_optional(plugin: &Plugin) -> String {
    format!("`optional` of plugin `{}`", plugin.id)
}

pub(super) fn about_component(id: &str) -> String {
    format!("component `{id}`")
}

pub(super) fn about_service(service: &Service) -> String {
    format!("service `{}`", service.name)
}

pub(super) fn quoted(name: &str) -> String {
    format!("`{name}`")
}

/// Names in a line.
pub(super) fn listed<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let names = names.into_iter().map(|name| quoted(name.as_ref()));
    names.collect::<Vec<_>>().join(", ")
}

/// Who is handed something, with the field.
pub(super) fn needer((component, need): (&Component, &Need)) -> String {
    format!("`{}` (`{}`)", component.id, need.field)
}

/// Where an alias is written.
pub(super) fn alias(side: &Description, name: &str) -> Option<Decided> {
    let setting = side.setting("alias", name, "target")?;
    Some(Decided::by(
        format!("`{name}` is an alias"),
        &setting.counts.at,
    ))
}

/// Whether it is the host's own part: its components speak for themselves.
pub(super) fn is_host(side: &Description, plugin: &Plugin) -> bool {
    plugin.package == side.host.package
}
