//! The parameters of a step, ready for its runs.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::place::Place;
use crate::template::TemplateScope;

/// The parameters of a step: fixed for all runs, or rendered anew for each.
pub(crate) enum StepParams {
    /// Without templates.
    Fixed(Arc<Json>),
    /// With templates.
    Rendered(RenderParams),
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
