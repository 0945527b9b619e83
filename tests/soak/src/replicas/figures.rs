//! What came of a run.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::Replicas;
use super::trial::{Counts, InHand};
use crate::ends::End;

/// A part of a run.
pub(crate) struct Part {
    pub(crate) tickets: usize,
    pub(crate) took: Duration,
}

impl Part {
    fn a_second(&self) -> f64 {
        self.tickets as f64 / self.took.as_secs_f64()
    }
}

/// What came of a run in which every law held.
pub(crate) struct Figures<'f> {
    pub(crate) replicas: &'f Replicas,
    pub(crate) alone: Part,
    pub(crate) together: Part,
    pub(crate) counts: Counts,
    /// How many processes found no server when they started.
    pub(crate) futile: usize,
    pub(crate) in_hand: Vec<InHand>,
    /// How many tickets each process has handled.
    pub(crate) noted: BTreeMap<String, usize>,
    /// How many cycles had which error.
    pub(crate) errors: BTreeMap<String, usize>,
}

impl fmt::Display for Figures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Replicas {
            on,
            replicas,
            seed,
            lease,
            ..
        } = self.replicas;
        let all = self.replicas.all();
        writeln!(
            f,
            "{all} tickets on {on:?}, seed {seed}: each was handled once, and no law was broken"
        )?;
        let (alone, together) = (self.alone.a_second(), self.together.a_second());
        writeln!(f, "  1 replica: {}", self.alone)?;
        writeln!(
            f,
            "  {replicas} replicas: {}, {:.2} times as many",
            self.together,
            together / alone
        )?;
        let Counts {
            kills,
            terms,
            restarts,
        } = self.counts;
        writeln!(f, "  {kills} were killed, {terms} asked to end")?;
        if restarts > 0 {
            let futile = self.futile;
            writeln!(
                f,
                "  the server was killed {restarts} times; {futile} found none when they started, and others were started in their place"
            )?;
        }
        for (end, what) in [(End::Kill, "killed"), (End::Term, "asked to end")] {
            self.taken_over(f, end, what)?;
        }
        writeln!(f, "  the lease is {:?}", lease.get())?;
        for (replica, tickets) in self.by_replica() {
            writeln!(f, "  {tickets} were handled by replica {replica}")?;
        }
        let errors: usize = self.errors.values().sum();
        write!(f, "  {errors} cycles had an error")?;
        for (error, count) in &self.errors {
            write!(f, "\n    {count} × {error}")?;
        }
        Ok(())
    }
}

impl Figures<'_> {
    /// How long it took others to handle what was in hand at ends of a kind.
    fn taken_over(&self, f: &mut fmt::Formatter<'_>, end: End, what: &str) -> fmt::Result {
        let ends = self.in_hand.iter().filter(|one| one.end == end);
        let mut times: Vec<Duration> = ends.filter_map(|one| one.handled).collect();
        times.sort();
        let (Some(least), Some(most)) = (times.first(), times.last()) else {
            return Ok(());
        };
        let (count, median) = (times.len(), times[times.len() / 2]);
        writeln!(
            f,
            "  {count} had a ticket in hand when they were {what}, which another had handled {least:.2?} later at least, {median:.2?} in the median, {most:.2?} at most"
        )
    }

    fn by_replica(&self) -> BTreeMap<&str, usize> {
        let mut replicas = BTreeMap::new();
        for (process, tickets) in &self.noted {
            let replica = process.split('.').next().unwrap_or_default();
            *replicas.entry(replica).or_default() += tickets;
        }
        replicas
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tickets, took } = self;
        write!(
            f,
            "{tickets} tickets in {:.1} s, {:.1} a second",
            took.as_secs_f64(),
            self.a_second()
        )
    }
}
