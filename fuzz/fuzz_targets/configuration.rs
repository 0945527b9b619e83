//! Any text as a configuration, with templates in its values, and behind a NUL any text as a `.env` file: it is checked, and
//! what passes is started, run for a moment and stopped.
//!
//! Never a panic or a long wait; the same words for the same text; what the check lets through fails for no reason of the
//! configuration; whatever started is stopped exactly once; and a secret is in no word that comes out.

#![no_main]

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::sync::{Arc, Mutex, PoisonError};

use libfuzzer_sys::fuzz_target;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use treenail::{
    Component, Config, ConfigError, Deps, Duration, Error, Handle, Outcome, Params, Pipe,
    PipeContext, PipeResult, Secret, Settings, StartError,
};

treenail::compose!("configuration.toml");

/// What every value of the secret field is.
const SECRET: &str = "fl-0ss-93-QXv";

/// What a component was told to fail with.
const AS_TOLD: &str = "as told";

/// Where texts are written.
pub trait Store: Send + Sync {
    /// Writes one.
    fn write(&self, text: &str);
}

/// How often each value was started and stopped.
static LIVES: Mutex<BTreeMap<usize, (u32, u32)>> = Mutex::new(BTreeMap::new());

/// One value's line in the list of lives.
struct Life(usize);

impl Life {
    fn new() -> Self {
        let mut lives = LIVES.lock().unwrap_or_else(PoisonError::into_inner);
        let number = lives.len();
        lives.insert(number, (0, 0));
        Self(number)
    }

    fn change(&self, change: impl FnOnce(&mut (u32, u32))) {
        let mut lives = LIVES.lock().unwrap_or_else(PoisonError::into_inner);
        change(lives.get_mut(&self.0).expect("a life"));
    }

    fn started(&self) {
        self.change(|life| life.0 += 1);
    }

    fn stopped(&self) {
        self.change(|life| life.1 += 1);
    }
}

/// Which step of its life a component fails in.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Fails {
    #[default]
    Never,
    Build,
    Start,
    Stop,
}

impl Fails {
    fn at(self, step: Self) -> treenail::Result<()> {
        match self == step {
            true => Err(Error::msg(AS_TOLD)),
            false => Ok(()),
        }
    }
}

/// What a shelf is configured with: one field of each kind.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShelfConfig {
    /// A text.
    label: String,
    #[serde(default)]
    fails: Fails,
    #[serde(default)]
    width: Option<u16>,
    #[serde(default)]
    height: f32,
    #[serde(default)]
    pause: Option<Duration>,
    #[serde(default)]
    boards: Vec<Board>,
    #[serde(default)]
    more: BTreeMap<String, Value>,
}

/// A value that holds others of its kind.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Board {
    Named(String),
    Nailed {
        nails: i64,
        under: Option<Box<Board>>,
    },
    Glued {
        under: Vec<Board>,
    },
}

impl Board {
    fn count(&self) -> usize {
        match self {
            Self::Named(name) => name.len(),
            Self::Nailed { nails, under } => {
                usize::from(*nails > 0) + under.as_ref().map_or(0, |under| under.count())
            }
            Self::Glued { under } => under.iter().map(Self::count).sum(),
        }
    }
}

/// A store that the configuration names.
pub struct Shelf {
    config: ShelfConfig,
    behind: Option<Arc<dyn Store>>,
    life: Life,
}

impl Component for Shelf {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        config.fails.at(Fails::Build)?;
        let _: Arc<Handle> = deps.handle;
        Ok(Self {
            config,
            behind: deps.behind,
            life: Life::new(),
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        self.config.fails.at(Fails::Start)?;
        self.life.started();
        Ok(())
    }

    async fn stop(&self) -> treenail::Result<()> {
        self.life.stopped();
        self.config.fails.at(Fails::Stop)
    }
}

impl Store for Shelf {
    fn write(&self, text: &str) {
        let config = &self.config;
        let boards: usize = config.boards.iter().map(Board::count).sum();
        let size = (config.width, config.height, config.pause, boards);
        let _ = format!("{}{size:?}{}{text}", config.label, config.more.len());
        if let Some(behind) = &self.behind {
            behind.write(text);
        }
    }
}

/// A store that is there once.
pub struct Cellar(Life);

impl Component for Cellar {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self(Life::new()))
    }

    async fn start(&self) -> treenail::Result<()> {
        self.0.started();
        Ok(())
    }

    async fn stop(&self) -> treenail::Result<()> {
        self.0.stopped();
        Ok(())
    }
}

impl Store for Cellar {
    fn write(&self, _: &str) {}
}

/// What seals are configured with.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SealConfig {
    fails: Fails,
}

/// Is around every store.
pub struct Seal {
    inner: Arc<dyn Store>,
    fails: Fails,
    life: Life,
}

impl Component for Seal {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        config.fails.at(Fails::Build)?;
        drop(deps.keeper);
        Ok(Self {
            inner: deps.inner,
            fails: config.fails,
            life: Life::new(),
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        self.fails.at(Fails::Start)?;
        self.life.started();
        Ok(())
    }

    async fn stop(&self) -> treenail::Result<()> {
        self.life.stopped();
        self.fails.at(Fails::Stop)
    }
}

impl Store for Seal {
    fn write(&self, text: &str) {
        self.inner.write(text);
    }
}

/// What the keeper is configured with.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeeperConfig {
    key: Secret,
    #[serde(default)]
    every: Duration,
    #[serde(default)]
    talks: bool,
}

/// Has all stores, and a secret that it may put into an error.
pub struct Keeper {
    config: KeeperConfig,
    stores: Vec<Arc<dyn Store>>,
    life: Life,
}

impl Component for Keeper {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        assert_eq!(deps.every.len(), deps.by_name.len());
        let _ = (deps.ticket, deps.wheel.and_then(|wheel| wheel.weight));
        Ok(Self {
            config,
            stores: deps.every,
            life: Life::new(),
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        if self.config.talks {
            let key = self.config.key.expose();
            return Err(Error::msg(format!(
                "{AS_TOLD}: {key} {:?}",
                self.config.every
            )));
        }
        self.life.started();
        Ok(())
    }

    async fn stop(&self) -> treenail::Result<()> {
        self.stores.iter().for_each(|store| store.write("the end"));
        self.life.stopped();
        Ok(())
    }
}

/// Is made for each who asks.
pub struct Ticket(Life);

impl Component for Ticket {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        let _ = deps.clock.now();
        Ok(Self(Life::new()))
    }

    async fn start(&self) -> treenail::Result<()> {
        self.0.started();
        Ok(())
    }

    async fn stop(&self) -> treenail::Result<()> {
        self.0.stopped();
        Ok(())
    }
}

/// What a note is about.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteParams {
    text: String,
    #[serde(default)]
    copies: u8,
    #[serde(default)]
    about: Value,
}

/// A step that writes.
pub struct Note {
    store: Arc<dyn Store>,
    life: Life,
}

impl Component for Note {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            store: deps.store,
            life: Life::new(),
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        self.life.started();
        Ok(())
    }

    async fn stop(&self) -> treenail::Result<()> {
        self.life.stopped();
        Ok(())
    }
}

impl Pipe for Note {
    async fn run(&self, params: Params<Self>, _: &PipeContext) -> treenail::Result<PipeResult> {
        for _ in 0..params.copies {
            self.store.write(&params.text);
        }
        Ok(PipeResult::ok().with("value", params.about))
    }
}

/// Words that must not show the secret.
fn words(said: &(impl Display + Debug)) -> String {
    let words = format!("{said} {said:#} {said:?} {said:#?}");
    assert!(!words.contains(SECRET), "the secret is shown:\n{words}");
    words
}

/// What a started application does, until it has stopped.
async fn live(settings: Settings) {
    let app = match App::start(settings).await {
        Ok(app) => app,
        Err(error) => {
            assert_excused(&error);
            return;
        }
    };
    words(&app.report());
    let _ = format!("{app:?} {:?} {:?}", app.status(), app.health());
    // Work ends with the step that runs.
    if let Err(error) = app.run_until(std::future::ready(())).await {
        words(&error);
    }
    words(app.stop().await);
}

/// A start that failed says nothing of the configuration, which was checked.
fn assert_excused(error: &Error) {
    words(error);
    assert!(error.downcast_ref::<ConfigError>().is_none(), "{error}");
    let error = error.downcast_ref::<StartError>().expect("a failed start");
    for ended in &error.failures {
        let excused = match &ended.outcome {
            Outcome::Failed(error) => error.to_string().starts_with(AS_TOLD),
            // A deadline may be as short as the configuration says.
            outcome => !matches!(outcome, Outcome::Panicked(_)),
        };
        assert!(excused, "{error}");
    }
}

fuzz_target!(|text: &str| {
    let (text, dotenv) = text.split_once('\0').unwrap_or((text, ""));
    let settings = match Settings::yaml("shop.yml", text) {
        Ok(settings) => settings,
        Err(error) => {
            words(&error);
            return;
        }
    };
    let variables = [
        ("SHOP__COMPONENTS__APP_KEEPER__KEY", SECRET),
        ("HERE", "here"),
    ];
    let settings = settings.dotenv(dotenv).environment(variables);
    let (once, again) = (App::check(&settings), App::check(&settings));
    let told = |checked: &Result<(), ConfigError>| checked.as_ref().err().map(words);
    assert_eq!(told(&once), told(&again));
    if let Err(error) = App::logging(&settings) {
        words(&error);
    }
    if once.is_err() {
        return;
    }
    LIVES.lock().unwrap_or_else(PoisonError::into_inner).clear();
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(live(settings));
    for (life, (started, stopped)) in &*LIVES.lock().unwrap_or_else(PoisonError::into_inner) {
        assert!(
            *started < 2 && stopped == started,
            "{life}: {started} {stopped}"
        );
    }
});
