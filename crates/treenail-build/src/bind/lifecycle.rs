//! How each component is taken through its life: its own words, with the host's and the overlay's `[lifecycle]` over them.

use std::collections::BTreeSet;
use std::time::Duration;

use treenail_core::duration;

use super::lookup::{Lookup, report};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{About, ComponentUse};
use crate::index::IndexVec;
use crate::layer::{Facts, Rank, Speaker, Stated, strongest};
use crate::model::{Deadlines, PackageIx, Restart, Setting, Tending, Terms, Tuning};
use crate::resolve::{Candidate, CandidateIx};
use crate::source::Located;

/// One answer for each component; reports lines of `[lifecycle]` that speak of none, and those that contradict each other.
pub(super) fn tune(
    lookup: Lookup<'_, '_>,
    problems: &mut Diagnostics,
) -> IndexVec<CandidateIx, Tending> {
    let (layered, resolved) = (lookup.layered, lookup.resolved);
    let mut lines: IndexVec<CandidateIx, Vec<&Stated<'_, Tuning>>> =
        IndexVec::filled(Vec::new(), &resolved.candidates);
    let stated = layered.tunings.iter();
    let stated = stated.map(|one| (one.rank, one.what.component.value.as_str()));
    let stated: BTreeSet<(Rank, &str)> = stated.collect();
    for tuning in &layered.tunings {
        let name = &tuning.what.component;
        let may_be = |id: &str| !stated.contains(&(tuning.rank, id));
        match lookup.find_among(&name.value, ComponentUse::Lifecycle, &may_be) {
            Ok(found) => lines[found].push(tuning),
            Err(none) => report(none, name, problems),
        }
    }
    let all = resolved.candidates.iter().zip(lines);
    all.map(|(candidate, lines)| {
        let mut tuner = Tuner {
            facts: layered.facts,
            host: resolved.names.universe.host,
            candidate,
            lines,
            problems,
        };
        tuner.tuned()
    })
    .collect()
}

/// What is said about the life of one component.
struct Tuner<'t, 'a> {
    facts: Facts<'t>,
    /// The composing package.
    host: PackageIx,
    candidate: &'t Candidate<'a>,
    lines: Vec<&'t Stated<'t, Tuning>>,
    problems: &'t mut Diagnostics,
}

impl<'t> Tuner<'t, '_> {
    fn tuned(&mut self) -> Tending {
        let mut limit = |key: &str, get: Get<Duration>| {
            let shown = |limit: &Duration| duration::print(*limit);
            let own = get(&self.candidate.decl.terms);
            self.strongest(
                &format!("deadline.{key}"),
                own,
                |line| get(&line.terms),
                shown,
            )
        };
        let deadline = Deadlines {
            build: limit("build", |terms| terms.build.as_ref()),
            start: limit("start", |terms| terms.start.as_ref()),
            stop: limit("stop", |terms| terms.stop.as_ref()),
        };
        let own = self.candidate.decl.terms.restart.as_ref();
        let restart = self.strongest("restart", own, |line| line.terms.restart.as_ref(), policy);
        let own = self.candidate.decl.terms.fatal.as_ref();
        let fatal = self.strongest(
            "fatal",
            own,
            |line| line.terms.fatal.as_ref(),
            bool::to_string,
        );
        Tending {
            deadline,
            restart,
            fatal: fatal.unwrap_or_default(),
        }
    }

    /// What counts of one of the keys; `own` is what the component says by itself.
    fn strongest<T: Copy>(
        &mut self,
        key: &str,
        own: Option<&'t Setting<T>>,
        get: impl Fn(&'t Tuning) -> Option<&'t Setting<T>>,
        shown: impl Fn(&T) -> String,
    ) -> Option<T> {
        let Candidate { id, part, .. } = self.candidate;
        let own = own.map(|own| {
            let Located { value, origin } = &own.value;
            let speaker = Speaker {
                rank: Rank::Plugin,
                part: *part,
                package: self.host,
            };
            speaker.states(value, *origin, None)
        });
        let mut statements: Vec<Stated<'_, T>> = own.into_iter().collect();
        for line in &self.lines {
            let speaker = Speaker {
                rank: line.rank,
                part: line.part,
                package: self.host,
            };
            if let Some(setting) = get(line.what) {
                statements.extend(speaker.setting(setting, self.facts).ok()?);
            }
        }
        let about = About::ComponentKey {
            key: key.to_owned(),
            id: id.clone(),
        };
        let best = strongest(&statements, about, shown, self.problems).ok()?;
        best.map(|best| *best.what)
    }
}

/// Reads one of the deadlines.
type Get<T> = for<'t> fn(&'t Terms) -> Option<&'t Setting<T>>;

/// `restart`, as it is written.
fn policy(restart: &Option<Restart>) -> String {
    let Some(restart) = restart else {
        return "never".to_owned();
    };
    if *restart == Restart::USUAL {
        return "on-failure".to_owned();
    }
    format!(
        "{{ restarts = {}, within = {:?}, initial = {:?}, longest = {:?}, healthy_after = {:?} }}",
        restart.restarts,
        duration::print(restart.within),
        duration::print(restart.initial),
        duration::print(restart.longest),
        duration::print(restart.healthy_after)
    )
}
