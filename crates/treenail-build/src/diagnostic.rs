//! What can be wrong with a composition: each mistake with its code and its words in `mistake/`, and the list of those found.

mod code;
mod hop;
pub(crate) mod lint;
pub(crate) mod mistake;
mod words;

use std::any::Any;
use std::collections::BTreeMap;

use crate::model::Level;
use crate::source::{Origin, Sources};

pub(crate) use code::Code;
pub use code::Severity;
pub(crate) use hop::{Dependent, Hop, Needer};
pub(crate) use mistake::Mistake;
pub(crate) use words::{Words, not_shown};

/// One mistake, with the places that show it.
#[derive(Debug)]
pub(crate) struct Diagnostic {
    /// What is wrong.
    pub(crate) mistake: Box<dyn Mistake>,
    /// Where; `None` only where no file could be read.
    pub(crate) at: Option<Origin>,
    /// Why it is needed, one hop per line: from what is wrong up to what the host uses.
    pub(crate) trace: Vec<Hop>,
}

impl Diagnostic {
    /// A mistake at a place.
    pub(crate) fn new(mistake: impl Into<Box<dyn Mistake>>, at: impl Into<Option<Origin>>) -> Self {
        Self {
            mistake: mistake.into(),
            at: at.into(),
            trace: Vec::new(),
        }
    }

    /// The same, with the reason why it is needed.
    #[must_use]
    pub(crate) fn needed_by(mut self, trace: Vec<Hop>) -> Self {
        self.trace = trace;
        self
    }
}

/// A mistake as it is told.
#[derive(Debug)]
pub(crate) struct Told<'d> {
    /// The mistake's code.
    pub(crate) code: Code,
    /// How bad it is here.
    pub(crate) severity: Severity,
    /// Where it is.
    pub(crate) at: Option<Origin>,
    /// What is said about it.
    pub(crate) words: Words,
    /// Why it is needed.
    pub(crate) trace: &'d [Hop],
}

/// The accumulator every stage reports into. Order and duplicates do not matter: [`Diagnostics::sorted`] settles both.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    found: Vec<Diagnostic>,
    /// What `[lints]` makes of warnings, by code.
    levels: BTreeMap<Code, Level>,
}

impl Diagnostics {
    /// Adds a mistake.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds a mistake at a place, needed by nobody in particular.
    pub(crate) fn report(
        &mut self,
        mistake: impl Into<Box<dyn Mistake>>,
        at: impl Into<Option<Origin>>,
    ) {
        self.push(Diagnostic::new(mistake, at));
    }

    /// Adds all mistakes of another list.
    pub(crate) fn extend(&mut self, other: Diagnostics) {
        self.found.extend(other.found);
    }

    /// Whether nothing was reported.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How often something was reported.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether something keeps the composition from being built.
    pub(crate) fn has_errors(&self) -> bool {
        let is_error =
            |one: &Diagnostic| self.severity(one.mistake.code()) == Some(Severity::Error);
        self.found.iter().any(is_error)
    }

    /// Decides what becomes of the warnings with this code.
    pub(crate) fn level(&mut self, code: Code, level: Level) {
        self.levels.insert(code, level);
    }

    /// Takes out mistakes of one kind that are not worth a report beside others. They are asked for by place.
    pub(crate) fn retain<M: Mistake>(&mut self, mut keep: impl FnMut(&M) -> bool) {
        self.found.sort_by_key(|one| one.at);
        self.found.retain(|one| {
            let mistake: &dyn Any = &*one.mistake;
            mistake.downcast_ref().is_none_or(&mut keep)
        });
    }

    /// Whether a mistake with this code was reported.
    pub(crate) fn has(&self, code: Code) -> bool {
        self.found.iter().any(|one| one.mistake.code() == code)
    }

    /// How bad mistakes with this code are here; `None` where nothing is to be said about them.
    fn severity(&self, code: Code) -> Option<Severity> {
        match (code.severity(), self.levels.get(&code)) {
            (Severity::Warning, Some(Level::Allow)) => None,
            (Severity::Warning, Some(Level::Deny)) => Some(Severity::Error),
            (severity, _) => Some(severity),
        }
    }

    /// Everything that is to be said, by file name, then place, then code, then words: the same text in the same order every time,
    /// and nothing twice.
    pub(crate) fn sorted<'d>(&'d self, sources: &Sources) -> Vec<Told<'d>> {
        let told = self.found.iter().filter_map(|one| {
            let code = one.mistake.code();
            Some(Told {
                code,
                severity: self.severity(code)?,
                at: one.at,
                words: one.mistake.words(),
                trace: &one.trace,
            })
        });
        let mut told: Vec<Told<'d>> = told.collect();
        let place = |at: Origin| (sources.get(at.source).name.as_str(), at.start, at.end);
        let compare = |a: &Told<'d>, b: &Told<'d>| {
            let places = a.at.map(place).cmp(&b.at.map(place));
            let code = places.then(a.code.cmp(&b.code));
            let words = code.then_with(|| a.words.cmp(&b.words));
            words.then_with(|| a.trace.cmp(b.trace))
        };
        told.sort_by(compare);
        told.dedup_by(|a, b| compare(a, b).is_eq());
        told
    }
}
