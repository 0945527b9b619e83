//! The contract of what labels text.

use std::fmt;

use async_trait::async_trait;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::Result;

/// Labels text: which queue a ticket belongs to, how urgent it is.
#[async_trait]
pub trait Classifier: Send + Sync {
    /// The best label for the text, and how sure the model is of it.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) for a model that this classifier does not have, else
    /// whatever kept the model from answering.
    async fn classify(&self, request: ClassificationRequest) -> Result<Classification>;
}

/// A text and the model that is to label it.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassificationRequest {
    /// What to label.
    pub text: String,
    /// Which of the classifier's models.
    pub model_name: String,
    /// A token for the service behind the classifier, where it needs one for this request.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub api_token: Option<SecretString>,
}

impl ClassificationRequest {
    /// A request without a token.
    #[must_use]
    pub fn new(model_name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            model_name: model_name.into(),
            api_token: None,
        }
    }
}

/// Says nothing of the token, and of the text only how long it is: tickets are private.
impl fmt::Debug for ClassificationRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClassificationRequest")
            .field("model_name", &self.model_name)
            .field("text_bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

/// What a model said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Classification {
    /// The label.
    pub label: String,
    /// How sure the model is, from 0 to 1.
    pub confidence: f64,
}
