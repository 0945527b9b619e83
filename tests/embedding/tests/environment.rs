//! Components are configured by variables of the environment, under names that a shell can write.

use treenail::{Component, Config, ConfigError, Deps, Settings};

#[path = "reference/every_key.rs"]
mod every_key;

treenail::compose!("environment.toml");

/// Somebody who greets.
pub trait Greet: Send + Sync {
    /// The greeting.
    fn greet(&self) -> String;
}

/// What is said.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct Words {
    hello_word: String,
}

/// Greets well.
pub struct Polite(String);

/// Does not.
pub struct Rude;

impl Component for Polite {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self(config.hello_word))
    }
}

impl Component for Rude {
    async fn build(_: Deps<Self>, _: Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Greet for Polite {
    fn greet(&self) -> String {
        self.0.clone()
    }
}

impl Greet for Rude {
    fn greet(&self) -> String {
        "you again".to_owned()
    }
}

fn settings(name: &str) -> Settings {
    Settings::none().environment([(name, "good day")])
}

fn refused(name: &str) -> ConfigError {
    App::check(&settings(name)).expect_err("a mistake")
}

#[tokio::test]
async fn a_variable_reaches_a_component_that_no_file_mentions() {
    let name = "GATE_HOUSE__COMPONENTS__APP_POLITE__HELLO_WORD";
    let app = App::start(settings(name)).await.expect("it starts");
    assert_eq!(app.get::<dyn Greet>().greet(), "good day");
    app.stop().await;
}

#[test]
fn a_name_that_means_nothing_is_told_with_what_was_meant_and_nothing_is_missed() {
    let error = refused("GATE_HOUSE__COMPONENTS__APP_POLIT__HELLO_WORD");
    assert_eq!(error.problems().len(), 1, "{error}");
    assert_eq!(
        error.problems()[0].help().as_deref(),
        Some("did you mean `app:Polite`? the environment calls it `APP_POLITE`")
    );
}

#[test]
fn who_has_lost_is_known_in_the_environment_too() {
    let error = refused("GATE_HOUSE__COMPONENTS__APP_RUDE__HELLO_WORD");
    let [rude, polite] = error.problems() else {
        panic!("{error}");
    };
    let (polite, rude) = if polite.place().is_none() {
        (polite, rude)
    } else {
        (rude, polite)
    };
    assert_eq!(
        rude.message(),
        "`app:Rude` not found in this program: `app:Polite` takes its place (tests/embedding/tests/environment.toml:13)"
    );
    // It is missing for itself, and in no variable.
    assert_eq!(
        polite.message(),
        "`hello_word` of `app:Polite` is missing: expected a text"
    );
    assert!(polite.place().is_none(), "{polite}");
}

#[test]
fn a_host_that_does_not_ask_for_it_has_no_section_about_the_log() {
    let schema = App::schema().to_value().to_string();
    assert!(!schema.contains("infrastructure"), "{schema}");
}

#[test]
fn the_reference_has_every_key_of_the_schema() {
    every_key::is_on(&App::reference(), &App::schema(), "gate-house");
}
