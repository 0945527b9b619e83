//! What happens to replicas and to their server, and when.

use std::collections::VecDeque;
use std::time::Duration;

use super::Replicas;
use crate::dice::Dice;

/// A blow falls at most this long after so many tickets are handled: anywhere in the work on one.
const LATEST: u64 = 60;
/// The server is away for so many milliseconds at most.
const AWAY: u64 = 1000;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Blow {
    /// A replica is killed.
    Kill(usize),
    /// A replica is asked to end.
    Term(usize),
    /// The server is killed, and is away for so long.
    Restart(Duration),
}

/// What happens once so many tickets are handled in a part of the run, and a little later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Due {
    handled: usize,
    pub(crate) after: Duration,
    pub(crate) blow: Blow,
}

/// All that happens in a part of the run, in its order.
pub(crate) struct Blows(VecDeque<Due>);

impl Blows {
    pub(crate) fn none() -> Self {
        Self(VecDeque::new())
    }

    pub(crate) fn of(replicas: &Replicas) -> Self {
        let mut dice = Dice::new(replicas.seed);
        let whom = |dice: &mut Dice| dice.below(replicas.replicas) as usize;
        let mut blows = Vec::new();
        blows.extend((0..replicas.kills).map(|_| Blow::Kill(whom(&mut dice))));
        blows.extend((0..replicas.terms).map(|_| Blow::Term(whom(&mut dice))));
        let away = |dice: &mut Dice| Duration::from_millis(dice.below(AWAY));
        blows.extend((0..replicas.restarts).map(|_| Blow::Restart(away(&mut dice))));
        let due = |blow| Due {
            handled: dice.below(replicas.tickets as u64) as usize,
            after: Duration::from_millis(dice.below(LATEST)),
            blow,
        };
        let mut due: Vec<Due> = blows.into_iter().map(due).collect();
        due.sort_by_key(|due| (due.handled, due.after));
        Self(due.into())
    }

    /// The next one that is due when so many tickets are handled.
    pub(crate) fn next(&mut self, handled: usize) -> Option<Due> {
        self.0.front().filter(|due| due.handled <= handled)?;
        self.0.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Engine;
    use super::*;

    fn blows(seed: u64) -> VecDeque<Due> {
        let second = std::time::Duration::from_secs(1);
        let Blows(due) = Blows::of(&Replicas {
            on: Engine::Nats,
            tickets: 1000,
            replicas: 3,
            kills: 50,
            terms: 20,
            restarts: 10,
            seed,
            lease: second.into(),
            takes: second.into(),
        });
        due
    }

    #[test]
    fn a_seed_decides_about_all_blows() {
        assert_eq!(blows(1), blows(1));
        assert_ne!(blows(1), blows(2));
    }

    #[test]
    fn there_are_as_many_as_asked_for_in_their_order_against_every_replica_there_is() {
        let due = blows(1);
        let count = |is: fn(&Blow) -> bool| due.iter().filter(|due| is(&due.blow)).count();
        assert_eq!(count(|blow| matches!(blow, Blow::Kill(0..3))), 50);
        assert_eq!(count(|blow| matches!(blow, Blow::Term(0..3))), 20);
        assert_eq!(count(|blow| matches!(blow, Blow::Restart(_))), 10);
        assert!((0..3).all(|whom| due.iter().any(|due| due.blow == Blow::Kill(whom))));
        assert!(due.iter().is_sorted_by_key(|due| due.handled));
        assert!(due.iter().all(|due| due.handled < 1000));
    }

    #[test]
    fn one_is_due_once_so_many_tickets_are_handled() {
        let due = blows(1);
        let first = due[0];
        let mut blows = Blows(due);
        assert_eq!(blows.next(first.handled - 1), None);
        assert_eq!(blows.next(first.handled), Some(first));
    }
}
