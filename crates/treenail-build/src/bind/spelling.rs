//! Services that are named with a slip: told where the slip is, and taken for what was meant. Longer than other files: what is
//! asked, what was meant and how it is told are one answer.
//!
//! Where what is asked for and what is provided differ by a letter, the manifests alone do not show which of the two is wrong.
//! The sources of their package do, where they are at hand: a name that nothing there has is the slip. Nothing is looked up
//! where everything that is asked for is provided.

use treenail_core::nearest::{distance, nearest};

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{NoSuchItem, Nowhere};
use crate::discover::Discovery;
use crate::index::{IndexMap, IndexVec};
use crate::key_map::KeyMap;
use crate::layer::{Layered, Part, State};
use crate::model::{Claim, Form, Root, TypeExpr, without_raw};
use crate::resolve::{CandidateIx, Resolved, ServiceTypeIx, of_the_runtime};
use crate::sort::sort_by;
use crate::source::Located;

/// More services than anybody misspells. Those beyond are told as they are written.
const MOST: usize = 200;

/// Reports every service that is named with a slip, and puts what was meant in its place.
pub(super) fn correct(
    discovery: &Discovery,
    layered: &Layered<'_>,
    resolved: &mut Resolved<'_>,
    problems: &mut Diagnostics,
) {
    let spelling = Spelling::of(discovery, layered, resolved);
    let questions = spelling.questions();
    let questions = questions.iter().take(MOST);
    let slips = questions.filter_map(|(service, component)| spelling.slip(service, *component));
    let slips: IndexMap<ServiceTypeIx, Slip> = slips.collect();
    for (wrong, slip) in slips.iter() {
        spelling.report(wrong, slip, problems);
    }
    for (wrong, slip) in slips.iter() {
        resolved.services[wrong].poisoned = true;
        if let Meant::Service(meant) = slip.meant {
            resolved.take_for(wrong, meant);
        }
    }
}

/// What is wrong with a service's name.
struct Slip {
    meant: Meant,
    why: Nowhere,
}

/// What was meant.
enum Meant {
    /// A service that something in the composition names.
    Service(ServiceTypeIx),
    /// An item of this name beside the one that is named, which is a trait or a type.
    Item(String, bool),
    /// The item itself, which is not what it is taken for: nothing provides it either way.
    Itself,
    /// What the runtime hands out under this path, which is a trait or a type.
    OfTheRuntime(&'static str, bool),
}

/// Where a service is named.
#[derive(Clone)]
struct ServiceSite<'a> {
    written: &'a Located<TypeExpr>,
    part: &'a Part<'a>,
    /// It is asked for there; otherwise it is provided.
    asks: bool,
    /// Nothing is said about what stands there.
    quiet: bool,
}

/// Who names which service.
struct Spelling<'s, 'a> {
    discovery: &'s Discovery,
    layered: &'s Layered<'a>,
    resolved: &'s Resolved<'a>,
    sites: IndexVec<ServiceTypeIx, Vec<ServiceSite<'s>>>,
    providers: IndexVec<ServiceTypeIx, Vec<CandidateIx>>,
}

impl<'s, 'a> Spelling<'s, 'a> {
    fn of(discovery: &'s Discovery, layered: &'s Layered<'a>, resolved: &'s Resolved<'a>) -> Self {
        let mut sites: IndexVec<ServiceTypeIx, Vec<ServiceSite<'s>>> =
            IndexVec::filled(Vec::new(), &resolved.services);
        for candidate in &resolved.candidates {
            let (decl, part) = (candidate.decl, &layered.parts[candidate.part]);
            // What a plugin that does not fit names does not depend on that.
            let quiet = candidate.quiet && part.state != State::Poisoned;
            let mut add = |service: Option<ServiceTypeIx>, written, asks| {
                let site = ServiceSite {
                    written,
                    part,
                    asks,
                    quiet,
                };
                sites[service?].push(site);
                Some(())
            };
            for written in &decl.provides {
                let mut provides = candidate.provides.iter();
                let found = provides.find(|(_, at)| *at == written.origin);
                add(found.map(|(service, _)| *service), written, false);
            }
            let needs = decl.needs.iter().zip(&candidate.needs);
            for (need, service) in needs.filter(|(need, _)| need.form != Form::Registry) {
                add(*service, &need.service, true);
            }
            if let Some(written) = &decl.decorate {
                add(candidate.decorates, written, true);
            }
        }
        let mut ask = |service: ServiceTypeIx, written, part| {
            let (asks, quiet) = (true, false);
            sites[service].push(ServiceSite {
                written,
                part,
                asks,
                quiet,
            });
        };
        let binds = layered.binds.iter();
        let parts: KeyMap<_, _> = binds
            .map(|one| (one.what.service.origin, one.part))
            .collect();
        for (service, (written, _)) in resolved.binds.iter() {
            if let Some(part) = parts.get(&written.origin) {
                ask(service, written, &layered.parts[*part]);
            }
        }
        for (part, assertion) in &layered.assertions {
            for claim in assertion.all.iter().chain(&assertion.not) {
                if let Claim::Service(written, _) = claim
                    && let Some(service) = resolved.asserted.get(&written.origin)
                {
                    ask(*service, written, &layered.parts[*part]);
                }
            }
        }
        let own = layered.parts.iter().find(|part| part.own);
        for (service, at) in &resolved.all {
            let mut all = layered.host.all.iter();
            if let (Some(written), Some(part)) = (all.find(|one| one.origin == *at), own) {
                ask(*service, written, part);
            }
        }
        Self {
            discovery,
            layered,
            resolved,
            sites,
            providers: resolved.providers(),
        }
    }

    /// What has to be explained: services of which a component is named as the provider that does not provide them, and those that
    /// are asked for and nothing provides.
    fn questions(&self) -> IndexMap<ServiceTypeIx, Option<CandidateIx>> {
        let resolved = self.resolved;
        let mut questions = IndexMap::new();
        for (service, sites) in self.sites.indexed() {
            let is_asked = sites.iter().any(|site| site.asks && !site.quiet);
            if is_asked && self.providers[service].is_empty() && self.is_lost(service) {
                questions.insert(service, None);
            }
        }
        let binds = resolved.binds.iter();
        let binds = binds.map(|(service, (_, name))| (service, *name));
        let needs = resolved.candidates.iter().flat_map(|candidate| {
            let needs = candidate.decl.needs.iter().zip(&candidate.needs);
            needs.filter_map(|(need, service)| Some(((*service)?, need.from.as_ref()?)))
        });
        for (service, name) in binds.chain(needs) {
            let named = resolved.candidate(&name.value);
            let provides = |one: CandidateIx| resolved.candidates[one].provides(service);
            if let Some(component) = named.filter(|one| !provides(*one)) {
                questions.insert(service, Some(component));
            }
        }
        questions
    }

    /// Whether nothing explains that nobody provides a service.
    fn is_lost(&self, service: ServiceTypeIx) -> bool {
        let ty = &self.resolved.services[service];
        let is_it = |one: ServiceTypeIx| self.resolved.services[one].stem == ty.stem;
        let provided = self.providers.indexed();
        let in_another_version = || {
            let mut provided = provided.clone().filter(|(_, by)| !by.is_empty());
            provided.any(|(one, _)| is_it(one))
        };
        let mut absent = self.resolved.absent.iter();
        let mut off = self.layered.absent.iter().flat_map(|one| &one.provides);
        ty.handle().is_none()
            && !ty.is_clock()
            && !ty.poisoned
            && !self.layered.poison.may_provide(&ty.ty)
            && !in_another_version()
            && !absent.any(|one| one.provides.iter().any(|(service, _)| is_it(*service)))
            && !off.any(|(stem, _)| *stem == ty.stem)
    }

    /// Which name is wrong, where a service is not provided, or not by this component.
    fn slip(
        &self,
        service: ServiceTypeIx,
        component: Option<CandidateIx>,
    ) -> Option<(ServiceTypeIx, Slip)> {
        let is_there = self.is_there(service);
        for other in self.near(service, component) {
            let (wrong, meant) = match (is_there, self.is_there(other)) {
                // One path is not both a trait and a type.
                _ if self.path(other) == self.path(service) => (service, other),
                (Some(false), Some(true) | None) => (service, other),
                (Some(true) | None, Some(false)) => (other, service),
                _ => continue,
            };
            if self.sites[wrong]
                .iter()
                .all(|site| self.written(meant, site).is_some())
            {
                let why = self.why(wrong, meant);
                return Some((
                    wrong,
                    Slip {
                        meant: Meant::Service(meant),
                        why,
                    },
                ));
            }
        }
        let ty = &self.resolved.services[service];
        let why = self.nowhere(service)?;
        let (meant, is_trait) = match self.of_the_runtime(service) {
            Some((path, is_trait)) => (Meant::OfTheRuntime(path, is_trait), is_trait),
            None if is_there == Some(false) => {
                let items = self.discovery.items(ty.package?)?;
                let (name, is_dyn) = (ty.ty.last_ident(), ty.ty.is_dyn);
                // Then it is a module on the way that is not there.
                if items.have(name, is_dyn) == Some(true) {
                    return None;
                }
                if items.have(name, !is_dyn) == Some(true) && self.has_modules(service) {
                    let why = match is_dyn {
                        true => Nowhere::NoTrait,
                        false => Nowhere::WithoutDyn,
                    };
                    let meant = Meant::Itself;
                    return Some((service, Slip { meant, why }));
                }
                (Meant::Item(items.nearest(name, is_dyn)?, is_dyn), is_dyn)
            }
            None => return None,
        };
        let path = self.path(service);
        let is_exact = matches!(meant, Meant::OfTheRuntime(meant, _) if meant == path);
        let why = match is_trait {
            true if is_exact => Nowhere::WithoutDyn,
            false if is_exact => Nowhere::NoTrait,
            _ => why,
        };
        Some((service, Slip { meant, why }))
    }

    /// What of the runtime is meant: it may be looked for in a module of the runtime, or in the manifest's own crate.
    fn of_the_runtime(&self, service: ServiceTypeIx) -> Option<(&'static str, bool)> {
        let (path, is_there) = (self.path(service), self.is_there(service));
        let ty = &self.resolved.services[service].ty;
        let named = format!("treenail::{}", ty.last_ident());
        let may_be_it = match is_there {
            Some(false) if ty.root() == Root::Own => true,
            Some(true) if path == named => false,
            _ => path.starts_with("treenail::"),
        };
        let is_it = |one: &str| may_be_it && one == named;
        let known = of_the_runtime().map(|(path, _)| path);
        let near = nearest(path, known).filter(|_| is_there != Some(true));
        let find = |is_it: &dyn Fn(&str) -> bool| of_the_runtime().find(|(path, _)| is_it(path));
        find(&is_it).or_else(|| find(&|one| near.as_deref() == Some(one)))
    }

    /// Whether the sources of its package may have the modules that a service's path leads through.
    fn has_modules(&self, service: ServiceTypeIx) -> bool {
        let ty = &self.resolved.services[service];
        let items = ty.package.and_then(|package| self.discovery.items(package));
        let way = self.path(service).split("::").skip(1);
        let mut modules = way.take(ty.ty.segments.len().saturating_sub(2));
        items.is_none_or(|items| modules.all(|name| items.may_be_module(without_raw(name))))
    }

    /// Whether the sources of its package have a service; `None` where that cannot be told.
    fn is_there(&self, service: ServiceTypeIx) -> Option<bool> {
        let ty = &self.resolved.services[service];
        let mut ours = of_the_runtime();
        if let Some((_, is_trait)) = ours.find(|(path, _)| *path == self.path(service)) {
            return Some(is_trait == ty.ty.is_dyn);
        }
        let items = self.discovery.items(ty.package?)?;
        if !self.has_modules(service) {
            return Some(false);
        }
        items.have(ty.ty.last_ident(), ty.ty.is_dyn)
    }

    /// Services that are provided, or those that this component provides, and may be meant: the closest first.
    fn near(&self, service: ServiceTypeIx, component: Option<CandidateIx>) -> Vec<ServiceTypeIx> {
        let by = |providers: &[CandidateIx]| match component {
            Some(component) => providers.contains(&component),
            None => !providers.is_empty(),
        };
        let pool = self.providers.indexed();
        let pool = pool.filter(|(other, providers)| *other != service && by(providers));
        // Nobody means the type of himself.
        let is_another = |one: &CandidateIx| {
            let one = &self.resolved.candidates[*one];
            !one.needs.contains(&Some(service))
        };
        let pool = pool.filter(|(other, providers)| {
            self.resolved.services[*other].ty.is_dyn || providers.iter().any(is_another)
        });
        let near = pool.filter_map(|(other, _)| Some((self.likeness(service, other)?, other)));
        let mut near: Vec<_> = near.collect();
        sort_by(&mut near, Ord::cmp);
        near.into_iter().map(|(_, other)| other).collect()
    }

    /// How much two names differ, if they may be one: in nothing but `dyn`, in the last name, in the way to it.
    fn likeness(&self, one: ServiceTypeIx, other: ServiceTypeIx) -> Option<(u8, usize)> {
        let (path, other_path) = (self.path(one), self.path(other));
        if path == other_path {
            return Some((0, 0));
        }
        let ((module, name), (other_module, other_name)) =
            (path.rsplit_once("::")?, other_path.rsplit_once("::")?);
        let is_module = || {
            let package = self.resolved.services[one].package;
            let items = package.and_then(|package| self.discovery.items(package));
            items.is_some_and(|items| items.is_module(name))
        };
        if module == other_module && nearest(name, [other_name]).is_some() {
            Some((1, distance(name, other_name)))
        } else if name == other_name {
            Some((2, distance(module, other_module)))
        } else if other_module == path && is_module() {
            Some((3, 0))
        } else {
            None
        }
    }

    /// The path of a service with its package's name: no `dyn`, no arguments.
    fn path(&self, service: ServiceTypeIx) -> &'s str {
        let stem = self.resolved.services[service].stem.as_str();
        let path = stem.strip_prefix("dyn ").unwrap_or(stem);
        path.split('<').next().unwrap_or(path)
    }

    /// A service in the words of the manifest that a site is in.
    fn written(&self, service: ServiceTypeIx, site: &ServiceSite<'_>) -> Option<String> {
        let ty = &self.resolved.services[service];
        self.resolved
            .names
            .in_words_of(&ty.ty, ty.named_by, site.part)
    }

    fn why(&self, wrong: ServiceTypeIx, meant: ServiceTypeIx) -> Nowhere {
        let ty = &self.resolved.services[wrong];
        match (self.path(wrong) == self.path(meant), ty.ty.is_dyn) {
            (true, true) => Nowhere::NoTrait,
            (true, false) => Nowhere::WithoutDyn,
            (false, _) => self.nowhere(wrong).unwrap_or(Nowhere::NoTrait),
        }
    }

    fn nowhere(&self, service: ServiceTypeIx) -> Option<Nowhere> {
        let ty = &self.resolved.services[service];
        let number = ty.package?;
        let package = self.resolved.names.universe.packages[number].name.clone();
        let items = self.discovery.items(number);
        let is_module = items.is_some_and(|items| items.is_module(ty.ty.last_ident()));
        Some(match ty.ty.is_dyn {
            _ if is_module => Nowhere::Module { package },
            is_trait => Nowhere::Absent { package, is_trait },
        })
    }

    /// Reports a service wherever it is named, and shows who names the one that was meant.
    fn report(&self, wrong: ServiceTypeIx, slip: &Slip, problems: &mut Diagnostics) {
        for site in self.sites[wrong].iter().filter(|site| !site.quiet) {
            let (suggestion, others) = match &slip.meant {
                Meant::Service(meant) => (self.written(*meant, site), &self.sites[*meant][..]),
                Meant::Item(name, is_trait) => {
                    let mut ty = site.written.value.clone();
                    ty.is_dyn = *is_trait;
                    if let Some(last) = ty.segments.last_mut() {
                        last.name.clone_from(name);
                    }
                    (Some(ty.to_string()), &[][..])
                }
                Meant::Itself => (None, &[][..]),
                Meant::OfTheRuntime(path, is_trait) => {
                    let keyword = if *is_trait { "dyn " } else { "" };
                    (Some(format!("{keyword}{path}")), &[][..])
                }
            };
            let mut others = others.iter().filter(|one| !one.quiet);
            let other = others.find(|other| other.asks != site.asks);
            let problem = NoSuchItem {
                written: site.written.value.to_string(),
                why: slip.why.clone(),
                suggestion,
                other: other.map(|other| (other.written.origin, other.asks)),
            };
            problems.report(problem, site.written.origin);
        }
    }
}
