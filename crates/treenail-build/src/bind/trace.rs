//! Why a component is there: the way from it up to the host.

use std::collections::VecDeque;

use super::bound::Answer;
use crate::diagnostic::{Dependent, Hop, Needer};
use crate::discover::Discovery;
use crate::index::IndexVec;
use crate::layer::{Layered, Part};
use crate::resolve::{CandidateIx, Resolved};
use crate::source::Origin;

/// Who needs whom.
pub(super) struct Traces<'s, 'a> {
    discovery: &'s Discovery,
    layered: &'s Layered<'a>,
    resolved: &'s Resolved<'a>,
    /// For every component: who needs it, as which field, and where that is written.
    needed_by: IndexVec<CandidateIx, Vec<(CandidateIx, &'s str, Origin)>>,
}

impl<'s, 'a> Traces<'s, 'a> {
    pub(super) fn new(
        discovery: &'s Discovery,
        layered: &'s Layered<'a>,
        resolved: &'s Resolved<'a>,
        answers: &'s IndexVec<CandidateIx, Vec<Option<Answer>>>,
    ) -> Self {
        let mut needed_by = IndexVec::filled(Vec::new(), answers);
        for (number, answers) in answers.indexed() {
            for answer in answers.iter().flatten() {
                for provider in &answer.providers {
                    needed_by[*provider].push((number, answer.field.as_str(), answer.at));
                }
            }
        }
        Self {
            discovery,
            layered,
            resolved,
            needed_by,
        }
    }

    /// The shortest way up from a component: to one that nobody needs, and from there to the host.
    pub(super) fn of(&self, component: CandidateIx) -> Vec<Hop> {
        let mut hops = Vec::new();
        let mut top = component;
        for (number, field, at) in self.way_up(component) {
            let who = Needer::Component {
                id: self.resolved.candidates[number].id.clone(),
                field: field.to_owned(),
            };
            hops.push(Hop { who, at: Some(at) });
            top = number;
        }
        hops.push(self.host(&self.layered.parts[self.resolved.candidates[top].part]));
        hops
    }

    fn way_up(&self, component: CandidateIx) -> Vec<(CandidateIx, &'s str, Origin)> {
        let mut came_from = IndexVec::filled(None, &self.needed_by);
        let mut open = VecDeque::from([component]);
        let mut top = component;
        while let Some(here) = open.pop_front() {
            // Only in a cycle has everything somebody who needs it: then the one that is furthest away is taken.
            top = here;
            if self.needed_by[here].is_empty() {
                break;
            }
            for step in &self.needed_by[here] {
                let (number, ..) = *step;
                if number != component && came_from[number].is_none() {
                    came_from[number] = Some((here, step));
                    open.push_back(number);
                }
            }
        }
        let mut way = Vec::new();
        while let Some((from, step)) = came_from[top] {
            way.push(*step);
            top = from;
        }
        way.reverse();
        way
    }

    fn host(&self, part: &Part<'_>) -> Hop {
        let universe = &self.discovery.universe;
        let host = universe.packages[universe.host].name.clone();
        let package = &universe.packages[part.package];
        match part.rule.at {
            _ if part.own => Hop {
                who: Needer::HostItself { host },
                at: part.manifest.host.as_ref().map(|section| section.origin),
            },
            Some(at) => Hop {
                who: Needer::HostUses {
                    host,
                    plugin: part.id.to_owned(),
                },
                at: Some(at),
            },
            None => Hop {
                who: Needer::Dependent(Dependent {
                    package: host,
                    file: "Cargo.toml".to_owned(),
                    dependency: package.name.clone(),
                    version: package.version.to_string(),
                }),
                at: self.discovery.lines.get(part.package).copied(),
            },
        }
    }
}
