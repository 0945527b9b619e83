//! The classifier: its models, and the contract on top of them.

use std::collections::BTreeMap;
use std::fs::File;

use helpdesk_api::{
    Classification, ClassificationRequest, Classifier, Error, ErrorKind, Result, async_trait,
};

use crate::config::ClassifierConfig;
use crate::model::Model;
use crate::table::Table;

/// Labels text with models that it trained itself.
pub struct LocalClassifier {
    models: BTreeMap<String, Model>,
}

impl LocalClassifier {
    /// Reads the table and trains a model for each column of labels, on a thread where that may block.
    ///
    /// # Errors
    /// For a table that cannot be read or learned from.
    pub async fn train(config: ClassifierConfig) -> Result<Self> {
        let trained = tokio::task::spawn_blocking(move || Self::train_now(&config)).await;
        trained.unwrap_or_else(|error| {
            let reason = "the training did not come to its end";
            Err(Error::caused_by(ErrorKind::Internal, reason, error))
        })
    }

    fn train_now(config: &ClassifierConfig) -> Result<Self> {
        let table = match &config.training {
            None => Table::shipped()?,
            Some(path) => {
                let name = format!("`{path}`");
                let file = File::open(path).map_err(|error| {
                    let doing = format!("cannot open the training table {name}");
                    Error::caused_by(ErrorKind::NotFound, doing, error)
                })?;
                Table::read(&name, file)?
            }
        };
        let mut models = BTreeMap::new();
        for (name, labels) in &table.labels {
            let model = Model::train(&table.texts, labels).map_err(|error| {
                let doing = format!("cannot train the model `{name}`");
                Error::caused_by(error.kind(), doing, error)
            })?;
            models.insert(name.clone(), model);
        }
        Ok(Self { models })
    }
}

#[async_trait]
impl Classifier for LocalClassifier {
    async fn classify(&self, request: ClassificationRequest) -> Result<Classification> {
        let Some(model) = self.models.get(&request.model_name) else {
            let known: Vec<_> = self.models.keys().map(|name| format!("`{name}`")).collect();
            return Err(Error::new(
                ErrorKind::NotFound,
                format!(
                    "there is no model `{}`; this classifier has {}",
                    request.model_name,
                    known.join(", ")
                ),
            ));
        };
        Ok(model.classify(&request.text))
    }
}
