//! The answer to one requirement after the other.

use std::collections::BTreeSet;

use super::provision::{Provision, Winner, component, named, provides};
use super::{Answer, Finding, near};
use crate::alias::Aliases;
use crate::compose::Inputs;
use crate::diagnostic::mistake::{
    ComponentUse, DoesNotApply, Misfit, NoProvider, NothingToDecorate, OptionalProvider,
    SeveralProviders, WrongScope,
};
use crate::diagnostic::{Diagnostics, Told};
use crate::layer::Layered;
use crate::model::{Form, Need, Scope};
use crate::resolve::{Resolved, ServiceIx};
use crate::source::{Located, Origin};

/// Answers requirements, and remembers what is wrong with them.
pub(super) struct Binder<'s, 'a> {
    inputs: &'s Inputs,
    layered: &'s Layered<'a>,
    resolved: &'s Resolved<'a>,
    aliases: &'s Aliases,
    findings: Vec<Finding>,
    problems: Diagnostics,
    /// Services whose lack of a provider, or of a choice, was reported: it is one mistake, however many ask.
    told: BTreeSet<ServiceIx>,
}

/// A requirement as its component states it.
#[derive(Clone, Copy)]
struct Asked<'n> {
    component: usize,
    field: &'n str,
    service: ServiceIx,
    form: Form,
    from: Option<&'n Located<String>>,
    at: Origin,
    inner: bool,
}

impl<'s, 'a> Binder<'s, 'a> {
    pub(super) fn new(
        inputs: &'s Inputs,
        layered: &'s Layered<'a>,
        resolved: &'s Resolved<'a>,
        aliases: &'s Aliases,
    ) -> Self {
        let (findings, problems, told) = (Vec::new(), Diagnostics::default(), BTreeSet::new());
        Self {
            inputs,
            layered,
            resolved,
            aliases,
            findings,
            problems,
            told,
        }
    }

    /// What is wrong with requirements, to be traced; the rest is reported.
    pub(super) fn finish(self, problems: &mut Diagnostics) -> Vec<Finding> {
        problems.extend(self.problems);
        self.findings
    }

    /// The answers to everything in `requires`.
    pub(super) fn answers(&mut self, provisions: &[Provision]) -> Vec<Vec<Option<Answer>>> {
        let resolved = self.resolved;
        let all = resolved.candidates.iter().enumerate();
        all.map(|(component, candidate)| {
            let needs = candidate.decl.needs.iter().zip(&candidate.needs);
            needs
                .map(|(need, service)| {
                    let Need {
                        field, form, from, ..
                    } = need;
                    let (field, from, at) =
                        (field.value.as_str(), from.as_ref(), need.service.origin);
                    let asked = Asked {
                        component,
                        field,
                        service: (*service)?,
                        form: *form,
                        from,
                        at,
                        inner: false,
                    };
                    self.answer(asked, &provisions[asked.service])
                })
                .collect()
        })
        .collect()
    }

    /// Lets every decorator take the place of what it wraps: the first in order wraps the winner, the last one answers.
    pub(super) fn decorate(
        &mut self,
        provisions: &mut [Provision],
        ranks: &[usize],
    ) -> Vec<(usize, Option<Answer>)> {
        let resolved = self.resolved;
        let mut decorators: Vec<(ServiceIx, usize)> = resolved
            .candidates
            .iter()
            .enumerate()
            .filter_map(|(number, one)| Some((one.decorates?, number)))
            .collect();
        decorators.sort_by_key(|(service, number)| (*service, ranks[*number]));
        let mut inner = Vec::new();
        for (service, component) in decorators {
            let at = resolved.candidates[component]
                .decl
                .decorate
                .as_ref()
                .map(|ty| ty.origin);
            let Some(at) = at else { continue };
            let asked = Asked {
                component,
                field: "inner",
                service,
                form: Form::One,
                from: None,
                at,
                inner: true,
            };
            let provision = &mut provisions[service];
            let answer = self.answer(asked, provision);
            let previous = answer.as_ref().and_then(|answer| answer.default);
            let quiet =
                resolved.candidates[component].quiet || resolved.candidates[component].decl.partial;
            match previous {
                Some(previous) if !quiet => {
                    provision.winner = Winner::One(component);
                    provision
                        .providers
                        .iter_mut()
                        .filter(|one| **one == previous)
                        .for_each(|one| *one = component);
                }
                _ => provision.winner = Winner::Unknown,
            }
            inner.push((component, answer));
        }
        inner
    }

    fn answer(&mut self, asked: Asked<'_>, provision: &Provision) -> Option<Answer> {
        if self.resolved.services[asked.service].poisoned {
            return None;
        }
        if self.resolved.services[asked.service].is_handle() {
            return self.handle(asked);
        }
        let (providers, default) = match (asked.from, asked.form) {
            (Some(from), _) => self.from(asked, from)?,
            (None, Form::All | Form::Map) => (provision.providers.clone(), None),
            (None, _) if self.may_inject(asked) => self.injected(asked, provision)?,
            (None, _) => self.chosen(asked, provision)?,
        };
        if let Some(default) = default
            && matches!(asked.form, Form::One | Form::Lazy)
        {
            self.check_presence(asked, default)?;
        }
        let Asked {
            service,
            form,
            at,
            inner,
            ..
        } = asked;
        Some(Answer {
            field: asked.field.to_owned(),
            service,
            form,
            providers,
            default,
            inner,
            at,
        })
    }

    /// Every component has its own handle: no other form makes sense.
    fn handle(&mut self, asked: Asked<'_>) -> Option<Answer> {
        if asked.form != Form::One || asked.from.is_some() || asked.inner {
            let candidate = &self.resolved.candidates[asked.component];
            if !candidate.quiet {
                let problem = DoesNotApply {
                    key: asked.field.to_owned(),
                    component: candidate.id.clone(),
                    misfit: Misfit::Handle,
                };
                self.problems.report(problem, asked.at);
            }
            return None;
        }
        Some(Answer {
            field: asked.field.to_owned(),
            service: asked.service,
            form: Form::Handle,
            providers: Vec::new(),
            default: None,
            inner: false,
            at: asked.at,
        })
    }

    /// Whether the configuration may say by name which instance is meant.
    fn may_inject(&self, asked: Asked<'_>) -> bool {
        !asked.inner && self.resolved.candidates[asked.component].is_configured()
    }

    /// `from`
    fn from(
        &mut self,
        asked: Asked<'_>,
        name: &Located<String>,
    ) -> Option<(Vec<usize>, Option<usize>)> {
        let candidate = &self.resolved.candidates[asked.component];
        let mut problems = Diagnostics::default();
        let reports = if candidate.quiet {
            &mut problems
        } else {
            &mut self.problems
        };
        let found = component(
            self.layered,
            self.resolved,
            self.aliases,
            (name, ComponentUse::From),
            reports,
        )?;
        let ty = &candidate
            .decl
            .needs
            .iter()
            .find(|need| need.field.value == asked.field)?
            .service
            .value;
        provides(
            self.layered,
            self.resolved,
            (asked.service, ty),
            (found, name),
            reports,
        )
        .then(|| (vec![found], Some(found)))
    }

    /// For a component that the configuration creates: every provider, and the one that needs no injection.
    fn injected(
        &mut self,
        asked: Asked<'_>,
        provision: &Provision,
    ) -> Option<(Vec<usize>, Option<usize>)> {
        if provision.providers.is_empty() && asked.form != Form::Optional {
            self.nobody(asked, provision);
            return None;
        }
        let default = provision
            .winner
            .known()
            .filter(|winner| *winner != asked.component);
        Some((provision.providers.clone(), default))
    }

    /// For any other component: the winner.
    fn chosen(
        &mut self,
        asked: Asked<'_>,
        provision: &Provision,
    ) -> Option<(Vec<usize>, Option<usize>)> {
        match provision.winner {
            Winner::One(winner) => Some((vec![winner], Some(winner))),
            Winner::Unknown => None,
            Winner::Nobody if asked.form == Form::Optional => Some((Vec::new(), None)),
            Winner::Nobody => {
                self.nobody(asked, provision);
                None
            }
            // The one instance that is configured, if there is one.
            Winner::Instances if asked.form == Form::Optional => {
                let only = if let [only] = provision.providers[..] {
                    Some(only)
                } else {
                    None
                };
                Some((provision.providers.clone(), only))
            }
            Winner::Instances | Winner::Several => {
                self.no_choice(asked, provision);
                None
            }
        }
    }

    fn nobody(&mut self, asked: Asked<'_>, provision: &Provision) {
        let resolved = self.resolved;
        let candidate = &resolved.candidates[asked.component];
        if provision.uncertain || candidate.quiet || !self.told.insert(asked.service) {
            return;
        }
        let service = resolved.services[asked.service].display.clone();
        if let Some(indirect) =
            near::indirect_provider(self.inputs, self.layered, resolved, asked.service)
        {
            return self.found(asked, indirect);
        }
        let near = near::misses(self.layered, resolved, asked.service);
        if asked.inner {
            let problem = NothingToDecorate {
                id: candidate.id.clone(),
                service,
                near,
            };
            self.found(asked, problem);
        } else {
            let problem = NoProvider {
                service,
                component: candidate.id.clone(),
                field: asked.field.to_owned(),
                stated: candidate.stated(asked.field),
                near,
            };
            self.found(asked, problem);
        }
    }

    fn found(&mut self, asked: Asked<'_>, mistake: impl Into<Told>) {
        self.findings.push(Finding {
            component: asked.component,
            mistake: mistake.into(),
            at: asked.at,
        });
    }

    fn no_choice(&mut self, asked: Asked<'_>, provision: &Provision) {
        let resolved = self.resolved;
        let candidate = &resolved.candidates[asked.component];
        if candidate.quiet || candidate.decl.partial || !self.told.insert(asked.service) {
            return;
        }
        let service = resolved.services[asked.service].display.clone();
        let providers = named(resolved, asked.service, &provision.providers);
        let (component, field) = (candidate.id.clone(), asked.field.to_owned());
        if provision.winner == Winner::Several {
            let problem = SeveralProviders {
                service,
                component,
                field,
                providers,
            };
            return self.found(asked, problem);
        }
        let scope = match candidate.decl.scope {
            Scope::Transient => "transient",
            _ => "singleton",
        };
        let problem = WrongScope {
            service,
            component,
            field,
            scope,
            providers,
        };
        self.found(asked, problem);
    }

    /// What cannot do without a component of an optional plugin has to be of an optional plugin itself.
    fn check_presence(&mut self, asked: Asked<'_>, provider: usize) -> Option<()> {
        let (component, provider) = (
            &self.resolved.candidates[asked.component],
            &self.resolved.candidates[provider],
        );
        let (asking, providing) = (
            &self.layered.parts[component.part],
            &self.layered.parts[provider.part],
        );
        if !providing.is_optional() || asking.is_optional() || component.part == provider.part {
            return Some(());
        }
        if !component.quiet && !component.decl.partial && !provider.quiet {
            let problem = OptionalProvider {
                service: self.resolved.services[asked.service].display.clone(),
                component: component.id.clone(),
                field: asked.field.to_owned(),
                stated: component.stated(asked.field),
                provider: provider.id.clone(),
                plugin: providing.id.to_owned(),
                marked: providing.marked_optional(),
            };
            self.found(asked, problem);
        }
        None
    }
}
