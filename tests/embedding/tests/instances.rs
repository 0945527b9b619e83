//! Components that the configuration names: as many as it says, and exactly one where the host bound a service to them.

use std::sync::Arc;

use contract::Store;
use treenail::{Component, Config, ConfigError, Deps, Settings};

#[path = "reference/every_key.rs"]
mod every_key;

treenail::compose!("instances.toml");

/// What a shelf is configured with.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct ShelfConfig {
    label: String,
}

/// A store with a label.
pub struct Shelf {
    label: String,
}

impl Component for Shelf {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            label: config.label,
        })
    }
}

impl Store for Shelf {
    fn name(&self) -> String {
        self.label.clone()
    }
}

/// Needs a store, whichever the configuration names.
pub struct Clerk {
    store: Arc<dyn Store>,
}

impl Component for Clerk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { store: deps.store })
    }
}

fn settings(services: &str) -> Settings {
    Settings::yaml("shop.yml", format!("shop:\n  services: {services}\n"))
        .unwrap()
        .environment(Vec::<(String, String)>::new())
}

const ONE: &str = "{ front: { use: 'app:Shelf', params: { label: books } } }";
const TWO: &str = "{ front: { use: 'app:Shelf', params: { label: books } }, back: { use: 'app:Shelf', params: { label: more } } }";

#[tokio::test]
async fn the_one_configured_instance_answers_get() {
    let app = App::start(settings(ONE)).await.unwrap();
    assert_eq!(app.get::<dyn Store>().name(), "books");
    assert_eq!(app.instance::<dyn Store>("front").unwrap().name(), "books");
    assert!(app.instance::<dyn Store>("side").is_none());
    assert_eq!(app.all::<dyn Store>().len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn instances_are_found_by_their_own_type() {
    let app = App::start(settings(ONE)).await.unwrap();
    let shelf = app.instance::<Shelf>("front").unwrap();
    assert_eq!(shelf.label, "books");
    assert!(app.instance::<Shelf>("side").is_none());
    let all = app.all::<Shelf>();
    assert!(matches!(&all[..], [only] if Arc::ptr_eq(only, &shelf)));
    app.stop().await;
}

#[tokio::test]
async fn none_and_several_are_refused_before_anything_is_built() {
    for services in ["{}", TWO] {
        let error = App::start(settings(services)).await.unwrap_err();
        let error = error
            .downcast_ref::<ConfigError>()
            .expect("a mistake of the configuration");
        assert_eq!(error.problems().len(), 1, "{error}");
        assert_eq!(error.problems()[0].path().to_string(), "shop.services");
    }
}

#[tokio::test]
async fn a_typo_in_the_configuration_is_named_with_its_place() {
    let error = App::check(&settings(
        "{ front: { use: 'app:Shelf', params: { lable: books } } }",
    ))
    .unwrap_err()
    .to_string();
    assert!(
        error.contains("shop.services.front.params.lable") && error.contains("shop.yml:2:"),
        "{error}"
    );
}

#[test]
fn a_consumer_is_given_the_same_instance() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let app = App::start(settings(ONE)).await.unwrap();
        assert!(Arc::ptr_eq(
            &app.get::<Clerk>().store,
            app.get::<dyn Store>()
        ));
        app.stop().await;
    });
}

#[test]
fn the_reference_has_every_key_of_the_schema() {
    every_key::is_on(&App::reference(), &App::schema(), "shop");
}
