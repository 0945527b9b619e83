//! The classifier as a component: trained when it is built.

use treenail::{Component, Config, Deps};

use crate::LocalClassifier;

impl Component for LocalClassifier {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self::train(config).await?)
    }
}
