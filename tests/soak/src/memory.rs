//! A helpdesk that goes on and on, and its resident memory.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use clap::Args;
use helpdesk_fakes::Reply;
use serde_json::Value;

use crate::desk::{System, Work};
use crate::program::Program;

/// So many tickets come at a time.
const ARRIVE: usize = 10;
/// After so many cycles something goes wrong with a request.
const TROUBLE: u64 = 500;

/// How long, and how much is allowed.
#[derive(Args)]
pub(crate) struct Watch {
    /// After how many cycles of the pipeline it is enough
    #[arg(long, default_value_t = 100_000)]
    cycles: u64,
    /// How much memory may be resident at any time, in KiB
    #[arg(long, default_value_t = 64 * 1024)]
    limit: u64,
    /// How much more may be resident at the end than after a tenth of the cycles, in KiB
    #[arg(long, default_value_t = 4 * 1024)]
    growth: u64,
}

/// Lets a helpdesk take tickets out of an inbox that is filled again and again.
pub(crate) fn run(program: &Program, watch: &Watch) -> Result<String, String> {
    let work = Work::new(System::Zammad, 0)?;
    let mut command = program.command(&work.folder);
    let mut process = command
        .arg("--watch")
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start the program: {error}"))?;
    let watched = watched(&mut process, &work, watch);
    let _ = process.kill();
    let _ = process.wait();
    watched
}

fn watched(process: &mut Child, work: &Work, watch: &Watch) -> Result<String, String> {
    let events = BufReader::new(process.stdout.take().ok_or("no pipe")?).lines();
    let (mut cycles, mut handled, mut arrived, mut early) = (0, 0, 0, None);
    for event in events {
        let event: Value = event
            .map_err(|error| error.to_string())
            .and_then(|line| serde_json::from_str(&line).map_err(|error| error.to_string()))?;
        if event["step"] == "update" && event["outcome"] == "ok" {
            handled += 1;
        }
        // The inbox is empty.
        if event["step"] == "ticket" && event["outcome"] == "failed" && is_done(work)? {
            work.replace(arrived + 1..=arrived + ARRIVE);
            arrived += ARRIVE;
        }
        if event["event"] != "cycle" || event["state"] != "ended" {
            continue;
        }
        cycles += 1;
        if cycles % TROUBLE == 0 {
            trouble(work, cycles / TROUBLE);
        }
        if cycles == watch.cycles / 10 {
            early = Some(resident(process.id(), "VmRSS:")?);
        }
        if cycles == watch.cycles {
            break;
        }
    }
    let early = early.ok_or("it has ended by itself")?;
    let last = resident(process.id(), "VmRSS:")?;
    let most = resident(process.id(), "VmHWM:")?;
    let figures = format!(
        "{cycles} cycles, {handled} tickets: {early} KiB resident after a tenth of them, {last} KiB at the end, {most} KiB at most"
    );
    if most > watch.limit || last > early + watch.growth {
        return Err(format!("too much: {figures}"));
    }
    Ok(figures)
}

fn is_done(work: &Work) -> Result<bool, String> {
    Ok(work.done()?.iter().all(|ticket| ticket.moved))
}

/// What the service does wrong next.
fn trouble(work: &Work, number: u64) {
    let Some(service) = work.service() else {
        return;
    };
    let reply = match number % 3 {
        0 => Reply::Reset,
        1 => Reply::text(503, "text/plain", "later"),
        _ => Reply::text(200, "application/json", "{"),
    };
    let (method, target) = match number % 2 {
        0 => ("GET", "search"),
        _ => ("POST", "ticket_articles"),
    };
    service.plan(method, target, reply, number % 4 == 1);
}

/// What the kernel says of the memory of a process, in KiB.
pub(crate) fn resident(process: u32, what: &str) -> Result<u64, String> {
    let path = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.ok_or_else(|| format!("{path} says nothing of {what}"))
}
