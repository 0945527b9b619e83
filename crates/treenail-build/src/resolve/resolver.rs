//! Looks up the types that manifests name.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::names::Names;
use super::resolved::{Binds, Candidate, Off, ServiceType, ServiceTypeIx};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{About, TypeDeclaredTwice};
use crate::index::{IndexMap, IndexVec};
use crate::key_map::KeyMap;
use crate::layer::{Layered, Part, PartIx, Rank, State, Stated, strongest};
use crate::model::{Bind, Claim, ComponentDecl, PackageIx, Poison, TypeExpr, plugin_of};
use crate::source::{Located, Origin};

/// Looks types up, and remembers what it found.
pub(super) struct Resolver<'a, 'p> {
    pub(super) names: Names<'a>,
    pub(super) services: IndexVec<ServiceTypeIx, ServiceType>,
    by_key: KeyMap<String, ServiceTypeIx>,
    /// By package: extern names that it does not have, and that were reported.
    missing: IndexMap<PackageIx, BTreeSet<String>>,
    /// What could not be resolved.
    pub(super) poison: Poison,
    pub(super) problems: &'p mut Diagnostics,
}

impl<'a, 'p> Resolver<'a, 'p> {
    pub(super) fn new(names: Names<'a>, problems: &'p mut Diagnostics) -> Self {
        Self {
            names,
            services: IndexVec::new(),
            by_key: KeyMap::new(),
            missing: IndexMap::new(),
            poison: Poison::default(),
            problems,
        }
    }

    /// The components that are there, and those that are not.
    pub(super) fn components(
        &mut self,
        layered: &Layered<'a>,
    ) -> (Vec<Candidate<'a>>, Vec<Candidate<'a>>) {
        let (mut candidates, mut absent) = (Vec::new(), Vec::new());
        // By type: the last component of it, with its plugin.
        let mut types: IndexMap<ServiceTypeIx, (PartIx, &ComponentDecl)> = IndexMap::new();
        for (number, part) in layered.parts.indexed() {
            for decl in &part.components {
                let mut candidate = self.candidate(number, part, decl);
                if !part.is_in() {
                    absent.push(candidate);
                    continue;
                }
                let before = candidate
                    .own
                    .and_then(|own| types.insert(own, (number, decl)));
                if let Some((_, first)) = before.filter(|(plugin, _)| *plugin == number) {
                    self.declared_twice(first, decl);
                    candidate.quiet = true;
                }
                self.switch(layered, &mut candidate);
                if candidate.off.is_some() {
                    absent.push(candidate);
                } else {
                    candidates.push(candidate);
                }
            }
            for (decl, lacks) in &part.dormant {
                let mut candidate = self.candidate(number, part, decl);
                candidate.off = Some(Off::When(lacks.clone()));
                absent.push(candidate);
            }
        }
        (candidates, absent)
    }

    /// The services of which the host asks for everyone who provides them.
    pub(super) fn host_all(&mut self, layered: &Layered<'a>) -> Vec<(ServiceTypeIx, Origin)> {
        let Some(own) = layered.parts.iter().find(|part| part.own) else {
            return Vec::new();
        };
        let services = layered.host.all.iter();
        let found = services.filter_map(|ty| Some((self.service(ty, own)?, ty.origin)));
        found.collect()
    }

    /// The services that assertions speak of.
    pub(super) fn asserted(&mut self, layered: &Layered<'a>) -> KeyMap<Origin, ServiceTypeIx> {
        let mut asserted = KeyMap::new();
        for (part, assertion) in &layered.assertions {
            let part = &layered.parts[*part];
            let applies = layered.facts.holds(assertion.when.as_ref(), part.package);
            if part.state != State::In || applies != Some(true) {
                continue;
            }
            for claim in assertion.all.iter().chain(&assertion.not) {
                if let Claim::Service(ty, _) = claim
                    && let Some(service) = self.service(ty, part)
                {
                    asserted.insert(ty.origin, service);
                }
            }
        }
        asserted
    }

    /// The line in force for every service.
    pub(super) fn binds(&mut self, layered: &Layered<'a>) -> Binds<'a> {
        let mut stated: IndexMap<ServiceTypeIx, Vec<Stated<'a, Bind>>> = IndexMap::new();
        for bind in &layered.binds {
            let (service, provider) = (&bind.what.service, &bind.what.provider.value);
            // What a plugin chooses by itself counts only where it is there to be chosen.
            let plugin = plugin_of(&provider.value);
            let is_there = layered
                .part(plugin)
                .is_some_and(|part| layered.parts[part].is_in());
            if bind.rank == Rank::Plugin && !is_there {
                continue;
            }
            let part = &layered.parts[bind.part];
            match self.service(service, part) {
                Some(found) => stated.entry(found).get_or_insert_default().push(*bind),
                None => self.poison.binds.absorb([service.value.last_ident()]),
            }
        }
        let mut binds = IndexMap::new();
        for (service, lines) in stated.iter() {
            let display = self.services[service].display.clone();
            let about = About::Provider(display.clone());
            let shown = |bind: &Bind| bind.provider.value.value.clone();
            match strongest(lines, about, shown, self.problems) {
                Ok(Some(best)) => {
                    let Bind {
                        service: ty,
                        provider,
                    } = best.what;
                    binds.insert(service, (ty, &provider.value));
                }
                Ok(None) => {}
                Err(_) => {
                    let name = self.services[service].ty.last_ident();
                    self.poison.binds.absorb([name]);
                }
            }
        }
        binds
    }

    /// Applies what `[override]` says of a component.
    fn switch(&mut self, layered: &Layered<'_>, candidate: &mut Candidate<'_>) {
        let id = candidate.id.as_str();
        candidate.quiet |= layered.poison.overrides.contains(id);
        let stated = layered.enabled.get(id).map_or(&[][..], Vec::as_slice);
        let about = About::ComponentIsEnabled(id.to_owned());
        match strongest(stated, about, bool::to_string, self.problems) {
            Ok(Some(line)) if !line.what => candidate.off = Some(Off::Override(line.at)),
            Ok(_) => {}
            Err(_) => candidate.quiet = true,
        }
    }

    fn candidate(
        &mut self,
        number: PartIx,
        part: &Part<'a>,
        decl: &'a ComponentDecl,
    ) -> Candidate<'a> {
        let own = self.service(&decl.ty, part);
        let mut provides = Vec::new();
        for ty in &decl.provides {
            if let Some(service) = self.service(ty, part) {
                provides.push((service, ty.origin));
            } else if part.is_in() {
                self.poison.provides.absorb([ty.value.last_ident()]);
            }
        }
        let needs = decl.needs.iter();
        let needs = needs
            .map(|need| self.service(&need.service, part))
            .collect();
        let decorates = decl.decorate.as_ref();
        let decorates = decorates.and_then(|ty| self.service(ty, part));
        for ty in decl.config.iter().chain(&decl.params) {
            self.check_crates(ty, part);
        }
        Candidate {
            id: format!("{}:{}", part.id, decl.name.value),
            part: number,
            decl,
            own,
            provides,
            needs,
            decorates,
            off: None,
            quiet: part.state != State::In || own.is_none(),
        }
    }

    /// The service that a manifest names. A crate that its package does not have is reported where the plugin takes part, and taken
    /// for the one that was meant; `None` where that is not known.
    pub(super) fn service(
        &mut self,
        ty: &Located<TypeExpr>,
        part: &Part<'_>,
    ) -> Option<ServiceTypeIx> {
        let mut value = Cow::Borrowed(&ty.value);
        if self.names.key(&value, part).is_none() {
            self.check_crates(ty, part);
            value = Cow::Owned(self.names.corrected(&value, part)?);
        }
        let key = self.names.key(&value, part)?;
        if let Some(known) = self.by_key.get(&key) {
            return Some(*known);
        }
        let index = self.services.push(ServiceType {
            stem: self.names.stem(&value, part)?,
            package: self.names.package(&value, part),
            named_by: part.package,
            display: self.names.display(&value, part),
            host_path: self.names.host_path(&value, part),
            key: key.clone(),
            poisoned: false,
            ty: value.into_owned(),
        });
        self.by_key.insert(key, index);
        Some(index)
    }

    /// Reports the crates that a type names and its package does not have, once for each name.
    pub(super) fn check_crates(&mut self, ty: &Located<TypeExpr>, part: &Part<'_>) {
        if part.state != State::In {
            return;
        }
        for name in ty.value.externs() {
            let is_missing = self.names.lookup(part, name).is_none();
            let missing = self.missing.entry(part.package).get_or_insert_default();
            if is_missing && missing.insert(name.to_owned()) {
                let problem = self.names.not_a_dependency(part, name);
                self.problems.report(problem, ty.origin);
            }
        }
    }

    fn declared_twice(&mut self, first: &ComponentDecl, second: &ComponentDecl) {
        let problem = TypeDeclaredTwice {
            ty: second.ty.value.to_string(),
            first: first.name.value.clone(),
            second: second.name.value.clone(),
            first_at: first.ty.origin,
        };
        self.problems.report(problem, second.ty.origin);
    }
}
