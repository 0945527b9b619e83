//! Labelling a text.

use std::sync::Arc;

use helpdesk_api::{ClassificationRequest, Classifier};
use treenail::{Component, Config, Deps, Params, Pipe, PipeContext, PipeResult};

/// Asks a classifier for the label of a text and leaves `label` and `confidence` behind.
pub struct ClassificationPipe {
    classification_service: Arc<dyn Classifier>,
}

/// Parameters of [`ClassificationPipe`]: the request as the classifier gets it.
pub type ClassificationParams = ClassificationRequest;

impl Component for ClassificationPipe {
    async fn build(deps: Deps<Self>, _: Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            classification_service: deps.classification_service,
        })
    }
}

impl Pipe for ClassificationPipe {
    async fn run(&self, params: Params<Self>, _: &PipeContext) -> treenail::Result<PipeResult> {
        let answer = self.classification_service.classify(params).await?;
        Ok(PipeResult::ok()
            .with("label", answer.label)
            .with("confidence", answer.confidence))
    }
}
