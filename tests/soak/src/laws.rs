//! What has to be true after every end.

use std::collections::BTreeMap;

use crate::desk::{Done, System};
use crate::program::Said;

/// The tickets after an end, beside what they were before it, and how many of them the program said to have changed.
pub(crate) fn tickets(
    system: System,
    before: &[Done],
    now: &[Done],
    told: usize,
    was_killed: bool,
) -> Result<(), String> {
    if before.len() != now.len() {
        return Err(format!("{} tickets were {}", now.len(), before.len()));
    }
    for (number, (before, now)) in before.iter().zip(now).enumerate() {
        let allowed = match (system, now.moved) {
            // The note comes first, and no step has to follow it. It has an id, so it is added once.
            (System::StoreInTwoSteps, false) => 0..=1,
            (_, false) => 0..=0,
            // The note comes second: a kill between the two leaves none.
            (System::Zammad, true) if was_killed => 0..=1,
            (_, true) => 1..=1,
        };
        if !allowed.contains(&now.notes) {
            return Err(format!("ticket {} is {now:?}, was {before:?}", number + 1));
        }
        if (before.moved && !now.moved) || now.notes < before.notes {
            return Err(format!("ticket {} was {before:?}, is {now:?}", number + 1));
        }
    }
    let moved = |tickets: &[Done]| tickets.iter().filter(|ticket| ticket.moved).count();
    let moved = moved(now) - moved(before);
    // What it has done and not yet said is one at most.
    if moved < told || moved > told + 1 || (!was_killed && moved != told) {
        return Err(format!("{moved} tickets are moved, {told} were told"));
    }
    Ok(())
}

/// That whatever had started has stopped, each of them once.
pub(crate) fn stopped(said: &Said) -> Result<(), String> {
    let mut stops = BTreeMap::<&str, i32>::new();
    for component in said.components("ended", "phase=stop") {
        *stops.entry(component).or_default() += 1;
    }
    for component in said.components("ended", "phase=start outcome=done") {
        *stops.entry(component).or_default() -= 1;
    }
    match stops.iter().find(|(_, stops)| **stops != 0) {
        Some((component, -1)) => Err(format!("{component} has started and not stopped")),
        Some((component, times)) => Err(format!("{component} was stopped {times} times too often")),
        None => Ok(()),
    }
}
