//! A plugin that ships its generated code.

include!("treenail.rs");

use api::{Say, SayWith, Store};
use treenail::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult};

/// Setup and cleanup of the plugin.
pub struct Cage;

impl treenail::Hooks for Cage {
    async fn setup(_: treenail::Inventory) -> treenail::Result<Self> {
        Ok(Self)
    }
}

/// What a store is called.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct MemoryConfig {
    name: String,
}

/// A store in memory.
pub struct Memory(String);

impl Component for Memory {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self(config.name))
    }
}

impl Store for Memory {
    fn name(&self) -> String {
        self.0.clone()
    }
}

/// A store of which the configuration names as many as it likes.
pub struct Disk(String);

impl Component for Disk {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self(config.name))
    }
}

impl Store for Disk {
    fn name(&self) -> String {
        self.0.clone()
    }
}

/// What is repeated.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct EchoParams {
    text: String,
}

/// A step that repeats a text.
pub struct Echo(EchoDeps);

impl Component for Echo {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self(deps))
    }
}

impl Pipe for Echo {
    async fn run(&self, params: Params<Self>, _: &PipeContext) -> treenail::Result<PipeResult> {
        let said = format!("{}: {}", self.0.store.name(), params.text);
        Ok(PipeResult::ok().with("said", said))
    }
}

/// A store under a loud name.
#[cfg(feature = "loud")]
pub struct Loud(LoudDeps);

#[cfg(feature = "loud")]
impl Component for Loud {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self(deps))
    }
}

#[cfg(feature = "loud")]
impl Store for Loud {
    fn name(&self) -> String {
        self.0.inner.name().to_uppercase()
    }
}

/// A greeting.
pub fn hello(whom: &str) -> String {
    format!("hello {whom}")
}

/// A loud greeting.
#[cfg(feature = "loud")]
pub fn shout(whom: &str) -> String {
    hello(whom).to_uppercase()
}

/// A farewell.
pub struct Bye;

impl Say for Bye {
    fn say(whom: &str) -> String {
        format!("bye {whom}")
    }
}

/// What is kept.
pub struct Kept;

impl SayWith for Kept {
    fn say_with(deps: &KeptDeps, whom: &str) -> String {
        format!("{} is in {}", whom, deps.store.name())
    }
}
