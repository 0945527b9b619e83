//! The entries of registries: where each belongs, and whether it is there.

use std::collections::{BTreeMap, BTreeSet};

use super::resolved::{Candidate, ChosenEntry, EntryCandidate};
use super::resolver::Resolver;
use crate::diagnostic::mistake::About;
use crate::layer::{Layered, Part, PartIx, State, Stated, strongest};
use crate::model::{EntryChoice, EntryDecl, EntryOff};

impl<'a> Resolver<'a, '_> {
    /// The entries of all plugins. Those that are made of services become components.
    pub(super) fn entries(
        &mut self,
        layered: &Layered<'a>,
        candidates: &mut Vec<Candidate<'a>>,
    ) -> Vec<EntryCandidate<'a>> {
        let mut entries = Vec::new();
        for (number, part) in layered.parts.indexed() {
            let out = match part.state {
                State::In | State::Poisoned => None,
                State::Off(at) => Some(EntryOff::Off(at)),
                State::LeftOut => Some(EntryOff::Unfit),
                State::Indirect(_) => continue,
            };
            for (place, decl) in &part.entries.there {
                let off = out.clone();
                entries.extend(self.entry(number, part, *place, decl, off));
            }
            for (decl, lacks) in &part.entries.dormant {
                let off = out
                    .clone()
                    .or_else(|| Some(self.names.lacking(part, lacks)));
                entries.extend(self.entry(number, part, 0, decl, off));
            }
        }
        for entry in &entries {
            let part = &layered.parts[entry.part];
            let wired = entry.decl.wired.as_ref().filter(|_| entry.off.is_none());
            candidates.extend(wired.map(|decl| {
                let needs = decl.needs.iter();
                let needs = needs.map(|need| self.service(&need.service, part));
                Candidate {
                    id: format!("{}:{}", part.id, decl.name.value),
                    part: entry.part,
                    decl,
                    own: None,
                    provides: vec![(entry.registry, entry.decl.key.origin)],
                    needs: needs.collect(),
                    decorates: None,
                    off: None,
                    quiet: part.state != State::In,
                }
            }));
        }
        entries
    }

    /// What the host says, by registry and key.
    pub(super) fn choices(&mut self, layered: &Layered<'a>) -> Vec<ChosenEntry<'a>> {
        let mut stated: BTreeMap<_, Vec<Stated<'a, EntryChoice>>> = BTreeMap::new();
        let mut doubtful = BTreeSet::new();
        let clear = layered.choices.iter().map(|choice| (choice, true));
        let unclear = layered.doubtful_choices.iter();
        for (choice, is_clear) in clear.chain(unclear.map(|choice| (choice, false))) {
            let part = &layered.parts[choice.part];
            let EntryChoice { registry, key, .. } = choice.what;
            if self.names.switched_off(part, [&registry.value]).is_some() {
                continue;
            }
            match self.service(registry, part) {
                Some(registry) => {
                    let of_key = (registry, key.value.as_str());
                    stated.entry(of_key).or_default().push(*choice);
                    if !is_clear {
                        doubtful.insert(of_key);
                    }
                }
                None => self.poison.registries.absorb([registry.value.last_ident()]),
            }
        }
        let mut choices = Vec::new();
        for ((registry, key), lines) in stated {
            let about = About::Entry {
                registry: self.services[registry].display.clone(),
                key: key.to_owned(),
            };
            let shown = |choice: &EntryChoice| choice.of.value.value.to_string();
            let choice = match doubtful.contains(&(registry, key)) {
                true => None,
                false => strongest(&lines, about, shown, self.problems).unwrap_or(None),
            };
            choices.push(ChosenEntry {
                registry,
                key,
                choice,
            });
        }
        choices
    }

    /// One entry; `None` where its registry is of a package that is not in this build, or not known.
    fn entry(
        &mut self,
        number: PartIx,
        part: &Part<'a>,
        place: usize,
        decl: &'a EntryDecl,
        off: Option<EntryOff>,
    ) -> Option<EntryCandidate<'a>> {
        if self
            .names
            .switched_off(part, [&decl.registry.value])
            .is_some()
        {
            return None;
        }
        let Some(registry) = self.service(&decl.registry, part) else {
            self.poison.leave_out_entry(decl);
            return None;
        };
        let off = off.or_else(|| {
            let types = decl.types().map(|ty| &ty.value);
            self.names.switched_off(part, types)
        });
        let path = decl.what.path();
        let mut quiet = part.state != State::In;
        if off.is_none() {
            self.check_crates(path, part);
            quiet |= self.names.key(&path.value, part).is_none();
        }
        Some(EntryCandidate {
            registry,
            part: number,
            place,
            decl,
            host_path: self.names.host_path(&path.value, part),
            off,
            quiet,
        })
    }
}
