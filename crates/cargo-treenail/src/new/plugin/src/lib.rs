//! Greets.

use treenail::{Component, Config, Deps};

// The inputs of each component, which build.rs makes of plugins.toml.
treenail::compose!();

/// What a configuration says of the greeter.
#[derive(treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", default, deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct GreeterConfig {
    /// The word before the name.
    greeting: String,
}

impl Default for GreeterConfig {
    fn default() -> Self {
        let greeting = "hello".to_owned();
        Self { greeting }
    }
}

/// What this plugin contributes.
pub struct Greeter {
    config: GreeterConfig,
}

impl Component for Greeter {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self { config })
    }
}

impl Greeter {
    /// A greeting for `name`.
    #[must_use]
    pub fn greet(&self, name: &str) -> String {
        format!("{}, {name}", self.config.greeting)
    }
}
