//! The lifecycle on graphs made for the purpose: every component is a `Probe` that writes down what happens to it.

mod decorators;
mod matrix;
mod registries;
mod watching;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Life, Lifecycle, StartError};
use crate::component::{AnyComponent, Building, Component, Config, Declared, Deps};
use crate::container::{
    Configured, Entry, Form, Inputs, Need, PluginEntry, Scope, Table, build, lay_out,
};
use crate::redact::Redactor;
use crate::{Outcome, Phase, Result, Shutdown, State};

type Log = Arc<Mutex<Vec<(&'static str, usize)>>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Error,
    Panic,
    Hang,
}

#[derive(Clone)]
struct Behaviour {
    number: usize,
    takes: Duration,
    fault: Option<(Phase, Fault)>,
    log: Log,
    /// Held as long as the component lives.
    _alive: Arc<()>,
}

impl Behaviour {
    async fn act(&self, phase: Phase, begin: &'static str, end: &'static str) -> Result<()> {
        self.note(begin);
        if !self.takes.is_zero() {
            tokio::time::sleep(self.takes).await;
        }
        match self.fault {
            Some((at, Fault::Error)) if at == phase => return Err(crate::Error::msg("as told")),
            Some((at, Fault::Panic)) if at == phase => panic!("as told"),
            Some((at, Fault::Hang)) if at == phase => std::future::pending().await,
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
        shutdown.requested().await;
        self.behaviour.note("worked");
        Ok(())
    }

    async fn stop(&self) -> Result<()> {
        self.behaviour.act(Phase::Stop, "stop", "stopped").await
    }
}

fn entry(inputs: &mut Inputs) -> Building {
    let needs = (0..inputs.len())
        .map(|need| inputs.one(need))
        .map(AnyComponent::downcast::<Probe>)
        .collect();
    build::<Probe>(inputs, needs)
}

/// A graph: what each node needs (lower numbers), how long its steps take, who belongs to the optional plugin.
#[derive(Debug, Clone)]
struct Graph {
    needs: Vec<Vec<usize>>,
    takes: Vec<Duration>,
    optional: Vec<usize>,
    faults: BTreeMap<usize, (Phase, Fault)>,
    /// Held by every component and every configuration.
    alive: Arc<()>,
    options: Lifecycle,
}

/// How long each step may take.
const LIMIT: Duration = Duration::from_secs(100);

impl Graph {
    fn new(needs: &[&[usize]]) -> Self {
        Self {
            needs: needs.iter().map(|needs| needs.to_vec()).collect(),
            takes: vec![Duration::from_secs(1); needs.len()],
            optional: Vec::new(),
            faults: BTreeMap::new(),
            alive: Arc::default(),
            options: [Phase::Build, Phase::Start, Phase::Stop]
                .into_iter()
                .fold(Lifecycle::new(), |options, phase| {
                    options.deadline(phase, LIMIT).total(phase, 10 * LIMIT)
                })
                .rollback(10 * LIMIT),
        }
    }

    fn fault(mut self, node: usize, phase: Phase, fault: Fault) -> Self {
        self.faults.insert(node, (phase, fault));
        self
    }

    /// The table lives as long as the test process, as a generated one does.
    fn table(&self) -> &'static Table {
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

    fn life(&self, sequential: bool) -> (Arc<Life>, Log) {
        let log = Log::default();
        let mut configured = Configured::default();
        for node in 0..self.needs.len() {
            let behaviour = Behaviour {
                number: node,
                takes: self.takes[node],
                fault: self.faults.get(&node).copied(),
                log: Arc::clone(&log),
                _alive: Arc::clone(&self.alive),
            };
            configured
                .configs
                .insert(node, Arc::new(move || Ok(Box::new(behaviour.clone()))));
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

async fn begin(life: &Life) -> Result<(), StartError> {
    let (_waiting, given_up) = tokio::sync::watch::channel(());
    life.begin(given_up).await
}

fn events(log: &Log, what: &str) -> Vec<usize> {
    log.lock()
        .unwrap()
        .iter()
        .filter(|(event, _)| *event == what)
        .map(|(_, node)| *node)
        .collect()
}

#[tokio::test(start_paused = true)]
async fn independent_components_run_concurrently_and_the_wall_time_is_the_critical_path() {
    let (life, log) = Graph::new(&[&[], &[], &[0], &[0, 1], &[2, 3]]).life(false);
    let begun = tokio::time::Instant::now();
    begin(&life).await.unwrap();
    assert_eq!(
        begun.elapsed(),
        Duration::from_secs(6),
        "three levels, a second each, built and started"
    );
    assert!(life.stop().await.is_clean());
    assert_eq!(begun.elapsed(), Duration::from_secs(9));
    assert_eq!(events(&log, "stopped")[0], 4);
}

#[tokio::test(start_paused = true)]
async fn a_sequential_stop_is_the_exact_reverse_of_the_start() {
    let (life, log) = Graph::new(&[&[], &[], &[0], &[], &[1]]).life(true);
    begin(&life).await.unwrap();
    life.stop().await;
    let mut started = events(&log, "started");
    started.reverse();
    assert_eq!(events(&log, "stopped"), started);
}

#[tokio::test(start_paused = true)]
async fn a_failed_start_stops_what_had_started_and_names_culprit_and_phase() {
    let graph = Graph::new(&[&[], &[0], &[1], &[2]]).fault(2, Phase::Start, Fault::Error);
    let (life, log) = graph.life(false);
    let error = begin(&life).await.unwrap_err();
    assert_eq!(error.phase, Phase::Start);
    assert_eq!(error.failures[0].component, "test:N2");
    assert_eq!(error.never_reached, ["test:N3"]);
    assert_eq!(events(&log, "stopped"), [1, 0]);
    assert_eq!(
        error.to_string(),
        "cannot start `test:N2` (plugin `test`): as told\n  stopped again: test:N1, test:N0\n  never reached: test:N3"
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_caught_where_it_happens() {
    let (life, _) = Graph::new(&[&[], &[0]])
        .fault(0, Phase::Build, Fault::Panic)
        .life(false);
    let error = begin(&life).await.unwrap_err();
    assert!(
        matches!(&error.failures[0].outcome, Outcome::Panicked(message) if message == "as told")
    );
}

#[tokio::test(start_paused = true)]
async fn a_failed_build_names_those_that_were_not_built_yet_and_no_others() {
    let mut graph = Graph::new(&[&[], &[0], &[1], &[]]).fault(1, Phase::Build, Fault::Error);
    graph.takes[3] = Duration::from_secs(50);
    let (life, _) = graph.life(false);
    let error = begin(&life).await.unwrap_err();
    assert_eq!(error.never_reached, ["test:N2", "test:N3"]);
}

#[tokio::test(start_paused = true)]
async fn a_hang_ends_at_the_deadline_and_the_rollback_has_a_budget_of_its_own() {
    let (life, log) = Graph::new(&[&[], &[0]])
        .fault(1, Phase::Start, Fault::Hang)
        .life(false);
    let error = begin(&life).await.unwrap_err();
    assert!(matches!(error.failures[0].outcome, Outcome::TimedOut(_)));
    assert_eq!(events(&log, "stopped"), [0]);
    assert!(error.rollback.is_clean());
}

#[tokio::test(start_paused = true)]
async fn an_optional_plugin_that_fails_is_left_out_and_the_rest_runs() {
    let mut graph = Graph::new(&[&[], &[0], &[1], &[0]]).fault(1, Phase::Build, Fault::Error);
    graph.optional = vec![1, 2];
    let (life, log) = graph.life(false);
    begin(&life).await.unwrap();
    assert_eq!(events(&log, "started"), [0, 3]);
    assert_eq!(life.supervision.board.get(2), State::Permanent);
    assert!(life.value(2).is_none());
    assert_eq!(life.stop().await.components.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_optional_plugin_and_what_it_needs_start_before_anybody_who_may_use_them_is_built() {
    // 2 is optional and needs 1; 3 and 4 are built when it is known what came of it.
    let mut graph = Graph::new(&[&[], &[], &[1], &[1], &[0]]);
    graph.optional = vec![2];
    let (life, log) = graph.life(true);
    begin(&life).await.unwrap();
    let steps = log.lock().unwrap().clone();
    let steps = steps
        .into_iter()
        .filter(|(step, _)| matches!(*step, "built" | "started"));
    assert_eq!(
        steps.collect::<Vec<_>>(),
        [
            ("built", 1),
            ("started", 1),
            ("built", 2),
            ("started", 2),
            ("built", 0),
            ("built", 3),
            ("built", 4),
            ("started", 0),
            ("started", 3),
            ("started", 4),
        ]
    );
    life.stop().await;
    assert_eq!(
        events(&log, "stopped"),
        [4, 3, 0, 2, 1],
        "the exact reverse"
    );
    assert_eq!(life.plan.nodes_of(2), [1], "by its new number");
}

#[tokio::test(start_paused = true)]
async fn what_a_failed_optional_plugin_has_built_is_nobodys() {
    let mut graph = Graph::new(&[&[], &[0]]).fault(1, Phase::Start, Fault::Error);
    graph.optional = vec![1];
    let (life, log) = graph.life(false);
    begin(&life).await.unwrap();
    assert_eq!(events(&log, "built"), [0, 1]);
    assert!(
        life.slots.get(1).is_none(),
        "not even behind a lazy requirement"
    );
    let report = life.report();
    let critical = report.timings.iter().filter(|timing| timing.critical);
    let critical = critical.map(|timing| (timing.component.as_str(), timing.phase));
    assert_eq!(
        critical.collect::<Vec<_>>(),
        [
            ("test:N0", Phase::Build),
            ("test:N1", Phase::Build),
            ("test:N0", Phase::Start),
            ("test:N1", Phase::Start),
        ]
    );
    life.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_starts_while_others_are_built_is_stopped_when_one_of_them_fails() {
    let mut graph = Graph::new(&[&[], &[], &[0]]).fault(1, Phase::Build, Fault::Error);
    graph.optional = vec![2];
    graph.takes[1] = Duration::from_millis(1500);
    let (life, log) = graph.life(false);
    let error = begin(&life).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot build `test:N1` (plugin `test`): as told\n  stopped again: test:N0\n  never reached: test:N2",
        "its start was under way, and was awaited"
    );
    assert_eq!(events(&log, "stopped"), [0]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_goes_past_errors_panics_and_hangs() {
    let mut graph = Graph::new(&[&[], &[0], &[1], &[2]]);
    graph = graph
        .fault(3, Phase::Stop, Fault::Error)
        .fault(2, Phase::Stop, Fault::Panic);
    let (life, log) = graph.fault(1, Phase::Stop, Fault::Hang).life(false);
    begin(&life).await.unwrap();
    let report = life.stop().await;
    assert_eq!(report.components.len(), 4);
    assert_eq!(report.failures().count(), 3);
    assert_eq!(events(&log, "stopped"), [0]);
}
