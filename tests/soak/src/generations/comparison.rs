//! What runs, what it holds, and what the application shows of it, compared with what has to be.

use std::collections::BTreeSet;

use treenail::__private::Form;
use treenail::State;

use super::graph::Place;
use super::oracle::{Now, SOME, Standing, is_anonymous, is_nobodys};
use super::probe::{Held, Probe, record};
use super::trial::{App, Trial, same};

impl Trial<'_> {
    /// Compares what runs with what has to run.
    pub(super) fn compare(&mut self) -> Result<(), String> {
        let broken = record(|record| std::mem::take(&mut record.broken));
        same("broken laws", &broken, &Vec::new())?;
        same(
            "the generation",
            &self.reloader.generation(),
            &self.generation,
        )?;
        self.find()?;
        if self.is_unclear {
            return Ok(());
        }
        let right: BTreeSet<u64> = self.values(self.now.standing.keys()).into_iter().collect();
        let found = record(|record| {
            let running = record.values.iter().filter(|(_, seen)| seen.runs());
            running.map(|(id, _)| *id).collect::<BTreeSet<u64>>()
        });
        let named = |these: &BTreeSet<u64>| {
            let named = |id: &u64| {
                record(|record| (*id, record.values.get(id).map(|seen| seen.name.clone())))
            };
            these.iter().map(named).collect::<Vec<_>>()
        };
        same("what runs", &named(&found), &named(&right))?;
        let is_whole = !self
            .now
            .standing
            .values()
            .any(|one| *one == Standing::Missing);
        if is_whole {
            // Who follows what could not be built again finds the last value of it.
            let followed: BTreeSet<u64> = right.iter().flat_map(|id| followed(*id)).collect();
            let alive = record(|record| record.values.keys().copied().collect::<Vec<u64>>());
            let alive: BTreeSet<u64> = alive
                .into_iter()
                .filter(|id| right.contains(id) || !followed.contains(id))
                .collect();
            same("what is alive", &alive, &right)?;
        }
        let mut astray = BTreeSet::new();
        for (place, standing) in &self.now.standing {
            if let Standing::Running(id) = standing {
                self.compare_value(place, *id)?;
                let value = record(|record| record.values[id].value);
                if value != self.now.graph.nodes[place].value {
                    astray.insert(*id);
                }
            }
        }
        self.may_be_astray.clone_from(&astray);
        self.now.astray = astray;
        self.compare_board()
    }

    /// Finds the values of which it is not known yet which ones they are.
    fn find(&mut self) -> Result<(), String> {
        let unknown = |now: &Now| -> Vec<Place> {
            let unknown = now.standing.iter().filter(|(_, one)| **one == SOME);
            unknown.map(|(place, _)| place.clone()).collect()
        };
        let running = |name: &str, known: &[u64]| {
            record(|record| {
                let mut running = record
                    .values
                    .iter()
                    .filter(|(id, seen)| seen.runs() && seen.name == name && !known.contains(id));
                running.next().map(|(id, _)| *id)
            })
        };
        loop {
            let known = self.values(self.now.standing.keys());
            let open = unknown(&self.now);
            if open.is_empty() {
                return Ok(());
            }
            let by_name = |place: &Place| running(&self.now.graph.nodes[place].name, &known);
            let is_anonymous = |place: &Place| is_anonymous(self.world, &self.now.graph, place);
            let found = open.iter().find_map(|place| {
                let holder = self.now.graph.nodes[place].holder.as_ref();
                let id = match holder {
                    Some(holder) => self.handed(holder, place)?,
                    None if is_anonymous(place) => return None,
                    None => by_name(place)?,
                };
                Some((place.clone(), id))
            });
            // When it is known of all others, those that were made for somebody who does not run.
            let found = found.or_else(|| {
                let mut nobodys = open.iter().filter(|place| is_nobodys(&self.now, place));
                nobodys.find_map(|place| Some((place.clone(), by_name(place)?)))
            });
            let Some((place, id)) = found else {
                return Err(format!("these do not run: {open:?}"));
            };
            let name = |place: &Place| self.now.graph.nodes[place].name.clone();
            // Of two values of one name, made for one holder each, only their holders tell which is which.
            let is_told_apart =
                self.now.graph.nodes[&place].holder.is_some() && !is_nobodys(&self.now, &place);
            let mut others = open.iter().filter(|other| **other != place);
            self.is_unclear |= !is_told_apart && others.any(|other| name(other) == name(&place));
            self.now.standing.insert(place, Standing::Running(id));
        }
    }

    /// What a holder has been handed of a place.
    fn handed(&self, holder: &Place, place: &Place) -> Option<u64> {
        let Standing::Running(id) = self.now.standing[holder] else {
            return None;
        };
        let lists = self.now.graph.nodes[holder].held.iter();
        let (want, list) = lists.enumerate().find(|(_, list)| list.contains(place))?;
        let part = self.now.graph.nodes[holder].part;
        let mut there: Vec<&Place> = list
            .iter()
            .filter(|one| matches!(self.now.standing[*one], Standing::Running(_)))
            .collect();
        if self.world.parts[part].wants[want].form == Form::Map {
            // In the order of the names that they are known by.
            there.sort_by_key(|one| key(&self.now.graph.nodes[*one].name));
        }
        let at = there.iter().position(|one| *one == place)?;
        let held = record(|record| record.values.get(&id)?.held.get(want).cloned())?;
        ids(&held).get(at).copied()
    }

    fn compare_value(&self, place: &Place, id: u64) -> Result<(), String> {
        let node = &self.now.graph.nodes[place];
        let seen = record(|record| {
            let seen = record.values.get(&id)?;
            Some((
                seen.name.clone(),
                seen.value,
                seen.is_working,
                seen.held.clone(),
            ))
        });
        let Some((name, value, is_working, held)) = seen else {
            return Err(format!("{place} is dropped"));
        };
        same(&format!("the name of {place}"), &name, &node.name)?;
        same(&format!("whether {place} works"), &is_working, &true)?;
        if !self.may_be_astray.contains(&id) {
            same(
                &format!("the configuration of {place}"),
                &value,
                &node.value,
            )?;
        }
        let wants = self.world.parts[node.part].wants.iter();
        for (want, (held, right)) in wants.zip(held.iter().zip(&node.held)) {
            let is_missing = |one: &Place| self.now.standing[one] == Standing::Missing;
            let may_be_gone = matches!(want.form, Form::Lazy | Form::Current);
            let is_out = |one: &Place| self.now.standing[one] == Standing::LeftOut;
            if may_be_gone && right.iter().any(is_missing)
                || want.form == Form::Current && right.iter().any(is_out)
            {
                continue;
            }
            let (mut held, mut right) = (ids(held), self.values(right.iter()));
            if want.form == Form::Map {
                held.sort_unstable();
                right.sort_unstable();
            }
            same(
                &format!("what {place} holds as {:?}", want.form),
                &held,
                &right,
            )?;
        }
        Ok(())
    }

    /// What the application shows of itself, and hands out.
    fn compare_board(&self) -> Result<(), String> {
        let app = self.reloader.load();
        let status = app.0.status().into_iter();
        let mut found: Vec<(String, &str)> = status
            .map(|one| (one.component, state(one.state)))
            .collect();
        let places = self.now.standing.iter().map(|(place, standing)| {
            let state = match standing {
                Standing::Running(_) => "runs",
                Standing::LeftOut => "left out",
                Standing::Missing => "missing",
            };
            (self.now.graph.nodes[place].name.clone(), state)
        });
        let mut right: Vec<(String, &str)> = places.collect();
        found.sort();
        right.sort();
        same("the board", &found, &right)?;
        let named = self.now.standing.iter().filter(|(place, standing)| {
            let is_gone = **standing == Standing::Missing;
            !is_gone && !is_anonymous(self.world, &self.now.graph, place) && !place.contains('(')
        });
        let right: BTreeSet<u64> = self
            .values(named.map(|(place, _)| place))
            .into_iter()
            .collect();
        let missing = self
            .now
            .standing
            .values()
            .any(|one| *one == Standing::Missing);
        let found: BTreeSet<u64> = app.0.all::<App, Probe>().iter().map(|one| one.id).collect();
        match missing {
            // The values that were stopped are there still.
            true => same("what is handed out", &found.is_superset(&right), &true),
            false => same("what is handed out", &found, &right),
        }
    }
}

/// By which name a provider is known: its own, whatever wraps it.
fn key(name: &str) -> String {
    let inner = name.rsplit('(').next().unwrap_or(name);
    inner.trim_end_matches(')').to_owned()
}

fn state(state: State) -> &'static str {
    match state {
        State::Ok => "runs",
        State::Permanent => "left out",
        State::Fatal | State::Stopped | State::None | State::Starting => "missing",
        State::Recoverable | State::Stopping => "under way",
    }
}

/// What somebody holds now.
fn ids(held: &Held) -> Vec<u64> {
    match held {
        Held::Fixed(those) => those.clone(),
        Held::Lazy(lazy) => lazy.get().iter().map(|one| one.id).collect(),
        Held::Current(current, _) => vec![current.get().id],
    }
}

/// What a value follows, as it finds it now, and what that holds.
fn followed(id: u64) -> Vec<u64> {
    let held = |id: &u64| record(|record| record.values.get(id).map(|seen| seen.held.clone()));
    let own = held(&id).into_iter().flatten();
    let own = own.filter(|held| matches!(held, Held::Current(..)));
    let mut followed: Vec<u64> = own.flat_map(|held| ids(&held)).collect();
    let mut next = 0;
    while let Some(one) = followed.get(next) {
        let those = held(one).into_iter().flatten();
        let those = those.filter(|held| !matches!(held, Held::Lazy(_)));
        let those: Vec<u64> = those.flat_map(|held| ids(&held)).collect();
        followed.extend(those);
        next += 1;
    }
    followed
}
