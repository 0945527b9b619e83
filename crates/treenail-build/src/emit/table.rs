//! The table of components: what the runtime reads of a composition.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::host::Printer;
use super::literal;
use crate::model::{Composition, Form, Kind, Scope};

impl Printer<'_> {
    pub(super) fn table(&self) -> String {
        let Composition {
            host,
            plugins,
            components,
            aliases,
            digest,
            ..
        } = self.plan;
        let private = format!("{}::__private", self.runtime);
        let mut code = format!(
            "#[doc = \" Every component, dependencies first.\"] static TABLE: {private}::Table = {private}::Table {{ host: {}, api: {}, root: {}, digest: {},",
            literal(&host.package),
            literal(&host.api.to_string()),
            literal(&host.root),
            literal(digest),
        );
        code.push_str("plugins: &[");
        for plugin in plugins {
            let _ = write!(
                code,
                "{private}::PluginEntry {{ id: {}, package: {}, version: {}, optional: {}, description: {} }},",
                literal(&plugin.id),
                literal(&plugin.package),
                literal(&plugin.version.to_string()),
                plugin.optional,
                literal(plugin.description.as_deref().unwrap_or("")),
            );
        }
        code.push_str("], components: &[");
        for number in 0..components.len() {
            code.push_str(&self.table_entry(number));
        }
        let bound = self
            .plan
            .services
            .iter()
            .filter(|service| !service.optional)
            .filter_map(|service| service.winner);
        let bound = bound
            .filter(|winner| components[*winner].scope == Scope::Instance)
            .collect::<BTreeSet<_>>();
        let _ = write!(
            code,
            "], bound: &{}, aliases: &[",
            numbers(&bound.into_iter().collect::<Vec<_>>())
        );
        for (from, to) in aliases {
            let _ = write!(code, "({}, {}),", literal(from), literal(to));
        }
        code.push_str("], };");
        code
    }

    fn table_entry(&self, number: usize) -> String {
        let private = format!("{}::__private", self.runtime);
        let component = &self.plan.components[number];
        let scope = match component.scope {
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
            let form = match need.form {
                Form::One => "One",
                Form::Optional => "Optional",
                Form::All => "All",
                Form::Map => "Map",
                Form::Lazy => "Lazy",
            };
            let default = need
                .default
                .map_or("::std::option::Option::None".to_owned(), |default| {
                    format!("::std::option::Option::Some({default})")
                });
            let _ = write!(
                code,
                "{private}::Need {{ field: {}, service: {}, form: {private}::Form::{form}, providers: &{}, default: {default} }},",
                literal(&need.field),
                literal(&self.plan.services[need.service].display),
                numbers(&need.providers),
            );
        }
        let _ = write!(code, "], build_{number})");
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
        let path = self.component_path(number);
        let renders = |service: &usize| self.plan.services[*service].display == RENDERER;
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
            Kind::Service => {}
        }
        code.push(',');
        code
    }
}

/// The runtime's own service that it asks the composition for: whoever provides it can render a configuration.
const RENDERER: &str = "dyn treenail::TemplateRenderer";

/// Component numbers as a slice.
pub(super) fn numbers(numbers: &[usize]) -> String {
    let texts = numbers.iter().map(ToString::to_string).collect::<Vec<_>>();
    format!("[{}]", texts.join(", "))
}
