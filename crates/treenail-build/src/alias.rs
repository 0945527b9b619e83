//! `[alias]`: further names of components and plugins, followed to the end of their chains.

mod names;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{AliasFault, Diagnostics, Problem};
use crate::layer::{Layered, Stated};
use crate::model::Alias;
use crate::resolve::Resolved;
use names::{End, Names};

/// What names stand for.
#[derive(Debug, Default)]
pub(crate) struct Aliases {
    /// Every further name with the name at the end of its chain.
    pub(crate) ends: BTreeMap<String, String>,
    /// Names that stand for something that is not known.
    unknown: BTreeSet<String>,
    /// Names that lead to something that is not there, which is nobody's mistake until it is used.
    astray: BTreeMap<String, String>,
    /// Plugins that other plugins' components are called after, by `plugin:*`.
    wildcards: BTreeMap<String, String>,
}

impl Aliases {
    /// The id at the end of a name's chain.
    pub(crate) fn end<'s>(&'s self, name: &'s str) -> Cow<'s, str> {
        let mut here = Cow::Borrowed(name);
        for _ in 0..=self.wildcards.len() {
            let stated = self.ends.get(&*here);
            if let Some(end) = stated.or_else(|| self.astray.get(&*here)) {
                return Cow::Borrowed(end);
            }
            let Some((plugin, rest)) = here.split_once(':') else {
                break;
            };
            match self.wildcards.get(plugin) {
                Some(target) => here = format!("{target}:{rest}").into(),
                None => break,
            }
        }
        here
    }

    /// Whether a name stands for another one that is there.
    pub(crate) fn hides(&self, name: &str) -> bool {
        self.ends.get(name).is_some_and(|end| end != name)
    }

    /// The component that a name means in the end, where that is known.
    pub(crate) fn meant(&self, name: &str, resolved: &Resolved<'_>) -> Option<usize> {
        if self.unknown.contains(name) {
            return None;
        }
        match resolved.candidate(name) {
            Some(found) if !self.hides(name) && !self.astray.contains_key(name) => Some(found),
            _ => {
                let end = self.end(name);
                resolved
                    .candidate(&end)
                    .filter(|_| !self.unknown.contains(&*end))
            }
        }
    }

    /// Whether a name that leads nowhere does so because of something that has been reported.
    pub(crate) fn is_excused(&self, name: &str) -> bool {
        is_excused(&self.unknown, name) || is_excused(&self.unknown, &self.end(name))
    }
}

fn is_excused(unknown: &BTreeSet<String>, name: &str) -> bool {
    let wildcard = name
        .split_once(':')
        .map(|(plugin, _)| format!("{plugin}:*"));
    unknown.contains(name) || wildcard.is_some_and(|wildcard| unknown.contains(&wildcard))
}

/// Follows all aliases.
pub(crate) fn follow(
    layered: &Layered<'_>,
    resolved: &Resolved<'_>,
    problems: &mut Diagnostics,
) -> Aliases {
    let mut names = Names::of(layered, resolved, problems);
    let mut aliases = Aliases::default();
    for (name, line) in &names.lines {
        if name.ends_with(":*") {
            if !names.check_wildcard(line, problems) {
                aliases.unknown.insert((*name).to_owned());
            }
            continue;
        }
        match names.end(name) {
            End::Found(end) => {
                aliases.ends.insert((*name).to_owned(), end);
            }
            End::Missing { end, last, told } => {
                if names.may_be_absent(&end) {
                    aliases.astray.insert((*name).to_owned(), end);
                    continue;
                }
                if last.as_deref() == Some(*name) && !told && !is_excused(&names.unknown, &end) {
                    names.report_missing(line, &end, problems);
                }
                aliases.unknown.insert((*name).to_owned());
            }
            End::Cycle(names) => {
                if names.first().is_some_and(|first| first == name) {
                    report(line, AliasFault::Cycle(names.to_vec()), problems);
                }
                aliases.unknown.insert((*name).to_owned());
            }
        }
    }
    names.expand(&mut aliases.ends);
    aliases.wildcards = names
        .wildcards()
        .map(|(from, to)| (from.to_owned(), to.to_owned()))
        .collect();
    aliases.unknown.append(&mut names.unknown);
    aliases
}

fn report(line: &Stated<'_, Alias>, fault: AliasFault, problems: &mut Diagnostics) {
    let problem = Problem::Alias {
        from: line.what.from.value.clone(),
        to: line.what.to.value.value.clone(),
        fault,
    };
    problems.report(problem, line.what.from.origin);
}
