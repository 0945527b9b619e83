//! Runs Cargo and the programs, and measures what that takes.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::{Signal, killpg};
use nix::sys::time::TimeValLike;
use nix::unistd::Pid;

/// What a run took.
#[derive(Clone, Copy)]
pub(crate) struct Spent {
    /// Processor time in user mode, of Cargo and all that it starts.
    pub(crate) user: f64,
    /// Time on the clock.
    pub(crate) wall: f64,
}

/// A way to call Cargo.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    /// The name of the target folder.
    pub(crate) target: &'static str,
    /// What Cargo is told.
    pub(crate) arguments: &'static [&'static str],
    /// Whether rustc compiles incrementally.
    pub(crate) incremental: bool,
}

/// From nothing, in the development profile.
pub(crate) const BUILD: Way = Way {
    target: "dev",
    arguments: &["build"],
    incremental: false,
};
/// No machine code.
pub(crate) const CHECK: Way = Way {
    arguments: &["check"],
    ..BUILD
};
/// On top of the last build.
pub(crate) const INCREMENTAL: Way = Way {
    target: "incremental",
    incremental: true,
    ..BUILD
};
/// Optimized.
pub(crate) const RELEASE: Way = Way {
    target: "release",
    arguments: &["build", "--release"],
    ..BUILD
};
/// With everything that the program depends on.
pub(crate) const CLEAN: Way = Way {
    target: "clean",
    arguments: &["build", "--jobs", "2"],
    ..BUILD
};

/// Why there is no measurement.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Missing {
    /// The peer does not do such a thing.
    NotDone,
    /// It took longer than the limit.
    TooLong(Duration),
    /// rustc refused the program: its first error.
    Refused(String),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotDone => f.write_str("–"),
            Self::TooLong(limit) => write!(f, "> {} s", limit.as_secs()),
            Self::Refused(error) => write!(f, "refused: {error}"),
        }
    }
}

/// A folder for everything that is built, and how long a run may take.
pub(crate) struct Bench {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// The limit of one run.
    pub(crate) limit: Duration,
    /// How often each is run; the least counts.
    pub(crate) runs: usize,
}

impl Bench {
    /// A call of Cargo on a package.
    pub(crate) fn cargo(&self, package: &Path, way: Way) -> Command {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(way.arguments)
            .arg("--quiet")
            .current_dir(package);
        cargo.env("CARGO_TARGET_DIR", self.folder.join(way.target));
        cargo.env("CARGO_INCREMENTAL", if way.incremental { "1" } else { "0" });
        cargo.env("CARGO_TERM_COLOR", "never");
        cargo
    }

    /// Runs a command to its end, or to the limit.
    pub(crate) fn run(&self, command: &mut Command) -> Result<Spent, Missing> {
        let log = self.folder.join("log");
        let (begun, before) = (Instant::now(), user_seconds());
        let ended = self
            .end_of(command, &log)
            .map_err(|error| Missing::Refused(error.to_string()))?;
        let spent = Spent {
            user: user_seconds() - before,
            wall: begun.elapsed().as_secs_f64(),
        };
        match ended {
            None => Err(Missing::TooLong(self.limit)),
            Some(true) => Ok(spent),
            Some(false) => Err(refused(&std::fs::read_to_string(log).unwrap_or_default())),
        }
    }

    /// Whether it succeeded; nothing, where it was ended at the limit.
    fn end_of(&self, command: &mut Command, log: &Path) -> io::Result<Option<bool>> {
        use std::os::unix::process::CommandExt;
        command
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(log)?)
            .process_group(0);
        let begun = Instant::now();
        let mut child: Child = command.spawn()?;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status.success()));
            }
            if begun.elapsed() > self.limit {
                killpg(Pid::from_raw(child.id() as i32), Signal::SIGKILL)?;
                child.wait()?;
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Builds what the smallest program of a peer depends on, however long that takes.
    pub(crate) fn prepare(&self, smallest: &Path, way: Way) -> Result<(), Missing> {
        let built = self.cargo(smallest, way).output();
        let built = built.map_err(|error| Missing::Refused(error.to_string()))?;
        match built.status.success() {
            true => Ok(()),
            false => Err(refused(&String::from_utf8_lossy(&built.stderr))),
        }
    }

    /// The least of several runs on a program that has been built before, each after a change of its time stamp.
    pub(crate) fn after_a_touch(&self, package: &Path, way: Way) -> Result<Spent, Missing> {
        self.run(&mut self.cargo(package, way))?;
        let mut least: Option<Spent> = None;
        for _ in 0..self.runs {
            touch(&package.join("src/main.rs"))
                .map_err(|error| Missing::Refused(error.to_string()))?;
            let spent = self.run(&mut self.cargo(package, way))?;
            if least.is_none_or(|least| spent.user < least.user) {
                least = Some(spent);
            }
        }
        least.ok_or(Missing::NotDone)
    }
}

/// The first error that a log has.
fn refused(log: &str) -> Missing {
    let error = log.lines().find(|line| line.starts_with("error"));
    Missing::Refused(error.unwrap_or("it failed").to_owned())
}

fn touch(file: &Path) -> io::Result<()> {
    let file = std::fs::File::options().append(true).open(file)?;
    file.set_modified(std::time::SystemTime::now())
}

/// User seconds of all child processes so far.
fn user_seconds() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN);
    usage.map_or(f64::NAN, |usage| {
        usage.user_time().num_microseconds() as f64 / 1e6
    })
}
