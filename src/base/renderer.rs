//! The built-in template renderer as a service.

use std::sync::Arc;

use crate::template::Engine;
use crate::{Component, Config, Deps, Result, Template, TemplateRenderer};

/// Jinja templates by minijinja. It is in force even where no configuration names it.
#[derive(Debug)]
pub struct JinjaRenderer(Engine);

impl Component for JinjaRenderer {
    async fn build(_: Deps<Self>, _: Config<Self>) -> Result<Self> {
        Ok(Self(Engine::default()))
    }
}

impl TemplateRenderer for JinjaRenderer {
    fn compile(&self, text: &str) -> Result<Option<Arc<dyn Template>>> {
        self.0.compile(text)
    }
}
