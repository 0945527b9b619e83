//! Long runs, for hours when there is time. Of the example `helpdesk`: the real program, ended again and again at random
//! moments, reloaded again and again, or watched for its memory; or several of it on one store. Each run ends with its figures,
//! or at the first law that was broken, with the folder in which that can be looked at. And of applications made at random,
//! which are reloaded.
//!
//! ```console
//! $ cargo build --release -p helpdesk
//! $ cargo run --release -p soak -- kill --count 1000 --seed 1
//! $ cargo run --release -p soak -- term --count 1000 --seed 1
//! $ cargo run --release -p soak -- memory --cycles 100000
//! $ cargo run --release -p soak -- reload --count 200
//! $ cargo run --release -p soak -- replicas --on sqlite --tickets 10000 --replicas 2 --kills 50
//! $ cargo run --release -p soak -- generations --count 10000 --seed 1
//! $ cargo build --release -p helpdesk --features nats
//! $ cargo run --release -p soak -- replicas --on nats --tickets 10000 --replicas 3 --kills 50 --restarts 10
//! ```

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

mod desk;
mod dice;
mod ends;
mod folder;
mod generations;
mod laws;
mod memory;
mod program;
mod reload;
mod replicas;

use program::Program;

/// Long runs of the helpdesk, and of applications made at random.
#[derive(Parser)]
struct Arguments {
    /// The program [default: `helpdesk`, beside this one]
    #[arg(long, global = true)]
    program: Option<PathBuf>,
    #[command(subcommand)]
    run: Run,
}

#[derive(Subcommand)]
enum Run {
    /// Kills the helpdesk (SIGKILL) at random moments
    Kill(Ends),
    /// Asks the helpdesk to end (SIGTERM) at random moments
    Term(Ends),
    /// Watches the resident memory of a helpdesk that goes on and on
    Memory(memory::Watch),
    /// Reloads a helpdesk at work (SIGHUP) again and again, and watches its resident memory
    Reload(reload::Reloads),
    /// Lets several helpdesks share the tickets of one store while they and their server are killed
    Replicas(replicas::Replicas),
    /// Reloads applications of all kinds, made at random, in this process
    Generations(generations::Trials),
}

/// How often, and when.
#[derive(Args)]
struct Ends {
    /// How many times
    #[arg(long, default_value_t = 1000)]
    count: u32,
    /// Decides about all moments
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The latest moment, in milliseconds: in three of four rounds from the first cycle on, else from the start of the program
    #[arg(long, default_value_t = 150)]
    latest: u64,
}

fn main() -> ExitCode {
    let Arguments { program, run } = Arguments::parse();
    let found = || Program::find(program);
    let done = match run {
        Run::Kill(ends) => found().and_then(|found| ends::run(&found, ends::End::Kill, &ends)),
        Run::Term(ends) => found().and_then(|found| ends::run(&found, ends::End::Term, &ends)),
        Run::Memory(watch) => found().and_then(|found| memory::run(&found, &watch)),
        Run::Reload(reloads) => found().and_then(|found| reload::run(&found, &reloads)),
        Run::Replicas(replicas) => found().and_then(|found| replicas::run(&found, &replicas)),
        Run::Generations(trials) => generations::run(&trials),
    };
    match done {
        Ok(figures) => {
            println!("{figures}");
            ExitCode::SUCCESS
        }
        Err(broken) => {
            eprintln!("{broken}");
            ExitCode::FAILURE
        }
    }
}
