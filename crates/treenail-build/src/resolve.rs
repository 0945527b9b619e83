//! Gives every type that a manifest names its identity: the package it lives in, and its path.
//!
//! A manifest names types by its own package's names for crates; two plugins may have different names for one crate, or
//! one name for two. What is compared from here on are keys: `dyn helpdesk-api@1.4.0::TicketSystem`.

mod names;

use std::collections::{BTreeMap, BTreeSet};

use crate::compose::Inputs;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{About, TypeDeclaredTwice};
use crate::layer::{Layered, Part, Rank, State, Stated, strongest};
use crate::model::{Bind, ComponentDecl, PackageIx, TypeExpr};
use crate::source::{Located, Origin};

pub(crate) use names::Names;

/// [`ServiceType::stem`] of the runtime's handle on a component.
const HANDLE: &str = "treenail::Handle";

/// Index into [`Resolved::services`].
pub(crate) type ServiceIx = usize;

/// Components with the identities of everything they name.
#[derive(Debug)]
pub(crate) struct Resolved<'a> {
    /// Components of the plugins that take part, by id.
    pub(crate) candidates: Vec<Candidate<'a>>,
    /// Components of the plugins that do not: good for saying what is missing.
    pub(crate) absent: Vec<Candidate<'a>>,
    /// Every type that was named as a service.
    pub(crate) services: Vec<ServiceType>,
    /// `[bind]`, by service: of several lines about one, the strongest.
    pub(crate) binds: BTreeMap<ServiceIx, (&'a Located<TypeExpr>, &'a Located<String>)>,
    /// `[host] all`, with the places where it names each service.
    pub(crate) all: Vec<(ServiceIx, Origin)>,
    /// What the host calls things.
    pub(crate) names: Names<'a>,
    /// Types in `provides` that could not be resolved: last segments.
    pub(crate) lost_provides: BTreeSet<String>,
    /// The same in `[bind]`.
    pub(crate) lost_binds: BTreeSet<String>,
}

/// A component that may answer requirements.
#[derive(Debug)]
pub(crate) struct Candidate<'a> {
    /// `plugin:Name`
    pub(crate) id: String,
    /// Its plugin, an index into [`Layered::parts`].
    pub(crate) part: usize,
    /// Its declaration.
    pub(crate) decl: &'a ComponentDecl,
    /// Its own type.
    pub(crate) own: Option<ServiceIx>,
    /// What it provides besides, with the place where it says so.
    pub(crate) provides: Vec<(ServiceIx, Origin)>,
    /// The services of [`ComponentDecl::needs`]; `None` where that could not be resolved.
    pub(crate) needs: Vec<Option<ServiceIx>>,
    /// The service it decorates.
    pub(crate) decorates: Option<ServiceIx>,
    /// Why it is absent although its plugin takes part.
    pub(crate) off: Option<Off>,
    /// Something about it as a whole, or about its plugin, has been reported: nothing more is said about it.
    pub(crate) quiet: bool,
}

/// Why a component is absent although its plugin takes part.
#[derive(Debug, Clone)]
pub(crate) enum Off {
    /// Its `when` does not hold; the features of its package that it lacks.
    When(Vec<String>),
    /// `[override]` switches it off, there.
    Override(Origin),
    /// Everything that it provides has another winner, see [`crate::bind::leave_out`].
    Lost(Vec<Win>),
    /// Only components that are left out needed it: this one did.
    Unneeded(String),
    /// An alias of an overlay gives its name to another component, there.
    Renamed(Win),
}

impl Off {
    /// Whether it is left out because it has lost, or because only losers needed it.
    pub(crate) fn is_by_rule(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Unneeded(_))
    }
}

/// Who takes the place of a component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Win {
    /// The winner's id.
    pub(crate) winner: String,
    /// Where that is written.
    pub(crate) at: Origin,
}

/// A type that was named as a service.
#[derive(Debug)]
pub(crate) struct ServiceType {
    /// Identity.
    pub(crate) key: String,
    /// The same without versions: what two versions of one contract have in common.
    pub(crate) stem: String,
    /// The package it lives in.
    pub(crate) package: Option<PackageIx>,
    /// The type as the first manifest that names it does.
    pub(crate) ty: TypeExpr,
    /// For people: in the host's words, or by the library's own name where the host has none.
    pub(crate) display: String,
    /// In the host's code.
    pub(crate) host_path: Option<String>,
    /// Something about it has been reported: no provider is looked for.
    pub(crate) poisoned: bool,
}

impl ServiceType {
    /// Whether it is the runtime's handle on a component, which no component provides.
    pub(crate) fn is_handle(&self) -> bool {
        self.stem == HANDLE
    }
}

impl Candidate<'_> {
    /// Whether it provides this service (a decorator does not provide what it decorates).
    pub(crate) fn provides(&self, service: ServiceIx) -> bool {
        self.decorates != Some(service)
            && (self.own == Some(service) || self.provides.iter().any(|(one, _)| *one == service))
    }

    /// The inside of the table that its manifest may have for a requirement: `service = "dyn crate::T"`, in the words of that
    /// manifest.
    pub(crate) fn stated(&self, field: &str) -> String {
        let need = self.decl.needs.iter().find(|one| one.field.value == field);
        need.map_or_else(String::new, |need| {
            let from = need.from.as_ref();
            let from = from.map_or(String::new(), |from| format!(", from = {:?}", from.value));
            format!("service = \"{}\"{from}", need.service.value)
        })
    }

    /// Whether the configuration creates it: then it may inject by name.
    pub(crate) fn is_configured(&self) -> bool {
        self.decl.scope == crate::model::Scope::Instance
    }
}

impl Resolved<'_> {
    /// The component with this id.
    pub(crate) fn candidate(&self, id: &str) -> Option<usize> {
        self.candidates
            .binary_search_by(|candidate| candidate.id.as_str().cmp(id))
            .ok()
    }
}

/// Resolves the types of all components, of `[bind]` and of `[host] all`.
pub(crate) fn resolve<'a>(
    inputs: &'a Inputs,
    layered: &Layered<'a>,
    problems: &mut Diagnostics,
) -> Resolved<'a> {
    let names = Names::new(inputs);
    let mut resolver = Resolver {
        names,
        services: Vec::new(),
        by_key: BTreeMap::new(),
        missing: BTreeSet::new(),
        lost_provides: BTreeSet::new(),
        problems,
    };
    let (mut candidates, mut absent) = (Vec::new(), Vec::new());
    for (number, part) in layered.parts.iter().enumerate() {
        let mut types: BTreeMap<ServiceIx, &ComponentDecl> = BTreeMap::new();
        for decl in &part.components {
            let mut candidate = resolver.candidate(number, part, decl);
            if !part.is_in() {
                absent.push(candidate);
                continue;
            }
            if let Some(first) = candidate.own.and_then(|own| types.insert(own, decl)) {
                resolver.declared_twice(first, decl);
                candidate.quiet = true;
            }
            candidate.off = resolver.switched_off(layered, &mut candidate);
            if candidate.off.is_some() {
                absent.push(candidate);
            } else {
                candidates.push(candidate);
            }
        }
        for (decl, lacks) in &part.dormant {
            let mut candidate = resolver.candidate(number, part, decl);
            candidate.off = Some(Off::When(lacks.clone()));
            absent.push(candidate);
        }
    }
    candidates.sort_by(|a, b| a.id.cmp(&b.id));
    let (binds, lost_binds) = resolver.binds(layered);
    let all = resolver.all(layered);
    let Resolver {
        names,
        services,
        lost_provides,
        ..
    } = resolver;
    Resolved {
        candidates,
        absent,
        services,
        binds,
        all,
        names,
        lost_provides,
        lost_binds,
    }
}

/// Looks types up, and remembers what it found.
struct Resolver<'a, 'p> {
    names: Names<'a>,
    services: Vec<ServiceType>,
    by_key: BTreeMap<String, ServiceIx>,
    /// Extern names that a package does not have, and that were reported.
    missing: BTreeSet<(PackageIx, String)>,
    lost_provides: BTreeSet<String>,
    problems: &'p mut Diagnostics,
}

type Binds<'a> = BTreeMap<ServiceIx, (&'a Located<TypeExpr>, &'a Located<String>)>;

impl<'a> Resolver<'a, '_> {
    /// The services of which the host asks for everyone who provides them.
    fn all(&mut self, layered: &Layered<'a>) -> Vec<(ServiceIx, Origin)> {
        let Some(own) = layered.parts.iter().find(|part| part.own) else {
            return Vec::new();
        };
        let services = layered.host.all.iter();
        let found = services.filter_map(|ty| Some((self.service(ty, own, true)?, ty.origin)));
        found.collect()
    }

    /// The line in force for every service, and the last segments of services about which nothing is known.
    fn binds(&mut self, layered: &Layered<'a>) -> (Binds<'a>, BTreeSet<String>) {
        let mut stated: BTreeMap<ServiceIx, Vec<Stated<'a, Bind>>> = BTreeMap::new();
        let mut lost = BTreeSet::new();
        for bind in &layered.binds {
            let (service, provider) = (&bind.what.service, &bind.what.provider.value);
            // What a plugin chooses by itself counts only where it is there to be chosen.
            let plugin = provider.value.split(':').next().unwrap_or_default();
            let is_there = layered
                .part(plugin)
                .is_some_and(|part| layered.parts[part].is_in());
            if bind.rank == Rank::Plugin && !is_there {
                continue;
            }
            let part = &layered.parts[bind.part];
            match self.service(service, part, part.state == State::In) {
                Some(found) => stated.entry(found).or_default().push(*bind),
                None => {
                    lost.insert(service.value.last_ident().to_owned());
                }
            }
        }
        let mut binds = BTreeMap::new();
        for (service, lines) in stated {
            let display = self.services[service].display.clone();
            let about = || About::Provider(display.clone());
            let shown = |bind: &Bind| bind.provider.value.value.clone();
            match strongest(&lines, about, shown, self.problems) {
                Ok(Some(best)) => {
                    let Bind {
                        service: ty,
                        provider,
                    } = best.what;
                    binds.insert(service, (ty, &provider.value));
                }
                Ok(None) => {}
                Err(_) => {
                    lost.insert(self.services[service].ty.last_ident().to_owned());
                }
            }
        }
        (binds, lost)
    }

    /// Whether `[override]` leaves a component out.
    fn switched_off(
        &mut self,
        layered: &Layered<'_>,
        candidate: &mut Candidate<'_>,
    ) -> Option<Off> {
        let id = candidate.id.as_str();
        candidate.quiet |= layered.poison.overrides.contains(id);
        let stated = layered.enabled.get(id)?;
        let about = || About::ComponentIsEnabled(id.to_owned());
        let Ok(strongest) = strongest(stated, about, bool::to_string, self.problems) else {
            candidate.quiet = true;
            return None;
        };
        let off = strongest.filter(|strongest| !*strongest.what)?;
        Some(Off::Override(off.at))
    }

    fn candidate(
        &mut self,
        number: usize,
        part: &Part<'a>,
        decl: &'a ComponentDecl,
    ) -> Candidate<'a> {
        let loud = part.state == State::In;
        let own = self.service(&decl.ty, part, loud);
        let mut provides = Vec::new();
        for ty in &decl.provides {
            match self.service(ty, part, loud) {
                Some(service) => provides.push((service, ty.origin)),
                None if part.is_in() => {
                    self.lost_provides.insert(ty.value.last_ident().to_owned());
                }
                None => {}
            }
        }
        let needs: Vec<_> = decl
            .needs
            .iter()
            .map(|need| self.service(&need.service, part, loud))
            .collect();
        let decorates = decl
            .decorate
            .as_ref()
            .and_then(|ty| self.service(ty, part, loud));
        for ty in decl.config.iter().chain(&decl.params) {
            self.knows(ty, part, loud);
        }
        let id = format!("{}:{}", part.id, decl.name.value);
        Candidate {
            id,
            part: number,
            decl,
            own,
            provides,
            needs,
            decorates,
            off: None,
            quiet: !loud || own.is_none(),
        }
    }

    /// The service that a manifest names; `None` where it names a crate that its package does not have.
    fn service(
        &mut self,
        ty: &Located<TypeExpr>,
        part: &Part<'_>,
        loud: bool,
    ) -> Option<ServiceIx> {
        let Some(key) = self.names.key(&ty.value, part) else {
            self.knows(ty, part, loud);
            return None;
        };
        if let Some(known) = self.by_key.get(&key) {
            return Some(*known);
        }
        let service = ServiceType {
            stem: self.names.stem(&ty.value, part)?,
            package: self.names.package(&ty.value, part),
            ty: ty.value.clone(),
            display: self.names.display(&ty.value, part),
            host_path: self.names.host_path(&ty.value, part),
            key: key.clone(),
            poisoned: false,
        };
        let number = self.services.len();
        self.services.push(service);
        self.by_key.insert(key, number);
        Some(number)
    }

    /// Whether the package has all crates that a type names. What it lacks is reported once for each name.
    fn knows(&mut self, ty: &Located<TypeExpr>, part: &Part<'_>, loud: bool) -> bool {
        let mut all = true;
        for name in ty.value.externs() {
            if self.names.lookup(part, name).is_some() {
                continue;
            }
            all = false;
            if loud && self.missing.insert((part.package, name.to_owned())) {
                let problem = self.names.not_a_dependency(part, name);
                self.problems.report(problem, ty.origin);
            }
        }
        all
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
