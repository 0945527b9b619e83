//! The component of every node: it writes down what happens to it, holds what it is handed, and fails as it is told. What it
//! sees that must not be is a broken law.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use treenail::__private::{Declared, Form, Inputs, Value};
use treenail::{Component, Config, Current, Deps, Error, Lazy, Phase, Result, Shutdown};

use super::oracle::fails;
use super::world::{Fault, Way};

/// What has happened in a trial. Everything does on one thread.
#[derive(Default)]
pub(crate) struct Record {
    /// The forms of what a component asks for, by its number.
    forms: Vec<Vec<Form>>,
    pub(crate) faults: Vec<Fault>,
    next: u64,
    /// The values that are not dropped.
    pub(crate) values: BTreeMap<u64, Seen>,
    pub(crate) broken: Vec<String>,
    /// Builds and starts that are under way.
    under_way: usize,
    /// What has to be stopped before anything is built.
    pub(crate) first: Vec<u64>,
    /// What may not be stopped while anything is built or started.
    pub(crate) last: Vec<u64>,
}

/// A value.
pub(crate) struct Seen {
    pub(crate) name: String,
    pub(crate) part: usize,
    pub(crate) value: u32,
    pub(crate) held: Vec<Held>,
    /// Everything that has happened to it.
    pub(crate) events: usize,
    pub(crate) has_started: bool,
    pub(crate) is_stopping: bool,
    has_stopped: bool,
    pub(crate) is_working: bool,
}

impl Seen {
    pub(crate) fn runs(&self) -> bool {
        self.has_started && !self.is_stopping
    }
}

/// What a value was handed, by the numbers of those values.
#[derive(Clone)]
pub(crate) enum Held {
    Fixed(Vec<u64>),
    Lazy(Lazy<Probe>),
    /// With the one that there was at first.
    Current(Current<Probe>, u64),
}

impl Held {
    /// Whom its holder is built and started after.
    fn before(&self) -> &[u64] {
        match self {
            Self::Fixed(values) => values,
            Self::Lazy(_) => &[],
            Self::Current(_, first) => std::slice::from_ref(first),
        }
    }
}

thread_local! {
    static RECORD: RefCell<Record> = RefCell::default();
}

/// Begins a trial of components that ask for things in these forms.
pub(crate) fn begin(forms: Vec<Vec<Form>>) {
    let fresh = Record {
        forms,
        ..Record::default()
    };
    drop(record(|record| std::mem::replace(record, fresh)));
}

/// Reads or changes what was written down.
pub(crate) fn record<T>(with: impl FnOnce(&mut Record) -> T) -> T {
    RECORD.with_borrow_mut(with)
}

/// How a component is configured.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProbeConfig {
    value: u32,
}

/// The value of a node.
pub(crate) struct Probe {
    pub(crate) id: u64,
    part: usize,
    value: Mutex<u32>,
    _held: Vec<Arc<Self>>,
}

/// What a value is built of.
pub(crate) struct ProbeDeps {
    name: String,
    part: usize,
    held: Vec<Held>,
    values: Vec<Arc<Probe>>,
}

impl Declared for Probe {
    type Deps = ProbeDeps;
    type Config = ProbeConfig;
}

/// That a build or a start is under way, however it ends.
struct UnderWay;

impl UnderWay {
    fn new() -> Self {
        record(|record| record.under_way += 1);
        Self
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        record(|record| record.under_way -= 1);
    }
}

/// That a value works, until its work ends or is dropped.
struct Working(u64);

impl Drop for Working {
    fn drop(&mut self) {
        record(|record| {
            if let Some(seen) = record.values.get_mut(&self.0) {
                seen.is_working = false;
            }
        });
    }
}

/// That a value is being stopped, until that ends or is dropped.
struct Stopping(u64);

impl Drop for Stopping {
    fn drop(&mut self) {
        record(|record| {
            if let Some(seen) = record.values.get_mut(&self.0) {
                seen.has_stopped = true;
            }
        });
    }
}

/// Takes a little while, and fails as it is told.
async fn act(part: usize, value: u32, phase: Phase) -> Result<()> {
    let seconds = (part * 5 + phase as usize * 3) % 4;
    tokio::time::sleep(Duration::from_secs(seconds as u64)).await;
    let way = record(|record| fails(&record.faults, part, value, phase).map(|fault| fault.way));
    match way {
        None => Ok(()),
        Some(Way::Error) => Err(Error::msg("as told")),
        Some(Way::Panic) => panic!("as told"),
        Some(Way::Hang) => std::future::pending().await,
    }
}

impl Component for Probe {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> Result<Self> {
        let ProbeDeps {
            name,
            part,
            held,
            values,
        } = deps;
        record(|record| record.may_be_built(&name, &held));
        let under_way = UnderWay::new();
        act(part, config.value, Phase::Build).await?;
        drop(under_way);
        let id = record(|record| {
            record.next += 1;
            let seen = Seen {
                name,
                part,
                value: config.value,
                held,
                events: 1,
                has_started: false,
                is_stopping: false,
                has_stopped: false,
                is_working: false,
            };
            record.values.insert(record.next, seen);
            record.next
        });
        Ok(Self {
            id,
            part,
            value: Mutex::new(config.value),
            _held: values,
        })
    }

    async fn start(&self) -> Result<()> {
        record(|record| record.may_start(self.id));
        let _under_way = UnderWay::new();
        act(self.part, self.value(), Phase::Start).await?;
        record(|record| record.change(self.id, |seen| seen.has_started = true));
        Ok(())
    }

    async fn work(&self, shutdown: Shutdown) -> Result<()> {
        record(|record| record.change(self.id, |seen| seen.is_working = true));
        let _working = Working(self.id);
        shutdown.requested().await;
        Ok(())
    }

    async fn reconfigure(&self, config: Config<Self>) -> Result<()> {
        record(|record| record.change(self.id, |_| ()));
        act(self.part, config.value, Phase::Reconfigure).await?;
        *self.value.lock().unwrap_or_else(PoisonError::into_inner) = config.value;
        record(|record| record.change(self.id, |seen| seen.value = config.value));
        Ok(())
    }

    async fn stop(&self) -> Result<()> {
        record(|record| record.may_stop(self.id));
        let _stopping = Stopping(self.id);
        act(self.part, self.value(), Phase::Stop).await
    }
}

impl Probe {
    fn value(&self) -> u32 {
        *self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        let seen = record(|record| {
            let seen = record.values.remove(&self.id);
            if seen.as_ref().is_some_and(Seen::runs) {
                let broken = format!("{} was dropped while it ran", self.id);
                record.broken.push(broken);
            }
            seen
        });
        // What it followed may be dropped with it.
        drop(seen);
    }
}

impl Record {
    fn change(&mut self, id: u64, change: impl FnOnce(&mut Seen)) {
        match self.values.get_mut(&id) {
            Some(seen) => {
                seen.events += 1;
                change(seen);
            }
            None => self
                .broken
                .push(format!("{id} is used after it was dropped")),
        }
    }

    fn may_be_built(&mut self, name: &str, held: &[Held]) {
        let is_stopping = |id: &u64| self.values.get(id).is_none_or(|seen| seen.is_stopping);
        let late = held
            .iter()
            .flat_map(Held::before)
            .filter(|id| is_stopping(id));
        let late: Vec<String> = late
            .map(|id| format!("{name} is built with {id}, which is stopped"))
            .collect();
        self.broken.extend(late);
        let still = self.first.iter();
        let still = still.filter(|id| self.values.get(id).is_some_and(Seen::runs));
        let still: Vec<String> = still
            .map(|id| format!("{name} is built before {id} is stopped"))
            .collect();
        self.broken.extend(still);
    }

    fn may_start(&mut self, id: u64) {
        self.change(id, |_| ());
        let Some(seen) = self.values.get(&id) else {
            return;
        };
        let early = seen.held.iter().flat_map(Held::before);
        let early = early.filter(|one| self.values.get(one).is_none_or(|seen| !seen.runs()));
        let early: Vec<String> = early
            .map(|one| format!("{id} starts, and {one}, which it holds, does not run"))
            .collect();
        self.broken.extend(early);
        if self.values[&id].has_started {
            self.broken.push(format!("{id} starts again"));
        }
    }

    fn may_stop(&mut self, id: u64) {
        let mut broken = Vec::new();
        if let Some(seen) = self.values.get(&id) {
            if seen.is_stopping || !seen.has_started {
                broken.push(format!("{id} is stopped, and does not run"));
            }
            if seen.is_working {
                broken.push(format!("{id} is stopped while it works"));
            }
        }
        for (holder, seen) in &self.values {
            let is_up = match fails(&self.faults, seen.part, seen.value, Phase::Stop) {
                // Nobody waits until it has stopped.
                Some(_) => seen.runs(),
                None => seen.has_started && !seen.has_stopped,
            };
            let fixed = seen
                .held
                .iter()
                .any(|held| matches!(held, Held::Fixed(those) if those.contains(&id)));
            if is_up && fixed {
                broken.push(format!("{id} is stopped before {holder}, which holds it"));
            }
        }
        if self.last.contains(&id) && self.under_way > 0 {
            broken.push(format!("{id} is stopped before all that is new runs"));
        }
        self.broken.extend(broken);
        self.change(id, |seen| seen.is_stopping = true);
    }
}

fn cast(_: usize, value: Value) -> Arc<Probe> {
    value.downcast()
}

/// What a node is built of, in the forms that its component asks for.
pub(super) fn deps(inputs: &mut Inputs) -> ProbeDeps {
    let name = inputs.handle().status().component;
    let digits = name.chars().skip_while(|one| !one.is_ascii_digit());
    let digits: String = digits.take_while(char::is_ascii_digit).collect();
    let part: usize = digits.parse().expect("the number of its component");
    let forms = record(|record| record.forms[part].clone());
    let (mut held, mut values) = (Vec::new(), Vec::new());
    for (want, form) in forms.into_iter().enumerate() {
        let fixed: Vec<Arc<Probe>> = match form {
            Form::Optional => inputs.optional(want, cast).into_iter().collect(),
            Form::All => inputs.all(want, cast),
            Form::Map => inputs.map(want, cast).into_values().collect(),
            Form::Lazy => {
                held.push(Held::Lazy(inputs.lazy(want, cast)));
                continue;
            }
            Form::Current => {
                let current = inputs.current(want, cast);
                let first = current.get().id;
                held.push(Held::Current(current, first));
                continue;
            }
            _ => vec![inputs.pick(want, cast)],
        };
        held.push(Held::Fixed(fixed.iter().map(|one| one.id).collect()));
        values.extend(fixed);
    }
    ProbeDeps {
        name,
        part,
        held,
        values,
    }
}
