//! A classifier that follows rules.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use helpdesk_api::{Classification, ClassificationRequest, Classifier, Result, async_trait};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use treenail::{Component, Config, Deps};

/// Configuration of a [`StubClassificationService`].
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StubConfig {
    /// The rules; the first that fits decides.
    pub rules: Vec<Rule>,
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
    rules: RwLock<Arc<[Rule]>>,
}

impl StubClassificationService {
    /// A classifier with these rules.
    #[must_use]
    pub fn with(rules: Vec<Rule>) -> Self {
        Self {
            rules: RwLock::new(rules.into()),
        }
    }

    fn rules(&self) -> Arc<[Rule]> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&rules)
    }
}

impl Component for StubClassificationService {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        Ok(Self::with(config.rules))
    }

    async fn reconfigure(&self, config: Config<Self>) -> treenail::Result<()> {
        let mut rules = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        *rules = config.rules.into();
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
        let rules = self.rules();
        let rule = rules
            .iter()
            .find(|rule| rule.fits(&request.model_name, &text));
        Ok(Classification {
            label: rule.map_or("unknown", |rule| &rule.label).to_owned(),
            confidence: rule.map_or(0.0, |rule| rule.confidence),
        })
    }
}
