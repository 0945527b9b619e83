//! Somebody who notifies, by way of an outbox: composed by treenail.

use std::sync::Arc;

use treenail::{Component, Config, Deps, Settings};

treenail::compose!("treenail.toml");

/// Sends texts.
pub trait Outbox: Send + Sync {
    /// Sends one, and says how.
    fn send(&self, text: &str) -> String;
}

/// Writes to people.
pub trait Notify: Send + Sync {
    /// Writes to one.
    fn notify(&self, name: &str) -> String;
}

/// Where mail goes.
#[derive(treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct SmtpConfig {
    host: String,
}

/// Sends by mail.
pub struct Smtp {
    host: String,
}

impl Component for Smtp {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self { host: config.host })
    }
}

impl Outbox for Smtp {
    fn send(&self, text: &str) -> String {
        format!("{text}, by {}", self.host)
    }
}

/// Writes by the outbox.
pub struct Notifier {
    outbox: Arc<dyn Outbox>,
}

impl Component for Notifier {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            outbox: deps.outbox,
        })
    }
}

impl Notify for Notifier {
    fn notify(&self, name: &str) -> String {
        self.outbox.send(&format!("dear {name}"))
    }
}

#[tokio::test]
async fn a_notifier_is_a_field_of_the_application() {
    let yaml = "post: { components: { \"app:Smtp\": { host: mail.example } } }";
    let settings = Settings::yaml("the test's configuration", yaml).unwrap();
    let app = App::start(settings).await.unwrap();
    let notifier = app.get::<dyn Notify>();
    assert_eq!(notifier.notify("Ada"), "dear Ada, by mail.example");
    app.stop().await;
}
