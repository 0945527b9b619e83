//! The manifests of a random composition, one statement a line, and the line of each.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::world::{
    Component, Entry, KEYS, Line, Need, Override, REGISTRIES, Rule, Setting, Statements, When,
    World, is_of_runtime, service,
};
use crate::model::{Form, Scope};
use crate::testing::{Case, Package};

/// Manifests by package, and the line of each statement.
#[derive(Debug, Default)]
pub(super) struct Text {
    manifests: BTreeMap<String, String>,
    /// By what a statement is about: `need p1:C10 f0`.
    places: BTreeMap<String, String>,
    /// The manifest that grows.
    package: String,
}

impl Text {
    pub(super) fn of(world: &World) -> Self {
        let mut text = Self::default();
        for (number, plugin) in world.plugins.iter().enumerate() {
            let id = world.id(number);
            text.package = if number == 0 {
                "desk".to_owned()
            } else {
                id.clone()
            };
            text.line("", "treenail = 1");
            if number == 0 {
                text.line("", "[host]");
                text.line("", "api = \"1.0.0\"");
                if !world.all.is_empty() {
                    let all: Vec<String> = world.all.iter().map(|one| service(*one)).collect();
                    text.line("all", &format!("all = {all:?}"));
                }
            } else {
                text.line("", "[plugin]");
                text.line("", &format!("id = \"{id}\""));
                if let Some(fits) = plugin.api {
                    text.line(
                        &format!("api {id}"),
                        &format!("api = {{ api = \"{}\" }}", if fits { "^1" } else { "^2" }),
                    );
                }
                if let Some(fits) = plugin.host {
                    text.line(
                        &format!("host {id}"),
                        &format!("host = \"{}\"", if fits { "^1" } else { "^2" }),
                    );
                }
                for (key, others, any) in [
                    ("requires", &plugin.requires, "^1"),
                    ("conflicts", &plugin.conflicts, "*"),
                ] {
                    if !others.is_empty() {
                        text.line("", &format!("[plugin.{key}]"));
                    }
                    for (other, newer) in others {
                        let versions = if *newer { "^1.5" } else { any };
                        text.line(
                            &format!("{key} {id} {other}"),
                            &format!("{other} = \"{versions}\""),
                        );
                    }
                }
            }
            text.statements(&id, "", &plugin.says);
            for component in &plugin.components {
                text.component("", "", component);
            }
            text.registries(&id, "", &plugin.says);
        }
        text.package = "desk".to_owned();
        if let Some((says, components)) = &world.overlay {
            text.statements("overlay", "overlay.on.", says);
            if components.is_empty() {
                // So that it says something.
                text.line("", "[[overlay.on.assert]]");
                text.line("", "that = { not = { plugin = \"nobody\" } }");
                text.line("", "message = \"nobody takes part\"");
            }
            for component in components {
                text.component("overlay ", "overlay.on.", component);
            }
            text.registries("overlay", "overlay.on.", says);
        }
        text
    }

    pub(super) fn case(&self, world: &World) -> Case {
        let package = |name: &str, version: &str, is_bare: bool| {
            let package = Package::new(name, version)
                .features(["on"])
                .declares(["off"]);
            let runtime = if is_bare { None } else { Some("treenail") };
            package
                .depends_on(["api"].into_iter().chain(runtime))
                .manifest(self.manifests[name].clone())
        };
        let mut host = package("desk", "1.0.0", false);
        for (number, plugin) in world
            .plugins
            .iter()
            .enumerate()
            .skip(1)
            .filter(|(_, plugin)| !plugin.indirect)
        {
            host = host.depends_on([world.id(number).as_str()]);
            let _ = plugin;
        }
        let mut case = Case::new(host).cfg(["unix"]);
        for (number, plugin) in world.plugins.iter().enumerate().skip(1) {
            let own = world.id(number);
            let version = if plugin.newer { "1.5.0" } else { "1.0.0" };
            let mut package = package(&own, version, plugin.bare);
            for other in (1..world.plugins.len()).filter(|other| *other != number) {
                package = package.depends_on([world.id(other).as_str()]);
            }
            case = case.beside(package);
        }
        if world.overlay.is_some() {
            case = case.overlay("on");
        }
        let with = [
            Package::new("api", "1.0.0"),
            Package::new("treenail", "0.1.0"),
        ];
        with.into_iter().fold(case, Case::beside)
    }

    /// `file:line` of a statement.
    pub(super) fn place(&self, of: &str) -> &str {
        self.places
            .get(of)
            .unwrap_or_else(|| panic!("nothing says `{of}`"))
    }

    /// All of it, for people.
    pub(super) fn shown(&self) -> String {
        let all = self.manifests.iter();
        all.map(|(package, text)| format!("# {package}\n{text}"))
            .collect()
    }

    fn line(&mut self, about: &str, line: &str) {
        let manifest = self.manifests.entry(self.package.clone()).or_default();
        let number = manifest.lines().count() + 1;
        *manifest += line;
        manifest.push('\n');
        if !about.is_empty() {
            let folder = if self.package == "desk" {
                String::new()
            } else {
                format!("{}/", self.package)
            };
            self.places
                .insert(about.to_owned(), format!("{folder}plugins.toml:{number}"));
        }
    }

    fn statements(&mut self, layer: &str, prefix: &str, says: &Statements) {
        self.line("", &format!("[{prefix}plugins]"));
        for (plugin, rule) in &says.rules {
            self.line(
                &format!("rule {layer} {plugin}"),
                &format!("{plugin} = {{ {} }}", inside(rule)),
            );
        }
        self.line("", &format!("[{prefix}bind]"));
        for (number, bind) in &says.binds {
            self.line(
                &format!("bind {layer} {number}"),
                &format!("\"{}\" = {}", service(*number), quoted(bind)),
            );
        }
        self.line("", &format!("[{prefix}alias]"));
        for (from, to) in &says.aliases {
            self.line(
                &format!("alias {layer} {from}"),
                &format!("\"{from}\" = {}", quoted(to)),
            );
        }
        if !says.overrides.is_empty() {
            self.line("", &format!("[{prefix}override]"));
        }
        for (id, one) in &says.overrides {
            self.line(
                &format!("override {layer} {id}"),
                &format!("\"{id}\" = {{ {} }}", changes(one)),
            );
        }
    }

    fn component(&mut self, label: &str, prefix: &str, component: &Component) {
        let Component {
            id,
            ty,
            provides,
            needs,
            scope,
            decorates,
            before,
            after,
            when,
            registry: _,
        } = component;
        let (_, name) = id.split_once(':').unwrap_or_default();
        let (own, ty_name) = ty.split_once("::").unwrap_or_default();
        let label = format!("{label}{id}");
        self.line("", &format!("[[{prefix}component]]"));
        self.line(
            &format!("type {label}"),
            &format!("type = \"crate::{ty_name}\""),
        );
        self.line(&format!("name {label}"), &format!("name = \"{name}\""));
        let scope = match scope {
            Scope::Singleton => "singleton",
            Scope::Instance => "instance",
            Scope::Transient => "transient",
        };
        self.line("", &format!("scope = \"{scope}\""));
        let provides: Vec<String> = provides
            .iter()
            .map(|one| format!("\"{}\"", service(*one)))
            .collect();
        if decorates.is_none() {
            self.line("", &format!("provides = [{}]", provides.join(", ")));
        }
        if let Some(one) = decorates {
            self.line(
                &format!("decorate {label}"),
                &format!("decorate = \"{}\"", service(*one)),
            );
        }
        for (key, list) in [("before", before), ("after", after)] {
            if !list.is_empty() {
                self.line(&format!("{key} {label}"), &format!("{key} = {list:?}"));
            }
        }
        if let Some(when) = condition(*when) {
            self.line(&format!("when {label}"), &format!("when = {when}"));
        }
        self.line("", &format!("[{prefix}component.requires]"));
        for (field, need) in needs.iter().enumerate() {
            self.line(
                &format!("need {label} {field}"),
                &format!("f{field} = {}", asked(own, need)),
            );
        }
    }

    fn registries(&mut self, label: &str, prefix: &str, says: &Statements) {
        let mut last = None;
        for ((registry, key), line) in &says.lines {
            if last.replace(registry) != Some(registry) {
                let title = format!("[{prefix}registry.\"{}\"]", REGISTRIES[*registry]);
                self.line("", &title);
            }
            let about = format!("entry {label} {registry} {key}");
            let what = match line {
                Line::Entry(one) => entry(one),
                Line::Choice(Setting {
                    value,
                    priority,
                    when,
                }) => match value {
                    None => setting(false, *priority, *when),
                    Some(plugin) => {
                        let from = format!("from = {plugin:?}");
                        format!("{{ {from}{} }}", weight(*priority, *when))
                    }
                },
            };
            self.line(&about, &format!("{:?} = {what}", KEYS[*key]));
            let place = self.places[&about].clone();
            if let Line::Entry(Entry {
                made: Some(made), ..
            }) = line
            {
                let fields = 0..made.needs.len();
                let needs = fields.map(|field| (format!("need {about} {field}"), place.clone()));
                self.places.extend(needs);
            }
        }
    }
}

/// An entry, inside of its line.
fn entry(one: &Entry) -> String {
    let what = match &one.made {
        None => "value = \"crate::value\"".to_owned(),
        Some(made) => {
            let (own, ty) = made.ty.split_once("::").unwrap_or_default();
            let needs = made.needs.iter().enumerate();
            let needs = needs.map(|(field, need)| format!("f{field} = {}", asked(own, need)));
            let needs: Vec<String> = needs.collect();
            let needs = needs.join(", ");
            format!("type = \"crate::{ty}\", requires = {{ {needs} }}")
        }
    };
    format!("{{ {what}{} }}", weight(None, one.when))
}

/// A requirement of a component of this crate.
fn asked(own: &str, need: &Need) -> String {
    let form = match need.form {
        Form::Registry => return format!("{{ registry = \"{}\" }}", need.service),
        Form::One | Form::Handle | Form::AppHandle | Form::Inner => "",
        Form::Optional => ", optional = true",
        Form::All => ", all = true",
        Form::Map => ", map = true",
        Form::Lazy => ", lazy = true",
        Form::Current => ", current = true",
    };
    let from = need.from.as_ref();
    let from = from.map(|from| format!(", from = \"{from}\""));
    let from = from.unwrap_or_default();
    let named = if need.named { ", named = true" } else { "" };
    // A type of one's own is called so; others are not asked for their names of it.
    let rest = need.service.strip_prefix(own);
    let service = match rest.and_then(|rest| rest.strip_prefix("::")) {
        Some(rest) if !is_of_runtime(&need.service) => format!("crate::{rest}"),
        _ => need.service.clone(),
    };
    format!("{{ service = \"{service}\"{form}{from}{named} }}")
}

fn condition(when: When) -> Option<&'static str> {
    match when {
        When::Always => None,
        When::Holds => Some("'cfg(all(feature = \"on\", unix))'"),
        When::Fails => Some("{ feature = \"off\" }"),
        When::Broken => Some("{ feature = \"of\" }"),
    }
}

fn setting(value: impl Display, priority: Option<u32>, when: When) -> String {
    let weight = weight(priority, when);
    if weight.is_empty() {
        return value.to_string();
    }
    format!("{{ value = {value}{weight} }}")
}

/// Priority and condition of a setting, after its value.
fn weight(priority: Option<u32>, when: When) -> String {
    let when = condition(when)
        .map(|when| format!(", when = {when}"))
        .unwrap_or_default();
    let priority = match priority {
        Some(50) => ", priority = \"force\"".to_owned(),
        Some(1000) => ", priority = \"default\"".to_owned(),
        Some(number) => format!(", priority = {number}"),
        None => String::new(),
    };
    priority + &when
}

fn quoted(of: &Setting<String>) -> String {
    setting(format!("{:?}", of.value), of.priority, of.when)
}

fn inside(rule: &Rule) -> String {
    let mut keys = Vec::new();
    for (key, value) in [("enabled", &rule.enabled), ("optional", &rule.optional)] {
        keys.extend(
            value
                .as_ref()
                .map(|one| format!("{key} = {}", setting(one.value, one.priority, one.when))),
        );
    }
    keys.extend(rule.version.as_ref().map(|one| {
        let versions = if one.value { "\"^1.5\"" } else { "\"^1\"" };
        format!("version = {}", setting(versions, one.priority, one.when))
    }));
    keys.extend(condition(rule.when).map(|when| format!("when = {when}")));
    keys.join(", ")
}

fn changes(one: &Override) -> String {
    let mut keys = Vec::new();
    keys.extend(
        one.enabled
            .as_ref()
            .map(|one| format!("enabled = {}", setting(one.value, one.priority, one.when))),
    );
    keys.extend(condition(one.when).map(|when| format!("when = {when}")));
    keys.join(", ")
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Text::of(self).shown())
    }
}
