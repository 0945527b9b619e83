//! The parameters of a step, ready for its runs.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::place::Place;
use crate::redact::{NOT_SHOWN, Redactor, refusal};
use crate::template::TemplateScope;

/// The parameters of a step: fixed for all runs, or rendered anew for each.
pub(crate) enum StepParams {
    /// Without templates.
    Fixed(Arc<Json>),
    /// With templates.
    Rendered(RenderParams),
}

impl StepParams {
    /// Why rendered parameters were refused that are gone: they are rendered once more, in the same scope.
    pub(super) fn refusal(
        &self,
        scope: Option<&Arc<TemplateScope>>,
        error: &serde_json::Error,
        check: CheckParams,
        redactor: &Redactor,
    ) -> String {
        let rendered = match (self, scope) {
            (Self::Rendered(render), Some(scope)) => render(scope).ok(),
            _ => None,
        };
        rendered.map_or_else(
            || NOT_SHOWN.to_owned(),
            |params| refusal(error, check, &params, redactor),
        )
    }
}

/// Reads parameters into their type, to find out whether it takes them.
pub(crate) type CheckParams = fn(&Json) -> serde_json::Result<()>;

/// What a step runs with.
pub(super) enum Prepared {
    Ready(RunParams),
    /// Its parameters say that it fails.
    Failed(String),
}

/// The parameters of one run.
pub(super) enum RunParams {
    /// The steps inside the step see them too.
    Shared(Arc<Json>),
    /// Rendered for this run, and read by nobody else.
    Own(Json),
}

/// Renders parameters in a scope.
pub(crate) type RenderParams =
    Box<dyn Fn(&Arc<TemplateScope>) -> Result<Json, ParamError> + Send + Sync>;

/// A parameter that could not be rendered.
#[derive(Debug)]
pub(crate) struct ParamError {
    /// Its path in the configuration.
    pub(crate) path: String,
    /// Where it was written, if it was written at all.
    pub(crate) place: Option<Place>,
    /// Why.
    pub(crate) message: String,
}
