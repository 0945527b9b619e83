//! What the classifier can be told.

use schemars::JsonSchema;
use serde::Deserialize;

/// Configuration of a [`LocalClassifier`](crate::LocalClassifier).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClassifierConfig {
    /// A CSV file to learn from, with a column `text` and one column of labels for each model. Absent:
    /// the table that comes with the plugin, with the models `queue` and `priority`.
    pub training: Option<String>,
}
