//! The service as its users see it, with small models that the tests make themselves. Nothing leaves this machine.

use std::path::Path;

use helpdesk_api::{Classification, ClassificationRequest, Classifier, Error};
use helpdesk_fakes::TinyModel;
use helpdesk_hf_local::{Environment, HfClassificationConfig, HfClassificationService};
use tempfile::TempDir;

#[path = "classifier/answers.rs"]
mod answers;
#[path = "classifier/faults.rs"]
mod faults;
#[path = "classifier/hub.rs"]
mod hub;
#[path = "classifier/oracle.rs"]
mod oracle;

/// A service that knows no hub and no token.
fn service() -> HfClassificationService {
    HfClassificationService::new(HfClassificationConfig::default(), Environment::default())
}

/// Saves a model in a folder of its own.
fn saved(model: &TinyModel) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    model.save(folder.path());
    folder
}

/// Asks a service for the label of a text.
async fn ask(
    service: &HfClassificationService,
    model: &Path,
    text: &str,
) -> Result<Classification, Error> {
    let model = model.to_str().expect("a name");
    let request = ClassificationRequest::new(model, text);
    service.classify(request).await
}
