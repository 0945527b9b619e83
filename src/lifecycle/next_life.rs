//! The nodes of a generation that takes the place of another one: new ones, and those that go on.

use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use super::life::{Life, Progress, handle_of};
use super::options::Lifecycle;
use super::timeline::Timeline;
use crate::container::{Form, Plan, Slots};
use crate::supervision::Handle;

/// How a node of a generation begins that takes the place of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begins {
    /// It is built.
    Waiting,
    /// It is a node of the one before, which goes on.
    Kept(usize),
    /// It was left out there, and stays so.
    LeftOut(usize),
}

impl Life {
    /// A generation that takes the place of this one. `places` has, by node of its plan, what it begins with.
    pub(super) fn next(
        &self,
        plan: Arc<Plan>,
        options: Lifecycle,
        configured: Duration,
        places: &[Begins],
    ) -> Arc<Self> {
        let supervision = &self.supervision;
        let handles = plan
            .nodes
            .iter()
            .zip(places)
            .map(|(node, begins)| match begins {
                Begins::Waiting => handle_of(self.table, supervision, node),
                Begins::Kept(was) | Begins::LeftOut(was) => self.handles[*was].clone(),
            });
        let handles: Vec<Handle> = handles.collect();
        let slots = handles
            .iter()
            .zip(places)
            .map(|(handle, begins)| match begins {
                Begins::Kept(was) => Arc::clone(self.slots.slot(*was)),
                Begins::Waiting | Begins::LeftOut(_) => Slots::empty(handle.clone()),
            });
        let slots: Vec<_> = slots.collect();
        let progress = places.iter().map(|begins| match begins {
            Begins::Waiting => Progress::Waiting,
            Begins::Kept(_) => Progress::Elsewhere,
            Begins::LeftOut(_) => Progress::LeftOutElsewhere,
        });
        Arc::new_cyclic(|this| Self {
            table: self.table,
            shutdown: self.shutdown.clone(),
            this: Weak::clone(this),
            current: Arc::clone(&self.current),
            slots: Arc::new(Slots::of(slots.into())),
            late: Mutex::default(),
            supervision: Arc::clone(supervision),
            progress: Mutex::new(progress.collect()),
            stopped: Mutex::default(),
            timeline: Mutex::new(Timeline::new(configured)),
            handles,
            plan,
            options,
        })
    }

    /// A node finds the values of this generation from now on, where it follows reloads.
    pub(super) fn follow(&self, node: usize) {
        let needs = self.entry(node).needs.iter().enumerate();
        for (number, _) in needs.filter(|(_, need)| need.form == Form::Current) {
            for provider in self.node(node).inputs[number].nodes() {
                if let Some(value) = self.slots.get(*provider) {
                    let component = self.node(*provider).component;
                    self.slots.slot(node).follow(number, component, value);
                }
            }
        }
    }
}
