//! What the service can be told.

use schemars::JsonSchema;
use serde::Deserialize;
use treenail::Secret;

/// Configuration of an [`HfClassificationService`](crate::HfClassificationService).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HfClassificationConfig {
    /// Token for the hub, for models that are not public; a request may bring its own. Absent: the variable `HF_TOKEN`,
    /// else `HUGGING_FACE_HUB_TOKEN`, else what `hf auth login` has left on this machine.
    pub api_token: Option<Secret>,
    /// A model to load as soon as the application starts, so that the first request need not wait for it.
    pub model_name: Option<String>,
    /// Address of the hub. Absent: the variable `HF_ENDPOINT`, else the public hub.
    pub endpoint: Option<String>,
    /// Where downloads are kept. Absent: `HF_HUB_CACHE`, else `hub` in `HF_HOME`, else the usual place in the home folder.
    pub cache_dir: Option<String>,
}
