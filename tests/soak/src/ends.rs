//! Helpdesks that end at random moments, one after the other on the same tickets.

use std::collections::BTreeMap;
use std::fmt;
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
enum Stage {
    /// Nothing was built yet.
    Before,
    /// Not everything was started.
    Starting,
    /// The pipeline was at work.
    Working,
}

/// When a helpdesk is ended.
#[derive(Clone, Copy, Debug, Default)]
struct Moment {
    after: Duration,
    /// Counted from its first cycle, and not from the start of the program.
    at_work: bool,
}

impl Moment {
    fn any(dice: &mut Dice, latest: u64) -> Self {
        Self {
            at_work: dice.below(4) > 0,
            after: Duration::from_micros(dice.below(latest * 1000)),
        }
    }
}

/// What came of all rounds.
#[derive(Default)]
struct Figures {
    stages: BTreeMap<Stage, u32>,
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
        let moment = Moment::any(&mut dice, ends.latest);
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
            Err(broken) => return Err(told(&broken, ends.count, Moment::default(), at)),
        }
    }
    let (count, seed, took) = (ends.count, ends.seed, begun.elapsed());
    Ok(format!(
        "{count} × {end:?}, seed {seed}: no law was broken ({took:.0?})\n{figures}"
    ))
}

fn told(broken: &str, round: u32, moment: Moment, work: Work) -> String {
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
    moment: Moment,
    figures: &mut Figures,
) -> Result<Vec<Done>, String> {
    let mut run = program.start(&work.folder, &["--watch"])?;
    while moment.at_work && !run.has_ended() && !Said::anything(&work.folder) {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(moment.after);
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
    let stage = stage(&said);
    if end == End::Term {
        figures.longest = figures.longest.max(asked.elapsed());
        ended_well(status, stage, &said)?;
        if stage == Stage::Working && work.unsettled() > 0 {
            return Err("the store is not settled".to_owned());
        }
    }
    let now = work.done()?;
    laws::tickets(work.system, before, &now, said.updates(), end == End::Kill)?;
    *figures.stages.entry(stage).or_default() += 1;
    *figures.rounds.entry(work.system).or_default() += 1;
    Ok(now)
}

fn stage(said: &Said) -> Stage {
    if said.has_worked() {
        Stage::Working
    } else if said.components("begun", "phase=build").is_empty() {
        Stage::Before
    } else {
        Stage::Starting
    }
}

/// That one that was asked to end did so as `docs/for-operators.md` says.
fn ended_well(status: ExitStatus, stage: Stage, said: &Said) -> Result<(), String> {
    laws::stopped(said)?;
    let well = match status.code() {
        Some(0) => said.has_stopped(),
        // Killed by the signal, which nobody had taken yet.
        None => stage == Stage::Before,
        Some(_) => false,
    };
    if well {
        return Ok(());
    }
    let last = said.events.last();
    Err(format!(
        "{stage:?}: it ended with {status}, and said last {last:?}"
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
        let stages = [Stage::Before, Stage::Starting, Stage::Working];
        let [before, starting, working] =
            stages.map(|stage| self.stages.get(&stage).copied().unwrap_or_default());
        writeln!(
            f,
            "  {before} before anything was built, {starting} while it started, {working} at work"
        )?;
        for (system, rounds) in &self.rounds {
            writeln!(f, "  {rounds} on {system:?}")?;
        }
        write!(
            f,
            "  {} tickets moved and noted once, {} moved without a note",
            self.handled, self.without_note
        )?;
        match self.longest {
            Duration::ZERO => Ok(()),
            longest => write!(f, "; the longest end took {longest:.0?}"),
        }
    }
}
