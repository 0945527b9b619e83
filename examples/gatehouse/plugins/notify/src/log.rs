//! The log of the program as a notifier: whoever reads it is told.

use gatehouse_api::{Notifier, Result, Visitor};
use treenail::{Component, Config, Deps};

/// Writes arrivals to the log.
pub struct Log;

impl Component for Log {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

#[async_trait::async_trait]
impl Notifier for Log {
    async fn notify(&self, visitor: &Visitor) -> Result<()> {
        let Visitor {
            number, name, host, ..
        } = visitor;
        tracing::info!(number, host, "{name} has arrived");
        Ok(())
    }
}
