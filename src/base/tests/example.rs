//! A small composition: a shop with stores, a till, a poller and two pipes, beside the pipes of `base`.
//! Long because it is what a compiler would generate, written out.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration as Span, Instant};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;
use tokio::sync::Notify;

use crate::__private::{
    Absent, ConfigBinding as Binding, Declared, DeclaredPipe, Entry, Form, Inputs, LeftOut, Need,
    PipeBinding as PipeEntry, PluginEntry, Reason, Scope, Table, Value, build,
};
use crate::__treenail::{self as generated, IntervalTriggerDeps, SimpleSequentialOrchestratorDeps};
use crate::{
    Clock, Component, Config, Deps, Duration, Error, Params, Pipe, PipeContext, PipeResult,
    Rendered, Result, Template, TemplateRenderer, TemplateScope,
};

/// Where notes are written.
pub(crate) trait Store: Send + Sync {
    fn write(&self, text: &str);
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShelfConfig {
    pub(crate) path: String,
    #[serde(default)]
    #[allow(dead_code, reason = "only its type matters")]
    pub(crate) retries: u8,
    #[serde(default)]
    #[allow(dead_code, reason = "only its type matters")]
    pub(crate) tls: Option<Tls>,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its type matters")]
pub(crate) struct Tls {
    verify: bool,
    mode: Mode,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// Both sides.
    Strict,
    /// One side.
    Lax,
}

/// A store; its path names the shelf that notes are found on.
pub(crate) struct Shelf(String);

static NOTES: Mutex<BTreeMap<String, Vec<String>>> = Mutex::new(BTreeMap::new());

/// What was written to the shelf with this path.
pub(crate) fn notes(path: &str) -> Vec<String> {
    NOTES
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(path)
        .cloned()
        .unwrap_or_default()
}

impl Store for Shelf {
    fn write(&self, text: &str) {
        NOTES
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(self.0.clone())
            .or_default()
            .push(text.to_owned());
    }
}

pub(crate) struct ShelfDeps {
    spare: Option<Arc<dyn Store>>,
}

impl Declared for Shelf {
    type Deps = ShelfDeps;
    type Config = ShelfConfig;
}

impl Component for Shelf {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> Result<Self> {
        drop(deps.spare);
        Ok(Self(config.path))
    }
}

/// Another store, so that a configuration has to choose.
pub(crate) struct Drawer;

impl Store for Drawer {
    fn write(&self, _: &str) {}
}

impl Declared for Drawer {
    type Deps = ();
    type Config = ();
}

impl Component for Drawer {
    async fn build((): Deps<Self>, (): Config<Self>) -> Result<Self> {
        Ok(Self)
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PollerConfig {
    pub(crate) interval: Duration,
}

impl Default for PollerConfig {
    fn default() -> Self {
        Self {
            interval: Span::from_secs(5).into(),
        }
    }
}

/// A singleton with a configuration.
pub(crate) struct Poller;

impl Declared for Poller {
    type Deps = ();
    type Config = PollerConfig;
}

impl Component for Poller {
    async fn build((): Deps<Self>, config: Config<Self>) -> Result<Self> {
        assert!(config.interval.get() > Span::ZERO);
        Ok(Self)
    }
}

/// Time that jumps a day at every pause.
pub(crate) struct JumpingClock(Mutex<Instant>);

impl Declared for JumpingClock {
    type Deps = ();
    type Config = ();
}

impl Component for JumpingClock {
    async fn build((): Deps<Self>, (): Config<Self>) -> Result<Self> {
        Ok(Self(Mutex::new(Instant::now())))
    }
}

impl Clock for JumpingClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, _: Span) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += Span::from_secs(86_400);
        Box::pin(std::future::ready(()))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteParams {
    text: String,
    #[serde(default)]
    copies: Option<u8>,
    #[serde(default)]
    #[allow(dead_code, reason = "only its type matters")]
    pause: Option<Duration>,
    #[serde(default)]
    tags: Vec<String>,
    /// Written too, with the outcome, once nobody can see this step's result any more.
    #[serde(default)]
    later: Option<String>,
}

pub(crate) struct NoteDeps {
    store: Arc<dyn Store>,
}

/// Writes a text to its store.
pub(crate) struct Note(Arc<dyn Store>);

impl Declared for Note {
    type Deps = NoteDeps;
    type Config = ();
}

impl DeclaredPipe for Note {
    type Params = NoteParams;
}

impl Component for Note {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> Result<Self> {
        Ok(Self(deps.store))
    }
}

impl Pipe for Note {
    async fn run(&self, params: Params<Self>, context: &PipeContext) -> Result<PipeResult> {
        for _ in 0..params.copies.unwrap_or(1) {
            self.0.write(&params.text);
        }
        if let Some(later) = params.later {
            let store = Arc::clone(&self.0);
            context.finally(move |outcome, error| {
                assert_ne!(later, "panic", "as it was told");
                let text = format!("{later} {} {}", outcome.as_str(), error.is_some());
                async move { store.write(&text) }
            });
        }
        Ok(PipeResult::ok()
            .with("value", params.text)
            .with("tags", params.tags))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoomParams {
    #[serde(default)]
    panic: bool,
    #[serde(default)]
    #[allow(dead_code, reason = "only its type matters")]
    anything: Json,
}

/// A step that raises an error.
pub(crate) struct Boom;

impl Declared for Boom {
    type Deps = ();
    type Config = ();
}

impl DeclaredPipe for Boom {
    type Params = BoomParams;
}

impl Component for Boom {
    async fn build((): Deps<Self>, (): Config<Self>) -> Result<Self> {
        Ok(Self)
    }
}

impl Pipe for Boom {
    async fn run(&self, params: Params<Self>, _: &PipeContext) -> Result<PipeResult> {
        assert!(!params.panic, "a panic in a step");
        Err(Error::msg("boom").context("cannot go on"))
    }
}

/// A renderer of another language: `%step` is the value of that step, `%%name` a parameter of the step around.
pub(crate) struct Percent;

struct Named(String);

impl Declared for Percent {
    type Deps = ();
    type Config = ();
}

impl Component for Percent {
    async fn build((): Deps<Self>, (): Config<Self>) -> Result<Self> {
        Ok(Self)
    }
}

impl TemplateRenderer for Percent {
    fn compile(&self, text: &str) -> Result<Option<Arc<dyn Template>>> {
        let name = text.strip_prefix('%');
        Ok(name.map(|name| Arc::new(Named(name.to_owned())) as _))
    }
}

impl Template for Named {
    fn render(&self, scope: &Arc<TemplateScope>) -> Result<Rendered> {
        if self.0 == "fail" {
            scope.fail("as it was told");
        }
        let found = match self.0.strip_prefix('%') {
            Some(name) => scope.parent_param(name).cloned(),
            None => scope
                .pipe_result(&self.0)
                .and_then(|result| result.data.get("value").cloned()),
        };
        let missing = || Error::msg(format!("`{}` was not found", self.0));
        Ok(Rendered::value(found.ok_or_else(missing)?))
    }
}

/// A step that says when it has begun, and ends when it is allowed to.
pub(crate) struct Slow;

/// For [`Slow`].
pub(crate) static BEGUN: Notify = Notify::const_new();
/// For [`Slow`].
pub(crate) static ALLOWED: Notify = Notify::const_new();
/// Tests with [`Slow`] follow one another.
pub(crate) static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

impl Declared for Slow {
    type Deps = ();
    type Config = ();
}

impl DeclaredPipe for Slow {
    type Params = ();
}

impl Component for Slow {
    async fn build((): Deps<Self>, (): Config<Self>) -> Result<Self> {
        Ok(Self)
    }
}

impl Pipe for Slow {
    async fn run(&self, (): Params<Self>, _: &PipeContext) -> Result<PipeResult> {
        BEGUN.notify_one();
        ALLOWED.notified().await;
        Ok(PipeResult::ok())
    }
}

fn store(component: usize, value: Value) -> Arc<dyn Store> {
    match component {
        1 => value.downcast::<Shelf>(),
        _ => value.downcast::<Drawer>(),
    }
}

fn clock(inputs: &Inputs) -> Option<Arc<dyn Clock>> {
    inputs.optional(0, |_, value| value.downcast::<JumpingClock>())
}

const CLOCK: &[Need] = &[Need {
    field: "clock",
    service: "dyn treenail::Clock",
    form: Form::Optional,
    providers: &[0],
    default: Some(0),
    named: false,
    wrapped_by: None,
}];
const STORE: &[Need] = &[Need {
    field: "store",
    service: "dyn shop::Store",
    form: Form::One,
    providers: &[1, 2],
    default: None,
    named: false,
    wrapped_by: None,
}];
const SPARE: &[Need] = &[Need {
    field: "spare",
    service: "dyn shop::Store",
    form: Form::Optional,
    providers: &[1, 2],
    default: None,
    named: false,
    wrapped_by: None,
}];
const I: Scope = Scope::Instance;
const S: Scope = Scope::Singleton;

pub(crate) static TABLE: Table = Table {
    host: "shop",
    api: "1.4.0",
    root: "shop",
    logging: true,
    digest: "",
    plugins: &[
        PluginEntry {
            id: "shop",
            package: "acme-shop",
            version: "0.3.1",
            optional: false,
            description: "",
            hooks: None,
        },
        PluginEntry {
            id: "base",
            package: "treenail",
            version: "0.1.0",
            optional: false,
            description: "",
            hooks: None,
        },
    ],
    components: &[
        Entry::new("shop:Clock", 0, S, &[], |inputs| {
            build::<JumpingClock>(inputs, ())
        }),
        Entry::new("shop:Shelf", 0, I, SPARE, |inputs| {
            build::<Shelf>(
                inputs,
                ShelfDeps {
                    spare: inputs.optional(0, store),
                },
            )
        })
        .config(Binding::of::<Shelf>),
        Entry::new("shop:Drawer", 0, I, &[], |inputs| {
            build::<Drawer>(inputs, ())
        }),
        Entry::new("shop:Poller", 0, S, &[], |inputs| {
            build::<Poller>(inputs, ())
        })
        .config(Binding::of::<Poller>),
        Entry::new("shop:Note", 0, I, STORE, |inputs| {
            build::<Note>(
                inputs,
                NoteDeps {
                    store: inputs.pick(0, store),
                },
            )
        })
        .pipe(PipeEntry::of::<Note>),
        Entry::new("shop:Boom", 0, I, &[], |inputs| build::<Boom>(inputs, ()))
            .pipe(PipeEntry::of::<Boom>),
        Entry::new("base:CompositePipe", 1, I, &[], |inputs| {
            build::<generated::CompositePipeType>(inputs, generated::CompositePipeDeps {})
        })
        .pipe(PipeEntry::of::<generated::CompositePipeType>),
        Entry::new("base:ExpressionPipe", 1, I, &[], |inputs| {
            build::<generated::ExpressionPipeType>(inputs, generated::ExpressionPipeDeps {})
        })
        .pipe(PipeEntry::of::<generated::ExpressionPipeType>),
        Entry::new("base:IntervalTrigger", 1, I, CLOCK, |inputs| {
            build::<generated::IntervalTriggerType>(
                inputs,
                IntervalTriggerDeps {
                    clock: clock(inputs),
                },
            )
        })
        .pipe(PipeEntry::of::<generated::IntervalTriggerType>),
        Entry::new("base:SimpleSequentialRunner", 1, I, &[], |inputs| {
            build::<generated::SimpleSequentialRunnerType>(
                inputs,
                generated::SimpleSequentialRunnerDeps {},
            )
        })
        .pipe(PipeEntry::of::<generated::SimpleSequentialRunnerType>),
        Entry::new("base:SimpleSequentialOrchestrator", 1, I, CLOCK, |inputs| {
            build::<generated::SimpleSequentialOrchestratorType>(
                inputs,
                SimpleSequentialOrchestratorDeps {
                    clock: clock(inputs),
                },
            )
        })
        .pipe(PipeEntry::of::<generated::SimpleSequentialOrchestratorType>),
        Entry::new("base:JinjaRenderer", 1, I, &[], |inputs| {
            build::<generated::JinjaRendererType>(inputs, generated::JinjaRendererDeps {})
        })
        .provides(&["dyn treenail::TemplateRenderer"])
        .renders(|value| value.provide::<generated::JinjaRendererType, _>()),
        Entry::new("shop:Percent", 0, I, &[], |inputs| {
            build::<Percent>(inputs, ())
        })
        .renders(|value| value.downcast::<Percent>()),
        Entry::new("shop:Slow", 0, I, &[], |inputs| build::<Slow>(inputs, ()))
            .pipe(PipeEntry::of::<Slow>),
    ],
    bound: &[],
    aliases: &[
        ("old_base:JinjaRenderer", "base:JinjaRenderer"),
        ("old:Store", "shop:Shelf"),
        ("acme", "shop"),
    ],
    absent: &[Absent {
        names: &["parcel", "shop-parcel"],
        package: "shop-parcel",
        feature: "delivery",
    }],
    left_out: &[
        LeftOut {
            name: "shop:Till",
            reason: Reason::Unneeded("shop:Store"),
            keep: None,
        },
        LeftOut {
            name: "shop:Cellar",
            reason: Reason::Unneeded("shop:Till"),
            keep: None,
        },
        LeftOut {
            name: "shop:Store",
            reason: Reason::Lost(&[("shop:Shelf", "plugins.toml:7")]),
            keep: Some("dyn shop::Stock"),
        },
        LeftOut {
            name: "loyalty",
            reason: Reason::Off("plugins.toml:12"),
            keep: None,
        },
    ],
};
