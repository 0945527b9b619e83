//! A plugin for tests: it renders `$NAME` and nothing else.

use std::sync::Arc;

use treenail::{
    Component, Config, Deps, Error, Rendered, Result, Template, TemplateRenderer, TemplateScope,
};

treenail::plugin!();

/// `$NAME` is the value of a variable.
pub struct Dollar {
    mark: String,
}

/// How its templates begin.
#[derive(Default, treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", default, deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct DollarConfig {
    /// The sign before a name; `$` if there is none.
    pub mark: Option<String>,
}

struct Variable(String);

impl Component for Dollar {
    async fn build(_: Deps<Self>, config: Config<Self>) -> Result<Self> {
        Ok(Self {
            mark: config.mark.unwrap_or_else(|| "$".to_owned()),
        })
    }
}

impl TemplateRenderer for Dollar {
    fn compile(&self, text: &str) -> Result<Option<Arc<dyn Template>>> {
        match text.strip_prefix(&self.mark) {
            None => Ok(None),
            Some("") => Err(Error::msg("a name is missing")),
            Some(name) => Ok(Some(Arc::new(Variable(name.to_owned())))),
        }
    }
}

impl Template for Variable {
    fn render(&self, scope: &Arc<TemplateScope>) -> Result<Rendered> {
        let value = scope.variable(&self.0);
        let value = value.ok_or_else(|| Error::msg(format!("there is no `{}`", self.0)))?;
        Ok(Rendered::text(value))
    }
}

/// A renderer that cannot be made.
pub struct Hasty;

impl Component for Hasty {
    async fn build(_: Deps<Self>, (): Config<Self>) -> Result<Self> {
        std::future::pending().await
    }
}

impl TemplateRenderer for Hasty {
    fn compile(&self, _: &str) -> Result<Option<Arc<dyn Template>>> {
        Ok(None)
    }
}
