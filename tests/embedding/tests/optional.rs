//! A component of an optional plugin that fails is nowhere, whether it failed in its build or in its start.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::Store;
use treenail::testing::{Fault, Trial};
use treenail::{Component, Config, Deps, Phase, Settings, State};

treenail::compose!("optional.toml");

/// What the desk was given.
pub trait Stores: Send + Sync {
    /// The stores: in a list, by id, and the archive.
    fn seen(&self) -> (usize, Vec<&str>, bool);
}

/// Asks for stores in every form in which one may be missing.
pub struct Desk {
    every: Vec<Arc<dyn Store>>,
    by_id: BTreeMap<String, Arc<dyn Store>>,
    archive: Option<Arc<dyn Store>>,
}

impl Component for Desk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            every: deps.every,
            by_id: deps.by_id,
            archive: deps.archive,
        })
    }
}

impl Stores for Desk {
    fn seen(&self) -> (usize, Vec<&str>, bool) {
        let ids = self.by_id.keys().map(String::as_str).collect();
        (self.every.len(), ids, self.archive.is_some())
    }
}

#[tokio::test(start_paused = true)]
async fn what_fails_in_its_start_looks_as_if_it_had_failed_in_its_build() {
    for phase in [Phase::Build, Phase::Start] {
        let trial = Trial::new().fault("archive:Archive", phase, Fault::error("no tape"));
        let app = App::start_with(Settings::none(), trial.lifecycle())
            .await
            .unwrap();
        let seen = app.get::<dyn Stores>().seen();
        assert_eq!(seen, (1, vec!["storage:Storage"], false), "{phase}");
        assert_eq!(app.all::<dyn Store>().len(), 1, "{phase}");
        let health = app.health();
        let told = health.troubles.iter().map(ToString::to_string);
        assert_eq!(
            told.collect::<Vec<_>>(),
            ["archive:Archive: permanent (no tape)"]
        );
        assert_eq!(health.state, State::Permanent);
        assert!(health.is_ready(), "the application does without it");
        assert!(app.stop().await.is_clean());
        assert_eq!(trial.events().count("archive:Archive stop"), 0);
        trial.events().assert_order(&[
            "archive:Archive build",
            "app:Desk build",
            "app:Desk started",
        ]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fail_is_everywhere_and_stops_last() {
    let trial = Trial::new();
    let lifecycle = trial.lifecycle().sequential(true);
    let app = App::start_with(Settings::none(), lifecycle).await.unwrap();
    let (every, _, archive) = app.get::<dyn Stores>().seen();
    assert_eq!((every, archive), (2, true));
    app.stop().await;
    let events = trial.events().all();
    let done = |what: &str| {
        let ends = events.iter().filter_map(|event| event.strip_suffix(what));
        ends.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut started = done(" started");
    started.reverse();
    assert_eq!(done(" stopped"), started);
    trial
        .events()
        .assert_order(&["archive:Archive started", "storage:Storage build"]);
}
