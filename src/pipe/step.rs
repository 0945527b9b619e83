//! A step as a value inside parameters.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::error::Error;
use crate::place::Place;

/// A nested step in the parameters of a pipe: `steps: Vec<Step>`, `on: Step`. Run it with
/// [`PipeContext::run`](super::PipeContext::run). Its own parameters are rendered when it is run, not with those around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Step(pub(super) usize);

impl JsonSchema for Step {
    fn schema_name() -> Cow<'static, str> {
        "Step".into()
    }

    fn schema_id() -> Cow<'static, str> {
        "treenail::Step".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "x-treenail": "step", "type": "object", "description": "A step of the pipeline." })
    }
}

/// An error of a step: which one, and why. It passes through every step around it unchanged.
#[derive(Clone)]
pub struct StepError {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) place: Option<Place>,
    pub(super) component: &'static str,
    pub(super) message: String,
    pub(super) cause: Option<Arc<Error>>,
}

impl StepError {
    /// The id of the step that failed.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its path in the configuration, or that of the parameter that failed.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where that was written, if it was written at all.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// Its component.
    pub fn component(&self) -> &str {
        self.component
    }

    /// The error that the component returned, or its words where they showed a secret; none where its parameters could not
    /// be rendered.
    pub fn cause(&self) -> Option<&Error> {
        self.cause.as_deref()
    }

    /// What went wrong, with every cause.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step `{}` ({} at {}", self.id, self.component, self.path)?;
        if let Some(place) = &self.place {
            write!(f, ", {place}")?;
        }
        write!(f, "): {}", self.message)
    }
}

/// As `Display`: the cause may quote what the message leaves out.
impl fmt::Debug for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for StepError {}

/// The pipeline was asked to stop before the step began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopping;

impl fmt::Display for Stopping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the pipeline is stopping")
    }
}

impl std::error::Error for Stopping {}
