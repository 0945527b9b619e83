//! The built-in template renderer as a service.

use serde_json::Value;

use crate::{Component, Config, Deps, Result, TemplateRenderer, TemplateScope};

/// Jinja templates by minijinja. It is in force even where no configuration names it.
#[derive(Debug)]
pub struct JinjaRenderer;

impl Component for JinjaRenderer {
    async fn build(_: Deps<Self>, _: Config<Self>) -> Result<Self> {
        Ok(Self)
    }
}

impl TemplateRenderer for JinjaRenderer {
    fn render(&self, template: &str, scope: &TemplateScope) -> Result<Value> {
        crate::template::render_once(template, scope)
    }
}
