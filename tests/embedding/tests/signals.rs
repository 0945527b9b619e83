//! What a supervisor sees of a program: how a signal ends it, wherever it is in its life and whoever blocks its thread.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

const FLAVOURS: [&str; 2] = ["current", "multi"];

/// Half of what the steps of the program block for, and far more than all its budgets together.
const HUNG: Duration = Duration::from_secs(300);

/// A program under way.
struct Program {
    child: Child,
    out: BufReader<ChildStdout>,
    said: Vec<String>,
}

/// What is left of it.
#[derive(Debug)]
struct Left {
    /// `None`: a signal has ended it.
    code: Option<i32>,
    signal: Option<i32>,
    said: Vec<String>,
    error: String,
}

impl Program {
    fn run(arguments: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_launched"))
            .args(arguments.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let said = Vec::new();
        Self { child, out, said }
    }

    /// Reads what it says until it says this.
    fn until(mut self, line: &str) -> Self {
        while self.said.last().is_none_or(|last| last != line) {
            let mut said = String::new();
            let read = self.out.read_line(&mut said).unwrap();
            assert_ne!(read, 0, "ended without `{line}`: {:?}", self.said);
            self.said.push(said.trim_end().to_owned());
        }
        self
    }

    fn signal(self, name: &str) -> Self {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .unwrap();
        assert!(sent.success());
        self
    }

    fn ends(mut self) -> Left {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if begun.elapsed() > HUNG {
                self.child.kill().unwrap();
                panic!("hung; it said {:?}", self.said);
            }
            thread::sleep(Duration::from_millis(20));
        };
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        self.said.extend(rest.lines().map(str::to_owned));
        let mut error = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut error).unwrap();
        Left {
            code: status.code(),
            signal: status.signal(),
            said: self.said,
            error,
        }
    }
}

impl Left {
    /// Who says this, in the order in which it was said.
    fn who(&self, what: &str) -> Vec<&str> {
        let lines = self.said.iter();
        lines
            .filter_map(|line| line.strip_suffix(what)?.strip_suffix(' '))
            .collect()
    }
}

/// Checks every case at the same time: each is a process that mostly waits.
fn each<T: Clone + Send + 'static>(cases: impl IntoIterator<Item = T>, check: fn(T)) {
    let (failed, failures) = mpsc::channel();
    for case in cases {
        let failed = failed.clone();
        thread::spawn(move || {
            if thread::spawn(move || check(case)).join().is_err() {
                failed.send(()).unwrap();
            }
        });
    }
    drop(failed);
    assert_eq!(failures.iter().count(), 0, "see above");
}

fn cases<const N: usize>(of: [&'static str; N]) -> Vec<(&'static str, &'static str)> {
    let cases = of.into_iter();
    cases
        .flat_map(|one| FLAVOURS.map(|flavour| (one, flavour)))
        .collect()
}

/// What a program says that runs.
fn running(how: &str) -> &'static str {
    if how == "launch" { "top work" } else { "ready" }
}

#[test]
fn the_first_signal_stops_everything_and_that_is_a_success() {
    each(cases(["launch", "and", "run"]), |(how, flavour)| {
        for signal in ["TERM", "INT"] {
            let program = Program::run(&format!("{how} {flavour}"));
            let left = program.until(running(how)).signal(signal).ends();
            assert_eq!((left.code, &*left.error), (Some(0), ""), "{left:?}");
            assert_eq!(left.who("stopped"), ["top", "middle", "ground"]);
            assert_eq!(left.said.contains(&"ran".to_owned()), how == "and");
        }
    });
}

#[test]
fn a_program_that_only_starts_ends_by_the_signal() {
    each(FLAVOURS, |flavour| {
        for (name, number) in [("TERM", 15), ("INT", 2)] {
            if name == "INT" && ignores_interrupts() {
                println!("SIGINT was not tried: this process was started with it ignored");
                continue;
            }
            let program = Program::run(&format!("start {flavour}"));
            let left = program.until("ready").signal(name).ends();
            assert_eq!((left.code, left.signal), (None, Some(number)), "{left:?}");
        }
    });
}

/// Whether SIGINT is ignored, as it is where a shell has put a command into the background: what such a command starts ignores it
/// as well.
fn ignores_interrupts() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 2 != 0)
}

#[test]
fn a_second_signal_ends_at_once() {
    each(cases(["launch", "and", "run"]), |(how, flavour)| {
        for (name, code) in [("INT", 130), ("TERM", 143)] {
            let program = Program::run(&format!("{how} {flavour} middle stop block"));
            let stopping = program
                .until(running(how))
                .signal("TERM")
                .until("middle stop");
            let left = stopping.signal(name).ends();
            assert_eq!((left.code, left.signal), (Some(code), None), "{left:?}");
            assert_eq!(left.who("stopped"), ["top"]);
        }
    });
}

#[test]
fn a_signal_while_it_starts_rolls_back_and_that_is_a_success() {
    each(cases(["build", "start"]), |(phase, flavour)| {
        for how in ["launch", "and"] {
            let program = Program::run(&format!("{how} {flavour} middle {phase} linger"));
            let starting = program.until(&format!("middle {phase}"));
            let left = starting.signal("TERM").ends();
            assert_eq!((left.code, &*left.error), (Some(0), ""), "{left:?}");
            let (started, stopped) = (left.who("start"), left.who("stopped"));
            assert!(!started.contains(&"top"), "{left:?}");
            assert!(stopped.iter().eq(started.iter().rev()), "{left:?}");
        }
    });
}

#[test]
fn a_signal_between_a_start_and_run_is_for_no_application() {
    each(cases(["build", "start"]), |(phase, flavour)| {
        let program = Program::run(&format!("run {flavour} middle {phase} linger"));
        let starting = program.until(&format!("middle {phase}"));
        let left = starting.signal("TERM").ends();
        assert_eq!((left.code, left.signal), (None, Some(15)), "{left:?}");
    });
}

#[test]
fn a_component_that_blocks_its_thread_does_not_keep_the_process_alive() {
    let launched = cases(["build", "start", "work", "stop"]).into_iter();
    let launched = launched.map(|(phase, flavour)| ("launch", phase, flavour));
    let run = cases(["work", "stop"]).into_iter();
    let run = run.map(|(phase, flavour)| ("run", phase, flavour));
    each(launched.chain(run), |(how, phase, flavour)| {
        let mut program = Program::run(&format!("{how} {flavour} middle {phase} block"));
        if phase == "stop" {
            program = program.until(running(how)).signal("TERM");
        }
        program = program.until(&format!("middle {phase}"));
        if phase != "stop" {
            program = program.signal("TERM");
        }
        let left = program.ends();
        // Where there are several threads, all others are stopped; and a build that is dropped is no failure.
        let (code, stopped) = match (flavour, phase) {
            ("multi", "build") => (0, &[][..]),
            ("multi", "start") => (1, &["ground"][..]),
            ("multi", "work") => (1, &["top", "middle", "ground"][..]),
            ("multi", _) => (1, &["top", "ground"][..]),
            (_, "stop") => (1, &["top"][..]),
            _ => (1, &[][..]),
        };
        assert_eq!(left.code, Some(code), "{left:?}");
        assert_eq!(left.who("stopped"), stopped, "{left:?}");
        let who = if code == 0 {
            "left behind"
        } else {
            "tower:Middle"
        };
        assert!(left.error.contains(who), "{left:?}");
    });
}

#[test]
fn who_holds_the_lock_of_what_is_written_to_does_not_keep_the_process_alive() {
    each(FLAVOURS, |flavour| {
        let program = Program::run(&format!("launch {flavour} middle work mute"));
        let left = program.until("middle work").signal("TERM").ends();
        assert_eq!(left.code, Some(1), "{left:?}");
    });
}

#[test]
fn a_thread_that_is_left_behind_does_not_keep_the_process_alive_and_the_stop_was_clean() {
    each(cases(["launch", "run"]), |(how, flavour)| {
        let program = Program::run(&format!("{how} {flavour} ground stop leave"));
        let left = program.until(running(how)).signal("TERM").ends();
        assert_eq!(left.code, Some(0), "{left:?}");
        assert!(left.error.starts_with("stopped; "), "{left:?}");
        assert_eq!(left.who("stopped"), ["top", "middle", "ground"]);
    });
}

/// Without a signal: what the program does, its exit status, what its error is about, and who was stopped.
#[test]
fn what_ends_without_a_signal_has_a_status_and_says_why() {
    let all = &["top", "middle", "ground"][..];
    let table = [
        (
            "launch",
            "middle build fail",
            1,
            "cannot build `tower:Middle`",
            &[][..],
        ),
        (
            "launch",
            "middle start fail",
            1,
            "cannot start `tower:Middle`",
            &["ground"],
        ),
        (
            "launch",
            "ground work fail",
            1,
            "`tower:Ground` (plugin `tower`) has failed",
            all,
        ),
        (
            "launch",
            "middle build shutdown",
            1,
            "`tower:Middle` asked for a shutdown",
            &[],
        ),
        ("launch", "middle work shutdown", 0, "", all),
        ("and", "middle work shutdown", 0, "", all),
        ("panic", "", 101, "as told", all),
    ];
    let cases = FLAVOURS.map(|flavour| table.map(|row| (flavour, row)));
    each(
        cases.into_iter().flatten(),
        |(flavour, (how, told, code, error, stopped))| {
            let left = Program::run(format!("{how} {flavour} {told}").trim_end()).ends();
            assert_eq!(left.code, Some(code), "{left:?}");
            assert!(left.error.contains(error), "{left:?}");
            assert_eq!(left.error.is_empty(), code == 0, "{left:?}");
            assert_eq!(left.who("stopped"), stopped, "{left:?}");
        },
    );
}

#[test]
fn a_signal_at_any_moment_leaves_nothing_started() {
    for (flavour, moment) in FLAVOURS
        .into_iter()
        .flat_map(|flavour| (0..40).map(move |moment| (flavour, moment)))
    {
        let program = Program::run(&format!("launch {flavour}"));
        thread::sleep(Duration::from_micros(500) * moment);
        let left = program.signal("TERM").ends();
        let (started, stopped) = (left.who("start"), left.who("stopped"));
        // Before `launch` the signal is nobody's.
        let is_launched = left.code == Some(0) || left.said.is_empty() && left.signal == Some(15);
        assert!(is_launched && left.error.is_empty(), "{left:?}");
        assert_eq!(stopped.len(), started.len(), "{left:?}");
        assert!(started.iter().all(|one| stopped.contains(one)), "{left:?}");
    }
}
