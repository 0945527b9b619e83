//! The table of components: what the runtime reads of a composition.

use std::fmt::{Display, Write};
use std::time::Duration;

use super::chunk::{literal, numbers};
use super::printer::Printer;
use crate::index::IndexSet;
use crate::model::{
    BoundNeed, Component, ComponentIx, Composition, Deadlines, Form, Kind, OwnType, PluginIx,
    Reload, Scope, ServiceIx, Tending,
};

impl Printer<'_> {
    pub(super) fn table(&self) -> String {
        let Composition {
            host,
            plugins,
            components,
            aliases,
            absent,
            left_out,
            digest,
            ..
        } = self.plan;
        let private = format!("{}::__private", self.runtime);
        let mut code = format!(
            "#[doc = \" Every component, dependencies first.\"] static __TABLE: {private}::Table = {private}::Table {{ host: {}, api: {}, root: {}, logging: {}, digest: {},",
            literal(&host.package),
            literal(&host.api.to_string()),
            literal(&host.root),
            host.logging,
            literal(digest),
        );
        code.push_str("plugins: &[");
        for (number, plugin) in plugins.indexed() {
            let _ = write!(
                code,
                "{private}::PluginEntry {{ id: {}, package: {}, version: {}, optional: {}, description: {}, hooks: {} }},",
                literal(&plugin.id),
                literal(&plugin.package),
                literal(&plugin.version.to_string()),
                plugin.optional,
                literal(plugin.description.as_deref().unwrap_or("")),
                option(self.hooks_of(number).as_ref()),
            );
        }
        code.push_str("], components: &[");
        for number in components.indices() {
            code.push_str(&self.table_entry(number));
        }
        let bound = self
            .plan
            .services
            .iter()
            .filter(|service| !service.optional)
            .filter_map(|service| service.winner);
        let own = self.own_types(OwnType::One);
        let own = own.filter(|(_, component)| !self.is_optional(component));
        let bound = bound
            .chain(own.map(|(number, _)| number))
            .filter(|winner| components[*winner].scope == Scope::Instance)
            .collect::<IndexSet<ComponentIx>>();
        let _ = write!(
            code,
            "], bound: &{}, aliases: &[",
            numbers(&bound.iter().collect::<Vec<_>>())
        );
        for (from, to) in aliases {
            let _ = write!(code, "({}, {}),", literal(from), literal(to));
        }
        code.push_str("], absent: &[");
        for plugin in absent {
            let names = plugin.names.iter().map(|name| literal(name));
            let _ = write!(
                code,
                "{private}::Absent {{ names: &[{}], package: {}, feature: {} }},",
                names.collect::<Vec<_>>().join(", "),
                literal(&plugin.package),
                literal(&plugin.feature),
            );
        }
        code.push_str("], left_out: &[");
        for one in left_out {
            let _ = write!(
                code,
                "{private}::LeftOut {{ name: {}, reason: {private}::Reason::{}, keep: {} }},",
                literal(&one.name),
                self.reason(&one.reason),
                option(self.kept_by(one).map(literal).as_ref()),
            );
        }
        code.push_str("], };");
        code
    }

    fn table_entry(&self, number: ComponentIx) -> String {
        let private = format!("{}::__private", self.runtime);
        let component = &self.plan.components[number];
        let scope = match component.scope {
            _ if component.decorates.is_some() => "Decorator",
            Scope::Singleton => "Singleton",
            Scope::Instance => "Instance",
            Scope::Transient => "Transient",
        };
        let mut code = format!(
            "{private}::Entry::new({}, {}, {private}::Scope::{scope}, &[",
            literal(&component.id),
            component.plugin
        );
        for need in &component.needs {
            code.push_str(&self.table_need(need));
        }
        let _ = write!(code, "], __build_{number})");
        if let Some(description) = &component.description {
            let _ = write!(code, ".describe({})", literal(description));
        }
        if !component.provides.is_empty() {
            let services = component
                .provides
                .iter()
                .map(|service| literal(&self.plan.services[*service].display));
            let _ = write!(
                code,
                ".provides(&[{}])",
                services.collect::<Vec<_>>().join(", ")
            );
        }
        code.push_str(&self.tending(component));
        let path = self.component_path(number);
        let renders = |service: &ServiceIx| self.plan.services[*service].display == RENDERER;
        if component.provides.iter().any(renders) {
            let _ = write!(code, ".renders(|value| value.provide::<{path}, _>())");
        }
        match component.kind {
            Kind::Pipe => {
                let _ = write!(code, ".pipe(<{path} as {private}::Runnable>::binding)");
            }
            Kind::Service if component.configured => {
                let _ = write!(
                    code,
                    ".config(<{path} as {private}::Configurable>::binding)"
                );
            }
            Kind::Service | Kind::Hooks | Kind::Entry => {}
        }
        match component.reload {
            Reload::Recreate => {}
            Reload::Overlap => code.push_str(".overlap()"),
            Reload::Reconfigure => {
                let _ = write!(code, ".reconfigure({private}::reconfigure::<{path}>)");
            }
        }
        code.push(',');
        code
    }

    fn table_need(&self, need: &BoundNeed) -> String {
        let private = format!("{}::__private", self.runtime);
        let field = literal(&need.field);
        let service = literal(&self.plan.services[need.service].display);
        let providers = numbers(&need.providers);
        let form = match need.form {
            _ if self.is_own_clock(need) => "Own",
            Form::One => "One",
            Form::Optional => "Optional",
            Form::All => "All",
            Form::Map => "Map",
            Form::Lazy => "Lazy",
            Form::Current => "Current",
            Form::Registry => "Registry",
            Form::Handle | Form::AppHandle => "Own",
            Form::Inner => "Inner",
        };
        let mut code = match need.default {
            Some(only) if need.form == Form::One && need.providers[..] == [only] => {
                format!("{private}::Need::one({field}, {service}, &{providers})")
            }
            default => {
                let default = default.map(|default| format!(".by_default({default})"));
                let default = default.unwrap_or_default();
                format!(
                    "{private}::Need::new({field}, {service}, {private}::Form::{form}, &{providers}){default}"
                )
            }
        };
        if need.named {
            code.push_str(".named()");
        }
        if let Some(decorator) = need.wrapped_by {
            let _ = write!(code, ".wrapped_by({decorator})");
        }
        code.push(',');
        code
    }
}

/// The runtime's own service that it asks the composition for: whoever provides it can render a configuration.
const RENDERER: &str = "dyn treenail::TemplateRenderer";

impl Printer<'_> {
    fn hooks_of(&self, plugin: PluginIx) -> Option<ComponentIx> {
        let mut components = self.plan.components.indexed();
        let hooks = components.find(|(_, one)| one.plugin == plugin && one.kind == Kind::Hooks);
        hooks.map(|(number, _)| number)
    }

    /// Deadlines, restarts, and what comes of them.
    fn tending(&self, component: &Component) -> String {
        let private = format!("{}::__private", self.runtime);
        let Tending {
            deadline,
            restart,
            fatal,
        } = component.tending;
        let mut code = String::new();
        if deadline != Deadlines::default() {
            let limit = |limit: Option<Duration>| option(limit.map(duration).as_ref());
            let _ = write!(
                code,
                ".within({private}::Deadlines {{ build: {}, start: {}, stop: {} }})",
                limit(deadline.build),
                limit(deadline.start),
                limit(deadline.stop)
            );
        }
        if let Some(Some(restart)) = restart {
            let _ = write!(
                code,
                ".restart({private}::Restart {{ restarts: {}, within: {}, initial: {}, longest: {}, healthy_after: {} }})",
                grouped(restart.restarts.into()),
                duration(restart.within),
                duration(restart.initial),
                duration(restart.longest),
                duration(restart.healthy_after)
            );
        }
        if fatal {
            code.push_str(".fatal()");
        }
        code
    }

    /// Whether the runtime's own clock is handed over: no component provides one.
    pub(super) fn is_own_clock(&self, need: &BoundNeed) -> bool {
        need.providers.is_empty() && self.plan.clock == Some(need.service)
    }

    /// The features of the package that bring plugins, for whoever asks what a configuration needs.
    pub(super) fn features(&self) -> String {
        let private = format!("{}::__private", self.runtime);
        let rows = self.plan.features.iter().map(|feature| {
            let packages = feature.packages.iter().map(|one| literal(one));
            format!(
                "{private}::Feature {{ name: {}, packages: &[{}], default: {} }},",
                literal(&feature.name),
                packages.collect::<Vec<_>>().join(", "),
                feature.default
            )
        });
        let rows: String = rows.collect();
        match rows.is_empty() {
            true => rows,
            false => {
                format!("const FEATURES: &'static [{private}::Feature<'static>] = &[{rows}]; ")
            }
        }
    }
}

pub(super) fn option(value: Option<&impl Display>) -> String {
    value.map_or("::std::option::Option::None".to_owned(), |value| {
        format!("::std::option::Option::Some({value})")
    })
}

fn duration(duration: Duration) -> String {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    format!(
        "::core::time::Duration::new({}, {})",
        grouped(seconds),
        grouped(nanos.into())
    )
}

/// A number as Rust code has it for people: `250_000_000`.
fn grouped(number: u64) -> String {
    match number / 1000 {
        0 => number.to_string(),
        thousands => format!("{}_{:03}", grouped(thousands), number % 1000),
    }
}
