//! Components with the identities of everything that they name.

use super::names::Names;
use crate::index::{IndexMap, IndexSet, IndexVec, Ix, index_types};
use crate::key_map::KeyMap;
use crate::layer::{PartIx, Stated};
use crate::model::{
    ComponentDecl, EntryChoice, EntryDecl, EntryOff, Form, PackageIx, Scope, TypeExpr,
};
use crate::source::{Located, Origin};
use crate::topology::Edges;

index_types! {
    /// Index into [`Resolved::candidates`].
    CandidateIx,
    /// Index into [`Resolved::services`].
    ServiceTypeIx
}

/// Components with the identities of everything they name.
#[derive(Debug)]
pub(crate) struct Resolved<'a> {
    /// Components of the plugins that take part, by id.
    pub(crate) candidates: IndexVec<CandidateIx, Candidate<'a>>,
    /// Components of the plugins that do not: good for saying what is missing.
    pub(crate) absent: Vec<Candidate<'a>>,
    /// Entries of registries, those included that are not there; by plugin.
    pub(crate) entries: Vec<EntryCandidate<'a>>,
    /// What the host says of them.
    pub(crate) choices: Vec<ChosenEntry<'a>>,
    /// Every type that was named as a service, or as a registry.
    pub(crate) services: IndexVec<ServiceTypeIx, ServiceType>,
    /// `[bind]`, by service: of several lines about one, the strongest.
    pub(crate) binds: Binds<'a>,
    /// `[host] all`, with the places where it names each service.
    pub(crate) all: Vec<(ServiceTypeIx, Origin)>,
    /// The services of assertions in force, by the places where they are named.
    pub(crate) asserted: KeyMap<Origin, ServiceTypeIx>,
    /// What the host calls things.
    pub(crate) names: Names<'a>,
}

/// The line of `[bind]` in force for each service: the service as it is written, and the provider.
pub(super) type Binds<'a> = IndexMap<ServiceTypeIx, (&'a Located<TypeExpr>, &'a Located<String>)>;

impl Resolved<'_> {
    /// Takes one service for another, wherever it is named. What is asserted of it is about nothing.
    pub(crate) fn take_for(&mut self, wrong: ServiceTypeIx, meant: ServiceTypeIx) {
        let put = |service: &mut ServiceTypeIx| {
            if *service == wrong {
                *service = meant;
            }
        };
        for candidate in &mut self.candidates {
            let provides = candidate.provides.iter_mut();
            provides.for_each(|(service, _)| put(service));
            let asked = candidate.needs.iter_mut().chain([&mut candidate.decorates]);
            asked.flatten().for_each(put);
        }
        let entries = self.entries.iter_mut().map(|entry| &mut entry.registry);
        let choices = self.choices.iter_mut().map(|one| &mut one.registry);
        entries.chain(choices).for_each(put);
        self.all.iter_mut().for_each(|(service, _)| put(service));
        if let Some(line) = self.binds.entry(wrong).take() {
            self.binds.entry(meant).get_or_insert(line);
        }
    }

    /// By service: who provides it.
    pub(crate) fn providers(&self) -> IndexVec<ServiceTypeIx, Vec<CandidateIx>> {
        let mut providers = IndexVec::filled(Vec::new(), &self.services);
        for (number, candidate) in self.candidates.indexed() {
            let stated = candidate.provides.iter().map(|(service, _)| *service);
            let all: IndexSet<ServiceTypeIx> = stated.chain(candidate.own).collect();
            for service in all.iter().filter(|one| candidate.provides(*one)) {
                providers[service].push(number);
            }
        }
        providers
    }

    /// By service: who decorates it.
    pub(crate) fn decorators(&self) -> IndexVec<ServiceTypeIx, Vec<CandidateIx>> {
        let mut decorators = IndexVec::filled(Vec::new(), &self.services);
        for (number, candidate) in self.candidates.indexed() {
            if let Some(service) = candidate.decorates {
                decorators[service].push(number);
            }
        }
        decorators
    }

    /// The edges between components about which nothing has been reported.
    pub(crate) fn known_among(&self, edges: &Edges<CandidateIx>) -> Edges<CandidateIx> {
        let is_known = |number: CandidateIx| !self.candidates[number].quiet;
        let known = edges.indexed().map(|(number, targets)| {
            let targets = targets.iter();
            targets
                .filter(|target| is_known(number) && is_known(*target))
                .collect()
        });
        known.collect()
    }

    /// The component with this id.
    pub(crate) fn candidate(&self, id: &str) -> Option<CandidateIx> {
        self.candidates
            .binary_search_by(|candidate| candidate.id.as_str().cmp(id))
            .map(CandidateIx::new)
            .ok()
    }
}

/// A component that may answer requirements.
#[derive(Debug)]
pub(crate) struct Candidate<'a> {
    /// `plugin:Name`
    pub(crate) id: String,
    /// Its plugin.
    pub(crate) part: PartIx,
    /// Its declaration.
    pub(crate) decl: &'a ComponentDecl,
    /// Its own type, which it provides unless it decorates something.
    pub(crate) own: Option<ServiceTypeIx>,
    /// What it provides besides, with the place where it says so.
    pub(crate) provides: Vec<(ServiceTypeIx, Origin)>,
    /// The services of [`ComponentDecl::needs`]; `None` where that could not be resolved.
    pub(crate) needs: Vec<Option<ServiceTypeIx>>,
    /// The service it decorates.
    pub(crate) decorates: Option<ServiceTypeIx>,
    /// Why it is absent although its plugin takes part.
    pub(crate) off: Option<Off>,
    /// Something about it as a whole, or about its plugin, has been reported: nothing more is said about it.
    pub(crate) quiet: bool,
}

impl Candidate<'_> {
    /// Whether it provides this service. A decorator provides nothing: it is as many values as there are to wrap.
    pub(crate) fn provides(&self, service: ServiceTypeIx) -> bool {
        self.decl.decorate.is_none()
            && (self.own == Some(service) || self.provides.iter().any(|(one, _)| *one == service))
    }

    /// Everything that it may be asked for by, or stands in for.
    pub(crate) fn services(&self) -> impl Iterator<Item = ServiceTypeIx> + Clone {
        let provides = self.provides.iter().map(|(service, _)| *service);
        provides.chain(self.own).chain(self.decorates)
    }

    /// Whether a mistake that was reported is about it: it may be another one than is known.
    pub(crate) fn is_unsure(&self) -> bool {
        self.quiet || self.decl.partial
    }

    /// The inside of the table that its manifest may have for a requirement: `service = "dyn crate::T"`, in the words of that
    /// manifest; of a misspelt service what was meant.
    pub(crate) fn stated(&self, field: &str, service: Option<String>) -> String {
        let need = self.decl.needs.iter().find(|one| one.field.value == field);
        need.map_or_else(String::new, |need| {
            let from = need.from.as_ref();
            let from = from.map_or(String::new(), |from| format!(", from = {:?}", from.value));
            let named = if need.named { ", named = true" } else { "" };
            let service = service.unwrap_or_else(|| need.service.value.to_string());
            format!("service = \"{service}\"{from}{named}")
        })
    }

    /// Whether the configuration creates it: then it may inject by name.
    pub(crate) fn is_configured(&self) -> bool {
        self.decl.scope == Scope::Instance
    }

    /// Whether it is left out because it has lost, or because only losers needed it.
    pub(crate) fn is_left_out_by_rule(&self) -> bool {
        matches!(self.off, Some(Off::Lost(_) | Off::Unneeded(_)))
    }
}

/// An entry of a registry.
#[derive(Debug)]
pub(crate) struct EntryCandidate<'a> {
    /// Its registry.
    pub(crate) registry: ServiceTypeIx,
    /// Its plugin.
    pub(crate) part: PartIx,
    /// Its place among the entries of its manifest.
    pub(crate) place: usize,
    /// Its declaration.
    pub(crate) decl: &'a EntryDecl,
    /// Its path in the host's code.
    pub(crate) host_path: Option<String>,
    /// Why it is not there.
    pub(crate) off: Option<EntryOff>,
    /// Something about it has been reported: nothing more is said about it.
    pub(crate) quiet: bool,
}

/// What the host says of the entries of one key.
#[derive(Debug)]
pub(crate) struct ChosenEntry<'a> {
    /// The registry.
    pub(crate) registry: ServiceTypeIx,
    /// The key.
    pub(crate) key: &'a str,
    /// The line that counts; `None` where they contradict each other.
    pub(crate) choice: Option<Stated<'a, EntryChoice>>,
}

/// Why a component is absent although its plugin takes part.
#[derive(Debug, Clone)]
pub(crate) enum Off {
    /// Its `when` does not hold; the features of its package that it lacks.
    When(Vec<String>),
    /// `[override]` switches it off, there.
    Override(Origin),
    /// Everything that it provides has another winner, as `bind/left_out.rs` decides.
    Lost(Vec<Win>),
    /// Only components that are left out needed it: this one did.
    Unneeded(String),
    /// An alias of an overlay gives its name to another component, there.
    Renamed(Win),
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
    /// Its identity without the version of the package: what two versions of one contract have in common.
    pub(crate) stem: String,
    /// The package it lives in.
    pub(crate) package: Option<PackageIx>,
    /// The type as the first manifest that names it does.
    pub(crate) ty: TypeExpr,
    /// The package of that manifest.
    pub(crate) named_by: PackageIx,
    /// For people: in the host's words, or by the library's own name where the host has none.
    pub(crate) display: String,
    /// In the host's code.
    pub(crate) host_path: Option<String>,
    /// Something about it has been reported: no provider is looked for.
    pub(crate) poisoned: bool,
}

/// [`ServiceType::stem`] of what the runtime itself hands over, each with the form that it is asked for in.
const HANDLES: [(&str, Form); 2] = [
    ("treenail::Handle", Form::Handle),
    ("treenail::AppHandle", Form::AppHandle),
];

/// [`ServiceType::stem`] of the service that the runtime answers for where no component does.
const CLOCK: &str = "dyn treenail::Clock";

/// What the runtime itself hands out: the path of each, and whether it is a trait.
pub(crate) fn of_the_runtime() -> impl Iterator<Item = (&'static str, bool)> {
    let stems = HANDLES.into_iter().map(|(stem, _)| stem).chain([CLOCK]);
    stems.map(|stem| match stem.strip_prefix("dyn ") {
        Some(path) => (path, true),
        None => (stem, false),
    })
}

impl ServiceType {
    /// Which of the runtime's handles it is, by name and form, if it is one. No component provides it.
    pub(crate) fn handle(&self) -> Option<(&'static str, Form)> {
        HANDLES.into_iter().find(|(stem, _)| self.stem == *stem)
    }

    /// Whether the runtime's own answers for it, in each form, where no component does. It has no place in the graph, and costs
    /// nothing where nobody asks.
    pub(crate) fn is_clock(&self) -> bool {
        self.stem == CLOCK
    }
}
