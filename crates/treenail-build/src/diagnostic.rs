//! What can be wrong with a composition: each mistake with its code and its words in `mistake/`, and the list of those found.

mod code;
#[cfg(feature = "inspect")]
mod decision;
mod hop;
pub(crate) mod lint;
pub(crate) mod mistake;
mod words;

use std::collections::BTreeSet;

use crate::model::Level;
use crate::sort::sort_by;
use crate::source::{Origin, Sources};

pub(crate) use code::Code;
pub use code::Severity;
#[cfg(feature = "inspect")]
pub(crate) use decision::Decision;
pub(crate) use hop::{Dependent, Hop, Needer};
pub(crate) use mistake::Mistake;
pub(crate) use words::{Words, not_shown};

/// A mistake as it is told. Nothing else of it is kept: two of which the same is said are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    /// The code.
    pub(crate) code: Code,
    /// The words.
    pub(crate) words: Words,
    /// How bad it is where `[lints]` says nothing.
    severity: Severity,
}

impl<M: Mistake> From<M> for Told {
    fn from(mistake: M) -> Self {
        Self {
            code: M::CODE,
            words: mistake.words(),
            severity: mistake.severity(),
        }
    }
}

/// One mistake, with the places that show it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Diagnostic {
    /// Where; `None` only where no file could be read.
    pub(crate) at: Option<Origin>,
    /// What is wrong.
    pub(crate) told: Told,
    /// Why it is needed, one hop per line: from what is wrong up to what the host uses.
    pub(crate) trace: Vec<Hop>,
}

impl Diagnostic {
    /// A mistake at a place.
    pub(crate) fn new(mistake: impl Into<Told>, at: impl Into<Option<Origin>>) -> Self {
        Self {
            at: at.into(),
            told: mistake.into(),
            trace: Vec::new(),
        }
    }

    /// Adds the reason why what is wrong is needed.
    #[must_use]
    pub(crate) fn needed_by(mut self, trace: Vec<Hop>) -> Self {
        self.trace = trace;
        self
    }
}

/// The accumulator every stage reports into. Order and duplicates do not matter: [`Diagnostics::sorted`] settles both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Diagnostics {
    found: Vec<Diagnostic>,
    /// What `[lints]` makes of warnings, by code.
    levels: Vec<(Code, Level)>,
    /// Which statements counted.
    #[cfg(feature = "inspect")]
    decisions: Vec<Decision>,
}

impl Diagnostics {
    /// Adds a mistake.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds a mistake at a place, needed by nobody in particular.
    pub(crate) fn report(&mut self, mistake: impl Into<Told>, at: impl Into<Option<Origin>>) {
        self.push(Diagnostic::new(mistake.into(), at.into()));
    }

    /// Notes which of several statements counted.
    #[cfg(feature = "inspect")]
    pub(crate) fn decide(&mut self, decision: Decision) {
        self.decisions.push(decision);
    }

    /// Which statements counted, each once, by what they are about.
    #[cfg(feature = "inspect")]
    pub(crate) fn decisions(&self) -> Vec<&Decision> {
        let mut all: Vec<&Decision> = self.decisions.iter().collect();
        sort_by(&mut all, |one, other| one.about.cmp(&other.about));
        all.dedup_by(|one, other| one.about == other.about);
        all
    }

    /// Takes in what was reported elsewhere, as bad as it is there.
    pub(crate) fn take_in(&mut self, other: &Self) {
        for one in &other.found {
            if let Some(severity) = other.severity(one) {
                let mut one = one.clone();
                one.told.severity = severity;
                self.push(one);
            }
        }
    }

    /// Leaves out what was taken in from `other` and is told here in other words, or at another place in the
    /// same file.
    pub(crate) fn leave_out_doubles(&mut self, other: &Self) {
        let taken: BTreeSet<&Diagnostic> = other.found.iter().collect();
        let of = |one: &Diagnostic| {
            let file = one.at.map(|at| at.source);
            (one.told.code, file, one.told.words.title.clone())
        };
        let own = self.found.iter().filter(|one| !taken.contains(one));
        let own: BTreeSet<_> = own.map(of).collect();
        self.found
            .retain(|one| !taken.contains(one) || !own.contains(&of(one)));
    }

    /// Says of what is to be done in a Cargo.toml where an edition has it.
    pub(crate) fn in_edition(&mut self) {
        let all = self.found.iter_mut();
        all.for_each(|one| one.told.words.in_edition());
    }

    /// Keeps errors only.
    pub(crate) fn forget_warnings(&mut self) {
        let found = std::mem::take(&mut self.found).into_iter();
        let errors = found.filter(|one| self.severity(one) == Some(Severity::Error));
        self.found = errors.collect();
    }

    /// Whether nothing was reported.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many were reported.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether something keeps the composition from being built.
    pub(crate) fn has_errors(&self) -> bool {
        let is_error = |one: &Diagnostic| self.severity(one) == Some(Severity::Error);
        self.found.iter().any(is_error)
    }

    /// Decides what becomes of the warnings with this code.
    pub(crate) fn level(&mut self, code: Code, level: Level) {
        self.levels.push((code, level));
    }

    /// Leaves this at the first place only where it was reported. Whether it was.
    pub(crate) fn keep_first(&mut self, told: &Told) -> bool {
        let all = self.found.iter().filter(|one| one.told == *told);
        let Some(first) = all.min().cloned() else {
            return false;
        };
        self.found.retain(|one| one.told != *told);
        self.found.push(first);
        true
    }

    /// Whether a mistake with this code was reported.
    pub(crate) fn has(&self, code: Code) -> bool {
        self.found.iter().any(|one| one.told.code == code)
    }

    /// How bad a mistake is here; `None` where nothing is to be said about it.
    pub(crate) fn severity(&self, one: &Diagnostic) -> Option<Severity> {
        let code = one.told.code;
        let level = self.levels.iter().find(|(about, _)| *about == code);
        match (one.told.severity, level) {
            (Severity::Warning, Some((_, Level::Allow))) => None,
            (Severity::Warning, Some((_, Level::Deny))) => Some(Severity::Error),
            (severity, _) => Some(severity),
        }
    }

    /// Everything that is to be said, with how bad it is; by file name, then place, then code, then words: the same text in the
    /// same order every time.
    pub(crate) fn sorted<'d>(&'d self, sources: &Sources) -> Vec<(&'d Diagnostic, Severity)> {
        let all = self.found.iter();
        let all = all.filter_map(|one| Some((one, self.severity(one)?)));
        let mut all: Vec<(&Diagnostic, Severity)> = all.collect();
        let key = |one: &'d Diagnostic| {
            let at = one.at;
            let place = at.map(|at| (sources.get(at.source).name.as_str(), at.start, at.end));
            (place, one.told.code, one)
        };
        sort_by(&mut all, |(a, _), (b, _)| key(a).cmp(&key(b)));
        all.dedup();
        all
    }
}
