//! Graphs made for the purpose: every component is a `Probe` that writes down what happens to it, and fails as it is told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::component::{AnyComponent, Building, Component, Config, Declared, Deps};
use crate::container::{
    ConfigSource, Configured, Deadlines, Entry, Form, Inputs, Need, PluginEntry, Scope, Table,
    build, lay_out,
};
use crate::lifecycle::{Life, Lifecycle};
use crate::redact::Redactor;
use crate::{Phase, Result, Shutdown};

pub(super) type Log = Arc<Mutex<Vec<(&'static str, usize)>>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Error,
    Panic,
    Hang,
    /// Blocks its thread for a while, and goes on.
    Block,
    /// Hangs, and panics when it is dropped.
    PanicInDrop,
    /// All is well until the component's value is dropped, which panics. Said of its build.
    PanicInDropOfValue,
    /// Fails, and its value panics when it is dropped.
    ErrorAndPanicInDropOfValue,
    /// Of a work: fails when it has been asked to end.
    ErrorAtTheEnd,
}

/// How long a step blocks its thread where nothing else is said, and how long one that does may take.
pub(super) const BLOCK: Duration = Duration::from_millis(150);
pub(super) const SHORT: Duration = Duration::from_millis(50);

struct PanicsInDrop;

impl Drop for PanicsInDrop {
    fn drop(&mut self) {
        panic!("as told, when dropped");
    }
}

#[derive(Clone)]
pub(super) struct Behaviour {
    pub(super) number: usize,
    pub(super) takes: Duration,
    pub(super) fault: Option<(Phase, Fault)>,
    pub(super) blocks: Duration,
    pub(super) log: Log,
    /// Held as long as the component lives.
    pub(super) _alive: Arc<()>,
}

impl Behaviour {
    async fn act(&self, phase: Phase, begin: &'static str, end: &'static str) -> Result<()> {
        self.note(begin);
        if !self.takes.is_zero() {
            tokio::time::sleep(self.takes).await;
        }
        match self.fault {
            Some((at, Fault::Error | Fault::ErrorAndPanicInDropOfValue)) if at == phase => {
                return Err(crate::Error::msg("as told"));
            }
            Some((at, Fault::Panic)) if at == phase => panic!("as told"),
            Some((at, Fault::Hang)) if at == phase => std::future::pending().await,
            Some((at, Fault::Block)) if at == phase => std::thread::sleep(self.blocks),
            Some((at, Fault::PanicInDrop)) if at == phase => {
                self.note("will panic");
                let _guard = PanicsInDrop;
                std::future::pending::<()>().await;
            }
            _ => {}
        }
        self.note(end);
        Ok(())
    }

    fn note(&self, what: &'static str) {
        self.log.lock().unwrap().push((what, self.number));
    }
}

struct Probe {
    behaviour: Behaviour,
    _needs: Vec<Arc<Probe>>,
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.behaviour.note("dropped");
        if let Some((_, Fault::PanicInDropOfValue | Fault::ErrorAndPanicInDropOfValue)) =
            self.behaviour.fault
        {
            panic!("as told, when dropped");
        }
    }
}

impl Declared for Probe {
    type Deps = Vec<Arc<Probe>>;
    type Config = Behaviour;
}

impl Component for Probe {
    async fn build(deps: Deps<Self>, behaviour: Config<Self>) -> Result<Self> {
        behaviour.act(Phase::Build, "build", "built").await?;
        Ok(Self {
            behaviour,
            _needs: deps,
        })
    }

    async fn start(&self) -> Result<()> {
        self.behaviour.act(Phase::Start, "start", "started").await
    }

    async fn work(&self, shutdown: Shutdown) -> Result<()> {
        self.behaviour.note("work");
        if let Some((Phase::Run, fault)) = self.behaviour.fault {
            let now = Behaviour {
                takes: Duration::ZERO,
                fault: Some((Phase::Run, fault)),
                ..self.behaviour.clone()
            };
            now.act(Phase::Run, "worked badly", "worked on").await?;
        }
        shutdown.requested().await;
        if let Some((Phase::Run, Fault::ErrorAtTheEnd)) = self.behaviour.fault {
            return Err(crate::Error::msg("as told"));
        }
        self.behaviour.note("worked");
        Ok(())
    }

    async fn stop(&self) -> Result<()> {
        self.behaviour.act(Phase::Stop, "stop", "stopped").await
    }
}

pub(super) fn entry(inputs: &mut Inputs) -> Building {
    let needs = (0..inputs.len())
        .map(|need| inputs.one(need))
        .map(AnyComponent::downcast::<Probe>)
        .collect();
    build::<Probe>(inputs, needs)
}

/// A graph: what each node needs (lower numbers), how long its steps take, who belongs to the optional plugin.
#[derive(Debug, Clone)]
pub(super) struct Graph {
    pub(super) needs: Vec<Vec<usize>>,
    pub(super) takes: Vec<Duration>,
    pub(super) optional: Vec<usize>,
    pub(super) faults: BTreeMap<usize, (Phase, Fault)>,
    pub(super) blocks: Duration,
    /// Nodes whose deadlines are short.
    pub(super) hurried: BTreeMap<usize, Deadlines>,
    /// Held by every component and every configuration.
    pub(super) alive: Arc<()>,
    pub(super) options: Lifecycle,
}

/// How long each step may take.
pub(super) const LIMIT: Duration = Duration::from_secs(100);

impl Graph {
    pub(super) fn new(needs: &[&[usize]]) -> Self {
        Self {
            needs: needs.iter().map(|needs| needs.to_vec()).collect(),
            takes: vec![Duration::from_secs(1); needs.len()],
            optional: Vec::new(),
            faults: BTreeMap::new(),
            blocks: BLOCK,
            hurried: BTreeMap::new(),
            alive: Arc::default(),
            options: [Phase::Build, Phase::Start, Phase::Stop]
                .into_iter()
                .fold(Lifecycle::new(), |options, phase| {
                    options.deadline(phase, LIMIT).total(phase, 10 * LIMIT)
                })
                .rollback(10 * LIMIT),
        }
    }

    pub(super) fn fault(mut self, node: usize, phase: Phase, fault: Fault) -> Self {
        self.faults.insert(node, (phase, fault));
        self
    }

    /// A fault that is over, or given up, after a short time: of a phase of which nothing else may take long.
    pub(super) fn short_fault(mut self, node: usize, phase: Phase, fault: Fault) -> Self {
        let short = |phases: &[Phase]| phases.contains(&phase).then_some(SHORT);
        let deadlines = Deadlines {
            build: short(&[Phase::Build]),
            start: short(&[Phase::Start]),
            stop: short(&[Phase::Stop, Phase::Run]),
        };
        self.hurried.insert(node, deadlines);
        self.fault(node, phase, fault)
    }

    /// The table lives as long as the test process, as a generated one does.
    pub(super) fn table(&self) -> &'static Table {
        let plugin = |id, optional| PluginEntry {
            id,
            package: id,
            version: "1.0.0",
            optional,
            description: "",
            hooks: None,
        };
        let components = self.needs.iter().enumerate().map(|(node, needs)| {
            let needs = needs.iter().map(|need| Need {
                field: "need",
                service: "Probe",
                form: Form::One,
                providers: Vec::leak(vec![*need]),
                default: Some(*need),
                named: false,
                wrapped_by: None,
            });
            let id = String::leak(format!("test:N{node}"));
            let plugin = usize::from(self.optional.contains(&node));
            Entry::new(
                id,
                plugin,
                Scope::Singleton,
                Vec::leak(needs.collect::<Vec<_>>()),
                entry,
            )
            .within(self.hurried.get(&node).copied().unwrap_or_default())
        });
        Box::leak(Box::new(Table {
            host: "test",
            api: "1.0.0",
            root: "test",
            logging: false,
            digest: "",
            plugins: Vec::leak(vec![plugin("test", false), plugin("extra", true)]),
            components: Vec::leak(components.collect::<Vec<_>>()),
            bound: &[],
            aliases: &[],
            absent: &[],
            left_out: &[],
        }))
    }

    pub(super) fn life(&self, sequential: bool) -> (Arc<Life>, Log) {
        let log = Log::default();
        let mut configured = Configured::default();
        for node in 0..self.needs.len() {
            let behaviour = Behaviour {
                number: node,
                takes: self.takes[node],
                fault: self.faults.get(&node).copied(),
                blocks: self.blocks,
                log: Arc::clone(&log),
                _alive: Arc::clone(&self.alive),
            };
            configured.configs.insert(
                node,
                ConfigSource::new(move || Ok(Box::new(behaviour.clone()))),
            );
        }
        let table = self.table();
        let plan = lay_out(table, &configured);
        (
            Life::new(
                table,
                plan,
                self.options.clone().sequential(sequential),
                Duration::ZERO,
                Redactor::default(),
            ),
            log,
        )
    }
}
