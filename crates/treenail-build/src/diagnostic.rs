//! What can be wrong with a composition, as data. The words stand in `report.rs`, and nowhere else.

mod code;
mod fault;
pub(crate) mod lint;
mod problem;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Level;
use crate::source::{Origin, Sources};

pub(crate) use code::Code;
pub(crate) use fault::{
    Absence, AliasFault, CargoFault, ComponentUse, ConditionFault, Cure, CycleStep, Fact, Fit,
    Gone, Idle, IdleOverlay, KeyCure, MetadataFault, Misfit, NameFault, NameOf, Named, NearMiss,
    PathFault, Way,
};
pub(crate) use problem::Problem;

/// One mistake, with the places that show it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Diagnostic {
    /// What is wrong.
    pub(crate) problem: Problem,
    /// Where; `None` only where no file could be read.
    pub(crate) at: Option<Origin>,
    /// Why it is needed, one hop per line: from what is wrong up to what the host uses.
    pub(crate) trace: Vec<Hop>,
}

/// One step of the way from a requirement up to the host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hop {
    /// Who needs it, in words that follow "needed by": "`poller:Poller` as `tickets`".
    pub(crate) what: String,
    /// Where that is written.
    pub(crate) at: Option<Origin>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// There is no composition.
    Error,
    /// There is one, but probably not the one that was meant.
    Warning,
}

impl Hop {
    /// A package whose Cargo.toml says so: the file is named where its line is not known.
    pub(crate) fn of_package(
        package: &str,
        file: &str,
        does: &str,
        at: impl Into<Option<Origin>>,
    ) -> Self {
        let at = at.into();
        let what = match at {
            Some(_) => format!("`{package}`, which {does}"),
            None => format!("`{package}` ({file}), which {does}"),
        };
        Self { what, at }
    }
}

impl Diagnostic {
    /// A mistake at a place.
    pub(crate) fn new(problem: Problem, at: impl Into<Option<Origin>>) -> Self {
        Self {
            problem,
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

/// The accumulator every stage reports into. Order and duplicates do not matter: [`Diagnostics::sorted`] settles both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Diagnostics {
    found: BTreeSet<Diagnostic>,
    /// What `[lints]` makes of warnings, by code.
    levels: BTreeMap<Code, Level>,
}

impl Diagnostics {
    /// Adds a mistake.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.found.insert(diagnostic);
    }

    /// Adds a mistake at a place, needed by nobody in particular.
    pub(crate) fn report(&mut self, problem: Problem, at: impl Into<Option<Origin>>) {
        self.push(Diagnostic::new(problem, at));
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
        self.levels.insert(code, level);
    }

    /// Takes out those that are not worth a report beside others. They are asked for in their own order.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&Problem) -> bool) {
        self.found.retain(|one| keep(&one.problem));
    }

    /// Whether a mistake with this code was reported.
    pub(crate) fn has(&self, code: Code) -> bool {
        self.found.iter().any(|one| one.problem.code() == code)
    }

    /// How bad a mistake is here; `None` where nothing is to be said about it.
    pub(crate) fn severity(&self, one: &Diagnostic) -> Option<Severity> {
        match (one.problem.severity(), self.levels.get(&one.problem.code())) {
            (Severity::Warning, Some(Level::Allow)) => None,
            (Severity::Warning, Some(Level::Deny)) => Some(Severity::Error),
            (severity, _) => Some(severity),
        }
    }

    /// Everything, by file name, then place, then code: the same text in the same order every time.
    pub(crate) fn sorted<'a>(&'a self, sources: &'a Sources) -> Vec<&'a Diagnostic> {
        let said = |one: &&Diagnostic| self.severity(one).is_some();
        let mut all: Vec<&Diagnostic> = self.found.iter().filter(said).collect();
        all.sort_by_key(|one| {
            let place = one
                .at
                .map(|at| (sources.get(at.source).name.as_str(), at.start, at.end));
            (place, one.problem.code())
        });
        all
    }
}
