//! `[[assert]]`: what has to hold of a composition.

use treenail_core::nearest::nearest;

use crate::bind::Bound;
use crate::compose::Inputs;
use crate::diagnostic::{Diagnostics, Fact, Problem};
use crate::layer::{Facts, Layered, Part, State};
use crate::model::{Condition, TypeExpr};
use crate::resolve::Resolved;
use crate::source::Located;

/// Reports every assertion that does not hold. What is not known because of a mistake that was reported holds.
pub(crate) fn check(
    inputs: &Inputs,
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    bound: &Bound,
    problems: &mut Diagnostics,
) {
    let facts = Facts::new(inputs);
    for (part, assertion) in &layered.assertions {
        let part = &layered.parts[*part];
        let applies = facts.holds(assertion.when.as_ref(), part.package, problems);
        if part.state != State::In || applies != Some(true) {
            continue;
        }
        let mut asker = Asker {
            inputs,
            layered,
            resolved,
            bound,
            facts,
            part,
            problems,
            found: Vec::new(),
        };
        if assertion.that.evaluate(&mut |atom| asker.atom(atom)) == Some(false) {
            let found = asker.found;
            let problem = Problem::AssertionFailed {
                message: assertion.message.clone(),
                found,
            };
            problems.report(problem, assertion.at);
        }
    }
}

/// Answers what one assertion asks.
struct Asker<'s, 'a> {
    inputs: &'a Inputs,
    layered: &'s Layered<'a>,
    resolved: &'s Resolved<'a>,
    bound: &'s Bound,
    facts: Facts<'a>,
    part: &'s Part<'a>,
    problems: &'s mut Diagnostics,
    found: Vec<Fact>,
}

impl Asker<'_, '_> {
    fn atom(&mut self, atom: &Condition) -> Option<bool> {
        match atom {
            Condition::Plugin(id, wanted) => {
                let version = self.plugin(&id.value)?;
                let fits = version.as_ref().is_some_and(|version| {
                    let wanted = wanted.as_ref();
                    wanted.is_none_or(|wanted| crate::version::fits(&wanted.value, version))
                });
                let ids = self.layered.parts.iter().map(|part| part.id);
                let suggestion = nearest(&id.value, ids).filter(|_| version.is_none());
                self.found.push(Fact::Plugin {
                    id: id.value.clone(),
                    version: version.map(|version| version.to_string()),
                    suggestion,
                });
                Some(fits)
            }
            Condition::Component(id) => self.component(id),
            Condition::Service(ty, count) => {
                let providers = self.providers(ty)?;
                let number = providers.len();
                self.found.push(Fact::Service {
                    service: ty.value.to_string(),
                    providers,
                });
                Some(match count {
                    Some(count) => (count.least..=count.most).contains(&number),
                    None => number > 0,
                })
            }
            Condition::Overlay(name) => self.overlay(name),
            Condition::Feature(name) => {
                let holds = self.facts.atom(atom, self.part.package, self.problems)?;
                self.found.push(Fact::Feature {
                    name: name.value.clone(),
                    on: holds,
                });
                Some(holds)
            }
            _ => {
                let holds = self.facts.atom(atom, self.part.package, self.problems)?;
                let text = match atom {
                    Condition::Property(name, value) => format!("{name} = {:?}", value.value),
                    Condition::Flag(name) => name.value.clone(),
                    _ => return Some(holds),
                };
                self.found.push(Fact::Target { text, holds });
                Some(holds)
            }
        }
    }

    /// The version of a plugin that takes part; nothing is known of one about which something was reported.
    fn plugin(&self, id: &str) -> Option<Option<semver::Version>> {
        let Some(part) = self.layered.part(id).map(|part| &self.layered.parts[part]) else {
            return (!self.layered.poison.may_name(id)).then_some(None);
        };
        let package = &self.inputs.discovery.universe.packages[part.package];
        match part.state {
            State::In => Some(Some(package.version.clone())),
            State::Poisoned => None,
            _ => Some(None),
        }
    }

    fn component(&mut self, id: &Located<String>) -> Option<bool> {
        let aliases = &self.bound.aliases;
        let end = aliases.target(&id.value);
        let there = aliases.meant(&id.value, self.resolved).is_some();
        let (plugin, name) = end.split_once(':').unwrap_or((end, ""));
        let poison = &self.layered.poison;
        let part = self.layered.part(plugin);
        let doubtful = poison.may_declare(plugin, name)
            || aliases.is_excused(&id.value)
            || part.is_some_and(|part| self.layered.parts[part].state == State::Poisoned);
        if !there && doubtful {
            return None;
        }
        let ids = self.resolved.candidates.iter().map(|one| one.id.as_str());
        self.found.push(Fact::Component {
            id: id.value.clone(),
            there,
            suggestion: nearest(end, ids).filter(|_| !there),
        });
        Some(there)
    }

    fn providers(&mut self, ty: &Located<TypeExpr>) -> Option<Vec<String>> {
        let names = &self.resolved.names;
        let strange = ty.value.externs().into_iter();
        if let Some(name) = strange
            .into_iter()
            .find(|name| names.lookup(self.part, name).is_none())
        {
            let problem = names.not_a_dependency(self.part, name);
            self.problems.report(problem, ty.origin);
            return None;
        }
        let key = names.key(&ty.value, self.part)?;
        let mut services = self.resolved.services.iter();
        let Some(service) = services.position(|service| service.key == key) else {
            let last = ty.value.last_ident();
            let doubtful = self.layered.poison.may_provide(&ty.value)
                || self.resolved.lost_provides.contains(last);
            return (!doubtful).then(Vec::new);
        };
        let provision = &self.bound.provisions[service];
        let providers = provision.providers.iter();
        let ids = providers.map(|one| self.resolved.candidates[*one].id.clone());
        (!provision.uncertain).then(|| ids.collect())
    }

    fn overlay(&mut self, name: &Located<String>) -> Option<bool> {
        let all = &self.inputs.host.overlays;
        let known = all.iter().map(|one| one.name.value.as_str());
        if self.part.own && !known.clone().any(|known| known == name.value) {
            if !self.inputs.host.layer.poison.may_name(&name.value) {
                let problem = Problem::UnknownOverlay {
                    name: name.value.clone(),
                    suggestion: nearest(&name.value, known.clone()),
                    known: known.map(str::to_owned).collect(),
                };
                self.problems.report(problem, name.origin);
            }
            return None;
        }
        let mut chosen = self.layered.overlays.iter();
        let on = chosen.any(|overlay| overlay.name.value == name.value);
        self.found.push(Fact::Overlay {
            name: name.value.clone(),
            on,
        });
        Some(on)
    }
}
