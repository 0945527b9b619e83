//! Puts the answers of all stages together: components by their place in the order, services by key.

mod fingerprint;
mod registry;

use std::collections::BTreeSet;

use fingerprint::fingerprint;
use registry::{registries, registry};

use crate::bind::{Answer, Bound};
use crate::index::{IndexMap, IndexVec, Ix};
use crate::key_map::KeyMap;
use crate::layer::{Layered, Part, PartIx, State};
use crate::model::type_path::in_code;
use crate::model::{
    Absent, BoundNeed, Component, ComponentIx, Composition, Dormant, Form, Host, HostFeature, Kind,
    LeftOut, Loser, Need, OwnType, Plugin, PluginIx, Reason, Registry, RegistryIx, Scope, Service,
    ServiceIx, Universe,
};
use crate::resolve::{Candidate, CandidateIx, Off, Resolved, ServiceTypeIx};
use crate::runtime::{self, RUNTIME};
use crate::sort::sort_by;

/// The composition, from stages that found no mistake. `runtime` is the path of the runtime crate, where it is not the host's
/// name for it.
pub(crate) fn plan(
    universe: &Universe,
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    bound: &Bound,
    order: &[CandidateIx],
    runtime: Option<&str>,
) -> Composition {
    let used = used_services(resolved, bound);
    let is_clock = |service: &ServiceTypeIx| resolved.services[*service].is_clock();
    let (components, plugins) = (places(order), places(&plugins_in_use(layered)));
    let asked = registries(resolved, bound);
    let filled = |one: &ServiceTypeIx| registry(*one, layered, resolved, &plugins, &components);
    let filled = asked.iter().map(filled).collect();
    let planner = Planner {
        universe,
        layered,
        resolved,
        bound,
        components,
        services: places(&used),
        plugins,
        registries: places(&asked),
        filled,
    };
    let mut composition = Composition {
        host: planner.host(runtime),
        plugins: planner.plugins(),
        components: order.iter().map(|one| planner.component(*one)).collect(),
        services: used.iter().map(|one| planner.service(*one)).collect(),
        registries: planner.filled.clone(),
        clock: used.iter().position(is_clock).map(Ix::new),
        aliases: (bound.aliases.targets.iter())
            .map(|(from, to)| (from.clone(), to.clone()))
            .collect(),
        // What they would provide is not the same on every machine.
        absent: (layered.absent.iter())
            .filter(|one| one.platform.is_none())
            .map(|one| Absent {
                provides: Vec::new(),
                ..one.clone()
            })
            .collect(),
        features: planner.features(),
        left_out: planner.left_out(),
        dormant: planner.dormant(),
        overlays: (layered.overlays.iter())
            .map(|overlay| overlay.name.value.clone())
            .collect(),
        digest: String::new(),
    };
    composition.digest = fingerprint(&composition);
    composition
}

/// The place of each number in a list.
fn places<N: Ix, P: Ix>(numbers: &[N]) -> IndexMap<N, P> {
    let numbered = numbers.iter().enumerate();
    numbered
        .map(|(place, number)| (*number, P::new(place)))
        .collect()
}

/// Services that something provides, would provide if it were not left out, or asks for, by key. A component's own type counts
/// only where it is asked for.
fn used_services(resolved: &Resolved<'_>, bound: &Bound) -> Vec<ServiceTypeIx> {
    let absent = resolved.absent.iter();
    let losers = absent.filter(|one| one.is_left_out_by_rule());
    let all = resolved.candidates.iter().chain(losers);
    let components = all.filter(|candidate| candidate.decl.kind != Kind::Entry);
    let provided = components.flat_map(|candidate| &candidate.provides);
    let answers = bound.answers.iter().flatten().flatten();
    let provided = provided.map(|(service, _)| *service);
    // Beside mistakes somebody may ask for what has no answer, or decorate what nobody provides.
    let asked = resolved.candidates.iter();
    let asked = asked.flat_map(|one| one.needs.iter().chain([&one.decorates]).flatten());
    let used = answers.map(|answer| answer.service);
    let used = used.chain(provided).chain(asked.copied());
    let used: KeyMap<&str, ServiceTypeIx> = used
        .map(|service| (resolved.services[service].key.as_str(), service))
        .collect();
    used.values().copied().collect()
}

/// Numbers of the plugins that take part. The host itself is one only where it has components or is a plugin.
fn plugins_in_use(layered: &Layered<'_>) -> Vec<PartIx> {
    let parts = layered.parts.indexed();
    let in_use = parts.filter(|(_, part)| {
        let has_something =
            part.section.is_some() || !part.components.is_empty() || !part.entries.there.is_empty();
        part.is_in() && (!part.own || has_something)
    });
    in_use.map(|(number, _)| number).collect()
}

/// The answers of the stages, and the places that things get in the composition, by their numbers in those answers.
struct Planner<'s, 'a> {
    universe: &'s Universe,
    layered: &'s Layered<'a>,
    resolved: &'s Resolved<'a>,
    bound: &'s Bound,
    components: IndexMap<CandidateIx, ComponentIx>,
    services: IndexMap<ServiceTypeIx, ServiceIx>,
    plugins: IndexMap<PartIx, PluginIx>,
    registries: IndexMap<ServiceTypeIx, RegistryIx>,
    filled: IndexVec<RegistryIx, Registry>,
}

impl Planner<'_, '_> {
    fn host(&self, runtime_path: Option<&str>) -> Host {
        let package = &self.universe.packages[self.universe.host];
        let settings = &self.layered.host;
        let runtime = runtime::of(self.universe, self.universe.host);
        let features = runtime.map(|(_, runtime)| &self.universe.packages[runtime].features);
        let name = runtime.map_or(RUNTIME, |(name, _)| name);
        Host {
            package: package.name.clone(),
            version: package.version.clone(),
            api: settings.api.clone(),
            root: settings.root.clone(),
            logging: settings.logging,
            runtime: runtime_path.map_or_else(|| format!("::{}", in_code(name)), str::to_owned),
            runtime_features: features.cloned().unwrap_or_default(),
        }
    }

    /// Those that bring a plugin that is here, or that would be, and those that `default` switches on and that bring none.
    fn features(&self) -> Vec<HostFeature> {
        let parts = self.layered.parts.iter().filter(|part| !part.own);
        let here = parts.map(|part| &self.universe.packages[part.package].name);
        let absent = self.layered.absent.iter().map(|one| &one.package);
        let plugins: BTreeSet<&String> = here.chain(absent).collect();
        let features = self.layered.features.iter();
        let features = features.map(|one| one.among(|package| plugins.contains(package)));
        features.filter(HostFeature::matters).collect()
    }

    fn plugins(&self) -> IndexVec<PluginIx, Plugin> {
        let parts = self.plugins.keys();
        let parts = parts.map(|number| &self.layered.parts[number]);
        let plugins = parts.map(|part| {
            let package = &self.universe.packages[part.package];
            let crate_path = self.resolved.names.crate_path(part);
            Plugin {
                id: part.id.to_owned(),
                package: package.name.clone(),
                version: package.version.clone(),
                crate_path: crate_path.unwrap_or_default().to_owned(),
                manifest: part.manifest_name.to_owned(),
                digest: part.digest.to_owned(),
                optional: part.is_optional(),
                description: part.section.and_then(|section| section.description.clone()),
                own: part.own,
                has_runtime: runtime::is_known_to(self.universe, part.package),
            }
        });
        plugins.collect()
    }

    /// The components of the plugins that features keep out. What composes by itself has decided that for itself.
    fn dormant(&self) -> Vec<Dormant> {
        let host = &self.universe.packages[self.universe.host];
        let mut all = Vec::new();
        for (part, plugin) in self.plugins.iter() {
            let part = &self.layered.parts[part];
            let ask = host.ask(part.package);
            let Some(ask) = ask.filter(|_| part.manifest.host.is_none()) else {
                continue;
            };
            let lacking = part.dormant.iter();
            let lacking = lacking.filter(|(_, features)| !features.is_empty());
            all.extend(lacking.map(|(component, features)| {
                let features = features.iter();
                let features = features.map(|feature| format!("{}/{feature}", ask.key));
                Dormant {
                    plugin: *plugin,
                    name: component.name.value.clone(),
                    features: features.collect(),
                }
            }));
        }
        all
    }

    fn component(&self, number: CandidateIx) -> Component {
        let candidate = &self.resolved.candidates[number];
        let decl = candidate.decl;
        let stated = decl.needs.iter().zip(&candidate.needs);
        let needs = self.bound.answers[number].iter().zip(stated);
        let needs = needs.filter_map(|(answer, (stated, service))| match answer {
            Some(answer) => Some(self.need(answer)),
            None => Some(self.unanswered(stated, (*service)?)),
        });
        Component {
            id: candidate.id.clone(),
            plugin: self.plugins[candidate.part],
            name: decl.name.value.clone(),
            ty: decl.ty.value.clone(),
            origin: decl.origin,
            description: decl.description.clone(),
            kind: decl.kind,
            scope: decl.scope,
            configured: decl.config.is_some() || decl.params.is_some(),
            provides: self.provided_by(candidate),
            decorates: candidate.decorates.map(|service| self.services[service]),
            own: self.own_type(candidate),
            needs: needs.chain(self.inner(number)).collect(),
            tending: self.bound.tuned[number],
            reload: decl.reload,
        }
    }

    fn provided_by(&self, candidate: &Candidate<'_>) -> Vec<ServiceIx> {
        if candidate.decl.kind == Kind::Entry {
            return Vec::new();
        }
        let provides = candidate.provides.iter().map(|(service, _)| *service);
        provides.map(|service| self.services[service]).collect()
    }

    /// What the host may get by the type of a component.
    fn own_type(&self, candidate: &Candidate<'_>) -> OwnType {
        let Some(own) = candidate.own.filter(|own| candidate.provides(*own)) else {
            return OwnType::Nothing;
        };
        let is_bound = self.resolved.binds.contains_key(own);
        match (candidate.decl.kind, candidate.decl.scope) {
            (Kind::Pipe | Kind::Hooks | Kind::Entry, _) | (_, Scope::Transient) => OwnType::Nothing,
            (Kind::Service, Scope::Instance) if !is_bound => OwnType::Instances,
            (Kind::Service, _) => OwnType::One,
        }
    }

    fn need(&self, answer: &Answer) -> BoundNeed {
        let registry = answer.form == Form::Registry;
        let registry = registry.then(|| self.registries[answer.service]);
        BoundNeed {
            field: answer.field.clone(),
            service: self.services[answer.service],
            form: answer.form,
            providers: match registry {
                // An entry finds what was made for it by its number among those of the registry.
                Some(registry) => self.filled[registry].made().collect(),
                None => self.places_of(&answer.providers),
            },
            default: answer.default.map(|provider| self.components[provider]),
            named: answer.named,
            wrapped_by: self.last(self.decorators(answer.service)),
            registry,
            lazy: answer.form == Form::Lazy,
        }
    }

    /// A requirement that has no answer, beside the mistake that says so.
    fn unanswered(&self, stated: &Need, service: ServiceTypeIx) -> BoundNeed {
        BoundNeed {
            field: stated.field.value.clone(),
            service: self.services[service],
            form: stated.form,
            providers: Vec::new(),
            default: None,
            named: stated.named,
            wrapped_by: None,
            registry: None,
            lazy: stated.form == Form::Lazy,
        }
    }

    /// What a decorator wraps: every provider of the service, as the decorator before it hands it over.
    fn inner(&self, number: CandidateIx) -> Option<BoundNeed> {
        let service = self.resolved.candidates[number].decorates?;
        let mut chain = self.decorators(service).split(|one| *one == number);
        Some(BoundNeed {
            field: "inner".to_owned(),
            service: self.services[service],
            form: Form::Inner,
            providers: self.places_of(&self.bound.provisions[service].providers),
            default: None,
            named: false,
            wrapped_by: chain.next().and_then(|before| self.last(before)),
            registry: None,
            lazy: false,
        })
    }

    fn decorators(&self, service: ServiceTypeIx) -> &[CandidateIx] {
        &self.bound.provisions[service].decorators
    }

    fn last(&self, components: &[CandidateIx]) -> Option<ComponentIx> {
        components.last().map(|last| self.components[*last])
    }

    fn places_of(&self, components: &[CandidateIx]) -> Vec<ComponentIx> {
        components.iter().map(|one| self.components[*one]).collect()
    }

    fn service(&self, number: ServiceTypeIx) -> Service {
        let ty = &self.resolved.services[number];
        let provision = &self.bound.provisions[number];
        let candidate = |number: CandidateIx| &self.resolved.candidates[number];
        // A transient is built for whoever injects it: nobody can get it from the application.
        let winner = provision.winner.known();
        let winner = winner.filter(|winner| {
            let decl = candidate(*winner).decl;
            decl.scope != Scope::Transient && decl.kind != Kind::Entry
        });
        let chain = winner.iter().chain(&provision.decorators);
        let mut parts = chain.map(|one| &self.layered.parts[candidate(*one).part]);
        Service {
            key: ty.key.clone(),
            display: ty.display.clone(),
            host_path: ty.host_path.clone(),
            providers: match self.registries.contains_key(number) {
                true => Vec::new(),
                false => self.places_of(&provision.providers),
            },
            wrapped_by: self.last(&provision.decorators),
            winner: winner.map(|winner| self.components[winner]),
            optional: parts.any(Part::is_optional),
        }
    }

    /// Who is known and not there, by name: losers, and what is switched off.
    fn left_out(&self) -> Vec<LeftOut> {
        let mut all = Vec::new();
        for candidate in &self.resolved.absent {
            let reason = match &candidate.off {
                Some(Off::Lost(wins)) => {
                    let wins = wins.iter().map(|win| (win.winner.clone(), win.at));
                    Reason::Lost(wins.collect())
                }
                Some(Off::Renamed(win)) => Reason::Lost(vec![(win.winner.clone(), win.at)]),
                Some(Off::Unneeded(needer)) => Reason::Unneeded(needer.clone()),
                Some(Off::Override(at)) => Reason::Off(*at),
                Some(Off::When(_)) | None => continue,
            };
            let is_loser = candidate.is_left_out_by_rule();
            all.push(LeftOut {
                name: candidate.id.clone(),
                reason,
                loser: is_loser.then(|| self.loser(candidate)),
            });
        }
        for part in &self.layered.parts {
            if let State::Off(at) = part.state {
                let package = &self.universe.packages[part.package].name;
                let other = Some(package.as_str()).filter(|package| *package != part.id);
                let names = other.into_iter().chain([part.id]);
                all.extend(names.map(|name| LeftOut {
                    name: name.to_owned(),
                    reason: Reason::Off(at),
                    loser: None,
                }));
            }
        }
        sort_by(&mut all, |one, other| one.name.cmp(&other.name));
        all
    }

    fn loser(&self, candidate: &Candidate<'_>) -> Loser {
        let may_be_got = self.own_type(candidate) == OwnType::One;
        let own = candidate.own.filter(|_| may_be_got);
        Loser {
            plugin: self.plugins[candidate.part],
            name: candidate.decl.name.value.clone(),
            ty: candidate.decl.ty.value.clone(),
            own: own.map(|own| self.resolved.services[own].display.clone()),
            provides: self.provided_by(candidate),
        }
    }
}
