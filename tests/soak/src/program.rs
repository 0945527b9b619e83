//! The real program: started, ended, and what it said.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::folder::Folder;

/// The events of a run, in its folder.
const EVENTS: &str = "events";
/// The log of a run, in its folder, with what happens to every component at the moment when it happens.
pub(crate) const LOG: &str = "log";
/// The configuration of a run, in its folder.
pub(crate) const CONFIGURATION: &str = "config.yml";

/// Which program.
pub(crate) struct Program(PathBuf);

impl Program {
    pub(crate) fn find(named: Option<PathBuf>) -> Result<Self, String> {
        let beside = || Ok(std::env::current_exe()?.with_file_name("helpdesk"));
        let path = named.map_or_else(beside, Ok);
        let path = path.and_then(|path: PathBuf| path.canonicalize());
        path.map(Self).map_err(|error| {
            format!("there is no program: {error}\nbuild it (`cargo build -p helpdesk`, `--release` where this one is), or name it with `--program`")
        })
    }

    /// The program with the configuration in this folder.
    pub(crate) fn command(&self, folder: &Folder) -> Command {
        let mut command = Command::new(&self.0);
        command
            .args(["run", "--format", "json", "--config", CONFIGURATION])
            .current_dir(folder.file(""))
            .stdin(Stdio::null());
        command
    }

    /// The program at work, until it is ended; `--watch` is one of the `arguments`, or it ends by itself.
    pub(crate) fn start(&self, folder: &Folder, arguments: &[&str]) -> Result<Run, String> {
        let file = |name: &str| File::create(folder.file(name));
        let start = || {
            let mut command = self.command(folder);
            let command = command.args(arguments).env("RUST_LOG", "treenail=trace");
            command.stdout(file(EVENTS)?).stderr(file(LOG)?).spawn()
        };
        start().map(Run).map_err(|error| cannot_start(&error))
    }

    /// The program with the configuration in this folder, watching, as one of several: what it says is kept under its name,
    /// which it finds in this variable.
    pub(crate) fn start_as(
        &self,
        name: &str,
        variable: &str,
        folder: &Folder,
    ) -> Result<Run, String> {
        let file = |kind: &str| File::create(folder.file(&file_of(name, kind)));
        let start = || {
            let mut command = self.command(folder);
            command
                .arg("--watch")
                .env(variable, name)
                .env("RUST_LOG", "warn,helpdesk_tickets=debug");
            command.stdout(file(EVENTS)?).stderr(file(LOG)?).spawn()
        };
        start().map(Run).map_err(|error| cannot_start(&error))
    }

    /// The list of the plugins that the program has.
    pub(crate) fn plugins(&self) -> Result<String, String> {
        let listed = Command::new(&self.0).arg("plugins").output();
        let listed = listed.map_err(|error| cannot_start(&error))?;
        Ok(String::from_utf8_lossy(&listed.stdout).into_owned())
    }
}

fn cannot_start(error: &std::io::Error) -> String {
    format!("cannot start the program: {error}")
}

/// The file in which something of one of several is kept.
fn file_of(name: &str, kind: &str) -> String {
    format!("{kind}-{name}")
}

/// A run of the program.
pub(crate) struct Run(Child);

impl Run {
    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }

    pub(crate) fn kill(&mut self) {
        // It fails where the program has ended already, and then waiting says how.
        let _ = self.0.kill();
    }

    pub(crate) fn terminate(&mut self) {
        let id = self.0.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
    }

    /// Waits for the end; `None` if that takes longer than `patience`, and then it is killed.
    pub(crate) fn wait(mut self, patience: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if let Ok(Some(status)) = self.0.try_wait() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        None
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.kill();
        let _ = self.0.wait();
    }
}

/// What a run said.
pub(crate) struct Said {
    pub(crate) log: String,
    /// Without the half of one that a killed program may have left.
    pub(crate) events: Vec<Value>,
}

impl Said {
    /// Whether there is an event already.
    pub(crate) fn anything(folder: &Folder) -> bool {
        let events = folder.file(EVENTS).metadata();
        events.is_ok_and(|events| events.len() > 0)
    }

    pub(crate) fn in_folder(folder: &Folder) -> Self {
        Self::read(&folder.read(EVENTS), folder.read(LOG))
    }

    /// What one of several said.
    pub(crate) fn of(name: &str, folder: &Folder) -> Self {
        let [events, log] = [EVENTS, LOG].map(|kind| folder.read(&file_of(name, kind)));
        Self::read(&events, log)
    }

    fn read(events: &str, log: String) -> Self {
        let events = events.lines();
        let events = events.map_while(|line| serde_json::from_str(line).ok());
        Self {
            log,
            events: events.collect(),
        }
    }

    /// How many tickets it said to have changed.
    pub(crate) fn updates(&self) -> usize {
        let update = |event: &&Value| {
            event["event"] == "ended" && event["step"] == "update" && event["outcome"] == "ok"
        };
        self.events.iter().filter(update).count()
    }

    /// The ticket that it claimed last.
    pub(crate) fn claimed(&self) -> Option<String> {
        let claim = |line: &&str| line.contains("claimed ticket=");
        field(self.log.lines().rfind(claim)?, "ticket=").map(str::to_owned)
    }

    /// Whether it came to its first cycle.
    pub(crate) fn has_worked(&self) -> bool {
        self.events.iter().any(|event| event["event"] == "cycle")
    }

    /// Whether its last word was that it had stopped well.
    pub(crate) fn has_stopped(&self) -> bool {
        let last = self.events.last();
        last.is_some_and(|event| event["event"] == "stop" && event["ok"] == true)
    }

    /// That it ended well, and said so.
    pub(crate) fn ended_well(&self, status: ExitStatus) -> Result<(), String> {
        if status.success() && self.has_stopped() {
            return Ok(());
        }
        let last = self.events.last();
        Err(format!("it ended with {status}, and said last {last:?}"))
    }

    /// The components of which the log says that a step `begun` or `ended`, this one, in its order.
    pub(crate) fn components(&self, what: &str, step: &str) -> Vec<&str> {
        let what = format!(" {what} component=");
        let says = |line: &&str| line.contains(&what) && line.contains(step);
        let lines = self.log.lines().filter(says);
        let component = |line| field(line, "component=");
        lines.filter_map(component).collect()
    }
}

/// A field of a line of the log.
fn field<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let rest = line.split_once(name)?.1;
    Some(rest.split(' ').next()?.trim_matches('"'))
}
