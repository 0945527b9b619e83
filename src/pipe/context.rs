//! [`PipeContext`]: what a running step sees, and how it runs the steps inside it.

use std::borrow::Cow;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use serde_json::Value as Json;

use super::catch_panic::catch_panic;
use super::event::{StepEvent, StepInfo, StepOutcome};
use super::finally::Endings;
use super::params::{CheckParams, Prepared, RunParams, StepParams};
use super::state::PipelineState;
use super::step::{Step, StepError, Stopping};
use crate::component::AnyComponent;
use crate::error::{Error, Result};
use crate::future::BoxFuture;
use crate::place::Place;
use crate::redact::Redactor;
use crate::template::{PipeResult, ResultScope, TemplateParams, TemplateScope};

/// Runs a pipe whose type is erased, with its rendered parameters.
pub(super) type RunPipe =
    for<'a> fn(&'a AnyComponent, RunParams, &'a PipeContext) -> BoxFuture<'a, Result<PipeResult>>;

/// A step that can run.
pub(super) struct ReadyStep {
    pub(super) id: Arc<str>,
    pub(super) path: String,
    pub(super) place: Option<Place>,
    pub(super) component: &'static str,
    pub(super) depth: usize,
    /// `None`: it belongs to an optional plugin that failed.
    pub(super) pipe: Option<AnyComponent>,
    pub(super) repeats: bool,
    pub(super) run: RunPipe,
    pub(super) params: Arc<StepParams>,
    /// Parameters that hold steps, which templates do not see.
    pub(super) hidden: Arc<[String]>,
    pub(super) children: Vec<Arc<ReadyStep>>,
}

/// What a running step sees: the results before it, the parameters around it, and the steps inside it.
///
/// A step that contains others decides what they see: [`run`](Self::run) runs one as if it stood in this step's place;
/// [`nested`](Self::nested) opens a scope of its own, whose results stay inside; [`fresh`](Self::fresh) forgets everything.
pub struct PipeContext {
    state: Arc<PipelineState>,
    step: Arc<ReadyStep>,
    results: Arc<ResultScope>,
    parent: Option<Arc<TemplateParams>>,
    /// This step's own rendered parameters, for the steps inside it; `None`, where there are none.
    params: Option<Arc<Json>>,
    /// What templates of this step saw; without any the scope of the step around it.
    scope: Option<Arc<TemplateScope>>,
    /// What is done at the end of the step whose scope this one runs in; its own, where nobody sees its result.
    around: Option<Arc<Endings>>,
    /// What is done at the end of this step.
    inside: OnceLock<Arc<Endings>>,
}

impl std::fmt::Debug for PipeContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PipeContext")
            .field("step", &self.step.id)
            .field("results", &self.results)
            .finish_non_exhaustive()
    }
}

impl PipeContext {
    pub(super) fn root(state: Arc<PipelineState>, step: Arc<ReadyStep>) -> Self {
        Self {
            state,
            step,
            results: Arc::default(),
            parent: None,
            params: None,
            scope: None,
            around: None,
            inside: OnceLock::new(),
        }
    }

    /// The id of this step.
    pub fn id(&self) -> &str {
        &self.step.id
    }

    /// The path of this step in the configuration.
    pub fn path(&self) -> &str {
        &self.step.path
    }

    /// The result of an earlier step, as far as this one can see it.
    pub fn result(&self, id: &str) -> Option<PipeResult> {
        self.results.get(id).map(Arc::unwrap_or_clone)
    }

    /// Whether an earlier step is known, succeeded, and was not skipped.
    pub fn has_succeeded(&self, id: &str) -> bool {
        self.results
            .get(id)
            .is_some_and(|result| result.succeeded && !result.was_skipped)
    }

    /// A parameter of the step around this one.
    pub fn parent_param(&self, name: &str) -> Option<&Json> {
        self.parent.as_ref()?.get(name)
    }

    /// Whether the pipeline is to stop. Long work may look at this and end early.
    pub fn is_stopping(&self) -> bool {
        self.state.is_stopping(self.step.depth)
    }

    /// Ends when the pipeline is to stop.
    pub async fn stopped(&self) {
        self.state.stopped(self.step.depth).await;
    }

    /// This step with a scope of its own: results that are [kept](Self::keep) there are not seen outside, and the
    /// steps see this step's parameters as those around them.
    #[must_use]
    pub fn nested(&self) -> Self {
        Self {
            results: Arc::new(ResultScope::inside(self.results.clone())),
            parent: self.params.as_ref().map(|params| {
                let hidden = self.step.hidden.clone();
                Arc::new(TemplateParams::new(params.clone(), hidden))
            }),
            around: Some(Arc::clone(self.inside())),
            ..self.share()
        }
    }

    /// This step with an empty scope: no results, no parameters.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self {
            results: Arc::default(),
            parent: None,
            around: None,
            ..self.share()
        }
    }

    /// Does something once nobody can see the result of this step any more, whatever happens until then: gives back what it
    /// took for the steps after it. That is at the end of the step that opened [the scope](Self::nested) it runs in, which
    /// waits for it; in a [fresh](Self::fresh) one at its own end. `ending` is told the outcome of that step and the error that
    /// it raised. The last one comes first; none is called where a run is cut off that does not end in time after a signal.
    ///
    /// ```
    /// # use treenail::{PipeContext, PipeResult, Result, StepOutcome};
    /// # struct Desk; impl Desk {
    /// # async fn reserve(&self) -> Result<u32> { Ok(1) }
    /// # async fn release(self: std::sync::Arc<Self>, seat: u32, used: bool) {} }
    /// async fn take_a_seat(desk: std::sync::Arc<Desk>, context: &PipeContext) -> Result<PipeResult> {
    ///     let seat = desk.reserve().await?;
    ///     context.finally(move |outcome, _error| desk.release(seat, outcome == StepOutcome::Ok));
    ///     Ok(PipeResult::ok().with("seat", seat))
    /// }
    /// ```
    pub fn finally<F, D>(&self, ending: F)
    where
        F: FnOnce(StepOutcome, Option<&Error>) -> D + Send + 'static,
        D: Future<Output = ()> + Send + 'static,
    {
        let endings = self.around.as_ref();
        endings.unwrap_or_else(|| self.inside()).push(ending);
    }

    fn inside(&self) -> &Arc<Endings> {
        self.inside.get_or_init(Arc::default)
    }

    fn share(&self) -> Self {
        Self {
            state: self.state.clone(),
            step: self.step.clone(),
            results: self.results.clone(),
            parent: self.parent.clone(),
            params: self.params.clone(),
            scope: self.scope.clone(),
            around: self.around.clone(),
            inside: self.inside.clone(),
        }
    }

    /// Lets the steps that run in this scope from now on see a result.
    pub fn keep(&self, step: Step, result: impl Into<Arc<PipeResult>>) {
        if let Some(step) = self.step.children.get(step.0) {
            self.results.insert(step.id.clone(), result.into());
        }
    }

    /// Runs a step from the parameters. Its parameters are rendered now, in this scope.
    ///
    /// # Errors
    /// The step raised an error, or one inside it did. Pass it on: it knows where it began. Also when the pipeline is to
    /// stop: then no further step begins.
    pub async fn run(&self, step: Step) -> Result<PipeResult> {
        let Some(step) = self.step.children.get(step.0) else {
            return Err(Error::msg(format!(
                "step {} is none of `{}`",
                step.0, self.step.id
            )));
        };
        let context = Self {
            step: step.clone(),
            inside: OnceLock::new(),
            ..self.share()
        };
        context.run_this().await
    }

    /// Marks the begin of a cycle. For a root pipe that [repeats](super::Pipe::REPEATS) its steps.
    pub fn begin_cycle(&self) {
        self.state.begin_cycle();
    }

    /// Marks the end of a cycle, and says whether there shall be another one.
    pub fn end_cycle(&self, error: Option<&Error>) -> bool {
        self.state.end_cycle(error)
    }

    /// Runs the root. One that counts no cycles has one.
    pub(super) async fn run_root(self) -> Result<PipeResult> {
        if self.step.repeats {
            return self.run_this().await;
        }
        let state = self.state.clone();
        state.begin_cycle();
        let outcome = self.run_this().await;
        state.end_cycle(outcome.as_ref().err());
        outcome
    }

    async fn run_this(mut self) -> Result<PipeResult> {
        if self.state.refuses(self.step.depth) {
            return Err(Stopping.into());
        }
        let step = self.step.clone();
        let info = StepInfo {
            id: &step.id,
            path: &step.path,
            component: step.component,
            depth: step.depth,
        };
        self.tell(&StepEvent::Started { step: info });
        let began = Instant::now();
        let outcome = match self.prepare() {
            Ok(Prepared::Failed(message)) => Ok(PipeResult::failed(message)),
            Ok(Prepared::Ready(params)) => match &step.pipe {
                Some(pipe) => catch_panic((step.run)(pipe, params, &self)).await,
                None => Err(Error::msg("its plugin is optional and has failed")),
            },
            Err(error) => Err(error),
        };
        let outcome = match outcome {
            Ok(result) => Ok(self.redact_message(result)),
            Err(error) => Err(self.name_step(error)),
        };
        self.finish(&outcome).await;
        self.tell_end(info, &outcome, began);
        outcome
    }

    /// Renders the parameters. A `fail()` among them is the step's result.
    fn prepare(&mut self) -> Result<Prepared> {
        let step = self.step.clone();
        let render = match &*step.params {
            StepParams::Fixed(params) => return Ok(Prepared::Ready(self.share_params(params))),
            StepParams::Rendered(render) => render,
        };
        let scope = self.open_scope();
        let rendered = render(&scope).map_err(|error| StepError {
            path: error.path,
            place: error.place,
            ..self.error(error.message, None)
        });
        for secret in scope.secrets() {
            self.state.redactor.learn_rendered(&secret);
        }
        // A marker that was printed into a text of the wrong type is a failure all the same.
        if let Some(message) = scope.failed() {
            return Ok(Prepared::Failed(message));
        }
        if step.children.is_empty() {
            self.params = None;
            return Ok(Prepared::Ready(RunParams::Own(rendered?)));
        }
        Ok(Prepared::Ready(self.share_params(&Arc::new(rendered?))))
    }

    fn share_params(&mut self, params: &Arc<Json>) -> RunParams {
        self.params = Some(params.clone());
        RunParams::Shared(params.clone())
    }

    /// What the templates of this step see, inside that of the step around it.
    fn open_scope(&mut self) -> Arc<TemplateScope> {
        let scope = Arc::new(TemplateScope::of_step(
            self.results.clone(),
            self.parent.clone(),
            self.state.environment.clone(),
            self.scope.take(),
        ));
        self.scope = Some(scope.clone());
        scope
    }

    fn error(&self, message: String, cause: Option<Arc<Error>>) -> StepError {
        StepError {
            id: self.step.id.to_string(),
            path: self.step.path.clone(),
            place: self.step.place.clone(),
            component: self.step.component,
            message,
            cause,
        }
    }

    /// A message is shown and logged, whatever was put into it.
    fn redact_message(&self, mut result: PipeResult) -> PipeResult {
        if let Cow::Owned(clean) = self.state.redactor.redact(&result.message) {
            result.message = clean;
        }
        result
    }

    /// An error that names a step: the innermost one it passed.
    fn name_step(&self, error: Error) -> Error {
        if error.downcast_ref::<StepError>().is_some() || error.downcast_ref::<Stopping>().is_some()
        {
            return error;
        }
        let message = self.redacted(&format!("{error:#}"));
        let error = self.state.redactor.redact_error(error);
        self.error(message, Some(Arc::new(error))).into()
    }

    /// Does what the steps inside this one have left to be done at its end.
    async fn finish(&self, ended: &Result<PipeResult>) {
        if let Some(endings) = self.inside.get() {
            for panic in endings.run(ended).await {
                let error = self.redacted(&format!("{panic:#}"));
                tracing::error!(step = self.id(), error, "what is done at its end failed");
            }
        }
    }

    fn tell_end(&self, info: StepInfo<'_>, ended: &Result<PipeResult>, began: Instant) {
        let (outcome, error) = StepOutcome::of_run(ended);
        let result = ended.as_ref().ok();
        let text = error.map(ToString::to_string);
        let message = text.as_deref().or(result.map(|result| &*result.message));
        info.trace_end(outcome, text.as_deref());
        self.tell(&StepEvent::Ended {
            step: info,
            outcome,
            message: message.unwrap_or_default(),
            result,
            error,
            elapsed: began.elapsed(),
        });
    }

    /// A root that counts cycles has no end of its own: the cycles are told instead.
    fn tell(&self, event: &StepEvent<'_>) {
        if !(self.step.depth == 0 && self.step.repeats) {
            self.state.tell(event);
        }
    }

    pub(super) fn redactor(&self) -> &Redactor {
        &self.state.redactor
    }

    /// Why the rendered parameters of this run were refused.
    pub(super) fn refusal(&self, error: &serde_json::Error, check: CheckParams) -> String {
        let redactor = self.redactor();
        self.step
            .params
            .refusal(self.scope.as_ref(), error, check, redactor)
    }

    /// A message without secrets, and without the values of variables that the parameters read.
    pub(super) fn redacted(&self, message: &str) -> String {
        let redactor = &self.state.redactor;
        match &self.scope {
            Some(scope) => redactor.redact_with(message, &scope.hidden_values()),
            None => redactor.redact(message).into_owned(),
        }
    }
}
