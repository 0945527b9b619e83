//! The service as a component: the model that it is to begin with is loaded while the application already runs.

use std::error::Error;

use treenail::{Component, Config, Deps};

use crate::{Environment, HfClassificationService};

impl Component for HfClassificationService {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self::new(config, Environment::of_process()))
    }

    async fn start(&self) -> treenail::Result<()> {
        // A download may take longer than a start, and whoever needs the model is told what is wrong with it.
        let service = self.clone();
        tokio::spawn(async move {
            if let Err(error) = service.prepare().await {
                let cause = error.source().map(ToString::to_string);
                tracing::warn!(cause, "{error}");
            }
        });
        Ok(())
    }

    async fn stop(&self) -> treenail::Result<()> {
        self.release();
        Ok(())
    }
}
