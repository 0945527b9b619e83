//! Helpdesks that end at random moments, one after the other on the same tickets.

use std::collections::BTreeMap;
use std::fmt;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use crate::Ends;
use crate::desk::{Done, SYSTEMS, System, Work};
use crate::dice::Dice;
use crate::laws;
use crate::program::{Program, Said};

/// So many tickets are in an inbox at first.
const TICKETS: usize = 150;
/// Who is asked to end has this time: far less than a service manager gives it.
const PATIENCE: Duration = Duration::from_secs(20);
const SIGTERM: i32 = 15;

/// How a helpdesk ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// By SIGKILL.
    Kill,
    /// By itself, after SIGTERM.
    Term,
}

/// How far a helpdesk had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    /// Nothing was built yet.
    Before,
    /// Not everything was started.
    Starting,
    /// The pipeline was at work.
    Working,
}

/// What came of all rounds.
#[derive(Default)]
struct Figures {
    moments: BTreeMap<Moment, u32>,
    rounds: BTreeMap<System, u32>,
    /// Tickets that were moved and noted once.
    handled: usize,
    /// Tickets that were moved, and a kill kept their note from being added.
    without_note: usize,
    longest: Duration,
}

/// Ends helpdesks until it is enough, or until a law is broken.
pub(crate) fn run(program: &Program, end: End, ends: &Ends) -> Result<String, String> {
    let begun = Instant::now();
    let mut dice = Dice::new(ends.seed);
    let mut figures = Figures::default();
    let mut systems = SYSTEMS.iter().cycle();
    let mut work: Option<Work> = None;
    let mut before = Vec::new();
    for round in 1..=ends.count {
        let at = match work.take() {
            Some(at) => at,
            None => Work::new(*systems.next().unwrap_or(&System::Store), TICKETS)?,
        };
        let moment = moment(&mut dice, ends.latest);
        if before.is_empty() {
            before = at.done()?;
        }
        match one(program, end, &at, &before, moment, &mut figures) {
            Ok(now) if now.iter().all(|ticket| ticket.moved) => {
                figures.count(&now);
                before = Vec::new();
            }
            Ok(now) => (work, before) = (Some(at), now),
            Err(broken) => return Err(told(&broken, round, moment, at)),
        }
    }
    if let Some(at) = work {
        match complete(program, end, &at, &before) {
            Ok(now) => figures.count(&now),
            Err(broken) => return Err(told(&broken, ends.count, Duration::ZERO, at)),
        }
    }
    let (count, seed, took) = (ends.count, ends.seed, begun.elapsed());
    Ok(format!(
        "{count} × {end:?}, seed {seed}: no law was broken ({took:.0?})\n{figures}"
    ))
}

/// Every second one falls into the first tenth: into the start, more or less.
fn moment(dice: &mut Dice, latest: u64) -> Duration {
    let latest = match dice.below(2) {
        0 => latest * 100,
        _ => latest * 1000,
    };
    Duration::from_micros(dice.below(latest))
}

fn told(broken: &str, round: u32, moment: Duration, work: Work) -> String {
    let system = work.system;
    let folder = work.folder.keep();
    format!(
        "round {round}, {system:?}, after {moment:?}: {broken}\nsee {}",
        folder.display()
    )
}

/// One round: gives what is done of the tickets after it.
fn one(
    program: &Program,
    end: End,
    work: &Work,
    before: &[Done],
    moment: Duration,
    figures: &mut Figures,
) -> Result<Vec<Done>, String> {
    let mut run = program.start(&work.folder, &["--watch"])?;
    std::thread::sleep(moment);
    if run.has_ended() {
        return Err("it has ended by itself".to_owned());
    }
    match end {
        End::Kill => run.kill(),
        End::Term => run.terminate(),
    }
    let asked = Instant::now();
    let status = run.wait(PATIENCE);
    let status = status.ok_or_else(|| format!("it has not ended within {PATIENCE:?}"))?;
    let said = Said::in_folder(&work.folder);
    let moment = moment_of(&said);
    if end == End::Term {
        figures.longest = figures.longest.max(asked.elapsed());
        ended_well(status, moment, &said)?;
        if moment == Moment::Working && work.unsettled() > 0 {
            return Err("the store is not settled".to_owned());
        }
    }
    let now = work.done()?;
    laws::tickets(work.system, before, &now, said.updates(), end == End::Kill)?;
    *figures.moments.entry(moment).or_default() += 1;
    *figures.rounds.entry(work.system).or_default() += 1;
    Ok(now)
}

fn moment_of(said: &Said) -> Moment {
    if said.events.iter().any(|event| event["event"] == "cycle") {
        Moment::Working
    } else if said.components("begun", "phase=build").is_empty() {
        Moment::Before
    } else {
        Moment::Starting
    }
}

/// That one that was asked to end did so as `docs/operating.md` says.
fn ended_well(status: ExitStatus, moment: Moment, said: &Said) -> Result<(), String> {
    laws::stopped(said)?;
    let last = said.events.last();
    let stopped_well = last.is_some_and(|event| event["event"] == "stop" && event["ok"] == true);
    let well = match (status.code(), status.signal()) {
        (Some(0), _) => stopped_well,
        (None, Some(SIGTERM)) => moment == Moment::Before,
        _ => false,
    };
    if well {
        return Ok(());
    }
    Err(format!(
        "{moment:?}: it ended with {status}, and said last {last:?}"
    ))
}

/// Lets a helpdesk do the rest and end by itself.
fn complete(
    program: &Program,
    end: End,
    work: &Work,
    before: &[Done],
) -> Result<Vec<Done>, String> {
    let run = program.start(&work.folder, &[])?;
    let status = run.wait(PATIENCE * 10).ok_or("it does not end")?;
    let said = Said::in_folder(&work.folder);
    if !status.success() {
        return Err(format!(
            "left alone, it ended with {status}: {:?}",
            said.events.last()
        ));
    }
    let now = work.done()?;
    laws::tickets(work.system, before, &now, said.updates(), end == End::Kill)?;
    if now.iter().all(|ticket| ticket.moved) {
        Ok(now)
    } else {
        Err("left alone, it left tickets in the inbox".to_owned())
    }
}

impl Figures {
    /// Takes tickets into account to which nothing will be done any more.
    fn count(&mut self, tickets: &[Done]) {
        let noted = tickets.iter().filter(|ticket| ticket.notes == 1).count();
        self.handled += noted;
        self.without_note += tickets.len() - noted;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moments = [Moment::Before, Moment::Starting, Moment::Working]
            .map(|moment| self.moments.get(&moment).copied().unwrap_or_default());
        let [before, starting, working] = moments;
        writeln!(
            f,
            "  {before} before anything was built, {starting} while it started, {working} at work"
        )?;
        for (system, rounds) in &self.rounds {
            writeln!(f, "  {rounds} on {system:?}")?;
        }
        write!(
            f,
            "  {} tickets moved and noted once, {} moved without a note; the longest end took {:.0?}",
            self.handled, self.without_note, self.longest
        )
    }
}
