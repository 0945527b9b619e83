//! A decorator around a provider of an optional plugin goes with it, and with nothing else.

use std::sync::Arc;

use contract::Store;
use treenail::testing::{Fault, Trial};
use treenail::{Component, Config, Deps, Phase, Settings, State};

treenail::compose!("decorated_optional.toml");

/// A store.
pub struct Box;

impl Component for Box {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Store for Box {
    fn name(&self) -> String {
        "box".to_owned()
    }
}

/// A decorator.
pub struct Seal {
    inner: Arc<dyn Store>,
}

impl Component for Seal {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { inner: deps.inner })
    }
}

impl Store for Seal {
    fn name(&self) -> String {
        format!("*{}", self.inner.name())
    }
}

/// Takes whatever is there.
pub struct Desk {
    every: Vec<Arc<dyn Store>>,
}

impl Component for Desk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { every: deps.every })
    }
}

fn names(stores: &[Arc<dyn Store>]) -> Vec<String> {
    stores.iter().map(|store| store.name()).collect()
}

fn state(app: &App, component: &str) -> State {
    let status = app.status();
    let found = status.iter().find(|status| status.component == component);
    found.expect("a component").state
}

#[tokio::test]
async fn with_a_provider_go_its_decorators() {
    let trial = Trial::new().fault("storage:Storage", Phase::Build, Fault::error("as told"));
    let app = App::start_with(Settings::none(), trial.lifecycle())
        .await
        .unwrap();
    assert_eq!(names(&app.all::<dyn Store>()), ["*box"]);
    assert_eq!(names(&app.get::<Desk>().every), ["*box"]);
    assert!(app.get_optional::<dyn Store>().is_none());
    assert_eq!(state(&app, "app:Seal(storage:Storage)"), State::Permanent);
    assert_eq!(state(&app, "app:Seal(app:Box)"), State::Ok);
    assert!(app.stop().await.is_clean());
}
