//! Finds components by the names that manifests use for them.

use super::alias::Aliases;
use super::unknown::unknown_component;
use treenail_core::nearest::nearest;

use crate::diagnostic::mistake::{ComponentUse, DoesNotProvide, Named};
use crate::diagnostic::{Diagnostics, Told};
use crate::layer::Layered;
use crate::model::TypeExpr;
use crate::resolve::{CandidateIx, Resolved, ServiceTypeIx};
use crate::source::{Located, Origin};

/// What a name may stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lookup<'s, 'a> {
    /// The plugins.
    pub(crate) layered: &'s Layered<'a>,
    /// The components.
    pub(crate) resolved: &'s Resolved<'a>,
    /// Their further names.
    pub(crate) aliases: &'s Aliases,
}

/// A name that leads nowhere: what to say of it, where a mistake that was reported is not the reason.
pub(crate) type NotFound = Option<Box<Told>>;

/// A name that says who provides a service.
#[derive(Debug, Clone, Copy)]
pub(super) struct ProviderName<'n> {
    /// The name.
    pub(super) name: &'n str,
    /// Where it stands.
    pub(super) used: ComponentUse,
    /// The service.
    pub(super) service: ServiceTypeIx,
    /// The service as it is written there.
    pub(super) written: &'n TypeExpr,
}

impl Lookup<'_, '_> {
    /// The component that a name means.
    pub(super) fn find(self, name: &str, used: ComponentUse) -> Result<CandidateIx, NotFound> {
        self.find_among(name, used, &|_| true)
    }

    /// The component that a name means; of those that are there, these may have been meant.
    pub(super) fn find_among(
        self,
        name: &str,
        used: ComponentUse,
        may_be: &dyn Fn(&str) -> bool,
    ) -> Result<CandidateIx, NotFound> {
        let found = self.aliases.component(name, self.resolved);
        found.ok_or_else(|| {
            let id = self.aliases.target(name);
            let is_excused =
                self.aliases.is_excused(name) || self.is_left_out(id) && may_be_left_out(used);
            if is_excused {
                return None;
            }
            let further = &self.aliases.targets;
            let problem = unknown_component(self.layered, self.resolved, id, used, further, may_be);
            problem.map(Box::new)
        })
    }

    /// The component that a name means; one that is not there is reported.
    pub(crate) fn component(
        self,
        name: &Located<String>,
        used: ComponentUse,
        problems: &mut Diagnostics,
    ) -> Option<CandidateIx> {
        let found = self.find(&name.value, used);
        found.map_err(|none| report(none, name, problems)).ok()
    }

    /// The component that a name means, if it provides the service that it is named for.
    pub(super) fn provider(self, wanted: ProviderName<'_>) -> Result<CandidateIx, NotFound> {
        let provides = |id: &str| {
            let component = self.aliases.component(id, self.resolved);
            component.is_some_and(|one| self.resolved.candidates[one].provides(wanted.service))
        };
        let found = self.find_among(wanted.name, wanted.used, &provides);
        let found = found.map_err(|none| none.filter(|_| !self.may_be_misnamed(wanted)))?;
        let candidate = &self.resolved.candidates[found];
        if candidate.provides(wanted.service) {
            return Ok(found);
        }
        let (ty, poison) = (
            &self.resolved.services[wanted.service],
            &self.layered.poison,
        );
        // One of the services that it states may be this one, by a name that its package does not have.
        let is_unresolved = candidate.provides.len() < candidate.decl.provides.len();
        // Two components may have been given one name: then the other one may be meant.
        let (plugin, name) = (
            self.layered.parts[candidate.part].id,
            &candidate.decl.name.value,
        );
        let is_another = poison.may_declare(plugin, name) && poison.may_provide(&ty.ty);
        if candidate.is_unsure() || ty.poisoned || is_unresolved || is_another {
            return Err(None);
        }
        let provides = candidate.provides.iter();
        let services = &self.resolved.services;
        let all = self.resolved.candidates.iter();
        let providers = all.filter(|one| one.provides(wanted.service));
        let decorates = candidate.decorates;
        let name = |service: ServiceTypeIx| services[service].ty.last_ident();
        let names = provides.clone().map(|(service, _)| name(*service));
        let nearest = nearest(ty.ty.last_ident(), names);
        let is_similar = |one: &&(ServiceTypeIx, Origin)| {
            let one = name(one.0);
            one == ty.ty.last_ident() || nearest.as_deref() == Some(one)
        };
        let similar = provides.clone().find(is_similar);
        let problem = DoesNotProvide {
            id: candidate.id.clone(),
            service: wanted.written.to_string(),
            provides: provides
                .map(|(service, _)| services[*service].display.clone())
                .collect(),
            decorates: decorates.map(|one| services[one].display.clone()),
            providers: providers.map(|one| one.id.clone()).collect(),
            similar: similar.map(|(service, at)| Named {
                name: services[*service].display.clone(),
                at: Some(*at),
            }),
            declared: Some(candidate.decl.name.origin),
        };
        Err(Some(Box::new(problem.into())))
    }

    /// Whether a component that is not there may be one of which only what it provides could be read.
    fn may_be_misnamed(self, wanted: ProviderName<'_>) -> bool {
        let plugin = wanted.name.split(':').next().unwrap_or(wanted.name);
        let (poison, service) = (
            &self.layered.poison,
            &self.resolved.services[wanted.service].ty,
        );
        poison.misnamed.contains(plugin) && poison.may_provide(service)
    }

    /// Whether this composition leaves out a component of a plugin that takes part.
    fn is_left_out(self, id: &str) -> bool {
        let mut absent = self.resolved.absent.iter();
        absent.any(|one| one.id == id && one.off.is_some())
    }
}

/// Whether what is said there of a component that is left out has simply no effect.
fn may_be_left_out(used: ComponentUse) -> bool {
    use ComponentUse::{After, Before, Lifecycle};
    matches!(used, Before | After | Lifecycle)
}

/// Reports a name that leads nowhere.
pub(super) fn report(none: NotFound, name: &Located<String>, problems: &mut Diagnostics) {
    if let Some(problem) = none {
        problems.report(*problem, name.origin);
    }
}
