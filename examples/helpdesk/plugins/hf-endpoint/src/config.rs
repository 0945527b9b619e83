//! What the service can be told.

use schemars::JsonSchema;
use serde::Deserialize;
use treenail::{Duration, Secret};

/// Configuration of an [`HfEndpoint`](crate::HfEndpoint).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HfEndpointConfig {
    /// Where to ask. `{model}` in the path stands for the model that a request names; an address without it is that of
    /// an endpoint with one model, which answers whatever the request names. Absent: the inference API.
    pub url: String,
    /// Token for the endpoint; a request may bring its own. Absent: the variable `HF_TOKEN`, else
    /// `HUGGING_FACE_HUB_TOKEN`, which are shown to hosts of Hugging Face only.
    pub api_token: Option<Secret>,
    /// Whether a text that is too long for the model is cut off; else the endpoint refuses it.
    pub truncation: bool,
    /// How long a request may take. A model that has to be loaded first takes longer.
    pub timeout: Duration,
}

impl Default for HfEndpointConfig {
    fn default() -> Self {
        Self {
            url: "https://router.huggingface.co/hf-inference/models/{model}".to_owned(),
            api_token: None,
            truncation: true,
            timeout: std::time::Duration::from_secs(30).into(),
        }
    }
}
