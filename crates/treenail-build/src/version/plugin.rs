//! A plugin against what is around it. One that does not fit is poisoned; an optional one is left out.

use std::collections::BTreeSet;

use semver::{Version, VersionReq};
use treenail_core::nearest::nearest;

use crate::diagnostic::{Absence, Diagnostic, Diagnostics, Fit, Hop, Problem};
use crate::discover::Discovery;
use crate::layer::{HostSettings, Layered, Part, State, indirect};
use crate::model::{Constraint, Direct, Home, Package, PackageIx};
use crate::source::Origin;

/// Something that does not fit: the plugin it takes out, by its place in [`Layered::parts`], and what to say.
struct Misfit {
    part: usize,
    diagnostic: Diagnostic,
}

/// Checks every plugin that takes part.
pub(crate) fn check(discovery: &Discovery, layered: &mut Layered<'_>, problems: &mut Diagnostics) {
    let hosts = discovery.universe.direct();
    let known: BTreeSet<usize> = (0..layered.parts.len())
        .filter(|number| layered.parts[*number].state == State::In)
        .collect();
    let alone: Vec<Misfit> = present(layered, &known)
        .flat_map(|number| on_its_own(discovery, layered, number, &hosts))
        .collect();
    settle(discovery, layered, alone, problems);
    // Leaving one optional plugin out may take what another one needs away. Conflicts come after that: what is not there is in
    // nobody's way.
    loop {
        let optional = |layered: &Layered<'_>, misfits: Vec<Misfit>| -> Vec<Misfit> {
            let misfits = misfits.into_iter();
            let optional = misfits.filter(|misfit| layered.parts[misfit.part].is_optional());
            optional.collect()
        };
        let mut misfits = optional(layered, requirements(discovery, layered, &known));
        if misfits.is_empty() {
            misfits = optional(layered, conflicts(discovery, layered, &known));
        }
        if misfits.is_empty() {
            break;
        }
        settle(discovery, layered, misfits, problems);
    }
    let mut rest = requirements(discovery, layered, &known);
    rest.extend(conflicts(discovery, layered, &known));
    settle(discovery, layered, rest, problems);
    layered.forget_left_out();
}

/// Plugins that take part, of those of which it is known that they are to.
fn present<'l>(
    layered: &'l Layered<'_>,
    known: &'l BTreeSet<usize>,
) -> impl Iterator<Item = usize> + 'l {
    let known = known.iter().copied();
    known.filter(|number| layered.parts[*number].is_in())
}

/// Reports, and takes the plugins out.
fn settle(
    discovery: &Discovery,
    layered: &mut Layered<'_>,
    misfits: Vec<Misfit>,
    problems: &mut Diagnostics,
) {
    let packages = &discovery.universe.packages;
    for Misfit {
        part,
        mut diagnostic,
    } in misfits
    {
        let part = &mut layered.parts[part];
        if part.is_optional() {
            let version = packages[part.package].version.to_string();
            let (id, marked) = (part.id.to_owned(), part.marked_optional());
            diagnostic.problem = Problem::LeftOut {
                id,
                version,
                marked,
                inner: Box::new(diagnostic.problem),
            };
            part.state = State::LeftOut;
        } else {
            part.state = State::Poisoned;
        }
        problems.push(diagnostic);
    }
}

/// What is wrong with a plugin whichever other plugins there are.
fn on_its_own(
    discovery: &Discovery,
    layered: &Layered<'_>,
    number: usize,
    hosts: &Direct<'_>,
) -> Vec<Misfit> {
    let part = &layered.parts[number];
    let package = &discovery.universe.packages[part.package];
    let mut misfits = Vec::new();
    let mut misfit = |problem: Problem, at: Origin, trace: Vec<Hop>| {
        misfits.push(Misfit {
            part: number,
            diagnostic: Diagnostic::new(problem, at).needed_by(trace),
        });
    };
    if let Some(wanted) = part.rule.and_then(|rule| rule.version)
        && !fits(&wanted.value, &package.version)
    {
        let problem = Problem::PluginVersion {
            id: part.id.to_owned(),
            package: package.name.clone(),
            version: package.version.to_string(),
            wanted: wanted.value.to_string(),
        };
        misfit(problem, wanted.origin, Vec::new());
    }
    let Some(section) = part.section else {
        return misfits;
    };
    for constraint in &section.api {
        if let Some((problem, at, trace)) = contract(discovery, part, constraint, hosts) {
            misfit(problem, at, trace);
        }
    }
    if let Some(supported) = &section.host
        && let Some(problem) = host(discovery, &layered.host, part, package, &supported.value)
    {
        misfit(problem, supported.origin, Vec::new());
    }
    misfits
}

/// `[plugin] api`: against the version that the host resolves, or, where the host has none, the plugin's own.
fn contract(
    discovery: &Discovery,
    part: &Part<'_>,
    constraint: &Constraint,
    hosts: &Direct<'_>,
) -> Option<(Problem, Origin, Vec<Hop>)> {
    let universe = &discovery.universe;
    let package = &universe.packages[part.package];
    let name = &constraint.name.value;
    let externs = package.externs.values().copied();
    let own = externs.filter(|dependency| universe.packages[*dependency].name == *name);
    let Some(own) = own.max() else {
        let names = package
            .externs
            .values()
            .map(|dependency| universe.packages[*dependency].name.as_str());
        let suggestion = nearest(name, names);
        let problem = Problem::ApiNotADependency {
            id: part.id.to_owned(),
            package: name.clone(),
            suggestion,
        };
        return Some((problem, constraint.name.origin, Vec::new()));
    };
    let host = &universe.packages[universe.host];
    let hosts = hosts.get(name.as_str());
    let newest = hosts.and_then(|versions| versions.last().copied());
    // A host with several versions of the contract has one for each of its plugins.
    let has_own = hosts.is_some_and(|versions| versions.contains(&own));
    let found = if has_own { own } else { newest.unwrap_or(own) };
    let version = &universe.packages[found].version;
    if fits(&constraint.versions.value, version) {
        return None;
    }
    let does = format!("resolves {name} to {version}");
    let lines = &discovery.lines;
    let trace = if newest.is_some() {
        let at = lines.get(&found).copied();
        vec![Hop::of_package(&host.name, "Cargo.toml", &does, at)]
    } else {
        let file = format!("{}/Cargo.toml", package.name);
        let by_host = format!("depends on {} {}", package.name, package.version);
        let at = lines.get(&part.package).copied();
        vec![
            Hop::of_package(&package.name, &file, &does, None),
            Hop::of_package(&host.name, "Cargo.toml", &by_host, at),
        ]
    };
    let problem = Problem::ContractVersion {
        id: part.id.to_owned(),
        version: package.version.to_string(),
        package: name.clone(),
        found: version.to_string(),
        supported: constraint.versions.value.to_string(),
        cure: newest.and_then(|_| fit(discovery, found, &constraint.versions.value)),
    };
    Some((problem, constraint.versions.origin, trace))
}

/// What the host could do to get a version that is supported. Of the versions that there may be only those are known that the
/// plugin's author has written down.
fn fit(discovery: &Discovery, found: PackageIx, supported: &VersionReq) -> Option<Fit> {
    let universe = &discovery.universe;
    let ask = universe.packages[universe.host].asks.get(&found)?;
    let package = &universe.packages[found];
    let Home::Source(source) = &package.home else {
        return None;
    };
    if source.starts_with("git+") {
        return None;
    }
    let stated = supported.comparators.iter().map(|one| {
        let (minor, patch) = (one.minor.unwrap_or(0), one.patch.unwrap_or(0));
        Version::new(one.major, minor, patch)
    });
    let mut may = stated.filter(|version| fits(supported, version) && fits(&ask.versions, version));
    Some(match may.next() {
        Some(version) => Fit::Update(version.to_string()),
        None if ask.key == package.name => Fit::Line(format!("{} = \"{supported}\"", ask.key)),
        None => Fit::Line(format!(
            "{} = {{ package = {:?}, version = \"{supported}\" }}",
            ask.key, package.name
        )),
    })
}

/// `[plugin] host`
fn host(
    discovery: &Discovery,
    hosting: &HostSettings<'_>,
    part: &Part<'_>,
    package: &Package,
    supported: &VersionReq,
) -> Option<Problem> {
    if hosting.api_unsure || fits(supported, &hosting.api) {
        return None;
    }
    let universe = &discovery.universe;
    Some(Problem::HostVersion {
        id: part.id.to_owned(),
        version: package.version.to_string(),
        host: universe.packages[universe.host].name.clone(),
        found: hosting.api.to_string(),
        supported: supported.to_string(),
        api_at: hosting.api_at,
    })
}

/// What is wrong between plugins: `requires`.
fn requirements(
    discovery: &Discovery,
    layered: &Layered<'_>,
    known: &BTreeSet<usize>,
) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    for number in present(layered, known) {
        let stated = layered.parts[number].section;
        for constraint in stated.iter().flat_map(|section| &section.requires) {
            misfits.extend(required(discovery, layered, number, constraint));
        }
    }
    misfits
}

/// The same for `conflicts`.
fn conflicts(discovery: &Discovery, layered: &Layered<'_>, known: &BTreeSet<usize>) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    for number in present(layered, known) {
        let stated = layered.parts[number].section;
        for constraint in stated.iter().flat_map(|section| &section.conflicts) {
            misfits.extend(conflict(discovery, layered, (number, known), constraint));
        }
    }
    misfits
}

fn required(
    discovery: &Discovery,
    layered: &Layered<'_>,
    number: usize,
    constraint: &Constraint,
) -> Option<Misfit> {
    let packages = &discovery.universe.packages;
    let part = &layered.parts[number];
    let (required, wanted) = (&constraint.name.value, &constraint.versions.value);
    let missing = |absence| Problem::RequiredPluginMissing {
        id: part.id.to_owned(),
        required: required.clone(),
        wanted: wanted.to_string(),
        absence,
    };
    let Some(other) = layered.part(required).map(|other| &layered.parts[other]) else {
        if layered.poison.may_name(required) {
            return None;
        }
        let problem = layered.feature_missing(required).unwrap_or_else(|| {
            let suggestion = nearest(required, layered.parts.iter().map(|part| part.id));
            missing(Absence::Unknown { suggestion })
        });
        return Some(Misfit {
            part: number,
            diagnostic: Diagnostic::new(problem, constraint.name.origin),
        });
    };
    let problem = match &other.state {
        State::Off(at) => missing(Absence::Disabled { at: Some(*at) }),
        State::LeftOut => missing(Absence::LeftOut),
        State::Indirect(_) => indirect(&discovery.universe, other, None),
        State::In | State::Poisoned => {
            let found = &packages[other.package];
            if fits(wanted, &found.version) {
                return None;
            }
            let problem = Problem::RequiredPluginVersion {
                id: part.id.to_owned(),
                version: packages[part.package].version.to_string(),
                required: required.clone(),
                package: found.name.clone(),
                found: found.version.to_string(),
                wanted: wanted.to_string(),
            };
            return Some(Misfit {
                part: number,
                diagnostic: Diagnostic::new(problem, constraint.versions.origin),
            });
        }
    };
    let mut diagnostic = Diagnostic::new(problem, constraint.name.origin);
    if let State::Indirect(_) = other.state {
        let package = &packages[part.package];
        let at = part.section.map(|section| section.origin);
        diagnostic.trace.push(Hop {
            what: format!("plugin `{}` {}", part.id, package.version),
            at,
        });
    }
    Some(Misfit {
        part: number,
        diagnostic,
    })
}

fn conflict(
    discovery: &Discovery,
    layered: &Layered<'_>,
    (number, known): (usize, &BTreeSet<usize>),
    constraint: &Constraint,
) -> Option<Misfit> {
    let part = &layered.parts[number];
    let other_number = layered
        .part(&constraint.name.value)
        .filter(|other| *other != number && known.contains(other))?;
    let other = &layered.parts[other_number];
    let version = &discovery.universe.packages[other.package].version;
    if !other.is_in() || !fits(&constraint.versions.value, version) {
        return None;
    }
    let problem = Problem::Conflict {
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
    Some(Misfit {
        part: loser,
        diagnostic: Diagnostic::new(problem, constraint.name.origin),
    })
}

/// Whether a version is one of those meant. `*` means all of them, releases or not.
fn fits(wanted: &VersionReq, version: &Version) -> bool {
    *wanted == VersionReq::STAR || wanted.matches(version)
}
