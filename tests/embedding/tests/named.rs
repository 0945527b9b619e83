//! A singleton that requires one of the instances that the configuration names.

use std::sync::Arc;

use contract::Store;
use treenail::{Component, Config, ConfigError, Deps, Settings};

#[path = "reference/every_key.rs"]
mod every_key;

treenail::compose!("named.toml");

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

/// A store without a label.
pub struct Vault;

impl Component for Vault {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Store for Vault {
    fn name(&self) -> String {
        "vault".to_owned()
    }
}

/// A store that needs the clerk.
pub struct Guarded {
    _clerk: Arc<Clerk>,
}

impl Component for Guarded {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { _clerk: deps.clerk })
    }
}

impl Store for Guarded {
    fn name(&self) -> String {
        "guarded".to_owned()
    }
}

/// No store.
pub struct Lamp;

impl Component for Lamp {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

/// One, with a store that the configuration chooses.
pub struct Clerk {
    deps: ClerkDeps,
}

impl Component for Clerk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { deps })
    }
}

/// One for each injection.
pub struct Note {
    shelf: Option<Arc<Shelf>>,
}

impl Component for Note {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self { shelf: deps.shelf })
    }
}

const FRONT: &str = "front: { use: 'app:Shelf', params: { label: books } }";
const BACK: &str = "back: { use: 'app:Shelf', params: { label: more } }";

fn settings(lines: &[&str]) -> Settings {
    let text = format!("shop:\n  {}\n", lines.join("\n  "));
    Settings::yaml("shop.yml", text)
        .unwrap()
        .environment(Vec::<(String, String)>::new())
}

/// What is wrong: for each problem its path, its line, its message and its help.
fn wrong(lines: &[&str]) -> Vec<String> {
    let error = App::check(&settings(lines)).unwrap_err();
    let error: &ConfigError = &error;
    let problems = error.problems().iter();
    let shown = problems.map(|one| {
        let line = one.place().map_or(0, |place| place.line);
        let help = one.help().unwrap_or_default();
        format!("{} at {line}: {}; {help}", one.path(), one.message())
    });
    shown.collect()
}

#[tokio::test]
async fn the_only_instance_is_the_one() {
    let services = format!("services: {{ {FRONT} }}");
    let app = App::start(settings(&[&services])).await.unwrap();
    let clerk = app.get::<Clerk>();
    let front = app.instance::<dyn Store>("front").unwrap();
    assert!(Arc::ptr_eq(&clerk.deps.store, &front));
    assert!(Arc::ptr_eq(&clerk.deps.later.get().unwrap(), &front));
    assert_eq!(clerk.deps.spare.as_ref().unwrap().label, "books");
    assert_eq!(clerk.deps.note.shelf.as_ref().unwrap().label, "books");
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn of_several_the_configuration_chooses() {
    let services = format!("services: {{ {FRONT}, {BACK} }}");
    let lines = [
        &services,
        "injects:",
        "  app:Clerk: { store: back, later: front, spare: front }",
        "  app:Note: { shelf: back }",
    ];
    let app = App::start(settings(&lines)).await.unwrap();
    let deps = &app.get::<Clerk>().deps;
    assert_eq!(deps.store.name(), "more");
    assert_eq!(deps.later.get().unwrap().name(), "books");
    assert_eq!(deps.spare.as_ref().unwrap().label, "books");
    assert_eq!(deps.note.shelf.as_ref().unwrap().label, "more");
    let names: Vec<String> = app.status().into_iter().map(|one| one.component).collect();
    let place = |name: &str| names.iter().position(|one| one == name).unwrap();
    assert!(place("back") < place("app:Clerk"), "{names:?}");
    app.stop().await;
}

#[test]
fn the_environment_chooses_as_well() {
    let services = format!("services: {{ {FRONT}, {BACK} }}");
    let lines = [&services, "injects: { app:Note: { shelf: back } }"];
    let choice = ["STORE", "LATER", "SPARE"];
    let choice = choice.map(|need| (format!("SHOP__INJECTS__APP_CLERK__{need}"), "front"));
    App::check(&settings(&lines).environment(choice)).unwrap();
}

#[tokio::test]
async fn an_optional_one_may_be_absent() {
    let app = App::start(settings(&["services: { safe: { use: 'app:Vault' } }"]))
        .await
        .unwrap();
    let deps = &app.get::<Clerk>().deps;
    assert_eq!(deps.store.name(), "vault");
    assert!(deps.spare.is_none() && deps.note.shelf.is_none());
    app.stop().await;
}

#[test]
fn a_circle_of_instances_and_singletons_is_a_mistake() {
    assert_eq!(
        wrong(&["services: { safe: { use: 'app:Guarded' } }"]),
        ["shop.services at 2: cycle of services: `safe` -> `app:Clerk` -> `safe`; "]
    );
    let services = "services: { safe: { use: 'app:Guarded' }, other: { use: 'app:Vault' } }";
    let lazy = "injects: { app:Clerk: { store: other, later: safe } }";
    assert!(App::check(&settings(&[services, lazy])).is_ok());
}

#[test]
fn the_schema_has_who_may_be_given_an_instance() {
    let schema = App::schema().to_value();
    let injects = &schema["$defs"]["configuration"]["properties"]["injects"]["properties"];
    assert_eq!(injects["app:Clerk"]["required"], serde_json::json!([]));
    assert_eq!(injects["app:Note"]["properties"]["shelf"]["type"], "string");
    assert_eq!(injects.as_object().unwrap().len(), 2);
}

#[test]
fn what_cannot_be_chosen_is_told_with_its_place() {
    assert_eq!(
        wrong(&["services: {}"]),
        [
            "shop.injects.app:Clerk.store at 1: the inject `store` of `app:Clerk` is missing: it asks for one instance of \
             `dyn contract::Store`; add a service with `use` and one of `app:Guarded`, `app:Shelf`, `app:Vault`",
            "shop.injects.app:Clerk.later at 1: the inject `later` of `app:Clerk` is missing: it asks for one instance of \
             `dyn contract::Store`; add a service with `use` and one of `app:Guarded`, `app:Shelf`, `app:Vault`",
        ]
    );
    let services = format!("services: {{ {FRONT}, {BACK}, lamp: {{ use: 'app:Lamp' }} }}");
    let note = "  app:Note: { shelf: back }";
    let choice = |choice: &str| {
        let clerk = format!("  app:Clerk: {choice}");
        wrong(&[&services, "injects:", &clerk, note])
    };
    assert_eq!(
        choice("{ later: front, store: front }"),
        [
            "shop.injects.app:Clerk.spare at 4: the inject `spare` of `app:Clerk` is missing: it asks for one instance of \
             `crate::Shelf`; choose one, in a section `injects` beside `services`: `\"app:Clerk\": { spare: front }`; these fit: \
             `front`, `back`"
        ]
    );
    assert_eq!(
        choice("{ later: frant, store: lamp, spare: front }"),
        [
            "shop.injects.app:Clerk.later at 4: service `frant` not found among the configured services; did you mean `front`?",
            "shop.injects.app:Clerk.store at 4: service `lamp` is a `app:Lamp`, which does not provide `dyn contract::Store`; ",
        ]
    );
    assert_eq!(
        choice("{ later: front, store: front, spare: front, not: front }"),
        [
            "shop.injects.app:Clerk.not at 4: `app:Clerk` has no inject `not`; expected one of `store`, `spare`, `later`"
        ]
    );
    assert_eq!(
        wrong(&[
            &services,
            "injects:",
            "  app:Clark: { store: front }",
            "  app:Clerk: { store: back, later: back, spare: back }",
            note
        ]),
        [
            "shop.injects.app:Clark at 4: component `app:Clark` not found in this program; did you mean `app:Clerk`?"
        ]
    );
}

#[test]
fn the_reference_has_every_key_of_the_schema() {
    every_key::is_on(&App::reference(), &App::schema(), "shop");
}
