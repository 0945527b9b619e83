//! The functions that build components: one for each, with its inputs.

use std::fmt::Write;

use super::chunk::long;
use super::printer::Printer;
use crate::model::{BoundNeed, ComponentIx, Form, Kind};

impl Printer<'_> {
    /// The function that a component's line in the table names: it takes the inputs out, and begins to build.
    pub(super) fn build_function(&self, number: ComponentIx) -> String {
        let private = format!("{}::__private", self.runtime);
        let component = &self.plan.components[number];
        if component.kind == Kind::Hooks {
            return format!(
                "fn __build_{number}(inputs: &mut {private}::Inputs) -> {private}::Building {{ {private}::set_up::<{}>(inputs) }}",
                self.component_path(number)
            );
        }
        let mut fields = String::new();
        for (position, need) in component.needs.iter().enumerate() {
            let _ = write!(fields, "{}: {},", need.field, self.input(position, need));
        }
        let arms = component.needs.iter().map(|need| need.providers.len());
        let takes_out = component.needs.iter().any(is_taken_out);
        let is_own = self.plan.plugins[component.plugin].own;
        let is_configured = component.kind == Kind::Service && component.configured;
        let path = self.component_path(number);
        // Whoever declares a component builds it, in its own crate.
        let (takes_inputs, deps, building) = match component.kind {
            Kind::Entry => {
                let (deps, made) = self.made_by(number);
                (takes_out, deps, made)
            }
            _ if is_own => {
                let building = building(self.runtime, &path, is_configured);
                (takes_out || is_configured, self.deps_path(number), building)
            }
            _ => {
                let building = format!("<{path} as {private}::Buildable>::building(inputs, deps)");
                (true, self.deps_path(number), building)
            }
        };
        let inputs = if takes_inputs { "inputs" } else { "_" };
        format!(
            "{} fn __build_{number}({inputs}: &mut {private}::Inputs) -> {private}::Building {{ let deps = {deps} {{ {fields} }}; {building} }}",
            long(arms.sum()),
        )
    }

    fn input(&self, position: usize, need: &BoundNeed) -> String {
        if let Some(registry) = need.registry {
            return self.registry_input(position, registry);
        }
        let method = match need.form {
            Form::Handle => return "inputs.handle()".to_owned(),
            Form::AppHandle => return format!("{}::__private::app_handle(inputs)", self.runtime),
            _ if self.is_own_clock(need) => {
                return format!(
                    "{}::__private::FromOwnClock::from_own_clock()",
                    self.runtime
                );
            }
            Form::Optional if need.providers.is_empty() => {
                return "::std::option::Option::None".to_owned();
            }
            Form::All if need.providers.is_empty() => return "::std::vec::Vec::new()".to_owned(),
            Form::Map if need.providers.is_empty() => {
                return "::std::collections::BTreeMap::new()".to_owned();
            }
            Form::One | Form::Inner | Form::Registry => match *need.handed_over() {
                [component] => {
                    return format!(
                        "inputs.one({position}).{}()",
                        self.handed_out(component, need.service)
                    );
                }
                _ => "pick",
            },
            Form::Optional => "optional",
            Form::All => "all",
            Form::Map => "map",
            Form::Lazy => "lazy",
            Form::Current => "current",
        };
        let mut arms = String::new();
        for component in need.handed_over() {
            let _ = write!(
                arms,
                "{component} => value.{}(),",
                self.handed_out(*component, need.service)
            );
        }
        let unexpected = format!("_ => {}::__private::unexpected(component)", self.runtime);
        format!(
            "inputs.{method}({position}, |component, value| match component {{ {arms} {unexpected} }})"
        )
    }
}

/// What begins to build a component of a type, with its configuration.
pub(super) fn building(runtime: &str, ty: &str, is_configured: bool) -> String {
    let private = format!("{runtime}::__private");
    match is_configured {
        true => format!("{private}::build::<{ty}>(inputs, deps)"),
        false => {
            format!("{private}::Building::new(<{ty} as {runtime}::Component>::build(deps, ()))")
        }
    }
}

/// Whether what a requirement is given comes from the application: of some there is nothing to give.
fn is_taken_out(need: &BoundNeed) -> bool {
    let is_handle = matches!(need.form, Form::Handle | Form::AppHandle);
    is_handle || need.registry.is_some() || !need.providers.is_empty()
}
