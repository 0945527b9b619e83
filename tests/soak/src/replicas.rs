//! Replicas of the helpdesk that share the tickets of one store, while they are killed, asked to end and started again, and the
//! server through which they share them is too. Before, one of them works alone, for comparison.

mod blows;
mod claims;
mod figures;
mod fleet;
mod server;
mod store;
mod trial;

use clap::{Args, ValueEnum};
use treenail::Duration;

use crate::folder::Folder;
use crate::program::Program;
use blows::Blows;
use figures::Figures;
use trial::Trial;

/// Before all replicas work, one handles this part of as many tickets alone.
const ALONE: usize = 10;

/// How many share how much, and what happens to them.
#[derive(Args)]
pub(crate) struct Replicas {
    /// Through what they share the tickets
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    on: Engine,
    /// How many tickets they handle together, after one has handled a tenth as many alone
    #[arg(long, default_value_t = 10_000)]
    tickets: usize,
    /// How many replicas
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    replicas: u64,
    /// How many times one of them is killed (SIGKILL), and another is started in its place
    #[arg(long, default_value_t = 0)]
    kills: usize,
    /// How many times one of them is asked to end (SIGTERM), and another is started in its place
    #[arg(long, default_value_t = 0)]
    terms: usize,
    /// How many times the server is killed (SIGKILL), and started again with what it has kept; with `--on nats`
    #[arg(long, default_value_t = 0)]
    restarts: usize,
    /// Decides about all moments
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// After how long a replica takes over the tickets of one that was killed
    #[arg(long, default_value = "2s")]
    lease: Duration,
    /// How long the classifier takes for each of the two answers that a ticket needs
    #[arg(long, default_value = "25ms")]
    takes: Duration,
}

/// Through what replicas share their tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// A NATS server, started for the run
    Nats,
    /// The SQLite file that the tickets are in
    Sqlite,
}

/// Lets one replica and then all of them work until every ticket is handled, or until a law is broken.
pub(crate) fn run(program: &Program, replicas: &Replicas) -> Result<String, String> {
    replicas.can_be_met_by(program)?;
    let folder = Folder::new()?;
    match handled(program, replicas, &folder) {
        Ok(figures) => Ok(figures.to_string()),
        Err(broken) => Err(format!("{broken}\nsee {}", folder.keep().display())),
    }
}

impl Replicas {
    fn can_be_met_by(&self, program: &Program) -> Result<(), String> {
        if self.on == Engine::Sqlite && self.restarts > 0 {
            return Err("`--restarts` needs a server: add `--on nats`".to_owned());
        }
        match (self.on, program.plugins()?.contains("work-nats")) {
            (Engine::Nats, false) => Err("the program has no plugin `work-nats`: build it with `cargo build -p helpdesk --features nats`, `--release` where this one is".to_owned()),
            (Engine::Sqlite, true) => Err("the program shares its tickets through NATS alone: build it with `cargo build -p helpdesk`, `--release` where this one is".to_owned()),
            _ => Ok(()),
        }
    }

    fn alone(&self) -> usize {
        self.tickets.div_ceil(ALONE)
    }

    fn all(&self) -> usize {
        self.alone() + self.tickets
    }
}

fn handled<'f>(
    program: &'f Program,
    replicas: &'f Replicas,
    folder: &'f Folder,
) -> Result<Figures<'f>, String> {
    let mut trial = Trial::begin(program, replicas, folder)?;
    let alone = trial.part(replicas.alone(), &mut Blows::none())?;
    trial.start_others()?;
    let together = trial.part(replicas.all(), &mut Blows::of(replicas))?;
    trial.end(alone, together)
}
