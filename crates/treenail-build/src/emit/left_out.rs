//! Who is not in a composition: told in the header and in the table, and by rustc to code that asks for every provider of a
//! service although one of them has lost.

use std::fmt::Write;

use super::chunk::literal;
use super::printer::Printer;
use crate::index::IndexVec;
use crate::model::{LeftOut, Reason, ServiceIx};

impl Printer<'_> {
    /// In a few words, for people.
    pub(super) fn why(&self, one: &LeftOut) -> String {
        match &one.reason {
            Reason::Lost(wins) => {
                let wins = wins.iter().map(|(winner, at)| {
                    format!("`{winner}` takes its place ({})", self.sources.place(*at))
                });
                wins.collect::<Vec<_>>().join(", ")
            }
            Reason::Unneeded(needer) => format!("only `{needer}` needed it"),
            Reason::Off(at) => format!("switched off ({})", self.sources.place(*at)),
        }
    }

    /// A value of the runtime's `Reason`, without its path.
    pub(super) fn reason(&self, reason: &Reason) -> String {
        let place = |at| literal(&self.sources.place(at));
        match reason {
            Reason::Lost(wins) => {
                let wins = wins.iter();
                let wins =
                    wins.map(|(winner, at)| format!("({}, {})", literal(winner), place(*at)));
                format!("Lost(&[{}])", wins.collect::<Vec<_>>().join(", "))
            }
            Reason::Unneeded(needer) => format!("Unneeded({})", literal(needer)),
            Reason::Off(at) => format!("Off({})", place(*at)),
        }
    }

    /// By service: who of those that would provide it is left out.
    pub(super) fn losers(&self) -> IndexVec<ServiceIx, Vec<&LeftOut>> {
        let mut losers = IndexVec::filled(Vec::new(), &self.plan.services);
        for one in &self.plan.left_out {
            let loser = one.loser.iter();
            for service in loser.flat_map(|loser| &loser.provides) {
                losers[*service].push(one);
            }
        }
        losers
    }

    /// What lets code ask for every provider of a service. Where one of them is left out, a bound that nothing meets, whose
    /// message says who.
    ///
    /// The bound speaks of every lifetime: rustc refuses one that is plainly never met where it is written, and not where it is
    /// used.
    pub(super) fn all(&self, number: ServiceIx, path: &str, losers: &[&LeftOut]) -> String {
        let (runtime, service) = (self.runtime, &self.plan.services[number]);
        if losers.is_empty() {
            if service.providers.is_empty() {
                return String::new();
            }
            return format!("impl {runtime}::AllProvidedBy<App> for {path} {{}}");
        }
        let name = format!("EveryProvider{number}");
        let bound = format!("where for<'a> App: {name}<'a>");
        let mut code = self.unmet(&name, &service.display, "every provider", losers);
        let _ = write!(
            code,
            "impl {runtime}::AllProvidedBy<App> for {path} {bound} {{}}"
        );
        if service.providers.is_empty() {
            let _ = write!(
                code,
                "impl {runtime}::EachProvidedBy<App> for {path} {bound} {{ const PROVIDERS: &'static [usize] = &[]; fn cast(_: usize, _: {runtime}::__private::Value) -> ::std::option::Option<::std::sync::Arc<Self>> {{ ::std::option::Option::None }} }} impl {runtime}::ProvidedBy<App> for {path} {bound} {{ fn provided_by(_: &App) -> &::std::sync::Arc<Self> {{ ::core::unreachable!() }} }}"
            );
        }
        code
    }

    /// What the host asks for a loser by, its own type: as if it could be got, under a bound that nothing meets.
    pub(super) fn lost_types(&self) -> String {
        let runtime = self.runtime;
        let mut code = String::new();
        for (number, one) in self.plan.left_out.iter().enumerate() {
            let Some(loser) = &one.loser else { continue };
            let Some(own) = &loser.own else { continue };
            let name = format!("Lost{number}");
            code.push_str(&self.unmet(&name, own, "it", &[one]));
            let path = self.type_path(loser.plugin, &loser.name, &loser.ty);
            let _ = write!(
                code,
                "impl {runtime}::ProvidedBy<App> for {path} where for<'a> App: {name}<'a> {{ fn provided_by(_: &App) -> &::std::sync::Arc<Self> {{ ::core::unreachable!() }} }}"
            );
        }
        code
    }

    /// A trait that `App` lacks because these are left out who would provide a service; its message says so.
    fn unmet(&self, name: &str, service: &str, kept: &str, losers: &[&LeftOut]) -> String {
        let names: Vec<String> = losers.iter().map(|one| format!("`{}`", one.name)).collect();
        let are = if names.len() == 1 { "is" } else { "are" };
        let message = format!(
            "{} {are} left out of `App`, and would provide `{service}`",
            names.join(", "),
        );
        let notes = losers.iter().map(|one| {
            let note = format!("`{}` is left out: {}", one.name, self.why(one));
            format!("note = {},", attribute(&note))
        });
        let keep = format!(
            "to keep {kept}, write it under `[host]` of plugins.toml: `all = [\"{service}\"]`",
        );
        format!(
            "#[doc(hidden)] #[diagnostic::on_unimplemented(message = {}, label = \"asked for here\", {} note = {})] #[allow(unreachable_pub)] pub trait {name}<'a> {{}}",
            attribute(&message),
            notes.collect::<String>(),
            attribute(&keep),
        )
    }
}

/// A text in an attribute in which braces stand for types.
fn attribute(text: &str) -> String {
    literal(&text.replace('{', "{{").replace('}', "}}"))
}
