//! A classifier that follows rules.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use helpdesk_api::{Classification, ClassificationRequest, Classifier, Result, async_trait};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use treenail::{Component, Config, Deps, Duration};

/// Configuration of a [`StubClassificationService`].
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StubConfig {
    /// The rules; the first that fits decides.
    pub rules: Vec<Rule>,
    /// How long an answer takes, as long as that of a real model.
    pub takes: Duration,
    /// Further parameters, such as those of the classifier in whose place it stands. They mean nothing.
    #[serde(flatten)]
    pub additional: BTreeMap<String, Value>,
}

/// When which label is the answer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Only for this model.
    #[serde(default)]
    pub model: Option<String>,
    /// Only for texts with these words in them, upper and lower case alike.
    #[serde(default)]
    pub contains: Option<String>,
    /// The label.
    pub label: String,
    /// How sure it is, from 0 to 1.
    pub confidence: f64,
}

/// Labels a text as its rules say; `unknown`, not sure at all, where none fits.
#[derive(Debug, Default)]
pub struct StubClassificationService {
    config: RwLock<Arc<StubConfig>>,
}

impl StubClassificationService {
    /// A classifier with this configuration.
    #[must_use]
    pub fn with(config: StubConfig) -> Self {
        Self {
            config: RwLock::new(config.into()),
        }
    }

    fn config(&self) -> Arc<StubConfig> {
        let config = self.config.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&config)
    }
}

impl Component for StubClassificationService {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self::with(config))
    }

    async fn reconfigure(&self, config: Config<Self>) -> treenail::Result<()> {
        let mut current = self.config.write().unwrap_or_else(PoisonError::into_inner);
        *current = config.into();
        Ok(())
    }
}

impl Rule {
    fn fits(&self, model: &str, text: &str) -> bool {
        let words = self.contains.as_ref().map(|words| words.to_lowercase());
        self.model.as_ref().is_none_or(|wanted| wanted == model)
            && words.is_none_or(|words| text.contains(&words))
    }
}

#[async_trait]
impl Classifier for StubClassificationService {
    async fn classify(&self, request: ClassificationRequest) -> Result<Classification> {
        let text = request.text.to_lowercase();
        let config = self.config();
        let takes = config.takes.get();
        if !takes.is_zero() {
            tokio::time::sleep(takes).await;
        }
        let rule = config
            .rules
            .iter()
            .find(|rule| rule.fits(&request.model_name, &text));
        Ok(Classification {
            label: rule.map_or("unknown", |rule| &rule.label).to_owned(),
            confidence: rule.map_or(0.0, |rule| rule.confidence),
        })
    }
}
