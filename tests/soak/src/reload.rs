//! A helpdesk that takes another configuration again and again while it works, some of them wrong, and its resident memory.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use helpdesk_fakes::Server;
use serde_json::Value;

use crate::desk::{System, Work};
use crate::folder::Folder;
use crate::laws;
use crate::memory::resident;
use crate::program::{CONFIGURATION, LOG, Program};

/// So many tickets come at a time.
const ARRIVE: usize = 10;
/// So many tickets are routed between two reloads.
const BETWEEN: usize = 3;
/// The token of the service's second address.
const SECOND: &str = "hush-4712";

/// How often, and how much is allowed.
#[derive(Args)]
pub(crate) struct Reloads {
    /// How many times
    #[arg(long, default_value_t = 200)]
    count: usize,
    /// How much memory may be resident at any time, in KiB
    #[arg(long, default_value_t = 64 * 1024)]
    limit: u64,
    /// How much more may be resident at the end than after half of the reloads, in KiB
    #[arg(long, default_value_t = 2 * 1024)]
    growth: u64,
}

/// Reloads a helpdesk by SIGHUP while it takes tickets out of an inbox that is filled again and again.
pub(crate) fn run(program: &Program, reloads: &Reloads) -> Result<String, String> {
    let work = Work::new(System::Zammad, 0)?;
    let configurations = Configurations::of(&work)?;
    configurations.write(&work.folder, 0)?;
    let log = File::create(work.folder.file(LOG)).map_err(|error| error.to_string())?;
    let mut process = program
        .command(&work.folder)
        .arg("--watch")
        .env("RUST_LOG", "treenail=info,helpdesk_health=info")
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .map_err(|error| format!("cannot start the program: {error}"))?;
    let ran = reloaded(&mut process, &work, &configurations, reloads);
    let _ = process.kill();
    let _ = process.wait();
    ran.map_err(|broken| format!("{broken}\nsee {}", work.folder.keep().display()))
}

fn reloaded(
    process: &mut Child,
    work: &Work,
    configurations: &Configurations,
    reloads: &Reloads,
) -> Result<String, String> {
    let begun = Instant::now();
    let events = Events(BufReader::new(process.stdout.take().ok_or("no pipe")?));
    let probes = Probes::begin(address(&work.folder)?);
    let mut run = Run {
        events,
        work,
        under_way: BTreeSet::new(),
        arrived: 0,
        routed: 0,
    };
    let (mut accepted, mut refused, mut half) = (0, 0, 0);
    for number in 1..=reloads.count {
        run.route(BETWEEN)?;
        run.until(|event| event["event"] == "started" && event["step"] == "update")?;
        configurations.write(&work.folder, number)?;
        signal(process, "-HUP");
        let reload = run.until(|event| event["event"] == "reload")?;
        configurations.forget_requests();
        if reload["ok"] != Configurations::is_right(number) {
            return Err(format!("reload {number}: {reload}"));
        }
        match reload["ok"].as_bool() {
            Some(true) => accepted += 1,
            _ => refused += 1,
        }
        if number == reloads.count / 2 {
            half = resident(process.id(), "VmRSS:")?;
        }
    }
    run.route(BETWEEN)?;
    let last = resident(process.id(), "VmRSS:")?;
    let most = resident(process.id(), "VmHWM:")?;
    let asked = probes.end()?;
    signal(process, "-TERM");
    run.end()?;
    let status = process.wait().map_err(|error| error.to_string())?;
    if !status.success() {
        return Err(format!("it ended with {status}"));
    }
    let routed = run.routed;
    let figures = format!(
        "{accepted} reloads, {refused} refused ones, {routed} tickets, {asked} probes in {:.0?}: {half} KiB resident after half of them, {last} KiB at the end, {most} KiB at most",
        begun.elapsed()
    );
    if most > reloads.limit || last > half + reloads.growth {
        return Err(format!("too much: {figures}"));
    }
    Ok(figures)
}

/// The configurations, one after the other.
struct Configurations {
    first: String,
    /// The other address of the service, with another token.
    second: Server,
}

impl Configurations {
    fn of(work: &Work) -> Result<Self, String> {
        let service = work.service().ok_or("there is no service")?;
        let listen =
            "open_ticket_ai:\n  components: { \"health:Endpoint\": { listen: \"127.0.0.1:0\" } }";
        let first = work.folder.read(CONFIGURATION);
        Ok(Self {
            first: first.replace("open_ticket_ai:", listen),
            second: service.zammad(SECOND),
        })
    }

    fn is_right(number: usize) -> bool {
        number % 6 < 4
    }

    fn write(&self, folder: &Folder, number: usize) -> Result<(), String> {
        let service = |url: &str, token: &str| {
            let params = format!("params: {{ base_url: \"{url}\", access_token: {token} }}");
            let begin = self.first.find("params: { base_url").unwrap_or_default();
            let length = self.first[begin..].find('}').unwrap_or_default();
            self.first
                .replace(&self.first[begin..=begin + length], &params)
        };
        let text = match number % 6 {
            0 => self.first.clone(),
            1 => self.first.replace("confidence: 0.9", "confidence: 0.8"),
            2 => service(&self.second.url(), SECOND),
            3 => self.first.replace(
                "components: { ",
                "components: { \"http:Client\": { timeout: 20s }, ",
            ),
            4 => self.first.replace("zammad:Z", "zamad:Z"),
            // No header can have this token: that shows when the service is built.
            _ => service(&self.second.url(), "\"two\\nlines\""),
        };
        folder.write(CONFIGURATION, &text)
    }

    /// Nobody wants to know what the service was asked.
    fn forget_requests(&self) {
        self.second.take();
    }
}

struct Events(BufReader<ChildStdout>);

impl Events {
    /// The next one; `None` when the program has ended.
    fn next(&mut self) -> Result<Option<Value>, String> {
        let mut line = String::new();
        let read = self.0.read_line(&mut line);
        match read.map_err(|error| error.to_string())? {
            0 => Ok(None),
            _ => serde_json::from_str(&line).map_err(|error| format!("{error}: {line}")),
        }
    }
}

/// A run of the program, as far as its events have been read.
struct Run<'w> {
    events: Events,
    work: &'w Work,
    /// The steps that have begun and not ended.
    under_way: BTreeSet<String>,
    arrived: usize,
    routed: usize,
}

impl Run<'_> {
    /// Reads on to an event; each that is read has to be one that may follow.
    fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> Result<Value, String> {
        loop {
            let event = self.events.next()?;
            let event = event.ok_or("it has ended by itself")?;
            self.see(&event)?;
            if is_it(&event) {
                return Ok(event);
            }
        }
    }

    fn route(&mut self, tickets: usize) -> Result<(), String> {
        let enough = self.routed + tickets;
        while self.routed < enough {
            self.until(|event| event["event"] == "ended" && event["step"] == "update")?;
        }
        Ok(())
    }

    fn see(&mut self, event: &Value) -> Result<(), String> {
        let path = event["path"].as_str().unwrap_or_default().to_owned();
        let follows = match event["event"].as_str() {
            Some("started") => self.under_way.insert(path),
            Some("ended") => self.under_way.remove(&path) && event["outcome"] != "cancelled",
            _ => true,
        };
        let has_failed = event["event"] == "cycle" && !event["error"].is_null();
        if !follows || has_failed {
            return Err(format!("that may not be: {event}"));
        }
        if event["event"] != "ended" {
            return Ok(());
        }
        if event["step"] == "update" && event["outcome"] == "ok" {
            self.routed += 1;
        }
        if event["step"] == "ticket" && event["outcome"] == "failed" && self.routed == self.arrived
        {
            self.arrive()?;
        }
        Ok(())
    }

    /// The inbox is empty: every ticket was handled, and once.
    fn arrive(&mut self) -> Result<(), String> {
        let done = self.work.done()?;
        if let Some(wrong) = done.iter().find(|done| !done.moved || done.notes != 1) {
            return Err(format!("a ticket was lost, or handled twice: {wrong:?}"));
        }
        self.work.replace(self.arrived + 1..=self.arrived + ARRIVE);
        self.arrived += ARRIVE;
        Ok(())
    }

    /// Reads to the end.
    fn end(&mut self) -> Result<(), String> {
        let mut last = Value::Null;
        while let Some(event) = self.events.next()? {
            self.see(&event)?;
            last = event;
        }
        if last["event"] != "stop" || last["ok"] != true || last["changes"] != self.routed {
            return Err(format!(
                "{} tickets are routed, and it says {last}",
                self.routed
            ));
        }
        if !self.under_way.is_empty() {
            return Err(format!("steps were cut: {:?}", self.under_way));
        }
        let now = self.work.done()?;
        let untouched: Vec<_> = now.iter().map(|_| crate::desk::UNTOUCHED).collect();
        let moved = now.iter().filter(|ticket| ticket.moved).count();
        laws::tickets(self.work.system, &untouched, &now, moved, false)
    }
}

fn signal(process: &Child, name: &str) {
    let id = process.id().to_string();
    let _ = Command::new("kill").args([name, &id]).status();
}

/// Where the health endpoint listens, once it does.
fn address(folder: &Folder) -> Result<SocketAddr, String> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        let log = folder.read(LOG);
        let line = log.lines().find(|line| line.contains("answers probes"));
        let address = line.and_then(|line| line.split_once("address=")?.1.trim().parse().ok());
        if let Some(address) = address {
            return Ok(address);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Err("it answers no probes".to_owned())
}

/// Asks the health endpoint all the time.
struct Probes {
    is_over: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
    asking: std::thread::JoinHandle<Result<(), String>>,
}

impl Probes {
    fn begin(address: SocketAddr) -> Self {
        let (is_over, asked) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
        let (over, count) = (Arc::clone(&is_over), Arc::clone(&asked));
        let asking = std::thread::spawn(move || {
            while !over.load(Ordering::SeqCst) {
                for path in ["/live", "/ready", "/status"] {
                    let answer = ask(address, path).map_err(|error| format!("{path}: {error}"))?;
                    let status = answer.split(' ').nth(1).unwrap_or_default();
                    // What is being replaced is not ready.
                    if status != "200" && (path != "/ready" || status != "503") {
                        return Err(format!("{path}: {answer}"));
                    }
                    count.fetch_add(1, Ordering::SeqCst);
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(())
        });
        Self {
            is_over,
            asked,
            asking,
        }
    }

    /// How often it was asked.
    fn end(self) -> Result<u64, String> {
        self.is_over.store(true, Ordering::SeqCst);
        let asked = self.asking.join();
        asked.map_err(|_| "asking panicked".to_owned())??;
        Ok(self.asked.load(Ordering::SeqCst))
    }
}

fn ask(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: here\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
