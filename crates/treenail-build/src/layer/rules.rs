//! `[plugins]`

use std::collections::BTreeMap;
use std::sync::Arc;

use super::condition::Facts;
use super::merge::{Contradicted, Rank, Stated, strongest};
use super::part::{Part, Rule, State};
use super::{Layered, Speaker};
use crate::compose::Inputs;
use crate::diagnostic::{Diagnostics, Problem};
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
    for speaker in defaults(layered).into_iter().chain(hosts.iter().copied()) {
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
                    let problem = Problem::FeatureMissing {
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

/// What plugins say about others by themselves.
fn defaults<'a>(layered: &Layered<'a>) -> Vec<Speaker<'a>> {
    let parts = layered.parts.iter().enumerate();
    parts
        .filter(|(_, part)| !part.own && part.is_in() && part.manifest.host.is_none())
        .map(|(number, part)| Speaker {
            layer: &part.manifest.layer,
            rank: Rank::Plugin,
            part: number,
            package: part.package,
        })
        .collect()
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
        let (Ok(enabled), Ok(version), Ok(optional)) = (enabled, version, optional) else {
            return State::Poisoned;
        };
        // The strongest of those who say something is whom people look for.
        let stated = lines.iter().max_by_key(|(_, speaker)| speaker.rank);
        let Some((rule, _)) = stated.filter(|(_, speaker)| speaker.rank != Rank::Plugin) else {
            return enabled.map_or(part.state.clone(), State::Off);
        };
        part.rule = Some(Rule {
            at: rule.id.origin,
            version,
            optional,
        });
        match (&part.state, enabled) {
            (_, Some(off)) => State::Off(off),
            (State::Indirect(_), None) => {
                self.problems
                    .report(indirect(inputs, part, None), rule.id.origin);
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
        for (rule, speaker) in lines {
            let who = (speaker.rank, speaker.part);
            let holds = self
                .facts
                .holds(rule.when.as_ref(), speaker.package, self.problems);
            match holds.ok_or(Contradicted)? {
                true => statements.extend(self.stated(rule.enabled.as_ref(), *speaker)?),
                false => {
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
        let about = || format!("whether plugin `{id}` is enabled");
        let best = strongest(&statements, about, bool::to_string, self.problems)?;
        Ok(best.filter(|best| !best.what).map(|best| best.at))
    }

    /// What is said under one of the keys.
    fn settle<T: ToString>(
        &mut self,
        lines: &[Line<'a>],
        key: &str,
        get: impl Fn(&'a PluginRule) -> Option<&'a Setting<T>>,
    ) -> Result<Option<&'a crate::source::Located<T>>, Contradicted> {
        let mut statements = Vec::new();
        let mut settings = Vec::new();
        for (rule, speaker) in lines {
            if let Some(stated) = self.stated(get(rule), *speaker)? {
                statements.push(stated);
                settings.extend(get(rule).map(|setting| &setting.value));
            }
        }
        let id = lines.first().map_or("", |(rule, _)| rule.id.value.as_str());
        let about = || format!("`{key}` of plugin `{id}`");
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
pub(crate) fn indirect(inputs: &Inputs, part: &Part<'_>, service: Option<String>) -> Problem {
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
    Problem::IndirectPlugin {
        id,
        package: name,
        version,
        via,
        service,
    }
}
