//! The answer to one requirement after the other. Longer than other files: beside each form of an answer stands what is wrong where
//! there is none.

use super::bound::Answer;
use super::lookup::{Lookup, ProviderName, report};
use super::near;
use super::provision::{Provision, Winner, named};
use crate::diagnostic::mistake::{
    ComponentUse, DoesNotApply, Misfit, NoInstances, NoProvider, NothingToDecorate,
    OptionalProvider, RegistryAsService, SeveralProviders, Unmet, WrongScope,
};
use crate::diagnostic::{Diagnostics, Told};
use crate::index::{IndexMap, IndexSet, IndexVec};
use crate::model::{Form, Scope, TypeExpr};
use crate::resolve::{CandidateIx, ServiceTypeIx};
use crate::source::{Located, Origin};

/// Something wrong with a requirement; the trace is added when all requirements are known.
#[derive(Debug)]
pub(super) struct Finding {
    /// Whose requirement it is.
    pub(super) component: CandidateIx,
    /// What is wrong.
    pub(super) problem: Told,
    /// Where the requirement is written.
    pub(super) at: Origin,
}

/// Answers requirements, and remembers what is wrong with them.
pub(super) struct Binder<'s, 'a> {
    lookup: Lookup<'s, 'a>,
    /// What is wrong and has to be traced; the rest is reported.
    findings: Vec<Finding>,
    problems: &'s mut Diagnostics,
    /// The requirements of each service that nothing provides, after the component of the first.
    missing: IndexMap<ServiceTypeIx, (CandidateIx, Vec<Unmet>)>,
    /// Services whose lack of a provider, or of a choice, was reported: it is one mistake, however many ask.
    told: IndexSet<ServiceTypeIx>,
}

/// A requirement as its component states it.
#[derive(Clone, Copy)]
struct Requirement<'n> {
    component: CandidateIx,
    field: &'n str,
    service: ServiceTypeIx,
    written: &'n Located<TypeExpr>,
    form: Form,
    from: Option<&'n Located<String>>,
    named: bool,
}

/// Whom a component may be handed.
struct Choice {
    /// Everyone, in order.
    providers: Vec<CandidateIx>,
    /// Who it is where nothing else is said.
    default: Option<CandidateIx>,
}

impl Choice {
    /// No component: the runtime hands it over.
    fn nobody() -> Self {
        Self {
            providers: Vec::new(),
            default: None,
        }
    }

    fn only(provider: CandidateIx) -> Self {
        Self {
            providers: vec![provider],
            default: Some(provider),
        }
    }
}

impl Requirement<'_> {
    fn answer(&self, form: Form, choice: Choice) -> Answer {
        Answer {
            field: self.field.to_owned(),
            service: self.service,
            form,
            providers: choice.providers,
            default: choice.default,
            named: self.named,
            at: self.written.origin,
        }
    }
}

impl<'s, 'a> Binder<'s, 'a> {
    pub(super) fn new(lookup: Lookup<'s, 'a>, problems: &'s mut Diagnostics) -> Self {
        Self {
            lookup,
            findings: Vec::new(),
            problems,
            missing: IndexMap::new(),
            told: IndexSet::new(),
        }
    }

    /// What is wrong with requirements, to be traced.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        let (layered, resolved) = (self.lookup.layered, self.lookup.resolved);
        for (service, (component, needed)) in self.missing.iter() {
            let (component, at) = (*component, needed[0].at);
            let problem = NoProvider {
                service: resolved.services[service].display.clone(),
                needed: needed.clone(),
                near: near::misses(layered, resolved, service),
            };
            let problem = problem.into();
            self.findings.push(Finding {
                component,
                problem,
                at,
            });
        }
        self.findings
    }

    /// The answers to everything in `requires`.
    pub(super) fn answers(
        &mut self,
        provisions: &IndexVec<ServiceTypeIx, Provision>,
    ) -> IndexVec<CandidateIx, Vec<Option<Answer>>> {
        let all = self.lookup.resolved.candidates.indexed();
        all.map(|(component, candidate)| {
            let needs = candidate.decl.needs.iter().zip(&candidate.needs);
            let answers = needs.map(|(stated, service)| {
                let service = (*service)?;
                let need = Requirement {
                    component,
                    field: &stated.field.value,
                    service,
                    written: &stated.service,
                    form: stated.form,
                    from: stated.from.as_ref(),
                    named: stated.named,
                };
                self.answer(need, &provisions[service])
            });
            answers.collect()
        })
        .collect()
    }

    /// Reports decorators that have nothing to wrap.
    pub(super) fn decorators(&mut self, provisions: &IndexVec<ServiceTypeIx, Provision>) {
        let all = provisions.indexed();
        for (service, provision) in all.filter(|(_, one)| one.providers.is_empty()) {
            for component in &provision.decorators {
                let decl = self.lookup.resolved.candidates[*component].decl;
                let Some(written) = &decl.decorate else {
                    continue;
                };
                let need = Requirement {
                    component: *component,
                    field: "inner",
                    service,
                    written,
                    form: Form::Inner,
                    from: None,
                    named: false,
                };
                self.nobody(need, provision);
            }
        }
    }

    fn answer(&mut self, need: Requirement<'_>, provision: &Provision) -> Option<Answer> {
        let service = &self.lookup.resolved.services[need.service];
        if service.poisoned {
            return None;
        }
        if let Some((name, form)) = service.handle() {
            return self.handle(need, name, form);
        }
        if need.form == Form::Registry {
            let providers = provision.providers.clone();
            let default = None;
            return Some(need.answer(Form::Registry, Choice { providers, default }));
        }
        if self.is_registry(need.service) {
            return self.asked_as_service(need);
        }
        let is_plain = need.from.is_none() && !need.named;
        if service.is_clock() && is_plain && provision.winner == Winner::Nobody {
            return Some(need.answer(need.form, Choice::nobody()));
        }
        let choice = match (need.from, need.form) {
            (Some(from), _) => self.from(need, from)?,
            (None, Form::All | Form::Map) => Choice {
                providers: provision.providers.clone(),
                default: None,
            },
            (None, _) if need.named => self.instances(need, provision)?,
            (None, _) if self.may_inject(need) => self.injected(need, provision)?,
            (None, _) => self.chosen(need, provision)?,
        };
        let certain = match choice.providers[..] {
            [only] if need.named => Some(only),
            _ => choice.default,
        };
        if let Some(default) = certain
            && matches!(need.form, Form::One | Form::Lazy | Form::Current)
            && !self.may_rely_on(need, default, provision)
        {
            return None;
        }
        Some(need.answer(need.form, choice))
    }

    /// Whether entries are registered under a type.
    fn is_registry(&self, service: ServiceTypeIx) -> bool {
        let mut entries = self.lookup.resolved.entries.iter();
        entries.any(|entry| entry.registry == service)
    }

    /// A registry is asked for in a form of its own.
    fn asked_as_service(&mut self, need: Requirement<'_>) -> Option<Answer> {
        let candidate = &self.lookup.resolved.candidates[need.component];
        if !candidate.quiet {
            let problem = RegistryAsService {
                registry: need.written.value.to_string(),
                component: candidate.id.clone(),
                field: need.field.to_owned(),
            };
            self.problems.report(problem, need.written.origin);
        }
        None
    }

    /// There is one handle of a kind for every component: no other form makes sense.
    fn handle(&mut self, need: Requirement<'_>, name: &'static str, form: Form) -> Option<Answer> {
        if need.form == Form::One && need.from.is_none() && !need.named {
            return Some(need.answer(form, Choice::nobody()));
        }
        let candidate = &self.lookup.resolved.candidates[need.component];
        if !candidate.quiet {
            let problem = DoesNotApply {
                key: need.field.to_owned(),
                component: candidate.id.clone(),
                misfit: Misfit::Handle(name),
            };
            self.problems.report(problem, need.written.origin);
        }
        None
    }

    /// Whether the configuration may say by name which instance is meant.
    fn may_inject(&self, need: Requirement<'_>) -> bool {
        self.lookup.resolved.candidates[need.component].is_configured()
    }

    /// `from`
    fn from(&mut self, need: Requirement<'_>, name: &Located<String>) -> Option<Choice> {
        let found = self.lookup.provider(ProviderName {
            name: &name.value,
            used: ComponentUse::From,
            service: need.service,
            written: &need.written.value,
        });
        match found {
            Ok(found) => Some(Choice::only(found)),
            Err(none) => {
                if !self.lookup.resolved.candidates[need.component].quiet {
                    report(none, name, self.problems);
                }
                None
            }
        }
    }

    /// For a component that the configuration creates: every provider, and the one that needs no injection.
    fn injected(&mut self, need: Requirement<'_>, provision: &Provision) -> Option<Choice> {
        if provision.providers.is_empty() && need.form != Form::Optional {
            self.nobody(need, provision);
            return None;
        }
        let winner = provision.winner.known();
        Some(Choice {
            providers: provision.providers.clone(),
            default: winner.filter(|winner| *winner != need.component),
        })
    }

    /// `named`: the instances, of which the configuration chooses one.
    fn instances(&mut self, need: Requirement<'_>, provision: &Provision) -> Option<Choice> {
        let resolved = self.lookup.resolved;
        let providers = provision.providers.iter().copied();
        let instances = providers.filter(|one| resolved.candidates[*one].is_configured());
        let instances: Vec<CandidateIx> = instances.collect();
        if instances.is_empty() && need.form != Form::Optional {
            match provision.providers.is_empty() {
                true => self.nobody(need, provision),
                false => self.no_instances(need, provision),
            }
            return None;
        }
        Some(Choice {
            providers: instances,
            default: None,
        })
    }

    /// For any other component: the winner.
    fn chosen(&mut self, need: Requirement<'_>, provision: &Provision) -> Option<Choice> {
        match provision.winner {
            Winner::One(winner) => Some(Choice::only(winner)),
            Winner::Unknown => None,
            // The one instance that is configured, if there is one.
            Winner::Nobody | Winner::Instances if need.form == Form::Optional => Some(Choice {
                providers: provision.providers.clone(),
                default: match provision.providers[..] {
                    [only] => Some(only),
                    _ => None,
                },
            }),
            Winner::Nobody => {
                self.nobody(need, provision);
                None
            }
            Winner::Instances | Winner::Several => {
                self.no_choice(need, provision);
                None
            }
        }
    }

    fn nobody(&mut self, need: Requirement<'_>, provision: &Provision) {
        let (layered, resolved) = (self.lookup.layered, self.lookup.resolved);
        let candidate = &resolved.candidates[need.component];
        if provision.uncertain || candidate.quiet {
            return;
        }
        if !self.told.insert(need.service) {
            let unmet = self.unmet(need);
            if let Some((_, all)) = self.missing.entry(need.service) {
                all.push(unmet);
            }
            return;
        }
        if let Some((problem, at)) =
            layered.undeclared_provider(&resolved.services[need.service].ty)
        {
            self.problems.report(problem, at);
            return;
        }
        if let Some(problem) = near::indirect_provider(layered, resolved, need.service) {
            self.found(need, problem);
            return;
        }
        if need.form == Form::Inner {
            let service = resolved.services[need.service].display.clone();
            let near = near::misses(layered, resolved, need.service);
            let problem = NothingToDecorate {
                id: candidate.id.clone(),
                of_clock: resolved.services[need.service].is_clock(),
                service,
                near,
            };
            self.found(need, problem);
        } else {
            let unmet = self.unmet(need);
            self.missing
                .insert(need.service, (need.component, vec![unmet]));
        }
    }

    /// The service in the words of the manifest that asks for it.
    fn written(&self, need: Requirement<'_>) -> Option<String> {
        let (layered, resolved) = (self.lookup.layered, self.lookup.resolved);
        let service = &resolved.services[need.service];
        let part = &layered.parts[resolved.candidates[need.component].part];
        let names = &resolved.names;
        names.in_words_of(&service.ty, service.named_by, part)
    }

    fn unmet(&self, need: Requirement<'_>) -> Unmet {
        let candidate = &self.lookup.resolved.candidates[need.component];
        Unmet {
            component: candidate.id.clone(),
            field: need.field.to_owned(),
            stated: candidate.stated(need.field, self.written(need)),
            at: need.written.origin,
        }
    }

    fn no_choice(&mut self, need: Requirement<'_>, provision: &Provision) {
        let resolved = self.lookup.resolved;
        let candidate = &resolved.candidates[need.component];
        if candidate.is_unsure() || !self.told.insert(need.service) {
            return;
        }
        let service = resolved.services[need.service].display.clone();
        let providers = named(resolved, need.service, &provision.providers);
        let (component, field) = (candidate.id.clone(), need.field.to_owned());
        if provision.winner == Winner::Several {
            let problem = SeveralProviders {
                service,
                component,
                field,
                providers,
            };
            self.found(need, problem);
            return;
        }
        let scope = match candidate.decl.scope {
            Scope::Transient => "transient",
            Scope::Singleton | Scope::Instance => "singleton",
        };
        let problem = WrongScope {
            service,
            component,
            field,
            scope,
            providers,
        };
        self.found(need, problem);
    }

    fn no_instances(&mut self, need: Requirement<'_>, provision: &Provision) {
        let resolved = self.lookup.resolved;
        let candidate = &resolved.candidates[need.component];
        if provision.uncertain || candidate.is_unsure() {
            return;
        }
        let problem = NoInstances {
            service: resolved.services[need.service].display.clone(),
            component: candidate.id.clone(),
            field: need.field.to_owned(),
            providers: named(resolved, need.service, &provision.providers),
        };
        self.found(need, problem);
    }

    /// What cannot do without a component of an optional plugin, be it what provides or what wraps, has to be of an optional
    /// plugin itself.
    fn may_rely_on(
        &mut self,
        need: Requirement<'_>,
        provider: CandidateIx,
        provision: &Provision,
    ) -> bool {
        let (layered, resolved) = (self.lookup.layered, self.lookup.resolved);
        let component = &resolved.candidates[need.component];
        let asking = &layered.parts[component.part];
        let mut all = std::iter::once(&provider).chain(&provision.decorators);
        let may_be_absent = all.find_map(|one| {
            let one = &resolved.candidates[*one];
            let is_optional = layered.parts[one.part].is_optional();
            (is_optional && component.part != one.part).then_some(one)
        });
        let Some(provider) = may_be_absent.filter(|_| !asking.is_optional()) else {
            return true;
        };
        let providing = &layered.parts[provider.part];
        if !component.is_unsure() && !provider.quiet {
            let problem = OptionalProvider {
                service: resolved.services[need.service].display.clone(),
                component: component.id.clone(),
                field: need.field.to_owned(),
                stated: component.stated(need.field, self.written(need)),
                provider: provider.id.clone(),
                decorates: provider.decl.decorate.is_some(),
                plugin: providing.id.to_owned(),
                marked: providing.marked_optional(),
            };
            self.found(need, problem);
        }
        false
    }

    fn found(&mut self, need: Requirement<'_>, problem: impl Into<Told>) {
        self.findings.push(Finding {
            component: need.component,
            problem: problem.into(),
            at: need.written.origin,
        });
    }
}
