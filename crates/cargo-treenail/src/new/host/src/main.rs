//! Greets, and ends.

use treenail::{Component, Config, Deps, Settings};

// `App` and the inputs of each component, which build.rs makes of plugins.toml.
treenail::compose!();

/// What a configuration says of the greeter.
#[derive(treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", default, deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub(crate) struct GreeterConfig {
    /// The word before the name.
    greeting: String,
}

impl Default for GreeterConfig {
    fn default() -> Self {
        let greeting = "hello".to_owned();
        Self { greeting }
    }
}

/// A component of the application's own.
pub(crate) struct Greeter {
    config: GreeterConfig,
}

impl Component for Greeter {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self { config })
    }
}

impl Greeter {
    /// A greeting for `name`.
    pub(crate) fn greet(&self, name: &str) -> String {
        format!("{}, {name}", self.config.greeting)
    }
}

#[tokio::main]
async fn main() -> treenail::Result<()> {
    let settings = match std::env::args_os().nth(1) {
        Some(file) => Settings::file(file)?,
        None => Settings::none(),
    };
    // A server is `App::launch(settings).await` in the place of these lines: it goes on until a signal ends it.
    let app = App::start(settings).await?;
    println!("{}", app.get::<Greeter>().greet("world"));
    app.stop().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_greets_as_its_configuration_says() -> treenail::Result<()> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/config.yml");
        let app = App::start(Settings::file(file)?).await?;
        assert_eq!(app.get::<Greeter>().greet("world"), "good morning, world");
        app.stop().await;
        Ok(())
    }

    #[tokio::test]
    async fn it_needs_no_configuration() -> treenail::Result<()> {
        let app = App::start(Settings::none()).await?;
        assert_eq!(app.get::<Greeter>().greet("world"), "hello, world");
        app.stop().await;
        Ok(())
    }
}
