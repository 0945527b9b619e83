//! SIGINT, SIGTERM and SIGHUP. They are taken once for the process, by a thread of its own, and a second thread keeps the time: so
//! neither waits for a component that blocks a thread of the runtime. Neither writes anything itself either, because whoever is
//! blocked may hold the lock of what is written to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::error::{Error, Result};
use crate::lifecycle::{Life, ask_to_end};
use crate::supervision::{LOG_TARGET, State, Supervision};

/// How long the process may take, after a signal, for what is neither start nor stop: to notice the signal, and to end once the
/// applications have.
const GRACE: Duration = Duration::from_secs(5);

/// The exit status of a process that did not end as it should.
const FAILURE: i32 = 1;

static PROCESS: Process = Process {
    signals: Mutex::new(Signals {
        listening: false,
        next: 0,
        applications: BTreeMap::new(),
        asked: None,
        failure: None,
    }),
    changed: Condvar::new(),
};

struct Process {
    signals: Mutex<Signals>,
    /// The process was asked to end, or has another time for it.
    changed: Condvar,
}

/// What is known of signals, and of those who want to know.
struct Signals {
    listening: bool,
    next: usize,
    /// The applications that a signal ends, until they have ended.
    applications: BTreeMap<usize, EndedApplication>,
    asked: Option<Asked>,
    /// What went wrong with an application that has ended since.
    failure: Option<String>,
}

struct EndedApplication {
    /// How long it may take to end.
    within: Duration,
    /// What is known of it, once it has been configured.
    life: Option<KnownLife>,
    /// Counts the hangups, for one that is not ended by them.
    hangups: Option<watch::Sender<u64>>,
}

/// What a signal has to know of an application's life.
#[derive(Clone)]
struct KnownLife {
    shutdown: watch::Sender<Option<String>>,
    supervision: Arc<Supervision>,
}

impl Signals {
    /// Tells of a hangup. Whether anybody wants to know.
    fn hung_up(&self) -> bool {
        let hangups = self
            .applications
            .values()
            .filter_map(|one| one.hangups.as_ref());
        let told = hangups.map(|hangups| hangups.send_modify(|count| *count += 1));
        told.count() > 0
    }

    fn lives(&self) -> Vec<KnownLife> {
        let applications = self.applications.values();
        applications.filter_map(|one| one.life.clone()).collect()
    }
}

/// The process was asked to end.
#[derive(Clone, Copy)]
struct Asked {
    signal: i32,
    at: Instant,
    /// When it is ended by force; `None`: never.
    until: Option<Instant>,
}

/// An application's place among those that a signal ends. Shared by whoever brings the application to its end.
#[derive(Clone)]
pub(super) struct EndedBySignal(Arc<Registration>);

struct Registration(usize);

impl EndedBySignal {
    /// From now on a signal is no longer the end of the process.
    pub(super) fn take() -> Result<Self> {
        let mut signals = PROCESS.signals();
        if !signals.listening {
            listen().map_err(|error| Error::from(error).context("cannot listen to signals"))?;
            signals.listening = true;
        }
        let place = signals.next;
        signals.next += 1;
        let application = EndedApplication {
            within: Duration::ZERO,
            life: None,
            hangups: None,
        };
        signals.applications.insert(place, application);
        Ok(Self(Arc::new(Registration(place))))
    }

    /// From now on SIGHUP does not end the application: how often it came. That it came before, where this has been called before,
    /// counts as a change.
    #[cfg(feature = "config")]
    pub(super) fn hangups(&self) -> watch::Receiver<u64> {
        let mut signals = PROCESS.signals();
        let application = signals.applications.get_mut(&self.0.0);
        let hangups = application.map(|one| {
            one.hangups
                .get_or_insert_with(|| watch::Sender::new(0))
                .subscribe()
        });
        let mut hangups = hangups.unwrap_or_else(|| watch::channel(0).1);
        if *hangups.borrow() > 0 {
            hangups.mark_changed();
        }
        hangups
    }

    /// Whom a signal asks to end.
    pub(super) fn attach(&self, life: &Life, within: Duration) {
        let mut signals = PROCESS.signals();
        if let Some(application) = signals.applications.get_mut(&self.0.0) {
            application.life = Some(KnownLife {
                shutdown: life.shutdown.clone(),
                supervision: Arc::clone(&life.supervision),
            });
        }
        let asked = signals.asked;
        drop(signals);
        self.within(within);
        if let Some(asked) = asked {
            ask_to_end(&life.shutdown, name(asked.signal));
        }
    }

    /// How long the application may take to end, from the signal on; if that has come, from now on.
    pub(super) fn within(&self, within: Duration) {
        let mut signals = PROCESS.signals();
        let Some(application) = signals.applications.get_mut(&self.0.0) else {
            return;
        };
        application.within = within;
        if let Some(asked) = &mut signals.asked {
            // Another application may need longer.
            asked.until = asked
                .until
                .and_then(|until| Some(until.max(after(within)?)));
            PROCESS.changed.notify_all();
        }
    }

    /// Whether the application was asked to end by a signal.
    pub(super) fn has_come(&self) -> bool {
        PROCESS.signals().asked.is_some()
    }

    /// The application has ended, with this failure. If a signal ended it, the process has only a short time left.
    pub(super) fn ended(&self, failure: Option<String>) {
        self.0.ended(failure);
    }
}

impl Registration {
    fn ended(&self, failure: Option<String>) {
        let mut signals = PROCESS.signals();
        signals.applications.remove(&self.0);
        let is_last = signals.applications.is_empty();
        let Some(asked) = &mut signals.asked else {
            return;
        };
        if is_last {
            asked.until = after(Duration::ZERO);
            PROCESS.changed.notify_all();
        }
        signals.failure = failure.or_else(|| signals.failure.take());
    }
}

impl Drop for Registration {
    /// Whoever brought the application to its end was dropped, or has panicked, before that.
    fn drop(&mut self) {
        if PROCESS.signals().applications.contains_key(&self.0) {
            self.ended(Some("nobody waited for the application".to_owned()));
        }
    }
}

impl Process {
    fn signals(&self) -> MutexGuard<'_, Signals> {
        self.signals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A signal has come. A hangup is told to those who want to know. Of all others, the first asks the applications to end. The second ends the process at once; and so does one that finds
    /// no application, as if nobody listened.
    fn signalled(&self, signal: i32) {
        let mut signals = self.signals();
        if signal == HANGUP && signals.hung_up() {
            return;
        }
        if signals.asked.is_some() {
            exit(128 + signal);
        }
        let Some(within) = signals.applications.values().map(|one| one.within).max() else {
            die_of(signal);
        };
        signals.asked = Some(Asked {
            signal,
            at: Instant::now(),
            until: after(within),
        });
        let lives = signals.lives();
        drop(signals);
        self.changed.notify_all();
        let signal = name(signal);
        for life in lives {
            ask_to_end(&life.shutdown, signal);
        }
        aside(move || {
            tracing::info!(target: LOG_TARGET, signal, "asked to end; a second signal ends at once");
        });
    }

    /// Ends the process when its time is over.
    fn keep_time(&self) {
        let mut signals = self.signals();
        let asked = loop {
            let left = match signals.asked {
                Some(Asked {
                    until: Some(until), ..
                }) => until.saturating_duration_since(Instant::now()),
                _ => Duration::MAX,
            };
            match signals.asked {
                Some(asked) if left.is_zero() => break asked,
                _ => {}
            }
            let waited = self.changed.wait_timeout(signals, left);
            signals = waited.unwrap_or_else(PoisonError::into_inner).0;
        };
        let (lives, failure) = (signals.lives(), signals.failure.clone());
        let has_ended = signals.applications.is_empty();
        drop(signals);
        let status = if has_ended && failure.is_none() {
            0
        } else {
            FAILURE
        };
        let said = aside(move || {
            let text = match failure {
                _ if !has_ended => not_ended(asked, &lives),
                Some(failure) => format!("Error: {failure}"),
                None => "stopped; something that blocks a thread of the program was left behind"
                    .to_owned(),
            };
            // Nobody is there to be told that it cannot be told.
            let _ = writeln!(io::stderr(), "{text}");
        });
        // Whoever holds the lock of standard error must not keep the process alive.
        let _ = said.recv_timeout(Duration::from_secs(1));
        exit(status);
    }
}

/// What is said of applications that did not end in time: which of their components were not stopped.
fn not_ended(asked: Asked, lives: &[KnownLife]) -> String {
    let (took, signal) = (asked.at.elapsed(), name(asked.signal));
    let mut text =
        format!("Error: did not end within {took:.1?} of {signal}; what was not stopped:");
    for life in lives {
        for status in life.supervision.board.all() {
            if !matches!(status.state, State::None | State::Stopped) {
                let _ = write!(text, "\n  {status}");
            }
        }
    }
    text
}

/// Says something on a thread of its own. What is returned closes when it is said, or cannot be.
fn aside(say: impl FnOnce() + Send + 'static) -> mpsc::Receiver<()> {
    let (done, said) = mpsc::channel();
    let _ = spawn("treenail-tell", move || {
        say();
        drop(done);
    });
    said
}

fn after(within: Duration) -> Option<Instant> {
    Instant::now().checked_add(within.saturating_add(GRACE))
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map(drop)
}

#[cfg(unix)]
fn listen() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGINT, SIGHUP])?;
    spawn("treenail-time", || PROCESS.keep_time())?;
    spawn("treenail-signals", move || {
        signals
            .forever()
            .for_each(|signal| PROCESS.signalled(signal));
    })
}

#[cfg(not(unix))]
fn listen() -> io::Result<()> {
    let mut interrupts = tokio::signal::windows::ctrl_c()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    spawn("treenail-time", || PROCESS.keep_time())?;
    spawn("treenail-signals", move || {
        while runtime.block_on(interrupts.recv()).is_some() {
            PROCESS.signalled(INTERRUPT);
        }
    })
}

/// The number of the signal that Ctrl-C is.
const INTERRUPT: i32 = 2;

/// The number of SIGHUP: a terminal sends it when it is closed, and people when a configuration has changed.
const HANGUP: i32 = 1;

fn name(signal: i32) -> &'static str {
    match signal {
        INTERRUPT => "SIGINT",
        HANGUP => "SIGHUP",
        _ => "SIGTERM",
    }
}

/// Ends the process without running anything more of it, which could block.
fn exit(status: i32) -> ! {
    #[cfg(unix)]
    signal_hook::low_level::exit(status);
    #[cfg(not(unix))]
    std::process::exit(status)
}

/// Ends the process as a signal does that nobody listens to.
fn die_of(signal: i32) -> ! {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    exit(128 + signal)
}
