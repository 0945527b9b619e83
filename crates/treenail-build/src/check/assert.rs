//! `[[assert]]`: what has to hold of the composition.

use treenail_core::nearest::nearest;

use crate::bind::Bound;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{AssertionFailed, DeniedBySlip, Fact};
use crate::layer::{Layered, State};
use crate::model::{Claim, TypeExpr, Universe};
use crate::resolve::Resolved;
use crate::source::{Located, Origin};

/// Reports every assertion that does not hold. What is not known because of a mistake that was reported holds.
pub(super) fn check(
    universe: &Universe,
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    bound: &Bound,
    problems: &mut Diagnostics,
) {
    for (part, assertion) in &layered.assertions {
        let part = &layered.parts[*part];
        let applies = layered.facts.holds(assertion.when.as_ref(), part.package);
        if part.state != State::In || applies != Some(true) {
            continue;
        }
        let asked = Asked {
            universe,
            layered,
            resolved,
            bound,
        };
        let answer = |claim| asked.answer(claim);
        let all: Vec<_> = assertion.all.iter().map(answer).collect();
        let not: Vec<_> = assertion.not.iter().map(answer).collect();
        if all.iter().chain(&not).all(Option::is_some) {
            let denied = assertion.not.iter().zip(&not);
            let slips: Vec<_> = denied
                .filter_map(|(claim, answer)| slip(claim, answer))
                .collect();
            if !slips.is_empty() {
                slips
                    .into_iter()
                    .for_each(|(slip, at)| problems.report(slip, at));
                continue;
            }
        }
        let is_contradicted = all.iter().flatten().any(|(holds, _)| !holds);
        let holds = |answer: &Judged| matches!(answer, Some((true, _)));
        let is_refused = !not.is_empty() && not.iter().all(holds);
        if is_contradicted || is_refused {
            let known = all.into_iter().chain(not).flatten();
            let problem = AssertionFailed {
                message: assertion.message.clone(),
                found: known.map(|(_, fact)| fact).collect(),
            };
            problems.report(problem, assertion.at);
        }
    }
}

/// Whether a claim is true, and what is the case; `None` where that is not known because of a mistake.
type Judged = Option<(bool, Fact)>;

/// What the claims of one manifest are about.
struct Asked<'s, 'a> {
    universe: &'s Universe,
    layered: &'s Layered<'a>,
    resolved: &'s Resolved<'a>,
    bound: &'s Bound,
}

impl Asked<'_, '_> {
    fn answer(&self, claim: &Claim) -> Judged {
        match claim {
            Claim::Plugin(id) => self.plugin(&id.value),
            Claim::Component(id) => self.component(&id.value),
            Claim::Service(ty, count) => {
                let providers = self.providers(ty)?;
                let holds = count.contains(&providers.len());
                let service = ty.value.to_string();
                Some((holds, Fact::Service { service, providers }))
            }
        }
    }

    fn plugin(&self, id: &str) -> Judged {
        let part = self.layered.part(id).map(|part| &self.layered.parts[part]);
        let ids = self.layered.parts.iter().map(|part| part.id);
        let suggestion = self.layered.meant(id, ids, &|_| true);
        let is_doubtful = match part {
            Some(part) => matches!(part.state, State::Poisoned | State::LeftOut),
            None => self.layered.poison.may_be_plugin(id, suggestion.is_some()),
        };
        if is_doubtful {
            return None;
        }
        let packages = &self.universe.packages;
        let part = part.filter(|part| part.state == State::In);
        let version = part.map(|part| packages[part.package].version.to_string());
        let fact = Fact::Plugin {
            id: id.to_owned(),
            suggestion: suggestion.filter(|_| version.is_none()),
            version,
        };
        Some((part.is_some(), fact))
    }

    fn component(&self, id: &str) -> Judged {
        let aliases = &self.bound.aliases;
        let end = aliases.target(id);
        let there = aliases.component(id, self.resolved).is_some();
        let (plugin, name) = end.split_once(':').unwrap_or((end, ""));
        let part = self.layered.part(plugin);
        let is_doubtful = self.layered.poison.may_declare(plugin, name)
            || aliases.is_excused(id)
            || part.is_some_and(|part| {
                let state = &self.layered.parts[part].state;
                matches!(state, State::Poisoned | State::LeftOut)
            });
        if !there && is_doubtful {
            return None;
        }
        let ids = self.resolved.candidates.iter().map(|one| one.id.as_str());
        let fact = Fact::Component {
            id: id.to_owned(),
            there,
            suggestion: nearest(end, ids).filter(|_| !there),
        };
        Some((there, fact))
    }

    fn providers(&self, ty: &Located<TypeExpr>) -> Option<Vec<String>> {
        let (resolved, poison) = (self.resolved, &self.layered.poison);
        let service = *resolved.asserted.get(&ty.origin)?;
        let asked = &resolved.services[service];
        // What another version of the contract has may be what a mistake that was reported keeps out.
        let mut versions = resolved.services.indexed();
        let is_doubtful = versions.any(|(number, one)| {
            one.stem == asked.stem && (one.poisoned || self.bound.provisions[number].uncertain)
        });
        if is_doubtful || poison.may_provide(&ty.value) {
            return None;
        }
        let provision = &self.bound.provisions[service];
        let providers = provision.providers.iter();
        let ids = providers.map(|one| self.resolved.candidates[*one].id.clone());
        Some(ids.collect())
    }
}

/// What to say of a claim that is denied, and not true because of a slip in its name.
fn slip(claim: &Claim, answer: &Judged) -> Option<(DeniedBySlip, Origin)> {
    let (Claim::Plugin(id) | Claim::Component(id)) = claim else {
        return None;
    };
    let (Fact::Plugin { suggestion, .. } | Fact::Component { suggestion, .. }) =
        &answer.as_ref()?.1
    else {
        return None;
    };
    let problem = DeniedBySlip {
        id: id.value.clone(),
        suggestion: suggestion.clone()?,
    };
    Some((problem, id.origin))
}
