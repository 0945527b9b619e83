//! Puts the answers of all stages together: components by their place in the order, services by key.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

use crate::bind::{Answer, Bound, Tuned};
use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::layer::{Layered, State};
use crate::model::{
    Absent, BoundNeed, Component, Composition, Form, Host, LeftOut, Plugin, Reason, Scope, Service,
};
use crate::resolve::{Candidate, Off, Resolved, ServiceIx};
use crate::runtime::{self, RUNTIME};

/// The composition, from stages that found no mistake.
pub(crate) fn plan(
    inputs: &Inputs,
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    bound: &Bound,
    order: &[usize],
) -> Composition {
    let mut place = vec![0; order.len()];
    for (number, candidate) in order.iter().enumerate() {
        place[*candidate] = number;
    }
    let used = used_services(resolved, bound);
    let numbered = used.iter().enumerate();
    let service_places: BTreeMap<ServiceIx, usize> =
        numbered.map(|(place, service)| (*service, place)).collect();
    let (plugins, plugin_places) = plugins(inputs, layered, resolved);
    let component = |candidate: &usize| {
        let (one, answers) = (&resolved.candidates[*candidate], &bound.answers[*candidate]);
        let needs = answers
            .iter()
            .flatten()
            .map(|answer| need(answer, &place, &service_places))
            .collect();
        let tuned = &bound.tuned[*candidate];
        component(one, plugin_places[&one.part], needs, &service_places, tuned)
    };
    let service = |number: &ServiceIx| service(layered, resolved, bound, *number, &place);
    let mut composition = Composition {
        host: host(inputs, layered),
        plugins,
        components: order.iter().map(component).collect(),
        services: used.iter().map(service).collect(),
        aliases: bound.aliases.targets.clone(),
        // What they would provide is not the same on every machine.
        absent: (inputs.discovery.absent.iter())
            .filter(|one| one.platform.is_none())
            .map(|one| Absent {
                provides: BTreeSet::new(),
                ..one.clone()
            })
            .collect(),
        left_out: left_out(inputs, layered, resolved, &service_places),
        overlays: layered
            .overlays
            .iter()
            .map(|overlay| overlay.name.value.clone())
            .collect(),
        digest: String::new(),
    };
    composition.digest = fingerprint(&composition);
    composition
}

/// Services that something provides, would provide if it were not left out, or asks for, by key. A component's own type counts
/// only where it is asked for.
fn used_services(resolved: &Resolved<'_>, bound: &Bound) -> Vec<ServiceIx> {
    let losers = resolved.absent.iter().filter(|one| is_by_rule(one));
    let provided = resolved
        .candidates
        .iter()
        .chain(losers)
        .flat_map(|candidate| candidate.provides.iter().map(|(service, _)| *service));
    let asked_for = bound
        .answers
        .iter()
        .flatten()
        .flatten()
        .map(|answer| answer.service);
    let used: BTreeSet<ServiceIx> = provided.chain(asked_for).collect();
    let mut used: Vec<ServiceIx> = used.into_iter().collect();
    used.sort_by(|a, b| resolved.services[*a].key.cmp(&resolved.services[*b].key));
    used
}

/// Whether a component is left out because it has lost, or because only losers needed it.
fn is_by_rule(candidate: &Candidate<'_>) -> bool {
    candidate.off.as_ref().is_some_and(Off::is_by_rule)
}

/// Who is known and not there, by name: losers, and what is switched off.
fn left_out(
    inputs: &Inputs,
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    places: &BTreeMap<ServiceIx, usize>,
) -> Vec<LeftOut> {
    let mut all = Vec::new();
    for candidate in &resolved.absent {
        let reason = match &candidate.off {
            Some(Off::Lost(wins)) => Reason::Lost(
                (wins.iter())
                    .map(|win| (win.winner.clone(), win.at))
                    .collect(),
            ),
            Some(Off::Renamed(win)) => Reason::Lost(vec![(win.winner.clone(), win.at)]),
            Some(Off::Unneeded(needer)) => Reason::Unneeded(needer.clone()),
            Some(Off::Override(at)) => Reason::Off(*at),
            Some(Off::When(_)) | None => continue,
        };
        let provides = candidate.provides.iter().filter(|_| is_by_rule(candidate));
        all.push(LeftOut {
            name: candidate.id.clone(),
            reason,
            provides: provides.map(|(service, _)| places[service]).collect(),
        });
    }
    for part in &layered.parts {
        if let State::Off(at) = part.state {
            let package = &inputs.discovery.universe.packages[part.package].name;
            let names = BTreeSet::from([part.id, package.as_str()]);
            all.extend(names.into_iter().map(|name| LeftOut {
                name: name.to_owned(),
                reason: Reason::Off(at),
                provides: Vec::new(),
            }));
        }
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// Plugins in use. The host itself is one only where it has components or is a plugin.
fn plugins(
    inputs: &Inputs,
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
) -> (Vec<Plugin>, BTreeMap<usize, usize>) {
    let (mut plugins, mut places) = (Vec::new(), BTreeMap::new());
    for (number, part) in layered.parts.iter().enumerate() {
        if !part.is_in() || part.own && part.section.is_none() && part.components.is_empty() {
            continue;
        }
        let package = &inputs.discovery.universe.packages[part.package];
        places.insert(number, plugins.len());
        plugins.push(Plugin {
            id: part.id.to_owned(),
            package: package.name.clone(),
            version: package.version.clone(),
            crate_path: resolved
                .names
                .crate_path(part)
                .unwrap_or_default()
                .to_owned(),
            manifest: part.manifest_name.to_owned(),
            digest: part.digest.to_owned(),
            optional: part.is_optional(),
            description: part.section.and_then(|section| section.description.clone()),
            own: part.own,
        });
    }
    (plugins, places)
}

fn component(
    candidate: &Candidate<'_>,
    plugin: usize,
    needs: Vec<BoundNeed>,
    places: &BTreeMap<ServiceIx, usize>,
    tuned: &Tuned,
) -> Component {
    let decl = candidate.decl;
    Component {
        id: candidate.id.clone(),
        plugin,
        name: decl.name.value.clone(),
        ty: decl.ty.value.clone(),
        origin: decl.origin,
        description: decl.description.clone(),
        kind: decl.kind,
        scope: decl.scope,
        configured: decl.config.is_some() || decl.params.is_some(),
        provides: candidate
            .provides
            .iter()
            .map(|(service, _)| places[service])
            .collect(),
        needs,
        tending: tuned.tending,
        fatal: tuned.fatal,
    }
}

fn need(answer: &Answer, place: &[usize], services: &BTreeMap<ServiceIx, usize>) -> BoundNeed {
    BoundNeed {
        field: answer.field.clone(),
        service: services[&answer.service],
        form: answer.form,
        providers: answer
            .providers
            .iter()
            .map(|provider| place[*provider])
            .collect(),
        default: answer.default.map(|provider| place[provider]),
        lazy: answer.form == Form::Lazy,
    }
}

fn service(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    bound: &Bound,
    number: ServiceIx,
    place: &[usize],
) -> Service {
    let (ty, provision) = (&resolved.services[number], &bound.provisions[number]);
    // A transient is built for whoever injects it: nobody can get it from the application.
    let winner = provision
        .winner
        .known()
        .filter(|winner| resolved.candidates[*winner].decl.scope != Scope::Transient);
    Service {
        key: ty.key.clone(),
        display: ty.display.clone(),
        host_path: ty.host_path.clone(),
        providers: provision
            .providers
            .iter()
            .map(|provider| place[*provider])
            .collect(),
        winner: winner.map(|winner| place[winner]),
        optional: winner
            .is_some_and(|winner| layered.parts[resolved.candidates[winner].part].is_optional()),
    }
}

fn host(inputs: &Inputs, layered: &Layered<'_>) -> Host {
    let universe = &inputs.discovery.universe;
    let package = &universe.packages[universe.host];
    let runtime = runtime::of(universe, universe.host);
    let name = runtime.map_or(RUNTIME, |(name, _)| name);
    let runtime_features = runtime.map(|(_, package)| universe.packages[package].features.clone());
    Host {
        package: package.name.clone(),
        version: package.version.clone(),
        api: layered.host.api.clone(),
        root: layered.host.root.clone(),
        runtime: (inputs.runtime.clone()).unwrap_or_else(|| format!("::{name}")),
        runtime_features: runtime_features.unwrap_or_default(),
    }
}

/// Digest of all that reaches the generated code.
fn fingerprint(composition: &Composition) -> String {
    let Composition {
        host,
        plugins,
        components,
        services,
        aliases,
        absent,
        left_out,
        overlays,
        digest: _,
    } = composition;
    let mut digest = Digest::default();
    (host, plugins, services, aliases, absent, overlays).hash(&mut digest);
    for LeftOut {
        name,
        reason,
        provides,
    } in left_out
    {
        (name, provides).hash(&mut digest);
        // Where it is written is not what is composed.
        match reason {
            Reason::Lost(wins) => {
                let winners = wins.iter().map(|(winner, _)| winner);
                ("lost", winners.collect::<Vec<_>>()).hash(&mut digest);
            }
            Reason::Unneeded(needer) => ("unneeded", needer).hash(&mut digest),
            Reason::Off(_) => "off".hash(&mut digest),
        }
    }
    for component in components {
        let Component {
            id,
            plugin,
            name,
            ty,
            origin: _,
            description,
            kind,
            scope,
            configured,
            provides,
            needs,
            tending,
            fatal,
        } = component;
        (id, plugin, name, ty.to_string(), description, kind).hash(&mut digest);
        (scope, configured, provides, needs, tending, fatal).hash(&mut digest);
    }
    digest.print()
}
