//! A program that says what is wrong with the configuration it is given, and does nothing else.

use treenail::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult, Settings};

treenail::compose!("my_app.toml");

/// Keeps tickets.
pub trait Tickets: Send + Sync {}

/// Keeps books.
pub trait Shelves: Send + Sync {}

/// Where tickets are kept.
#[derive(treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct StoreConfig {
    /// The file.
    pub path: String,
}

/// Keeps them in a file.
pub struct Store;

impl Component for Store {
    async fn build(_: Deps<Self>, _: Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Tickets for Store {}

/// How often it looks.
#[derive(treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct PollerConfig {
    /// How long it waits.
    pub interval: treenail::Duration,
}

/// Looks for new ones.
pub struct Poller;

impl Component for Poller {
    async fn build(_: Deps<Self>, _: Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

/// Answers them, as a step.
pub struct Answering;

impl Component for Answering {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        drop(deps.store);
        Ok(Self)
    }
}

impl Pipe for Answering {
    async fn run(&self, (): Params<Self>, _: &PipeContext) -> treenail::Result<PipeResult> {
        Ok(PipeResult::ok())
    }
}

/// Keeps books within reach.
pub struct Shelf;

impl Component for Shelf {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Shelves for Shelf {}

/// Keeps books out of the way.
pub struct Cellar;

impl Component for Cellar {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Shelves for Cellar {}

fn main() -> treenail::Result<()> {
    let file = std::env::args_os().nth(1).unwrap_or("my_app.yml".into());
    if let Err(wrong) = App::check(&Settings::file(file)?) {
        println!("{wrong}");
    }
    Ok(())
}
