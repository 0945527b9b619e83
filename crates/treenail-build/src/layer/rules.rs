//! `[plugins]`

use std::collections::BTreeMap;
use std::sync::Arc;

use super::condition::Facts;
use super::merge::{Contradicted, Rank, Stated, strongest};
use super::part::{Part, Rule, State};
use super::{Layered, Speaker};
use crate::compose::Inputs;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{About, FeatureMissing, IndirectPlugin};
use crate::model::{PluginRule, Setting};
use crate::source::Origin;

/// A line with who states it.
type Line<'a> = (&'a PluginRule, Speaker<'a>);

/// What a composition says of a plugin where it says nothing.
static OFF: bool = false;

/// Applies the lines of all layers.
pub(super) fn apply<'a>(
    inputs: &'a Inputs,
    hosts: &[Speaker<'a>],
    layered: &mut Layered<'a>,
    problems: &mut Diagnostics,
) {
    let mut lines: BTreeMap<&str, Vec<Line<'a>>> = BTreeMap::new();
    let defaults = defaults(inputs, hosts, layered);
    for speaker in defaults.into_iter().chain(hosts.iter().copied()) {
        for rule in &speaker.layer.rules {
            lines
                .entry(rule.id.value.as_str())
                .or_default()
                .push((rule, speaker));
        }
    }
    let mut rules = Rules {
        facts: Facts::new(inputs),
        problems,
    };
    let mut known: Option<Arc<[String]>> = None;
    for (id, lines) in lines {
        let found = layered.part(id);
        let Some(found) = found.filter(|found| !layered.parts[*found].own) else {
            // What a plugin says about another one that is not there is nobody's mistake.
            let in_force = rules.in_force(&lines);
            let own = in_force
                .iter()
                .find(|(_, speaker)| speaker.rank != Rank::Plugin);
            match (own, layered.absent(id)) {
                (Some((rule, _)), Some(absent))
                    if !layered.poison.rules.contains(id)
                        && !rules.may_be_absent(id, &in_force) =>
                {
                    let problem = FeatureMissing {
                        id: id.to_owned(),
                        absent: absent.clone(),
                        stated: rules.optional(&in_force, absent.platform.as_deref()),
                    };
                    rules.problems.report(problem, rule.id.origin);
                }
                (Some((rule, _)), None) if !layered.poison.may_name(id) => {
                    let others = layered.parts.iter().filter(|part| !part.own);
                    let known = known.get_or_insert_with(|| ids(others));
                    let problem = layered.unknown(&rule.id.value, Arc::clone(known));
                    rules.problems.report(problem, rule.id.origin);
                }
                _ => {}
            }
            continue;
        };
        let state = rules.apply(inputs, &lines, &mut layered.parts[found]);
        layered.parts[found].state = state;
    }
    // A rule that could not be read may have switched its plugin off, or made it optional: nothing is known of the plugin.
    for part in layered
        .parts
        .iter_mut()
        .filter(|part| part.state == State::In && layered.poison.rules.contains(part.id))
    {
        part.state = State::Poisoned;
    }
}

/// What plugins say about others by themselves. One that the host switches off says nothing.
fn defaults<'a>(
    inputs: &'a Inputs,
    hosts: &[Speaker<'a>],
    layered: &Layered<'a>,
) -> Vec<Speaker<'a>> {
    let mut lines: BTreeMap<&str, Vec<Line<'a>>> = BTreeMap::new();
    for speaker in hosts {
        for rule in &speaker.layer.rules {
            let lines = lines.entry(rule.id.value.as_str()).or_default();
            lines.push((rule, *speaker));
        }
    }
    let switched_off = |part: &Part<'_>| {
        let lines = lines.get(part.id);
        lines.is_some_and(|lines| is_switched_off(inputs, lines, part.id))
    };
    let parts = layered.parts.iter().enumerate();
    let says = |part: &Part<'_>| {
        let layer = &part.manifest.layer;
        !part.own && part.is_in() && part.manifest.host.is_none() && !layer.rules.is_empty()
    };
    parts
        .filter(|(_, part)| says(part) && !switched_off(part))
        .map(|(number, part)| Speaker {
            layer: &part.manifest.layer,
            rank: Rank::Plugin,
            part: number,
            package: part.package,
        })
        .collect()
}

/// Whether these lines of the host and the overlays switch a plugin off.
fn is_switched_off(inputs: &Inputs, lines: &[Line<'_>], id: &str) -> bool {
    let mut unheard = Diagnostics::default();
    let mut rules = Rules {
        facts: Facts::new(inputs),
        problems: &mut unheard,
    };
    matches!(rules.enabled(lines, id, &mut Vec::new()), Ok(Some(_)))
}

struct Rules<'a, 'p> {
    facts: Facts<'a>,
    problems: &'p mut Diagnostics,
}

impl<'a> Rules<'a, '_> {
    /// The lines about a plugin that is not there whose conditions hold: one for another target or feature is no mistake here.
    fn in_force(&mut self, lines: &[Line<'a>]) -> Vec<Line<'a>> {
        let holds = |(rule, speaker): &&Line<'a>| {
            let when = rule.when.as_ref();
            self.facts.holds(when, speaker.package, self.problems) == Some(true)
        };
        lines.iter().filter(holds).copied().collect()
    }

    /// Whether what is said about a plugin fits a build without it: it is switched off, or may be missing.
    fn may_be_absent(&mut self, id: &str, lines: &[Line<'a>]) -> bool {
        let enabled = self.enabled(lines, id, &mut Vec::new());
        let optional = self.settle(lines, "optional", |rule| rule.optional.as_ref());
        match (enabled, optional) {
            (Ok(enabled), Ok(optional)) => {
                enabled.is_some() || optional.is_some_and(|optional| optional.value)
            }
            // They contradict each other, which has been reported.
            _ => true,
        }
    }

    /// The line that would let the plugin be absent, on other platforms than this one: what is said about its version stays.
    fn optional(&mut self, lines: &[Line<'a>], platform: Option<&str>) -> Option<String> {
        let version = self.settle(lines, "version", |rule| rule.version.as_ref());
        let version = version.ok()?;
        let version = version.map(|version| format!("version = \"{}\", ", version.value));
        // A platform may be a triple, which no condition names.
        let platform = platform.filter(|platform| platform.starts_with("cfg("));
        let otherwise = platform.map_or("optional = true".to_owned(), |platform| {
            format!("when = '{platform}'")
        });
        Some(format!("{{ {}{otherwise} }}", version.unwrap_or_default()))
    }

    /// Settles what is said about one plugin, and what that makes of it.
    fn apply(&mut self, inputs: &Inputs, lines: &[Line<'a>], part: &mut Part<'a>) -> State {
        let (enabled, version, optional) = (
            self.enabled(lines, part.id, &mut part.lacks),
            self.settle(lines, "version", |rule| rule.version.as_ref()),
            self.settle(lines, "optional", |rule| rule.optional.as_ref()),
        );
        if let Ok(Some(off)) = enabled {
            return State::Off(off);
        }
        let (Ok(_), Ok(version), Ok(optional)) = (enabled, version, optional) else {
            return State::Poisoned;
        };
        // A plugin that speaks of another one is not whom people look for.
        let stated = lines
            .iter()
            .filter(|(_, speaker)| speaker.rank != Rank::Plugin)
            .max_by_key(|(_, speaker)| speaker.rank)
            .map(|(rule, _)| rule.id.origin);
        part.rule = Some(Rule {
            at: stated,
            version,
            optional,
        });
        match (&part.state, stated) {
            (State::Indirect(_), Some(at)) => {
                self.problems.report(indirect(inputs, part, None), at);
                State::Poisoned
            }
            _ => part.state.clone(),
        }
    }

    /// Where the plugin is switched off, if it is.
    fn enabled(
        &mut self,
        lines: &[Line<'a>],
        id: &str,
        lacks: &mut Vec<String>,
    ) -> Result<Option<Origin>, Contradicted> {
        let mut statements: Vec<Stated<'_, bool>> = Vec::new();
        let mut known = true;
        for (rule, speaker) in lines {
            let who = (speaker.rank, speaker.part);
            let holds = self
                .facts
                .holds(rule.when.as_ref(), speaker.package, self.problems);
            match holds {
                Some(true) => match self.stated(rule.enabled.as_ref(), *speaker) {
                    Ok(stated) => statements.extend(stated),
                    Err(Contradicted) => known = false,
                },
                None => known = false,
                Some(false) => {
                    *lacks = rule
                        .when
                        .as_ref()
                        .map(|when| self.facts.lacking(when, speaker.package))
                        .unwrap_or_default();
                    let own = rule.enabled.as_ref().and_then(|enabled| enabled.priority);
                    statements.push(Stated::new(&OFF, rule.id.origin, who, own));
                }
            }
        }
        if !known {
            return Err(Contradicted);
        }
        let about = || About::PluginIsEnabled(id.to_owned());
        let best = strongest(&statements, about, bool::to_string, self.problems)?;
        Ok(best.filter(|best| !best.what).map(|best| best.at))
    }

    /// What is said under one of the keys.
    fn settle<T: ToString>(
        &mut self,
        lines: &[Line<'a>],
        key: &'static str,
        get: impl Fn(&'a PluginRule) -> Option<&'a Setting<T>>,
    ) -> Result<Option<&'a crate::source::Located<T>>, Contradicted> {
        let mut statements = Vec::new();
        let (mut settings, mut known) = (Vec::new(), true);
        for (rule, speaker) in lines {
            match self.stated(get(rule), *speaker) {
                Ok(None) => {}
                Ok(Some(stated)) => {
                    statements.push(stated);
                    settings.extend(get(rule).map(|setting| &setting.value));
                }
                Err(Contradicted) => known = false,
            }
        }
        if !known {
            return Err(Contradicted);
        }
        let id = lines.first().map_or("", |(rule, _)| rule.id.value.as_str());
        let about = || About::PluginKey {
            key,
            id: id.to_owned(),
        };
        let best = strongest(&statements, about, T::to_string, self.problems)?;
        Ok(best.and_then(|best| {
            let mut settings = settings.into_iter();
            settings.find(|setting| setting.origin == best.at)
        }))
    }

    /// A value with its layer, where its condition holds.
    fn stated<T>(
        &mut self,
        setting: Option<&'a Setting<T>>,
        speaker: Speaker<'_>,
    ) -> Result<Option<Stated<'a, T>>, Contradicted> {
        let Some(setting) = setting else {
            return Ok(None);
        };
        let when = setting.when.as_ref();
        let holds = self.facts.holds(when, speaker.package, self.problems);
        let (value, who) = (&setting.value, (speaker.rank, speaker.part));
        let stated = Stated::new(&value.value, value.origin, who, setting.priority);
        Ok(holds.ok_or(Contradicted)?.then_some(stated))
    }
}

/// Ids of plugins.
pub(crate) fn ids<'p, 'a: 'p>(parts: impl Iterator<Item = &'p Part<'a>>) -> Arc<[String]> {
    parts.map(|part| part.id.to_owned()).collect()
}

/// A plugin is needed, but the host does not depend on its package directly.
pub(crate) fn indirect(
    inputs: &Inputs,
    part: &Part<'_>,
    service: Option<String>,
) -> IndirectPlugin {
    let packages = &inputs.discovery.universe.packages;
    let package = &packages[part.package];
    let via = match part.state {
        State::Indirect(via) => packages[via].name.clone(),
        _ => String::new(),
    };
    let (id, name, version) = (
        part.id.to_owned(),
        package.name.clone(),
        package.version.to_string(),
    );
    IndirectPlugin {
        id,
        package: name,
        version,
        via,
        service,
    }
}
