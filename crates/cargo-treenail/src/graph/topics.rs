//! What the page tells of each plugin, component, service, registry, and of what is left out: in the words of `why`.

use std::collections::BTreeMap;

use super::markup::anchor;
use super::start::{Start, Step};
use crate::description::{Component, Description, Need};
use crate::why::Told;

/// Something that can be looked at.
pub(super) struct Topic {
    pub(super) anchor: String,
    pub(super) kind: &'static str,
    pub(super) name: String,
    /// The plugin that it is listed under.
    pub(super) plugin: Option<String>,
    /// What its author says of it.
    pub(super) about: Option<String>,
    /// The whole start waits for it.
    pub(super) critical: bool,
    /// Numbers of the mistakes that touch it.
    pub(super) mistakes: Vec<usize>,
    /// What is known of it, further in for each two blanks.
    pub(super) lines: Vec<String>,
    /// What it needs, from whom.
    pub(super) needs: Vec<String>,
    /// How long it took.
    pub(super) took: Vec<String>,
}

impl Topic {
    fn new(kind: &'static str, key: &str, name: &str, lines: Vec<String>) -> Self {
        Self {
            anchor: anchor(kind, key),
            kind,
            name: name.to_owned(),
            plugin: None,
            about: None,
            critical: false,
            mistakes: Vec::new(),
            lines,
            needs: Vec::new(),
            took: Vec::new(),
        }
    }
}

/// All that can be looked at, in the order in which it is listed.
pub(super) struct Topics<'d> {
    all: &'d Description,
    start: Option<&'d Start>,
    path: &'d [&'d str],
    found: Vec<Topic>,
}

impl<'d> Topics<'d> {
    pub(super) fn of(
        all: &'d Description,
        start: Option<&'d Start>,
        path: &'d [&'d str],
    ) -> Vec<Topic> {
        let mut topics = Self {
            all,
            start,
            path,
            found: Vec::new(),
        };
        topics.plugins();
        topics.services();
        topics.left_out();
        topics.found
    }

    /// The lines of one topic.
    fn told(&self, tell: impl FnOnce(&mut Told<'d>)) -> Vec<String> {
        let mut told = Told::of(self.all);
        tell(&mut told);
        told.lines
    }

    /// The mistakes for which this holds.
    fn mistakes(&self, is_touched: impl Fn(&crate::description::Mistake) -> bool) -> Vec<usize> {
        let mistakes = self.all.mistakes.iter().enumerate();
        let touching = mistakes.filter(|(_, one)| is_touched(one));
        touching.map(|(number, _)| number).collect()
    }

    /// Plugins, each with its components after it.
    fn plugins(&mut self) {
        let mut of_plugin: BTreeMap<&str, Vec<&Component>> = BTreeMap::new();
        for one in &self.all.components {
            of_plugin.entry(&one.plugin).or_default().push(one);
        }
        for plugin in &self.all.plugins {
            let lines = self.told(|told| told.plugin(plugin));
            self.found.push(Topic {
                about: plugin.description.clone(),
                mistakes: self.mistakes(|one| one.plugin.as_ref() == Some(&plugin.id)),
                ..Topic::new("plugin", &plugin.id, &plugin.id, lines)
            });
            let mut own = of_plugin.remove(plugin.id.as_str()).unwrap_or_default();
            own.sort_by_key(|one| &one.id);
            for one in own {
                let topic = self.component(one);
                self.found.push(topic);
            }
        }
    }

    fn component(&self, one: &'d Component) -> Topic {
        let id = &one.id;
        let lines = self.told(|told| told.component(one));
        let steps = self.start.into_iter().flat_map(|start| &start.steps);
        let steps = steps.filter(|step| step.id == *id);
        Topic {
            plugin: Some(one.plugin.clone()),
            about: one.description.clone(),
            critical: self.path.contains(&id.as_str()),
            mistakes: self.mistakes(|one| one.components.contains(id)),
            needs: one.needs.iter().map(|need| self.need(need)).collect(),
            took: steps.map(Step::told).collect(),
            ..Topic::new("component", id, id, lines)
        }
    }

    /// What a component needs, and who decided from whom it gets that.
    fn need(&self, need: &Need) -> String {
        let names = |ids: &mut dyn Iterator<Item = &String>| {
            let names: Vec<String> = ids.map(|id| format!("`{id}`")).collect();
            names.join(", ")
        };
        let from = match (need.form.as_str(), &need.default) {
            ("registry", _) => "the registry".to_owned(),
            ("handle" | "app_handle", _) => "from the runtime".to_owned(),
            ("inner", _) => format!("what it wraps: {}", names(&mut need.providers.iter())),
            (_, Some(_)) => match self.all.service(&need.service) {
                Some(service) if service.winner == need.default => {
                    Told::of(self.all).answer(service)
                }
                _ => format!("from {}", names(&mut need.default.iter())),
            },
            _ if need.providers.is_empty() => match self.all.service(&need.service) {
                Some(service) => format!("{} answers", service.answer()),
                None => "nobody answers".to_owned(),
            },
            ("all" | "map", _) => format!("all of {}", names(&mut need.providers.iter())),
            _ => format!(
                "the configuration chooses one of {}",
                names(&mut need.providers.iter())
            ),
        };
        let form = match need.form.as_str() {
            "one" | "registry" | "inner" => String::new(),
            form => format!(" ({form})"),
        };
        let wrapped = need.wrapped_by.as_ref();
        let wrapped = wrapped.map(|one| format!("; `{one}` wraps it"));
        let (field, service) = (&need.field, self.all.name(&need.service));
        format!(
            "`{field}`{form}, `{service}`: {from}{}",
            wrapped.unwrap_or_default()
        )
    }

    /// Services and registries.
    fn services(&mut self) {
        for one in &self.all.services {
            if self.all.registries.iter().any(|other| other.key == one.key) {
                continue;
            }
            let lines = self.told(|told| told.service(one));
            let named = format!("`{}`", one.name);
            self.found.push(Topic {
                mistakes: self.mistakes(|one| one.title.contains(&named)),
                ..Topic::new("service", &one.key, &one.name, lines)
            });
        }
        for one in &self.all.registries {
            let lines = self.told(|told| {
                told.registry(one);
                for entry in &one.left_out {
                    told.left_out_entry(one, entry);
                }
            });
            let named = format!("`{}`", one.name);
            self.found.push(Topic {
                mistakes: self.mistakes(|one| one.title.contains(&named)),
                ..Topic::new("registry", &one.key, &one.name, lines)
            });
        }
    }

    fn left_out(&mut self) {
        for one in &self.all.left_out {
            let lines = self.told(|told| told.left_out(one, ""));
            let topic = Topic::new("left-out", &one.name, &one.name, lines);
            self.found.push(topic);
        }
        for one in &self.all.needs_feature {
            for name in &one.names {
                let lines = self.told(|told| told.needs_feature(name, &one.features));
                self.found.push(Topic::new("left-out", name, name, lines));
            }
        }
    }
}
