//! A plugin against what is around it. One that does not fit is poisoned; an optional one is left out.

use semver::{Version, VersionReq};
use treenail_core::nearest::nearest;

use super::misfit::{Incompatible, fits, is_pre_release};
use crate::diagnostic::mistake::{
    ApiNotADependency, ContractVersion, Fit, HostVersion, PluginLeftOut, PluginVersion,
};
use crate::diagnostic::{Dependent, Diagnostic, Diagnostics, Hop, Needer};
use crate::discover::Discovery;
use crate::index::{IndexSet, IndexVec};
use crate::layer::{Layered, Part, PartIx, State};
use crate::model::{Constraint, Direct, Package, PackageIx, PluginSection, dependency};

/// Checks every plugin that takes part.
pub(crate) fn check(discovery: &Discovery, layered: &mut Layered<'_>, problems: &mut Diagnostics) {
    let packages = &discovery.universe.packages;
    let known = layered.parts.indexed();
    let known = known.filter(|(_, part)| part.state == State::In);
    let known: IndexSet<PartIx> = known.map(|(part, _)| part).collect();
    let alone = Fitting::new(discovery, layered, &known).alone();
    take_out(packages, layered, alone, problems);
    // Leaving one optional plugin out may take what another one needs away. Conflicts come after that: what is not there is in
    // nobody's way.
    loop {
        let misfits = Fitting::new(discovery, layered, &known).optional();
        if misfits.is_empty() {
            break;
        }
        take_out(packages, layered, misfits, problems);
    }
    let fitting = Fitting::new(discovery, layered, &known);
    let mut rest = fitting.requirements();
    rest.extend(fitting.conflicts());
    take_out(packages, layered, rest, problems);
    layered.forget_left_out();
}

/// Reports, and takes the plugins out.
fn take_out(
    packages: &IndexVec<PackageIx, Package>,
    layered: &mut Layered<'_>,
    misfits: Vec<Incompatible>,
    problems: &mut Diagnostics,
) {
    for Incompatible {
        part,
        also,
        mut diagnostic,
    } in misfits
    {
        for part in also {
            layered.parts[part].state = State::Poisoned;
        }
        let part = &mut layered.parts[part];
        if part.is_optional() {
            let left_out = PluginLeftOut {
                id: part.id.to_owned(),
                version: packages[part.package].version.to_string(),
                marked: part.marked_optional(),
                inner: diagnostic.told.words,
            };
            diagnostic.told = left_out.into();
            part.state = State::LeftOut;
        } else {
            part.state = State::Poisoned;
        }
        problems.push(diagnostic);
    }
}

/// Who is to fit, and into what.
pub(super) struct Fitting<'l, 'a> {
    pub(super) discovery: &'l Discovery,
    pub(super) packages: &'l IndexVec<PackageIx, Package>,
    pub(super) layered: &'l Layered<'a>,
    /// Plugins of which it was known that they are to take part; some may have been left out since.
    pub(super) known: &'l IndexSet<PartIx>,
}

impl<'l, 'a> Fitting<'l, 'a> {
    fn new(
        discovery: &'l Discovery,
        layered: &'l Layered<'a>,
        known: &'l IndexSet<PartIx>,
    ) -> Self {
        Self {
            discovery,
            packages: &discovery.universe.packages,
            layered,
            known,
        }
    }

    /// Plugins that take part.
    fn present(&self) -> impl Iterator<Item = (PartIx, &'l Part<'a>)> {
        let parts = &self.layered.parts;
        let known = self.known.iter();
        let known = known.map(move |number| (number, &parts[number]));
        known.filter(|(_, part)| part.is_in())
    }

    /// Those that take part and have a `[plugin]`.
    pub(super) fn sections(
        &self,
    ) -> impl Iterator<Item = (PartIx, &'l Part<'a>, &'a PluginSection)> {
        self.present()
            .filter_map(|(number, part)| Some((number, part, part.section?)))
    }

    pub(super) fn version(&self, part: &Part<'_>) -> &'l Version {
        &self.packages[part.package].version
    }

    /// What is wrong with each plugin whichever other plugins there are.
    fn alone(&self) -> Vec<Incompatible> {
        let hosts = self.discovery.universe.direct();
        let mut misfits = Vec::new();
        for (number, part) in self.present() {
            misfits.extend(self.insisted_on(number, part));
            let Some(section) = part.section else {
                continue;
            };
            let contracts = section.api.iter();
            let contracts = contracts.flat_map(|one| self.contract(part, one, &hosts));
            misfits.extend(contracts.map(|diagnostic| Incompatible::of(number, diagnostic)));
            misfits.extend(self.host(number, part, section));
        }
        misfits
    }

    /// What optional plugins do not get, or else whom they are in the way of.
    fn optional(&self) -> Vec<Incompatible> {
        let is_optional = |misfit: &Incompatible| self.layered.parts[misfit.part].is_optional();
        let mut misfits = self.requirements();
        misfits.retain(is_optional);
        if misfits.is_empty() {
            misfits = self.conflicts();
            misfits.retain(is_optional);
        }
        misfits
    }

    /// `version` in `[plugins]`
    fn insisted_on(&self, number: PartIx, part: &Part<'_>) -> Option<Incompatible> {
        let wanted = part.rule.version?;
        let package = &self.packages[part.package];
        let problem = PluginVersion {
            id: part.id.to_owned(),
            package: package.name.clone(),
            version: package.version.to_string(),
            wanted: wanted.what.to_string(),
            is_pre_release: is_pre_release(wanted.what, &package.version),
        };
        let fits = fits(wanted.what, &package.version);
        (!fits).then(|| Incompatible::new(number, problem, wanted.at))
    }

    /// `[plugin] host`
    fn host(
        &self,
        number: PartIx,
        part: &Part<'_>,
        section: &PluginSection,
    ) -> Option<Incompatible> {
        let supported = section.host.as_ref()?;
        let host = &self.layered.host;
        if host.api_unsure || fits(&supported.value, &host.api) {
            return None;
        }
        let problem = HostVersion {
            id: part.id.to_owned(),
            version: self.version(part).to_string(),
            host: host.versioned.clone(),
            found: host.api.to_string(),
            supported: supported.value.to_string(),
            is_pre_release: is_pre_release(&supported.value, &host.api),
            api_at: host.api_at,
        };
        Some(Incompatible::new(number, problem, supported.origin))
    }

    /// `[plugin] api`: against the version that the host resolves, or, where the host has none, the plugin's own.
    fn contract(
        &self,
        part: &Part<'_>,
        constraint: &Constraint,
        hosts: &Direct<'_>,
    ) -> Vec<Diagnostic> {
        let name = &constraint.name.value;
        if let Some(own) = self.dependency(part, name) {
            return Vec::from_iter(self.supported(part, constraint, own, hosts));
        }
        let meant = self.dependency_meant(part, name);
        let problem = ApiNotADependency {
            id: part.id.to_owned(),
            package: name.clone(),
            suggestion: meant.map(|meant| self.packages[meant].name.clone()),
        };
        let unknown = Diagnostic::new(problem, constraint.name.origin);
        let of_meant = meant.and_then(|own| self.supported(part, constraint, own, hosts));
        [unknown].into_iter().chain(of_meant).collect()
    }

    /// The dependency of a plugin that is this package.
    fn dependency(&self, part: &Part<'_>, name: &str) -> Option<PackageIx> {
        let externs = self.packages[part.package].externs.values().copied();
        externs.filter(|one| self.packages[*one].name == name).max()
    }

    /// The dependency that was meant by a name that no package has: what the plugin calls it, the plugin that it is, or a name
    /// that comes close.
    fn dependency_meant(&self, part: &Part<'_>, name: &str) -> Option<PackageIx> {
        let externs = &self.packages[part.package].externs;
        let called = || externs.get(&name.replace('-', "_")).copied();
        let plugin = || {
            let found = &self.layered.parts[self.layered.part(name)?];
            externs.values().copied().find(|one| *one == found.package)
        };
        let near = || {
            let names = externs
                .values()
                .map(|one| self.packages[*one].name.as_str());
            self.dependency(part, &nearest(name, names)?)
        };
        called().or_else(plugin).or_else(near)
    }

    /// Whether a plugin supports the version of this contract, which is its own dependency.
    fn supported(
        &self,
        part: &Part<'_>,
        constraint: &Constraint,
        own: PackageIx,
        hosts: &Direct<'_>,
    ) -> Option<Diagnostic> {
        let package = &self.packages[part.package];
        let (name, supported) = (&self.packages[own].name, &constraint.versions.value);
        let hosts = hosts.get(name.as_str());
        // A host with several versions of the contract has one for each of its plugins.
        let of_host = hosts.filter(|versions| !versions.contains(&own));
        let found = of_host.and_then(|versions| versions.iter().max().copied());
        let found = found.unwrap_or(own);
        let version = &self.packages[found].version;
        if fits(supported, version) {
            return None;
        }
        let cure = hosts.and_then(|_| self.fit(found, supported));
        let problem = ContractVersion {
            id: part.id.to_owned(),
            version: package.version.to_string(),
            package: name.clone(),
            found: version.to_string(),
            supported: supported.to_string(),
            is_pre_release: is_pre_release(supported, version),
            cure,
        };
        let trace = self.trace(part, found, hosts.is_some());
        Some(Diagnostic::new(problem, constraint.versions.origin).needed_by(trace))
    }

    /// How a version of a contract comes to a plugin: from the host, or by its own dependency.
    fn trace(&self, part: &Part<'_>, contract: PackageIx, from_host: bool) -> Vec<Hop> {
        let host = &self.packages[self.discovery.universe.host].name;
        let lines = &self.discovery.lines;
        let depends = |package: &str, file: String, on: PackageIx| Dependent {
            package: package.to_owned(),
            file,
            dependency: self.packages[on].name.clone(),
            version: self.packages[on].version.to_string(),
        };
        let by_host = |on| depends(host, "Cargo.toml".to_owned(), on);
        if from_host {
            return vec![Hop {
                who: Needer::Resolved(by_host(contract)),
                at: lines.get(contract).copied(),
            }];
        }
        let name = &self.packages[part.package].name;
        let by_plugin = depends(name, format!("{name}/Cargo.toml"), contract);
        vec![
            Hop {
                who: Needer::Resolved(by_plugin),
                at: None,
            },
            Hop {
                who: Needer::Dependent(by_host(part.package)),
                at: lines.get(part.package).copied(),
            },
        ]
    }

    /// What the host could do to get a version that is supported. Of the versions that there may be only those are known that
    /// the plugin's author has written down.
    fn fit(&self, found: PackageIx, supported: &VersionReq) -> Option<Fit> {
        let host = &self.packages[self.discovery.universe.host];
        let package = &self.packages[found];
        let ask = host.ask(found);
        let ask = ask.filter(|_| package.home.is_registry())?;
        let mut stated = supported.comparators.iter().map(|one| {
            let (minor, patch) = (one.minor.unwrap_or(0), one.patch.unwrap_or(0));
            Version::new(one.major, minor, patch)
        });
        let is_allowed =
            |version: &Version| fits(supported, version) && fits(&ask.versions, version);
        Some(match stated.find(is_allowed) {
            Some(version) => Fit::Update(version.to_string()),
            None => {
                let versions = supported.to_string();
                Fit::Line(dependency(&ask.key, &package.name, &versions, None))
            }
        })
    }
}
