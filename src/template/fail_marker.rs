//! A value that fails its step.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr};

use super::scope::TemplateScope;

/// What `fail()` gives: wherever it becomes part of a value, the step fails. Printing it is becoming part of a text.
pub(super) struct FailMarker {
    message: String,
    scope: Arc<TemplateScope>,
}

impl FailMarker {
    pub(super) fn new(message: &str, scope: Arc<TemplateScope>) -> Self {
        Self {
            message: message.to_owned(),
            scope,
        }
    }

    pub(super) fn fail_step(&self) {
        self.scope.fail(&self.message);
    }
}

impl fmt::Debug for FailMarker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fail_step();
        f.write_str("FailMarker")
    }
}

impl Object for FailMarker {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
