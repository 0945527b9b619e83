//! Who is not in a composition: told in the header and in the table, and by rustc to code that asks for every provider of a
//! service although one of them has lost.

use std::fmt::Write;

use super::chunk::literal;
use super::printer::Printer;
use crate::index::IndexVec;
use crate::model::{EntryOff, LeftOut, LeftOutEntry, Reason, ServiceIx};

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

    /// What keeps an entry out, and where the host says so, for people.
    pub(super) fn why_entry(&self, one: &LeftOutEntry) -> String {
        let cause = kept_out_by(&one.off);
        match one.off {
            EntryOff::Off(at) => format!("{cause} ({})", self.sources.place(at)),
            _ => cause,
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

    /// The service that `[host] all` keeps a loser by: one that it states, or its own type.
    pub(super) fn kept_by<'a>(&'a self, one: &'a LeftOut) -> Option<&'a str> {
        let loser = one.loser.as_ref()?;
        let stated = loser.provides.first();
        let stated = stated.map(|service| &self.plan.services[*service].display);
        stated.or(loser.own.as_ref()).map(String::as_str)
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
        let name = format!("__{number}EveryProvider");
        let bound = format!("where for<'a> App: {name}<'a>");
        let mut code = self.unmet(&name, &service.display, "every provider", losers);
        let _ = write!(
            code,
            "impl {runtime}::AllProvidedBy<App> for {path} {bound} {{}}"
        );
        if service.providers.is_empty() {
            let _ = write!(
                code,
                "impl {runtime}::EachProvidedBy<App> for {path} {bound} {{ const PROVIDERS: &'static [{runtime}::__private::Provider<Self>] = &[]; }} impl {runtime}::ProvidedBy<App> for {path} {bound} {{ fn provided_by(_: &App) -> &::std::sync::Arc<Self> {{ ::core::unreachable!() }} }}"
            );
        }
        code
    }

    /// A trait that `App` lacks because these are left out who would provide a service; its message says so.
    pub(super) fn unmet(
        &self,
        name: &str,
        service: &str,
        kept: &str,
        losers: &[&LeftOut],
    ) -> String {
        let names: Vec<String> = losers.iter().map(|one| format!("`{}`", one.name)).collect();
        let are = if names.len() == 1 { "is" } else { "are" };
        let message = format!(
            "{} {are} left out of `App`, and would provide `{service}`",
            names.join(", "),
        );
        let keep = format!(
            "to keep {kept}, write it under `[host]` of plugins.toml: `all = [\"{service}\"]`",
        );
        let mut notes: Vec<String> = losers
            .iter()
            .map(|one| format!("`{}` is left out: {}", one.name, self.why(one)))
            .collect();
        notes.push(keep);
        let notes: Vec<&str> = notes.iter().map(String::as_str).collect();
        self.never(name, &message, &notes)
    }

    /// A trait that nothing has; rustc says so in these words.
    pub(super) fn never(&self, name: &str, message: &str, notes: &[&str]) -> String {
        let notes = notes
            .iter()
            .map(|note| format!("note = {}", attribute(note)));
        format!(
            "#[doc(hidden)] #[diagnostic::on_unimplemented(message = {}, label = \"asked for here\", {})] #[allow(unreachable_pub)] pub trait {name}<'a> {{}}",
            attribute(message),
            notes.collect::<Vec<_>>().join(", "),
        )
    }
}

/// In a few words, for people.
pub(super) fn kept_out_by(off: &EntryOff) -> String {
    match off {
        EntryOff::Features(features) => format!("needs feature {}", features.join(",")),
        EntryOff::Platform => "not for this platform".to_owned(),
        EntryOff::Unfit => "does not fit".to_owned(),
        EntryOff::Off(_) => "switched off".to_owned(),
    }
}

/// A text in an attribute in which braces stand for types.
fn attribute(text: &str) -> String {
    literal(&text.replace('{', "{{").replace('}', "}}"))
}
