//! What is told of each kind of thing: a line for itself, then one for each who decided and who needs it, and the way from the host.

use std::collections::BTreeSet;

use super::way::way;
use crate::description::{
    Component, Description, Entry, LeftOut, LeftOutEntry, Need, Plugin, Registry, Service, Setting,
    Statement,
};

/// What is told, line by line.
pub(crate) struct Told<'d> {
    pub(crate) description: &'d Description,
    pub(crate) lines: Vec<String>,
}

impl<'d> Told<'d> {
    /// Nothing yet, of this composition.
    pub(crate) fn of(description: &'d Description) -> Self {
        let lines = Vec::new();
        Self { description, lines }
    }

    pub(super) fn line(&mut self, line: String) {
        self.lines.push(line);
    }

    /// What is said, with what does not count.
    pub(crate) fn settings(&mut self, wanted: impl Fn(&Setting) -> bool) {
        for setting in self.description.settings.iter().filter(|one| wanted(one)) {
            self.line(format!(
                "  `{}` is {}",
                setting.key,
                statement(&setting.counts)
            ));
            self.weaker(setting);
        }
    }

    fn weaker(&mut self, setting: &Setting) {
        let weaker = setting.weaker.iter();
        self.lines
            .extend(weaker.map(|one| format!("      not {}", statement(one))));
    }

    /// Who needs something, and the shortest way from the host to one of these.
    fn needed(&mut self, needs: impl Iterator<Item = (&'d Component, &'d Need)>, targets: &[&str]) {
        let needs = needs.map(|(needer, need)| format!("  {}", self.need(needer, need)));
        // What wraps a component is handed over with it.
        let needs: BTreeSet<String> = needs.collect();
        self.lines.extend(needs);
        self.lines.extend(way(self.description, targets));
    }

    /// That a component needs something.
    pub(crate) fn need(&self, needer: &Component, need: &Need) -> String {
        let (id, at) = (&needer.id, &needer.at);
        let (what, field) = (self.description.name(&need.service), &need.field);
        let form = match need.form.as_str() {
            "one" | "registry" | "inner" => String::new(),
            form => format!(" ({form})"),
        };
        format!("`{id}` needs `{what}` as `{field}`{form}, {at}")
    }

    pub(crate) fn plugin(&mut self, plugin: &'d Plugin) {
        let (id, all) = (&plugin.id, self.description);
        let (package, version, manifest) = (&plugin.package, &plugin.version, &plugin.manifest);
        self.line(format!(
            "plugin `{id}`: package `{package}` {version}, {manifest}"
        ));
        self.settings(|one| one.kind == "plugin" && one.name == *id);
        let own = all.components.iter().filter(|one| one.plugin == *id);
        let own: Vec<&str> = own.map(|one| one.id.as_str()).collect();
        let needs = own.iter().flat_map(|one| all.needers(one));
        self.needed(needs.filter(|(needer, _)| needer.plugin != *id), &own);
    }

    pub(crate) fn component(&mut self, component: &'d Component) {
        let (id, all) = (&component.id, self.description);
        let (scope, plugin, at) = (&component.scope, &component.plugin, &component.at);
        self.line(format!(
            "component `{id}`: {scope} of plugin `{plugin}`, {at}"
        ));
        for service in component.provides.iter().filter_map(|key| all.service(key)) {
            let (name, answer) = (&service.name, self.answer(service));
            self.line(format!("  provides `{name}`: {answer}"));
        }
        if let Some(service) = &component.decorates {
            self.line(format!("  wraps every provider of `{}`", all.name(service)));
        }
        self.settings(|one| one.kind == "component" && one.name == *id);
        self.needed(all.needers(id), &[id]);
    }

    /// Who answers for a service, and who decided that.
    pub(crate) fn answer(&self, service: &Service) -> String {
        let answer = service.answer();
        let line = self
            .description
            .setting("service", &service.name, "provider");
        match (line, service.providers.as_slice()) {
            (Some(Setting { counts, .. }), _) => {
                let Statement {
                    at,
                    layer,
                    priority,
                    ..
                } = counts;
                format!("{answer} answers, by `[bind]`: {layer}, priority {priority}, {at}")
            }
            (None, [_]) if service.winner.is_some() => {
                format!("{answer} answers, the only provider")
            }
            _ => format!("{answer} answers"),
        }
    }

    pub(crate) fn service(&mut self, service: &'d Service) {
        let (name, all) = (&service.name, self.description);
        self.line(format!("service `{name}`: {}", self.answer(service)));
        if let Some(line) = all.setting("service", name, "provider") {
            self.weaker(line);
        }
        let place = |id: &String| all.component(id).map_or("", |one| &one.at);
        let others = service
            .providers
            .iter()
            .filter(|one| service.winner.as_ref() != Some(one));
        let others = others.map(|one| format!("  `{one}` provides it, {}", place(one)));
        self.lines.extend(others);
        for loser in all
            .left_out
            .iter()
            .filter(|one| one.provides.contains(&service.key))
        {
            self.left_out(loser, "  ");
        }
        let wraps = service.decorators.iter();
        self.lines
            .extend(wraps.map(|one| format!("  `{one}` wraps it, {}", place(one))));
        self.asked_for(&service.key);
    }

    /// Who asks for a service or a registry.
    fn asked_for(&mut self, key: &str) {
        let needs = self
            .description
            .needs()
            .filter(|(_, need)| need.form != "inner");
        let needs = needs.filter(|(_, need)| need.service == key);
        let needers: Vec<&str> = needs
            .clone()
            .map(|(needer, _)| needer.id.as_str())
            .collect();
        self.needed(needs, &needers);
    }

    pub(crate) fn registry(&mut self, registry: &'d Registry) {
        self.line(format!("registry `{}`", registry.name));
        let entries = registry.entries.iter();
        let entries =
            entries.map(|one| format!("  entry `{}` of `{}`, {}", one.key, one.plugin, one.at));
        self.lines.extend(entries);
        self.asked_for(&registry.key);
    }

    pub(super) fn entry(&mut self, registry: &'d Registry, entry: &'d Entry) {
        let (key, name, plugin, at) = (&entry.key, &registry.name, &entry.plugin, &entry.at);
        let what = entry.value.as_ref().or(entry.ty.as_ref());
        let what = what.map_or("", String::as_str);
        self.line(format!(
            "entry `{key}` of `{name}`: `{what}` of plugin `{plugin}`, {at}"
        ));
        self.settings(|one| one.is_of_entry(registry, entry));
        self.asked_for(&registry.key);
    }

    pub(crate) fn left_out_entry(&mut self, registry: &Registry, entry: &LeftOutEntry) {
        let at = entry.at.as_ref().map(|at| format!(", {at}"));
        let (key, why, plugin) = (&entry.key, &entry.why, &entry.plugin);
        let (name, at) = (&registry.name, at.unwrap_or_default());
        self.line(format!(
            "entry `{key}` of `{name}`, of plugin `{plugin}`: {why}{at}"
        ));
    }

    pub(crate) fn left_out(&mut self, one: &'d LeftOut, indent: &str) {
        let name = &one.name;
        for win in &one.lost_to {
            let (winner, at) = (&win.winner, &win.at);
            self.line(format!(
                "{indent}`{name}` is left out: `{winner}` takes its place, {at}"
            ));
        }
        if let Some(needer) = &one.only_needed_by {
            self.line(format!(
                "{indent}`{name}` is left out: only `{needer}` needed it"
            ));
            if let Some(needer) = self.description.left_out(needer) {
                self.left_out(needer, indent);
            }
        }
        if let Some(at) = &one.switched_off_at {
            self.line(format!("{indent}`{name}` is switched off, {at}"));
            self.settings(|one| one.name == *name && one.key == "enabled");
        }
    }

    pub(crate) fn needs_feature(&mut self, name: &str, features: &[String]) {
        let features = features.join("`, `");
        self.line(format!(
            "`{name}` is not there: it needs feature `{features}`"
        ));
    }

    pub(crate) fn alias(&mut self, name: &str, target: &str) {
        let line = self.description.setting("alias", name, "target");
        let line = line.map_or_else(|| format!("`{target}`"), |line| statement(&line.counts));
        self.line(format!("`{name}` is another name of {line}"));
    }
}

pub(super) fn statement(statement: &Statement) -> String {
    let Statement {
        says,
        at,
        layer,
        priority,
    } = statement;
    format!("`{says}`: {layer}, priority {priority}, {at}")
}
