//! `[plugins]`: who takes part, and how.

use std::sync::Arc;

use super::condition::Facts;
use super::host::HostLayer;
use super::layered::Layered;
use super::merge::{
    PartIx, Rank, Speaker, Stated, Undecided, decide, strongest, strongest_setting,
};
use super::part::{Part, Rule, State, ids, indirect};
use crate::diagnostic::mistake::{About, FeatureMissing};
use crate::diagnostic::{Diagnostics, Told};
use crate::key_map::KeyMap;
use crate::model::{Layer, PluginRule, Setting, Universe};
use crate::source::Origin;

/// A line with who states it.
#[derive(Clone, Copy)]
struct RuleLine<'a> {
    rule: &'a PluginRule,
    speaker: Speaker,
}

/// The lines of several layers, by the plugin that they are about.
type RuleLines<'a> = KeyMap<&'a str, Vec<RuleLine<'a>>>;

/// What a line says whose condition does not hold.
static OFF: bool = false;

/// Applies the lines of all layers.
pub(super) fn apply<'a>(
    hosts: &[HostLayer<'a>],
    universe: &Universe,
    layered: &mut Layered<'a>,
    problems: &mut Diagnostics,
) {
    let lines_of_all = lines(hosts, layered);
    let mut rules = Rules {
        facts: layered.facts,
        problems,
    };
    let mut known: Option<Arc<[String]>> = None;
    let mut meant_for = Vec::new();
    for (id, lines) in lines_of_all.iter() {
        match layered.part(id).filter(|part| !layered.parts[*part].own) {
            Some(part) => rules.apply(universe, lines, &mut layered.parts[part]),
            None => {
                let meant = rules.check_missing((id, lines), &lines_of_all, layered, &mut known);
                meant_for.extend(meant.map(|part| (part, lines)));
            }
        }
    }
    for (part, meant) in meant_for {
        let part = &mut layered.parts[part];
        if part.state == State::In && !lines_of_all.contains_key(part.id) {
            rules.apply(universe, meant, part);
        }
    }
    // A rule that could not be read may have switched its plugin off, or made it optional: nothing is known of the plugin.
    let poison = &layered.poison;
    for part in &mut layered.parts {
        if part.state == State::In && poison.rules.contains(part.id) {
            part.state = State::Poisoned;
        }
    }
}

/// What plugins say about others by themselves, and then what the host and its overlays say. A plugin that these switch off says
/// nothing.
fn lines<'a>(hosts: &[HostLayer<'a>], layered: &Layered<'a>) -> RuleLines<'a> {
    let mut of_hosts = RuleLines::new();
    for host in hosts {
        add(&mut of_hosts, host.layer, host.speaker);
    }
    let mut lines = RuleLines::new();
    for (number, part) in layered.parts.indexed() {
        // Of a manifest that composes, these lines are about that composition.
        let speaks = !part.own && part.is_in() && part.manifest.host.is_none();
        let stated = of_hosts.get(part.id);
        if speaks && !stated.is_some_and(|lines| is_switched_off(lines, layered.facts)) {
            let speaker = Speaker {
                rank: Rank::Plugin,
                part: number,
                package: part.package,
            };
            add(&mut lines, &part.manifest.layer, speaker);
        }
    }
    for (id, more) in of_hosts.iter() {
        lines.entry(*id).get_or_insert_default().extend(more);
    }
    lines
}

fn add<'a>(lines: &mut RuleLines<'a>, layer: &'a Layer, speaker: Speaker) {
    for rule in &layer.rules {
        let about = lines.entry(&rule.id.value).get_or_insert_default();
        about.push(RuleLine { rule, speaker });
    }
}

/// Whether these lines switch a plugin off.
fn is_switched_off(lines: &[RuleLine<'_>], facts: Facts<'_>) -> bool {
    let stated = enabled(lines, facts);
    let decided = stated.and_then(|stated| decide(&stated, bool::to_string));
    matches!(decided, Ok(Some(best)) if !best.what)
}

/// What the lines say about whether their plugin takes part.
fn enabled<'a>(
    lines: &[RuleLine<'a>],
    facts: Facts<'_>,
) -> Result<Vec<Stated<'a, bool>>, Undecided> {
    let mut statements = Vec::new();
    for RuleLine { rule, speaker } in lines {
        let setting = rule.enabled.as_ref();
        if facts
            .holds(rule.when.as_ref(), speaker.package)
            .ok_or(Undecided)?
        {
            let stated = setting.map(|setting| speaker.setting(setting, facts));
            statements.extend(stated.transpose()?.flatten());
        } else {
            let priority = setting.and_then(|setting| setting.priority);
            statements.push(speaker.states(&OFF, rule.id.origin, priority));
        }
    }
    Ok(statements)
}

/// Features of the host that the last of the lines lacks whose condition does not hold.
fn lacking(lines: &[RuleLine<'_>], facts: Facts<'_>) -> Vec<String> {
    let mut unmet = lines.iter().rev().filter_map(|line| {
        let (when, package) = (line.rule.when.as_ref()?, line.speaker.package);
        let holds = facts.holds(Some(when), package);
        (holds == Some(false)).then(|| facts.lacking(when, package))
    });
    unmet.next().unwrap_or_default()
}

struct Rules<'a, 'p> {
    facts: Facts<'a>,
    problems: &'p mut Diagnostics,
}

impl<'a> Rules<'a, '_> {
    /// What is said about a plugin that is there, and what that makes of it.
    fn apply(&mut self, universe: &Universe, lines: &[RuleLine<'a>], part: &mut Part<'a>) {
        part.lacks = lacking(lines, self.facts);
        let off = self.switched_off(lines, part.id);
        let version = self.strongest(lines, "version", |rule| rule.version.as_ref());
        let optional = self.strongest(lines, "optional", |rule| rule.optional.as_ref());
        if let Ok(Some(off)) = off {
            part.state = State::Off(off);
            return;
        }
        let (Ok(_), Ok(version), Ok(optional)) = (off, version, optional) else {
            part.state = State::Poisoned;
            return;
        };
        // A plugin that speaks of another one is not whom people look for.
        let hosts = lines
            .iter()
            .filter(|line| line.speaker.rank != Rank::Plugin);
        let strongest = hosts.max_by_key(|line| line.speaker.rank);
        let at = strongest.map(|line| line.rule.id.origin);
        part.rule = Rule {
            at,
            version,
            optional,
        };
        if let (State::Indirect(_), Some(at)) = (&part.state, at) {
            self.problems.report(indirect(universe, part, None), at);
            part.state = State::Poisoned;
        }
    }

    /// What is said about a plugin that is not there. What one plugin says about another that is not there is nobody's mistake,
    /// and a line for another target or feature is none here. Returns the plugin that was meant.
    fn check_missing(
        &mut self,
        (id, lines): (&str, &[RuleLine<'a>]),
        all: &RuleLines<'a>,
        layered: &Layered<'_>,
        known: &mut Option<Arc<[String]>>,
    ) -> Option<PartIx> {
        let holds = |line: &&RuleLine<'_>| {
            let when = line.rule.when.as_ref();
            self.facts.holds(when, line.speaker.package) == Some(true)
        };
        let in_force: Vec<RuleLine<'a>> = lines.iter().filter(holds).copied().collect();
        let mut hosts = in_force.iter();
        let line = hosts.find(|line| line.speaker.rank != Rank::Plugin)?;
        let poison = &layered.poison;
        let mut meant = None;
        let problem: Told = match layered.absent(id) {
            Some(_) if poison.rules.contains(id) || self.may_be_absent(id, &in_force) => {
                return None;
            }
            Some(absent) => FeatureMissing {
                id: id.to_owned(),
                absent: absent.clone(),
                stated: self.optional(&in_force, absent.platform.as_deref()),
            }
            .into(),
            None => {
                let others = layered.parts.iter().filter(|part| !part.own);
                let known = known.get_or_insert_with(|| ids(others));
                // One that has a line there already was not meant.
                let rank = line.speaker.rank;
                let may_be = |id: &str| {
                    let mut stated = all.get(id).into_iter().flatten();
                    stated.all(|line| line.speaker.rank != rank)
                };
                meant = layered.meant(id, known.iter().map(String::as_str), &may_be);
                if poison.may_be_plugin(id, meant.is_some()) {
                    return None;
                }
                layered.unknown(id, Arc::clone(known), meant.clone())
            }
        };
        self.problems.report(problem, line.rule.id.origin);
        layered.part(&meant?)
    }

    /// Whether what is said about a plugin fits a build without it: it is switched off, or may be missing.
    fn may_be_absent(&mut self, id: &str, lines: &[RuleLine<'a>]) -> bool {
        let off = self.switched_off(lines, id);
        let optional = self.strongest(lines, "optional", |rule| rule.optional.as_ref());
        match (off, optional) {
            (Ok(off), Ok(optional)) => {
                off.is_some() || optional.is_some_and(|optional| *optional.what)
            }
            // They contradict each other, which has been reported.
            _ => true,
        }
    }

    /// The line that would let the plugin be absent, on other platforms than this one: what is said about its version stays.
    fn optional(&mut self, lines: &[RuleLine<'a>], platform: Option<&str>) -> Option<String> {
        let version = self.strongest(lines, "version", |rule| rule.version.as_ref());
        let version = version.ok()?;
        let version = version.map(|version| format!("version = \"{}\", ", version.what));
        // A platform may be a triple, which no condition names.
        let platform = platform.filter(|platform| platform.starts_with("cfg("));
        let otherwise = platform.map_or("optional = true".to_owned(), |platform| {
            format!("when = '{platform}'")
        });
        Some(format!("{{ {}{otherwise} }}", version.unwrap_or_default()))
    }

    /// Where the plugin is switched off, if it is.
    fn switched_off(
        &mut self,
        lines: &[RuleLine<'a>],
        id: &str,
    ) -> Result<Option<Origin>, Undecided> {
        let statements = enabled(lines, self.facts)?;
        let about = About::PluginIsEnabled(id.to_owned());
        let best = strongest(&statements, about, bool::to_string, self.problems)?;
        Ok(best.filter(|best| !best.what).map(|best| best.at))
    }

    /// What is said under one of the keys.
    fn strongest<T: ToString>(
        &mut self,
        lines: &[RuleLine<'a>],
        key: &'static str,
        get: impl Fn(&'a PluginRule) -> Option<&'a Setting<T>>,
    ) -> Result<Option<Stated<'a, T>>, Undecided> {
        let settings = lines
            .iter()
            .filter_map(|line| Some((line.speaker, get(line.rule)?)));
        let id = lines.first().map_or("", |line| line.rule.id.value.as_str());
        let about = About::PluginKey {
            key,
            id: id.to_owned(),
        };
        strongest_setting(settings, self.facts, about, self.problems)
    }
}
