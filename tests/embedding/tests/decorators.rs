//! A chain of two decorators around a singleton, a transient and three instances: who is handed what, under which names, and
//! how each value is taken through its life.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use contract::Store;
use treenail::testing::{Fault, Trial};
use treenail::{Component, Config, ConfigError, Deps, Outcome, Phase, Settings, StartError, State};

#[path = "reference/every_key.rs"]
mod every_key;

treenail::compose!("decorators.toml");

/// What a shelf is configured with.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct ShelfConfig {
    label: String,
}

/// A store that may know another one.
pub struct Shelf {
    label: String,
    next: Option<Arc<dyn Store>>,
}

impl Component for Shelf {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            label: config.label,
            next: deps.next,
        })
    }
}

impl Store for Shelf {
    fn name(&self) -> String {
        let next = self.next.iter().map(|next| format!(" > {}", next.name()));
        self.label.clone() + &next.collect::<String>()
    }
}

/// A store for each injection.
pub struct Draft;

impl Component for Draft {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Store for Draft {
    fn name(&self) -> String {
        "draft".to_owned()
    }
}

/// Needs stores in every form.
pub struct Desk {
    deps: DeskDeps,
}

impl Component for Desk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { deps })
    }
}

/// What a seal is configured with.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct SealConfig {
    mark: String,
}

/// The innermost decorator: it has a configuration, and requirements of its own.
pub struct Seal {
    deps: SealDeps,
    mark: String,
}

impl Component for Seal {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            deps,
            mark: config.mark,
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        let desk = self.deps.desk.get().expect("everything has been built");
        desk.deps.late.get().expect("everything has been built");
        NUMBERS.with_borrow_mut(|seen| seen.insert(self.deps.number.0));
        Ok(())
    }
}

impl Store for Seal {
    fn name(&self) -> String {
        format!("{}{}", self.mark, self.deps.inner.name())
    }
}

/// The outermost decorator.
pub struct Label {
    deps: LabelDeps,
}

impl Component for Label {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { deps })
    }

    async fn start(&self) -> treenail::Result<()> {
        if self.deps.inner.name().starts_with("*maps") {
            self.deps.handle.recoverable("no ink");
        }
        Ok(())
    }
}

impl Store for Label {
    fn name(&self) -> String {
        format!("[{}]", self.deps.inner.name())
    }
}

/// Another one for each injection.
pub struct Number(usize);

std::thread_local! {
    /// The numbers of the seals that a test has started.
    static NUMBERS: RefCell<BTreeSet<usize>> = const { RefCell::new(BTreeSet::new()) };
}

impl Component for Number {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        static LAST: AtomicUsize = AtomicUsize::new(0);
        Ok(Self(LAST.fetch_add(1, Ordering::SeqCst)))
    }
}

const SHOP: &str = "shop:
  services:
    front: { use: 'app:Shelf', params: { label: books } }
    back: { use: 'app:Shelf', params: { label: maps } }
    side: { use: 'app:Shelf', params: { label: globes }, injects: { next: front } }
  components:
    'app:Seal': { mark: '*' }
";

fn settings(more: &str) -> Settings {
    Settings::yaml("shop.yml", format!("{SHOP}{more}"))
        .unwrap()
        .environment(Vec::<(String, String)>::new())
}

fn names(stores: &[Arc<dyn Store>]) -> Vec<String> {
    stores.iter().map(|store| store.name()).collect()
}

#[tokio::test]
async fn everybody_is_handed_the_wrapped_ones() {
    let app = App::start(settings("")).await.unwrap();
    let instances = [
        "[*books > [*storage]]",
        "[*maps > [*storage]]",
        "[*globes > [*books > [*storage]]]",
    ];
    assert_eq!(app.get::<dyn Store>().name(), "[*storage]");
    assert_eq!(
        names(&app.all::<dyn Store>()),
        [&instances[..], &["[*storage]"]].concat()
    );
    assert_eq!(
        app.instance::<dyn Store>("back").unwrap().name(),
        "[*maps > [*storage]]"
    );
    let desk = app.get::<Desk>();
    assert_eq!(desk.deps.store.name(), "[*storage]");
    assert!(Arc::ptr_eq(&desk.deps.store, app.get::<dyn Store>()));
    assert_eq!(
        names(&desk.deps.every),
        [&["[*draft]"], &instances[..], &["[*storage]"]].concat()
    );
    let by_name = desk.deps.by_name.iter();
    assert_eq!(
        by_name
            .map(|(name, store)| format!("{name} {}", store.name()))
            .collect::<Vec<_>>(),
        [
            "app:Draft [*draft]",
            "back [*maps > [*storage]]",
            "front [*books > [*storage]]",
            "side [*globes > [*books > [*storage]]]",
            "storage:Storage [*storage]",
        ]
    );
    assert_eq!(desk.deps.draft.name(), "[*draft]");
    assert_eq!(desk.deps.late.get().unwrap().name(), "[*storage]");
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn every_value_has_a_name_a_state_and_requirements_of_its_own() {
    NUMBERS.with_borrow_mut(BTreeSet::clear);
    let app = App::start(settings("")).await.unwrap();
    let status = app.status();
    let names: BTreeSet<&str> = status.iter().map(|one| one.component.as_str()).collect();
    let mut expected = BTreeSet::from(["app:Desk", "app:Draft", "app:Number"].map(str::to_owned));
    for of in ["front", "back", "side", "storage:Storage", "app:Draft"] {
        let seal = format!("app:Seal({of})");
        expected.extend([format!("app:Label({seal})"), seal, of.to_owned()]);
    }
    assert_eq!(names, expected.iter().map(String::as_str).collect());
    let in_trouble = status.iter().filter(|one| one.state != State::Ok);
    assert_eq!(
        in_trouble.map(ToString::to_string).collect::<Vec<_>>(),
        ["app:Label(app:Seal(back)): recoverable (no ink)"]
    );
    // Three instances, the singleton, and the transient for each of three requirements.
    assert_eq!(NUMBERS.with_borrow(BTreeSet::len), 7);
    let report = app.report();
    let timings = report.timings.iter();
    let mut seals = timings.filter(|one| one.component == "app:Seal(side)" && one.plugin == "app");
    assert!(seals.next().is_some());
    app.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_value_stops_before_what_it_wraps_and_after_whoever_was_handed_it() {
    let trial = Trial::new();
    let app = App::start_with(settings(""), trial.lifecycle())
        .await
        .unwrap();
    app.stop().await;
    trial.events().assert_order(&[
        "front built",
        "app:Seal(front) built",
        "app:Label(app:Seal(front)) built",
        "side built",
        "app:Seal(side) built",
        "app:Label(app:Seal(side)) built",
        "app:Desk built",
        "app:Desk stopped",
        "app:Label(app:Seal(side)) stopped",
        "app:Seal(side) stopped",
        "side stopped",
        "app:Label(app:Seal(front)) stopped",
        "app:Seal(front) stopped",
        "front stopped",
    ]);
}

#[tokio::test(start_paused = true)]
async fn a_start_that_fails_in_one_value_names_it_and_is_rolled_back() {
    let trial = Trial::new().fault("app:Seal(front)", Phase::Start, Fault::error("no wax"));
    let error = App::start_with(settings(""), trial.lifecycle())
        .await
        .unwrap_err();
    let error = error.downcast_ref::<StartError>().unwrap();
    assert_eq!(
        error.failures[0].to_string(),
        "`app:Seal(front)` (plugin `app`): no wax"
    );
    let never = &error.never_reached;
    assert!(
        never.contains(&"app:Label(app:Seal(front))".to_owned()),
        "{error}"
    );
    trial.events().assert_order(&[
        "front started",
        "app:Seal(front) start failed",
        "front stopped",
    ]);
    assert!(trial.unused_faults().is_empty());
}

#[tokio::test(start_paused = true)]
async fn deadlines_are_found_by_the_id_of_the_decorator() {
    let starts = |more: &'static str| async move {
        let trial = Trial::new().fault("app:Seal(back)", Phase::Start, Fault::Hang);
        let error = App::start_with(settings(more), trial.lifecycle())
            .await
            .unwrap_err();
        let error = error.downcast_ref::<StartError>().unwrap();
        let failed = &error.failures[0];
        assert_eq!(failed.component, "app:Seal(back)");
        match failed.outcome {
            Outcome::TimedOut(after) => after,
            ref other => panic!("{other}"),
        }
    };
    assert_eq!(starts("").await, Duration::from_secs(60));
    let said = "  lifecycle: { components: { 'app:Seal': { start: 3s } } }\n";
    assert_eq!(starts(said).await, Duration::from_secs(3));
}

#[test]
fn the_configuration_of_all_values_is_checked_once() {
    let wrong = SHOP.replace("mark:", "marc:");
    let settings = Settings::yaml("shop.yml", wrong).unwrap();
    let error: ConfigError = App::check(&settings).unwrap_err();
    let paths = error.problems().iter().map(|one| one.path().to_string());
    let paths: BTreeSet<String> = paths.collect();
    assert!(
        paths
            .iter()
            .all(|path| path.starts_with("shop.components.app:Seal")
                || path.starts_with("shop.components[\"app:Seal\"]")),
        "{error}"
    );
    assert_eq!(error.problems().len(), paths.len(), "{error}");
}

#[test]
fn the_reference_has_every_key_of_the_schema() {
    every_key::is_on(&App::reference(), &App::schema(), "shop");
}
