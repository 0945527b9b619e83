//! One trial: a world is taken through its reloads, and after each of them everything is compared.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use treenail::__private::{Core, Provider, Table, Value};
use treenail::{
    AfterReload, AllProvidedBy, Application, Changes, EachProvidedBy, Lifecycle, Phase,
    ReloadCause, ReloadError, Reloader, Settings,
};

use super::graph::{Graph, Place};
use super::oracle::{Decision, Now, Prediction, Standing, Verdict, after, predict};
use super::probe::{Probe, begin, record};
use super::table::table;
use super::world::{Caller, Configuration, End, Fault, Step, World};

thread_local! {
    /// That of the trial that is under way.
    static TABLE: Cell<Option<&'static Table>> = const { Cell::new(None) };
}

/// What a reloader makes.
pub(super) struct App(pub(super) Core);

impl Application for App {
    fn table() -> &'static Table {
        TABLE.get().expect("a trial is under way")
    }

    fn of(core: Core) -> Self {
        Self(core)
    }

    fn core(&self) -> &Core {
        &self.0
    }
}

impl AllProvidedBy<App> for Probe {}

impl EachProvidedBy<App> for Probe {
    const PROVIDERS: &'static [Provider<Self>] = &{
        let mut all = [(0, Value::downcast as fn(Value) -> Arc<Self>); 64];
        let mut one = 0;
        while one < all.len() {
            all[one].0 = one;
            one += 1;
        }
        all
    };
}

/// How often a reload has ended how.
pub(crate) type Tally = BTreeMap<&'static str, u64>;

/// After so long everything has come to its end.
const LONG: Duration = Duration::from_secs(100_000);

/// Takes a world through its reloads, on a clock that goes on when nothing else does. What does not hold, if anything does not.
pub(crate) fn check(world: &World) -> Result<Tally, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .map_err(|error| error.to_string())?;
    TABLE.set(Some(table(world)));
    let forms = world.parts.iter();
    let forms = forms.map(|part| part.wants.iter().map(|want| want.form).collect());
    begin(forms.collect());
    let tally = runtime.block_on(run(world))?;
    let left = record(|record| (std::mem::take(&mut record.broken), record.values.len()));
    same("broken laws in the end", &left.0, &Vec::new())?;
    same("values in the end", &left.1, &0)?;
    let tasks = runtime.metrics().num_alive_tasks();
    same("tasks in the end", &tasks, &0)?;
    Ok(tally)
}

pub(super) fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    found: &T,
    right: &T,
) -> Result<(), String> {
    match found == right {
        true => Ok(()),
        false => Err(format!("{what}: {found:?}, and it has to be {right:?}")),
    }
}

fn settings(world: &World, configuration: &Configuration) -> Settings {
    Settings::yaml("config.yml", world.text(configuration)).expect("YAML")
}

async fn run(world: &World) -> Result<Tally, String> {
    let ages = Duration::from_secs(1_000_000);
    let phases = [Phase::Build, Phase::Start, Phase::Stop];
    let lifecycle = phases
        .into_iter()
        .fold(Lifecycle::new(), |made, phase| made.total(phase, ages));
    record(|record| record.faults.clone_from(&world.faults));
    let graph = Graph::of(world, &world.first);
    let prediction = predict(world, &Now::default(), &graph, &world.faults);
    let started =
        Reloader::<App>::start_with(settings(world, &world.first), lifecycle.rollback(ages)).await;
    let is_to_start = matches!(prediction.verdict, Verdict::Accepted { .. });
    let reloader = match (started, is_to_start) {
        (Ok(reloader), true) => Arc::new(reloader),
        (Err(_), false) => {
            sleep(LONG).await;
            return Ok(Tally::from([("not started", 1)]));
        }
        (Ok(_), false) => return Err("it starts, and must not".to_owned()),
        (Err(error), true) => return Err(format!("it does not start: {error}")),
    };
    let mut trial = Trial {
        world,
        reloader,
        now: after(Now::default(), &graph, &prediction),
        generation: 1,
        may_be_astray: BTreeSet::new(),
        is_unclear: false,
        tally: Tally::new(),
    };
    trial.compare()?;
    let mut steps = world.steps.iter();
    while !trial.is_unclear
        && let Some(step) = steps.next()
    {
        let done = match (step.caller, steps.as_slice().first()) {
            (Caller::GoesOn, Some(second)) if trial.now.astray.is_empty() => {
                let _ = steps.next();
                trial.two(step, second).await
            }
            _ => trial.one(step).await,
        };
        done.map_err(|broken| format!("{broken}\nin the step to\n{}", world.text(&step.next)))?;
    }
    trial.end().await
}

pub(super) struct Trial<'a> {
    pub(super) world: &'a World,
    pub(super) reloader: Arc<Reloader<App>>,
    pub(super) now: Now,
    pub(super) generation: u64,
    /// Values that may have another configuration than they should.
    pub(super) may_be_astray: BTreeSet<u64>,
    /// Two values of one name are held by nobody, so that it cannot be told which is which.
    pub(super) is_unclear: bool,
    /// How often a reload has ended how.
    tally: Tally,
}

impl Trial<'_> {
    fn predict(&self, step: &Step, faults: &[Fault]) -> (Graph, Prediction) {
        let next = Graph::of(self.world, &step.next);
        let prediction = predict(self.world, &self.now, &next, faults);
        (next, prediction)
    }

    /// One reload.
    async fn one(&mut self, step: &Step) -> Result<(), String> {
        let (next, prediction) = self.predict(step, &step.faults);
        let settings = settings(self.world, &step.next);
        let before = events();
        self.plan(&settings, step, &prediction)?;
        same("events of a plan", &events(), &before)?;
        record(|record| {
            record.faults.clone_from(&step.faults);
            if !step.next.is_wrong {
                record.first = self.values(prediction.first.iter());
                record.last = self.values(prediction.last.iter());
            }
        });
        let reloading = self.reloader.reload(settings);
        let answer = match step.caller {
            Caller::Drops(after) => timeout(Duration::from_secs(after), reloading).await.ok(),
            Caller::Waits | Caller::GoesOn => Some(reloading.await),
        };
        if answer.is_none() {
            sleep(LONG).await;
        }
        sleep(Duration::from_millis(1)).await;
        record(|record| (record.first.clear(), record.last.clear()));
        if step.next.is_wrong {
            *self.tally.entry("wrong").or_default() += 1;
            if let Some(answer) = answer {
                let is_told = matches!(
                    answer,
                    Err(ReloadError {
                        cause: ReloadCause::Config(_),
                        ..
                    })
                );
                same("a wrong configuration is told", &is_told, &true)?;
            }
            same("events of a wrong configuration", &events(), &before)?;
            return self.compare();
        }
        let was = std::mem::take(&mut self.now);
        self.now = after(was.clone(), &next, &prediction);
        self.answered(&was, answer.as_ref(), &prediction)?;
        self.compare()?;
        self.untouched(&was, &before, &prediction)
    }

    /// Two reloads at once: the second one follows the first.
    async fn two(&mut self, step: &Step, second: &Step) -> Result<(), String> {
        record(|record| record.faults.clone_from(&step.faults));
        let (one, two) = tokio::join!(
            self.reloader.reload(settings(self.world, &step.next)),
            self.reloader.reload(settings(self.world, &second.next))
        );
        sleep(Duration::from_millis(1)).await;
        for (step, answer) in [(step, one), (second, two)] {
            if step.next.is_wrong {
                same("a wrong configuration is told", &answer.is_err(), &true)?;
                continue;
            }
            let (next, prediction) = self.predict(step, &record(|record| record.faults.clone()));
            let was = std::mem::take(&mut self.now);
            self.now = after(was.clone(), &next, &prediction);
            self.answered(&was, Some(&answer), &prediction)?;
        }
        self.compare()
    }

    fn plan(
        &self,
        settings: &Settings,
        step: &Step,
        prediction: &Prediction,
    ) -> Result<(), String> {
        match self.reloader.plan(settings) {
            Err(error) if !step.next.is_wrong => Err(format!("no plan: {error}")),
            Ok(_) if step.next.is_wrong => Err("a plan of what is wrong".to_owned()),
            Err(_) => Ok(()),
            Ok(plan) => {
                same(
                    "the generation of a plan",
                    &plan.generation,
                    &(self.generation + 1),
                )?;
                same("the plan", &told(&plan), &prediction.changes)
            }
        }
    }

    /// The values at these places.
    pub(super) fn values<'p>(&self, places: impl Iterator<Item = &'p Place>) -> Vec<u64> {
        let values = places.filter_map(|place| match self.now.standing.get(place) {
            Some(Standing::Running(id)) => Some(*id),
            _ => None,
        });
        values.collect()
    }

    /// Compares what a reload ended with.
    fn answered(
        &mut self,
        was: &Now,
        answer: Option<&Result<Changes, ReloadError>>,
        prediction: &Prediction,
    ) -> Result<(), String> {
        *self.tally.entry(prediction.verdict.word()).or_default() += 1;
        let is_accepted = matches!(prediction.verdict, Verdict::Accepted { .. });
        self.generation += u64::from(is_accepted);
        if is_accepted {
            self.may_be_astray.clear();
            self.now.astray.clear();
        }
        let error = match answer {
            None if is_accepted => return Ok(()),
            None => {
                // Nobody knows which.
                let reconfigured = prediction.decisions.iter();
                let reconfigured = reconfigured.filter(|(_, one)| **one == Decision::Reconfigure);
                let those = self.values(reconfigured.map(|(place, _)| place));
                self.may_be_astray.extend(those);
                return Ok(());
            }
            Some(Ok(changes)) => {
                same("a reload is accepted", &true, &is_accepted)?;
                return same("the changes", &told(changes), &prediction.changes);
            }
            Some(Err(error)) => error,
        };
        for ended in &error.undone {
            let named = was.graph.nodes.iter();
            let named = named.filter(|(_, node)| node.name == ended.component);
            let those = self.values(named.map(|(place, _)| place));
            self.now.astray.extend(&those);
            self.may_be_astray.extend(those);
        }
        let told = match (&error.cause, &error.after) {
            (ReloadCause::Refused(_), AfterReload::Unchanged) => "refused",
            (_, AfterReload::Unchanged) => "unchanged",
            (_, AfterReload::Rebuilt(_)) => "rebuilt",
            (_, AfterReload::Broken(_)) => "broken",
            _ => "ending",
        };
        let right = prediction.verdict.word();
        same(&format!("how it goes on after: {error}"), &told, &right)?;
        if let (AfterReload::Rebuilt(told), Verdict::Rebuilt { again, left_out }) =
            (&error.after, &prediction.verdict)
        {
            let right = again
                .difference(left_out)
                .map(|place| was.graph.nodes[place].name.clone());
            let mut right: Vec<String> = right.collect();
            let mut told = told.clone();
            right.sort();
            told.sort();
            same("what was built again", &told, &right)?;
        }
        Ok(())
    }

    /// Nothing has happened to what goes on.
    fn untouched(
        &self,
        was: &Now,
        before: &BTreeMap<u64, usize>,
        prediction: &Prediction,
    ) -> Result<(), String> {
        let after = events();
        let is_accepted = matches!(prediction.verdict, Verdict::Accepted { .. });
        for (place, standing) in &was.standing {
            let Standing::Running(id) = standing else {
                continue;
            };
            let happens = match prediction.decisions.get(place) {
                Some(Decision::Keep) => 0,
                // It begins, and ends.
                Some(Decision::Reconfigure) if is_accepted => 2,
                _ => continue,
            };
            let right = before.get(id).map(|count| count + happens);
            same(
                &format!("events of {place}, which goes on"),
                &after.get(id).copied(),
                &right,
            )?;
        }
        Ok(())
    }

    async fn end(self) -> Result<Tally, String> {
        let Self {
            world,
            reloader,
            tally,
            ..
        } = self;
        match world.end {
            End::Drop => {}
            End::Stop => same("a stop is cut off", &reloader.stop().await.cut_off, &false)?,
            End::StopDuring(seconds) => {
                let stopping = async {
                    sleep(Duration::from_secs(seconds)).await;
                    reloader.stop().await.cut_off
                };
                let reloading = reloader.reload(settings(world, &world.first));
                let (_, is_cut_off) = tokio::join!(reloading, stopping);
                same("a stop is cut off", &is_cut_off, &false)?;
            }
        }
        drop(reloader);
        sleep(LONG).await;
        Ok(tally)
    }
}

/// So much has happened to each value.
fn events() -> BTreeMap<u64, usize> {
    record(|record| {
        record
            .values
            .iter()
            .map(|(id, seen)| (*id, seen.events))
            .collect()
    })
}

fn told(changes: &Changes) -> Vec<(String, treenail::Changed)> {
    let told = changes.components.iter();
    let mut told: Vec<_> = told.map(|one| (one.component.clone(), one.what)).collect();
    told.sort();
    told
}
