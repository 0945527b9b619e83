//! Two compositions, what is known to differ, and the words in which that is told.

use std::collections::BTreeMap;

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

    /// Tells what is different, and where that is written.
    pub(super) fn differs<S: Into<String> + PartialEq>(
        &mut self,
        class: Class,
        subject: String,
        [old, new]: [S; 2],
        at: Option<&str>,
    ) {
        if old != new {
            self.tell(Fact::new(class, subject, old, new).decided(at.map(Decided::at)));
        }
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
        let mut causes = causes.into_iter();
        let told = |cause: String| self.facts.iter().position(|fact| fact.subject == cause);
        let fact = causes.find_map(told);
        if let Some(fact) = fact {
            self.facts[fact].follow(class, what.to_owned());
        }
        fact.is_some()
    }

    /// Who was handed a component of the old composition, and is there still.
    pub(super) fn needers_before(&self, old: &str) -> Vec<String> {
        let needs = self
            .pairs
            .old
            .needs()
            .filter(|(needer, need)| needer.id != old && need.reaches(old));
        let still = needs.filter_map(|(one, need)| Some((self.pairs.component(&one.id)?, need)));
        still.map(needer).collect()
    }

    /// Who is handed a component of the new composition, and was there before.
    pub(super) fn needers_now(&self, new: &str) -> Vec<String> {
        let needs = self
            .pairs
            .new
            .needs()
            .filter(|(needer, need)| needer.id != new && need.reaches(new));
        needs
            .filter(|(one, _)| !self.pairs.is_new(&one.id))
            .map(needer)
            .collect()
    }
}

/// What the fact is about that the configuration may say how the application logs, or may not.
pub(super) const LOGGING: &str = "log of the application";

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
    let names: Vec<String> = names.collect();
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
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

/// What has one key on both sides, or on one, by key.
pub(super) fn joined<'a, T>(
    old: impl IntoIterator<Item = &'a T>,
    new: impl IntoIterator<Item = &'a T>,
    key: impl Fn(&'a T) -> &'a str,
) -> BTreeMap<&'a str, [Option<&'a T>; 2]> {
    let mut joined: BTreeMap<&str, [Option<&T>; 2]> = BTreeMap::new();
    for one in old {
        joined.entry(key(one)).or_default()[0] = Some(one);
    }
    for one in new {
        joined.entry(key(one)).or_default()[1] = Some(one);
    }
    joined
}
