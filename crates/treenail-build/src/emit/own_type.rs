//! What the host gets components by without a service between: their own types.

use std::fmt::Write;

use super::chunk::Chunk;
use super::printer::Printer;
use crate::model::{Component, ComponentIx, OwnType, Scope};

impl Printer<'_> {
    /// Components of which the host may get this by their own type.
    pub(super) fn own_types(
        &self,
        own: OwnType,
    ) -> impl Iterator<Item = (ComponentIx, &Component)> {
        let components = self.plan.components.indexed();
        components.filter(move |(_, component)| component.own == own)
    }

    /// What the host gets components by, their own types: a singleton, or one of instances.
    pub(super) fn own_type_impls(&self) -> Option<Chunk> {
        let mut code = String::new();
        for (number, component) in self.own_types(OwnType::One) {
            let path = self.component_path(number);
            code.push_str(&match self.is_optional(component) {
                true => self.got(&path, &format!("c{number}"), true),
                false => {
                    let core = format!("{}::Application::core(app)", self.runtime);
                    self.got_by(&path, &format!("{core}.own_type({number})"))
                }
            });
        }
        for (number, component) in self.plan.components.indexed() {
            if component.own == OwnType::Nothing || component.scope != Scope::Instance {
                continue;
            }
            let path = self.component_path(number);
            let providers = [(number, format!("downcast::<{path}>"))];
            code.push_str(&self.each(&path, &providers, None));
            let _ = write!(
                code,
                "impl {}::AllProvidedBy<App> for {path} {{}}",
                self.runtime
            );
        }
        code.push_str(&self.lost_types());
        (!code.is_empty()).then(|| Chunk::under("Components, by their own types.", code))
    }

    /// What the host asks for a loser by, its own type: as if it could be got, under a bound that nothing meets.
    fn lost_types(&self) -> String {
        let runtime = self.runtime;
        let mut code = String::new();
        for (number, one) in self.plan.left_out.iter().enumerate() {
            let Some(loser) = &one.loser else { continue };
            let Some(own) = &loser.own else { continue };
            let name = format!("__{number}Lost");
            code.push_str(&self.unmet(&name, own, "it", &[one]));
            let path = self.type_path(loser.plugin, &loser.name, &loser.ty);
            let _ = write!(
                code,
                "impl {runtime}::ProvidedBy<App> for {path} where for<'a> App: {name}<'a> {{ fn provided_by(_: &App) -> &::std::sync::Arc<Self> {{ ::core::unreachable!() }} }}"
            );
        }
        code
    }
}
