//! Describes a composition to programs, as a document of JSON: what there is, who is handed what, and who decided that.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::left_out::kept_out_by;
use crate::diagnostic::mistake::{About, Statement};
use crate::diagnostic::{Decision, Diagnostic, Needer, Severity};
use crate::index::IndexVec;
use crate::key_map::KeyMap;
use crate::model::{
    Component, ComponentIx, Composition, EntryOff, EntryPath, Form, Kind, LeftOut, PluginIx,
    Reason, Registry, Scope, Service,
};
use crate::source::{Origin, Sources};

/// The form of the document. What is new in it is no new form; what goes or changes is.
const FORMAT: u32 = 1;

/// The document as text.
pub(crate) fn print(
    plan: &Composition,
    decisions: &[&Decision],
    mistakes: &[(&Diagnostic, Severity)],
    sources: &Sources,
) -> String {
    let description = Description { plan, sources };
    let Composition {
        host,
        plugins,
        components,
        services,
        registries,
        clock,
        aliases,
        absent,
        features,
        left_out,
        dormant,
        overlays,
        digest,
    } = plan;
    let absent = absent.iter();
    let dormant = dormant.iter();
    let document = json!({
        "format": FORMAT,
        // Of a composition with mistakes there is none.
        "digest": Some(digest).filter(|one| !one.is_empty()),
        "host": {
            "package": host.package,
            "version": host.version.to_string(),
            "api": host.api.to_string(),
            "root": host.root,
            "logging": host.logging,
        },
        "overlays": overlays,
        "plugins": list(plugins, |plugin| json!({
            "id": plugin.id,
            "package": plugin.package,
            "version": plugin.version.to_string(),
            "manifest": plugin.manifest,
            "optional": plugin.optional,
            "description": plugin.description,
        })),
        "components": list(components, |one| description.component(one)),
        "critical_path": list(&critical_path(plan), |one| json!(components[*one].id)),
        "services": services.indexed()
            .map(|(at, one)| description.service(one, *clock == Some(at)))
            .collect::<Vec<_>>(),
        "registries": list(registries, |one| description.registry(one)),
        "aliases": object(aliases.iter().map(|(from, to)| (from.clone(), json!(to)))),
        "left_out": list(left_out, |one| description.left_out(one)),
        "needs_feature": absent
            .map(|one| json!({
                "names": one.names,
                "features": [one.feature],
                "package": one.package,
            }))
            .chain(dormant.map(|one| json!({
                "names": [format!("{}:{}", plugins[one.plugin].id, one.name)],
                "features": one.features,
            })))
            .collect::<Vec<_>>(),
        "features": list(features, |one| json!({
            "name": one.name,
            "packages": one.packages,
            "default": one.default,
        })),
        "settings": list(decisions, |one| description.setting(one)),
        "mistakes": list(mistakes, |(one, severity)| description.mistake(one, *severity)),
    });
    format!("{document:#}\n")
}

fn list<'a, T: 'a>(all: impl IntoIterator<Item = &'a T>, one: impl Fn(&'a T) -> Value) -> Value {
    all.into_iter().map(one).collect()
}

fn object(all: impl Iterator<Item = (String, Value)>) -> Value {
    Value::Object(all.collect::<Map<_, _>>())
}

/// A composition, and where the names in it are written.
struct Description<'d> {
    plan: &'d Composition,
    sources: &'d Sources,
}

impl Description<'_> {
    fn place(&self, at: Origin) -> Value {
        json!(self.sources.place(at))
    }

    fn ids(&self, components: &[ComponentIx]) -> Value {
        list(components, |one| json!(self.plan.components[*one].id))
    }

    fn id(&self, component: Option<ComponentIx>) -> Value {
        json!(component.map(|one| &self.plan.components[one].id))
    }

    fn component(&self, component: &Component) -> Value {
        let plan = self.plan;
        let key = |service| json!(plan.services[service].key);
        json!({
            "id": component.id,
            "plugin": plan.plugins[component.plugin].id,
            "type": component.ty.to_string(),
            "at": self.place(component.origin),
            "kind": match component.kind {
                Kind::Service => "service",
                Kind::Pipe => "pipe",
                Kind::Hooks => "hooks",
                Kind::Entry => "entry",
            },
            "scope": match component.scope {
                Scope::Singleton => "singleton",
                Scope::Instance => "instance",
                Scope::Transient => "transient",
            },
            "configured": component.configured,
            "description": component.description,
            "provides": list(&component.provides, |one| key(*one)),
            "decorates": component.decorates.map(key),
            "needs": list(&component.needs, |need| json!({
                "field": need.field,
                "service": plan.services[need.service].key,
                "form": form(need.form),
                "named": need.named,
                "providers": self.ids(&need.providers),
                "default": self.id(need.default),
                "wrapped_by": self.id(need.wrapped_by),
            })),
        })
    }

    fn service(&self, service: &Service, is_clock: bool) -> Value {
        let mut decorators: Vec<_> = chain(self.plan, service.wrapped_by).collect();
        decorators.reverse();
        json!({
            "key": service.key,
            "name": service.display,
            "providers": self.ids(&service.providers),
            "decorators": self.ids(&decorators),
            "winner": self.id(service.winner),
            "optional": service.optional,
            "runtime": is_clock && service.providers.is_empty(),
        })
    }

    fn registry(&self, registry: &Registry) -> Value {
        json!({
            "key": registry.key,
            "name": registry.display,
            "entries": list(&registry.entries, |entry| {
                let (kind, path) = match &entry.what {
                    EntryPath::Value(path) => ("value", path),
                    EntryPath::Type(path) => ("type", path),
                };
                json!({
                    "key": entry.key,
                    "plugin": self.plan.plugins[entry.plugin].id,
                    "at": self.place(entry.origin),
                    kind: path.value.to_string(),
                    "description": entry.description,
                    "attributes": list(&entry.attributes, |(key, value)| json!([key, value])),
                    "made_by": self.id(entry.made),
                })
            }),
            "left_out": list(&registry.left_out, |entry| json!({
                "key": entry.key,
                "plugin": entry.plugin,
                "why": kept_out_by(&entry.off),
                "at": match entry.off {
                    EntryOff::Off(at) => self.place(at),
                    _ => Value::Null,
                },
            })),
        })
    }

    fn left_out(&self, one: &LeftOut) -> Value {
        let mut described = json!({ "name": one.name });
        if let Some(loser) = &one.loser {
            described["provides"] =
                list(&loser.provides, |one| json!(self.plan.services[*one].key));
        }
        match &one.reason {
            Reason::Lost(wins) => {
                let win = |(winner, at): &(String, Origin)| json!({ "winner": winner, "at": self.place(*at) });
                described["lost_to"] = wins.iter().map(win).collect();
            }
            Reason::Unneeded(needer) => described["only_needed_by"] = json!(needer),
            Reason::Off(at) => described["switched_off_at"] = self.place(*at),
        }
        described
    }

    /// What counts, with the weaker statements that do not.
    fn setting(&self, decision: &Decision) -> Value {
        let statement = |(layer, statement): &(&str, Statement)| {
            let Statement { says, at, priority } = statement;
            json!({ "says": says, "at": self.place(*at), "layer": layer, "priority": priority })
        };
        let mut statements = decision.statements.iter().map(statement);
        let mut setting = statements.next().unwrap_or_default();
        setting["weaker"] = statements.collect();
        let (kind, name, key) = match &decision.about {
            About::Provider(service) => ("service", service.as_str(), "provider"),
            About::Alias(from) => ("alias", from.as_str(), "target"),
            About::Lint(name) => ("lint", *name, "level"),
            About::ComponentIsEnabled(id) => ("component", id.as_str(), "enabled"),
            About::PluginIsEnabled(id) => ("plugin", id.as_str(), "enabled"),
            About::Entry { registry, key } => {
                setting["registry"] = json!(registry);
                ("entry", key.as_str(), "from")
            }
            About::HostKey(key) => ("host", self.plan.host.package.as_str(), *key),
            About::PluginKey { key, id } => ("plugin", id.as_str(), *key),
            About::ComponentKey { key, id } => ("component", id.as_str(), key.as_str()),
        };
        setting["kind"] = json!(kind);
        setting["name"] = json!(name);
        setting["key"] = json!(key);
        setting
    }
}

/// A mistake, and what it touches.
impl Description<'_> {
    fn mistake(&self, one: &Diagnostic, severity: Severity) -> Value {
        let needers = one.trace.iter().filter_map(|hop| match &hop.who {
            Needer::Component { id, .. } => Some(id.as_str()),
            _ => None,
        });
        let around = one.at.and_then(|at| self.around(at));
        // Names stand in backticks.
        let named = one.told.words.title.split('`').skip(1).step_by(2);
        let touched: BTreeSet<&str> = needers
            .chain(around.map(|one| one.id.as_str()))
            .chain(named)
            .filter(|id| self.plan.components.iter().any(|one| one.id == *id))
            .collect();
        let mut plugins = self.plan.plugins.iter();
        let plugin = one.at.and_then(|at| {
            let name = &self.sources.get(at.source).name;
            plugins.find(|plugin| plugin.manifest == *name)
        });
        json!({
            "code": one.told.code.name(),
            "severity": match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            "title": one.told.words.title,
            "at": one.at.map(|at| self.place(at)),
            "plugin": plugin.map(|plugin| &plugin.id),
            "components": touched,
        })
    }

    /// The component in whose table a place is: the one that begins before it, or else after it, with no other table between.
    fn around(&self, at: Origin) -> Option<&Component> {
        let text = self.sources.get(at.source).text.as_bytes();
        let components = self.plan.components.iter();
        let components = components.filter(|one| one.origin.source == at.source);
        let (before, after): (Vec<&Component>, Vec<&Component>) =
            components.partition(|one| one.origin.start <= at.start);
        let before = before.into_iter().max_by_key(|one| one.origin.start);
        let after = after.into_iter().min_by_key(|one| one.origin.start);
        before.into_iter().chain(after).find(|one| {
            let (one, other) = (one.origin.start as usize, at.start as usize);
            let between = text.get(one.min(other)..one.max(other));
            let mut lines = between
                .unwrap_or_default()
                .split(|byte| *byte == b'\n')
                .skip(1);
            !lines.any(|line| line.starts_with(b"[") && !line.starts_with(b"[component."))
        })
    }
}

/// A decorator, and those whose values it wraps.
fn chain(plan: &Composition, last: Option<ComponentIx>) -> impl Iterator<Item = ComponentIx> + '_ {
    std::iter::successors(last, |one| plan.components[*one].needs.last()?.wrapped_by)
}

fn form(form: Form) -> &'static str {
    match form {
        Form::One => "one",
        Form::Optional => "optional",
        Form::All => "all",
        Form::Map => "map",
        Form::Lazy => "lazy",
        Form::Handle => "handle",
        Form::Inner => "inner",
        Form::Registry => "registry",
        Form::AppHandle => "app_handle",
        Form::Current => "current",
    }
}

/// The longest way through the components, each of which waits for the one before it; of several the one with the smallest ids,
/// from its end. Which instance waits for which other one is decided by the configuration.
fn critical_path(plan: &Composition) -> Vec<ComponentIx> {
    let components = &plan.components;
    let hooks = components.indexed();
    let hooks = hooks.filter(|(_, one)| one.kind == Kind::Hooks);
    let hooks: KeyMap<PluginIx, ComponentIx> = hooks.map(|(at, one)| (one.plugin, at)).collect();
    // How many components the longest way to one has, and who comes before it there.
    let mut ways: IndexVec<ComponentIx, (usize, Option<ComponentIx>)> =
        IndexVec::filled((1, None), components);
    let better = |ways: &IndexVec<ComponentIx, (usize, _)>, one: &ComponentIx| {
        let id = &components[*one].id;
        (ways[*one].0, std::cmp::Reverse(id))
    };
    for (at, component) in components.indexed() {
        let needs = component.needs.iter();
        let needs = needs.flat_map(|need| {
            let waits = match need.form {
                Form::Lazy | Form::Inner => &[][..],
                Form::One | Form::Optional | Form::Current => need.default.as_slice(),
                _ => &need.providers[..],
            };
            let wrapped_by = need.wrapped_by.filter(|_| !waits.is_empty());
            waits.iter().copied().chain(chain(plan, wrapped_by))
        });
        let needs = needs.chain(hooks.get(&component.plugin).copied());
        // What an instance needs of others may come after it here.
        let before = needs.filter(|one| *one < at);
        if let Some(last) =
            before.max_by(|one, other| better(&ways, one).cmp(&better(&ways, other)))
        {
            ways[at] = (ways[last].0 + 1, Some(last));
        }
    }
    let end = ways
        .indices()
        .max_by(|one, other| better(&ways, one).cmp(&better(&ways, other)));
    let mut path: Vec<ComponentIx> = std::iter::successors(end, |one| ways[*one].1).collect();
    path.reverse();
    // Where nobody waits, there is none.
    path.retain(|_| end.is_some_and(|end| ways[end].0 > 1));
    path
}
