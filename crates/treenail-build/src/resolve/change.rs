//! `[override]`: what the host and the overlays change about the components that plugins declare.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use treenail_core::nearest::nearest;

use super::{Candidate, Off, Resolver, ServiceIx};
use crate::compose::Inputs;
use crate::diagnostic::{OverrideFault, Problem};
use crate::layer::{Contradicted, Facts, Layered, Part, Stated, strongest};
use crate::model::{ListEdit, Override, TypeExpr};
use crate::source::Located;

/// Applies what is said about each candidate, and leaves out those that are switched off.
pub(super) fn apply<'a>(
    inputs: &'a Inputs,
    layered: &Layered<'a>,
    resolver: &mut Resolver<'a, '_>,
    candidates: Vec<Candidate<'a>>,
    absent: &mut Vec<Candidate<'a>>,
) -> Vec<Candidate<'a>> {
    let mut changes = Changes {
        facts: Facts::new(inputs),
        layered,
        host: &layered.parts[layered.own()],
        resolver,
    };
    let mut by_id: BTreeMap<&str, Vec<&Stated<'a, Override>>> = BTreeMap::new();
    for one in &layered.overrides {
        by_id.entry(&one.what.id.value).or_default().push(one);
    }
    let mut kept = Vec::new();
    for mut candidate in candidates {
        let stated = by_id.remove(candidate.id.as_str()).unwrap_or_default();
        let is_there = changes.apply(&stated, &mut candidate);
        candidate.quiet |= layered.poison.overrides.contains(&candidate.id);
        if is_there {
            kept.push(candidate);
        } else {
            absent.push(candidate);
        }
    }
    kept
}

/// Whether nothing about it has been reported: what its lists do not hold may have been lost.
fn is_known(candidate: &Candidate<'_>) -> bool {
    !candidate.quiet && !candidate.decl.partial
}

struct Changes<'s, 'a, 'p> {
    facts: Facts<'a>,
    layered: &'s Layered<'a>,
    /// Who states them: types are in the host's words.
    host: &'s Part<'a>,
    resolver: &'s mut Resolver<'a, 'p>,
}

impl<'a> Changes<'_, 'a, '_> {
    /// Whether the component is still there.
    fn apply(&mut self, stated: &[&Stated<'a, Override>], candidate: &mut Candidate<'a>) -> bool {
        if stated.is_empty() {
            return true;
        }
        let mut switches = Vec::new();
        for one in stated {
            let Some(enabled) = &one.what.enabled else {
                continue;
            };
            let (at, who) = (enabled.value.origin, (one.rank, one.part));
            match self.holds(enabled.when.as_ref()) {
                Some(true) => {
                    switches.push(Stated::new(&enabled.value.value, at, who, enabled.priority));
                }
                Some(false) => {}
                None => candidate.quiet = true,
            }
        }
        let id = candidate.id.clone();
        let about = || format!("whether component `{id}` is enabled");
        match strongest(&switches, about, bool::to_string, self.resolver.problems) {
            Ok(Some(best)) if !best.what => {
                candidate.off = Some(Off::Override(best.at));
                return false;
            }
            Ok(_) => {}
            Err(_) => candidate.quiet = true,
        }
        self.provides(stated, candidate);
        // Whatever a line of `[plugins]` that could not be read says of a plugin, its components are known.
        let part = self.layered.parts[candidate.part].id;
        let is_loud = !candidate.quiet || self.layered.poison.rules.contains(part);
        let loud = (is_loud && !candidate.decl.partial, is_loud);
        match self.edits(stated, ("before", &id), |one| one.before.as_ref()) {
            Ok(before) => self.names(("before", &id, loud), &before, &mut candidate.before),
            Err(Contradicted) => candidate.before.clear(),
        }
        match self.edits(stated, ("after", &id), |one| one.after.as_ref()) {
            Ok(after) => self.names(("after", &id, loud), &after, &mut candidate.after),
            Err(Contradicted) => candidate.after.clear(),
        }
        true
    }

    fn holds(&mut self, when: Option<&crate::model::Condition>) -> Option<bool> {
        let package = self.host.package;
        self.facts.holds(when, package, self.resolver.problems)
    }

    /// The edits of one list that count, from the weakest to the strongest. Two that replace it contradict each other where
    /// they differ and are equally strong.
    fn edits<T: ToString>(
        &mut self,
        stated: &[&Stated<'a, Override>],
        (key, component): (&str, &str),
        get: impl Fn(&'a Override) -> Option<&'a ListEdit<T>>,
    ) -> Result<Vec<&'a ListEdit<T>>, Contradicted> {
        let mut edits: Vec<Stated<'a, ListEdit<T>>> = Vec::new();
        for one in stated {
            if let Some(edit) = get(one.what)
                && self.holds(edit.when.as_ref()) == Some(true)
            {
                let who = (one.rank, one.part);
                edits.push(Stated::new(edit, edit.at, who, edit.priority));
            }
        }
        let replacing = edits.iter().filter(|edit| edit.what.value.is_some());
        let about = || format!("`{key}` of component `{component}`");
        strongest(
            &replacing.copied().collect::<Vec<_>>(),
            about,
            listed,
            self.resolver.problems,
        )?;
        edits.sort_by_key(|edit| (Reverse(edit.priority), edit.rank, edit.at));
        Ok(edits.into_iter().map(|edit| edit.what).collect())
    }

    fn names(
        &mut self,
        (key, component, (is_known, is_loud)): (&str, &str, (bool, bool)),
        edits: &[&'a ListEdit<String>],
        list: &mut Vec<Located<String>>,
    ) {
        for edit in edits {
            if let Some(value) = &edit.value {
                list.clone_from(value);
            }
            for name in &edit.remove {
                let before = list.len();
                list.retain(|one| one.value != name.value);
                if list.len() == before && is_known {
                    let held = list.iter().map(|one| one.value.clone()).collect();
                    self.not_in_list(key, component, name, held);
                }
            }
            for name in &edit.append {
                if list.iter().all(|one| one.value != name.value) {
                    list.push(name.clone());
                } else if is_loud {
                    self.in_list(key, component, name);
                }
            }
        }
    }

    /// A component can provide less than it declares, and no more: its crate has no more to hand out.
    fn provides(&mut self, stated: &[&Stated<'a, Override>], candidate: &mut Candidate<'a>) {
        let declared = candidate.provides.clone();
        let before = self.resolver.problems.len();
        let edits = self.edits(stated, ("provides", &candidate.id), |one| {
            one.provides.as_ref()
        });
        let Ok(edits) = edits else {
            // What it still provides is not known.
            candidate.quiet = true;
            return;
        };
        for edit in edits {
            if let Some(value) = &edit.value {
                candidate.provides = self.declared(value, candidate, &declared);
            }
            for ty in &edit.remove {
                let Some(service) = self.resolver.service(ty, self.host, true) else {
                    continue;
                };
                let held = candidate.provides.len();
                candidate.provides.retain(|(one, _)| *one != service);
                if candidate.provides.len() == held && is_known(candidate) {
                    let held = candidate.provides.iter();
                    let held = held.map(|(one, _)| self.resolver.services[*one].display.clone());
                    let (held, text) = (held.collect(), ty.value.to_string());
                    let name = Located {
                        value: text,
                        origin: ty.origin,
                    };
                    let id = candidate.id.clone();
                    self.not_in_list("provides", &id, &name, held);
                }
            }
            for ty in &edit.append {
                let ty = std::slice::from_ref(ty);
                for added in self.declared(ty, candidate, &declared) {
                    if candidate.provides.iter().all(|(one, _)| *one != added.0) {
                        candidate.provides.push(added);
                    } else if !candidate.quiet {
                        let id = candidate.id.clone();
                        self.in_list("provides", &id, &ty[0]);
                    }
                }
            }
        }
        if self.resolver.problems.len() > before {
            candidate.provides = declared;
        }
    }

    /// Those of these services that the component declares; the others are reported.
    fn declared(
        &mut self,
        types: &[Located<TypeExpr>],
        candidate: &Candidate<'_>,
        declared: &[(ServiceIx, crate::source::Origin)],
    ) -> Vec<(ServiceIx, crate::source::Origin)> {
        let mut found = Vec::new();
        for ty in types {
            let Some(service) = self.resolver.service(ty, self.host, true) else {
                continue;
            };
            if let Some(one) = declared.iter().find(|(one, _)| *one == service) {
                found.push(*one);
            } else if is_known(candidate) {
                let services = &self.resolver.services;
                let problem = Problem::DoesNotProvide {
                    id: candidate.id.clone(),
                    service: ty.value.to_string(),
                    provides: declared
                        .iter()
                        .map(|(one, _)| services[*one].display.clone())
                        .collect(),
                    declared: Some(candidate.decl.name.origin),
                    changed: true,
                };
                self.resolver.problems.report(problem, ty.origin);
            }
        }
        found
    }

    fn in_list<T: ToString>(&mut self, key: &str, component: &str, entry: &Located<T>) {
        let problem = Problem::OverridesNothing {
            name: entry.value.to_string(),
            suggestion: None,
            fault: OverrideFault::InList {
                key: key.to_owned(),
                component: component.to_owned(),
            },
        };
        self.resolver.problems.report(problem, entry.origin);
    }

    fn not_in_list(
        &mut self,
        key: &str,
        component: &str,
        name: &Located<String>,
        list: Vec<String>,
    ) {
        let problem = Problem::OverridesNothing {
            name: name.value.clone(),
            suggestion: nearest(&name.value, list.iter().map(String::as_str)),
            fault: OverrideFault::NotInList {
                key: key.to_owned(),
                component: component.to_owned(),
                list,
            },
        };
        self.resolver.problems.report(problem, name.origin);
    }
}

/// What a list is replaced by, as it is written.
fn listed<T: ToString>(edit: &ListEdit<T>) -> String {
    let entries = edit.value.iter().flatten();
    let entries = entries.map(|one| one.value.to_string());
    format!("{:?}", entries.collect::<Vec<_>>())
}
