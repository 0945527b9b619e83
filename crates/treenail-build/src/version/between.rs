//! Plugins against each other: `requires` and `conflicts`.

use super::misfit::{Incompatible, fits, is_pre_release};
use super::plugin::Fitting;
use crate::diagnostic::mistake::{
    Conflict, PluginAbsence, RequiredPluginMissing, RequiredPluginVersion,
};
use crate::diagnostic::{Diagnostic, Hop, Needer};
use crate::index::IndexMap;
use crate::layer::{Part, PartIx, State, ids, indirect};
use crate::model::Constraint;

impl Fitting<'_, '_> {
    /// What is wrong between plugins: `requires`. That a plugin has to be added is said once, however many need it.
    pub(super) fn requirements(&self) -> Vec<Incompatible> {
        let mut misfits: Vec<Incompatible> = Vec::new();
        let mut to_add: IndexMap<PartIx, usize> = IndexMap::new();
        for (number, part, section) in self.sections() {
            for constraint in &section.requires {
                let (other, slip) = self.named(part, constraint);
                misfits.extend(slip.map(|slip| Incompatible::of(number, slip)));
                let Some(other) = other else { continue };
                let Some(mut diagnostic) = self.required(part, constraint, other) else {
                    continue;
                };
                let is_indirect = matches!(self.layered.parts[other].state, State::Indirect(_));
                let first = to_add.get(other).filter(|_| is_indirect).copied();
                match first {
                    Some(first) if !part.is_optional() => {
                        let hops = std::mem::take(&mut diagnostic.trace);
                        misfits[first].diagnostic.trace.extend(hops);
                        misfits[first].also.push(number);
                    }
                    _ => {
                        if is_indirect && !part.is_optional() {
                            to_add.insert(other, misfits.len());
                        }
                        misfits.push(Incompatible::of(number, diagnostic));
                    }
                }
            }
        }
        misfits
    }

    /// The plugin that a constraint is about; where it names none, what to say of that, and the one that was probably meant.
    fn named(
        &self,
        part: &Part<'_>,
        constraint: &Constraint,
    ) -> (Option<PartIx>, Option<Diagnostic>) {
        let layered = self.layered;
        let (name, at) = (&constraint.name.value, constraint.name.origin);
        if let Some(other) = layered.part(name) {
            return (Some(other), None);
        }
        if let Some((problem, at)) = layered.undeclared_needed(name) {
            return (None, Some(Diagnostic::new(problem, at)));
        }
        let required = part.section.map_or(&[][..], |section| &section.requires);
        let may_be = |id: &str| required.iter().all(|one| one.name.value != id);
        let ids = layered.parts.iter().map(|part| part.id);
        let suggestion = layered.meant(name, ids, &may_be);
        if layered.poison.may_be_plugin(name, suggestion.is_some()) {
            return (None, None);
        }
        if let Some(problem) = layered.feature_missing(name) {
            return (None, Some(Diagnostic::new(problem, at)));
        }
        let other = suggestion.as_deref().and_then(|id| layered.part(id));
        let id_at = |other: PartIx| Some(layered.parts[other].section?.id.origin);
        let suggestion = suggestion.map(|id| (id, other.and_then(id_at)));
        let problem = self.missing(part, constraint, PluginAbsence::Unknown { suggestion });
        (other, Some(Diagnostic::new(problem, at)))
    }

    fn missing(
        &self,
        part: &Part<'_>,
        constraint: &Constraint,
        absence: PluginAbsence,
    ) -> RequiredPluginMissing {
        RequiredPluginMissing {
            id: part.id.to_owned(),
            required: constraint.name.value.clone(),
            wanted: constraint.versions.value.to_string(),
            absence,
        }
    }

    /// What is wrong with the plugin that another one requires.
    fn required(
        &self,
        part: &Part<'_>,
        constraint: &Constraint,
        other: PartIx,
    ) -> Option<Diagnostic> {
        let other = &self.layered.parts[other];
        let missing = |absence| RequiredPluginMissing {
            required: other.id.to_owned(),
            ..self.missing(part, constraint, absence)
        };
        let at = constraint.name.origin;
        let problem = match &other.state {
            State::Off(at) => missing(PluginAbsence::Disabled(*at)),
            State::LeftOut => missing(PluginAbsence::LeftOut),
            State::Indirect(_) => {
                let problem = indirect(&self.discovery.universe, other, None);
                let hop = Hop {
                    who: Needer::Plugin {
                        id: part.id.to_owned(),
                        version: self.version(part).to_string(),
                    },
                    at: Some(at),
                };
                return Some(Diagnostic::new(problem, at).needed_by(vec![hop]));
            }
            State::In | State::Poisoned => {
                let found = &self.packages[other.package];
                let wanted = &constraint.versions.value;
                if fits(wanted, &found.version) {
                    return None;
                }
                let problem = RequiredPluginVersion {
                    id: part.id.to_owned(),
                    version: self.version(part).to_string(),
                    required: other.id.to_owned(),
                    package: found.name.clone(),
                    found: found.version.to_string(),
                    wanted: wanted.to_string(),
                    is_pre_release: is_pre_release(wanted, &found.version),
                };
                return Some(Diagnostic::new(problem, constraint.versions.origin));
            }
        };
        Some(Diagnostic::new(problem, at))
    }

    /// What is wrong between plugins: `conflicts`.
    pub(super) fn conflicts(&self) -> Vec<Incompatible> {
        let mut misfits = Vec::new();
        for (number, part, section) in self.sections() {
            for constraint in &section.conflicts {
                let name = &constraint.name;
                let named = self.layered.part(&name.value);
                // What is not there is in nobody's way; a package is a plugin by another name.
                let meant = || self.layered.of_package(&name.value);
                let Some(other) = named.or_else(meant) else {
                    continue;
                };
                if named.is_none() {
                    let others = self.layered.parts.iter().filter(|one| !one.own);
                    let meant = Some(self.layered.parts[other].id.to_owned());
                    let problem = self.layered.unknown(&name.value, ids(others), meant);
                    misfits.push(Incompatible::new(number, problem, name.origin));
                }
                misfits.extend(self.conflict(number, part, constraint, other));
            }
        }
        misfits
    }

    fn conflict(
        &self,
        number: PartIx,
        part: &Part<'_>,
        constraint: &Constraint,
        other_number: PartIx,
    ) -> Option<Incompatible> {
        let other = &self.layered.parts[other_number];
        let is_there = other_number != number && self.known.contains(other_number) && other.is_in();
        let version = self.version(other);
        if !is_there || !fits(&constraint.versions.value, version) {
            return None;
        }
        let problem = Conflict {
            id: part.id.to_owned(),
            other: other.id.to_owned(),
            version: version.to_string(),
            versions: constraint.versions.value.to_string(),
        };
        // The optional one of the two gives way.
        let loser = if other.is_optional() && !part.is_optional() {
            other_number
        } else {
            number
        };
        Some(Incompatible::new(loser, problem, constraint.name.origin))
    }
}
