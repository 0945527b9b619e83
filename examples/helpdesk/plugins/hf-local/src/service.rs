//! The service: its models, and the contract on top of them.

use std::path::Path;
use std::sync::Arc;

use helpdesk_api::{
    Classification, ClassificationRequest, Classifier, Result, SecretString, async_trait,
};

use crate::batch::Desk;
use crate::files::{Files, Folder};
use crate::hub::Repository;
use crate::model::Model;
use crate::models::Models;
use crate::{Environment, HfClassificationConfig, ModelError};

/// Labels text with models that it downloads or finds in a folder, and runs on this machine. A clone is the same service.
#[derive(Clone)]
pub struct HfClassificationService(Arc<Shared>);

struct Shared {
    config: HfClassificationConfig,
    /// The token of the configuration.
    token: Option<SecretString>,
    environment: Environment,
    models: Models<Desk>,
}

impl HfClassificationService {
    /// A service that has not loaded anything yet.
    #[must_use]
    pub fn new(config: HfClassificationConfig, environment: Environment) -> Self {
        Self(Arc::new(Shared {
            token: config.api_token.clone().map(SecretString::from),
            config,
            environment,
            models: Models::new(),
        }))
    }

    /// Loads the model that the configuration names, where it names one.
    ///
    /// # Errors
    /// For a model that cannot be had or used.
    pub async fn prepare(&self) -> Result<()> {
        let Some(name) = &self.0.config.model_name else {
            return Ok(());
        };
        let loaded = self.model(name, self.token(None)).await;
        loaded.map(|_| ()).map_err(|error| error.of(name))
    }

    /// Lets go of all models. Requests that are under way are answered.
    pub fn release(&self) {
        self.0.models.clear();
    }

    fn token<'a>(&'a self, of_request: Option<&'a SecretString>) -> Option<&'a SecretString> {
        let Shared {
            token, environment, ..
        } = &*self.0;
        environment.tokens.nearest(of_request, token.as_ref())
    }

    async fn model(&self, name: &str, token: Option<&SecretString>) -> Result<Desk, ModelError> {
        self.0.models.get(name, self.load(name, token)).await
    }

    async fn load(&self, name: &str, token: Option<&SecretString>) -> Result<Desk, ModelError> {
        let files = if Path::new(name).is_dir() {
            Files::find(&Folder(name.into())).await?
        } else {
            let hub = Repository::open(name, token, &self.0.config, &self.0.environment)?;
            Files::find(&hub).await?
        };
        let read = tokio::task::spawn_blocking(move || Model::read(&files)).await;
        let broke_off = |error| ModelError::NoResult(format!("loading broke off: {error}"));
        let model = read.map_err(broke_off)??;
        tracing::info!(model = name, "model loaded");
        Ok(Desk::open(model))
    }
}

#[async_trait]
impl Classifier for HfClassificationService {
    async fn classify(&self, request: ClassificationRequest) -> Result<Classification> {
        let token = self.token(request.api_token.as_ref());
        let name = request.model_name;
        let answer = match self.model(&name, token).await {
            Ok(model) => model.label(request.text).await,
            Err(error) => Err(error),
        };
        answer.map_err(|error| error.of(&name))
    }
}
