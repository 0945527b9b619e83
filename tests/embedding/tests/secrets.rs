//! A component that says its secret wherever it can, in every form: nothing of it comes out of the process. Each place is
//! tried in a process of its own, because standard error and the hook of panics are the process's.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use treenail::{
    Component, Config, Deps, Error, Handle, Lifecycle, Redactor, Secret, Settings, Shutdown,
    StartError,
};

#[path = "reference/every_key.rs"]
mod every_key;

treenail::compose!("secrets.toml");

/// Begins with letters that no notation escapes, so that what is left of it can be looked for.
const SECRET: &str = "kiwi7/a b\"c\\d&ü<e>";

/// How a component may write it.
type Form = fn(&str) -> String;

const FORMS: [(&str, Form); 16] = [
    ("plain", str::to_owned),
    ("debug", |text| format!("{text:?}")),
    ("json", |text| serde_json::Value::from(text).to_string()),
    ("twice json", |text| {
        serde_json::Value::from(serde_json::Value::from(text).to_string()).to_string()
    }),
    ("url", |text| percent(text, |byte| format!("%{byte:02X}"))),
    ("url in small letters", |text| {
        percent(text, |byte| format!("%{byte:02x}"))
    }),
    ("plus", |text| text.replace(' ', "+")),
    ("bytes", |text| format!("{:?}", text.as_bytes())),
    ("digits", |text| {
        text.bytes().map(|byte| format!("{byte:02x}")).collect()
    }),
    ("escaped", |text| text.escape_default().to_string()),
    ("unicode", |text| text.escape_unicode().to_string()),
    ("capitals", |text| text.to_uppercase()),
    ("slashes", |text| text.replace('/', "\\/")),
    ("entities", |text| {
        text.replace('&', "&amp;").replace('<', "&lt;")
    }),
    ("cut", |text| {
        text.chars().take(text.chars().count() - 1).collect()
    }),
    ("two lines", |text| text.replacen('/', "/\n", 1)),
];

/// The first letters of the secret in all of these forms.
const BEGINNINGS: [&str; 5] = ["kiwi7", "KIWI7", "107, 105", "6b6977", "\\u{6b}\\u{69}"];

fn percent(text: &str, escaped: fn(u8) -> String) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => escaped(byte),
    };
    text.bytes().map(byte).collect()
}

/// Where it says it.
const PLACES: [&str; 16] = [
    "build",
    "build panics",
    "start",
    "start panics",
    "work",
    "work panics",
    "stop",
    "stop panics",
    "drop panics",
    "recoverable",
    "permanent",
    "fatal",
    "a task panics",
    "a task of its own panics",
    "a thread panics",
    "the log",
];

/// What the component is told.
#[derive(Debug, Clone, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TalkerConfig {
    token: Secret,
    /// The number of the form.
    form: usize,
    place: String,
}

/// Says its secret.
pub struct Talker {
    config: TalkerConfig,
    handle: Arc<Handle>,
}

impl Talker {
    fn words(&self) -> String {
        format!(
            "login with {} failed",
            FORMS[self.config.form].1(self.config.token.expose())
        )
    }

    fn at(&self, place: &str) -> treenail::Result<()> {
        assert!(
            self.config.place != format!("{place} panics"),
            "{}",
            self.words()
        );
        if self.config.place == place {
            let words = self.words();
            return Err(Error::from(std::io::Error::other(words.clone())).context(words));
        }
        Ok(())
    }
}

impl Component for Talker {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        let talker = Self {
            config,
            handle: deps.handle,
        };
        talker.at("build")?;
        Ok(talker)
    }

    async fn start(&self) -> treenail::Result<()> {
        let words = self.words();
        match self.config.place.as_str() {
            "recoverable" => self.handle.recoverable(words),
            "permanent" => self.handle.permanent(words),
            "fatal" => self.handle.fatal(words),
            "a task panics" => self.handle.spawn(async move { panic!("{words}") }),
            "a task of its own panics" => {
                let ended = tokio::spawn(async move { panic!("{words}") }).await;
                assert!(ended.is_err());
            }
            "a thread panics" => {
                let ended = std::thread::spawn(move || panic!("{words}")).join();
                assert!(ended.is_err());
            }
            "the log" => tracing::warn!(field = ?words, "{words}"),
            _ => {}
        }
        self.at("start")
    }

    async fn work(&self, _: Shutdown) -> treenail::Result<()> {
        self.at("work")
    }

    async fn stop(&self) -> treenail::Result<()> {
        self.at("stop")
    }
}

impl Drop for Talker {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.at("drop")));
        }
    }
}

/// In the environment of a process that only tries one place.
const PLACE: &str = "TREENAIL_TEST_PLACE";

/// Runs a test of this file in a process of its own; gives what it said.
fn elsewhere(test: &str, place: &str) -> String {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]);
    let output = command
        .env(PLACE, place)
        .env("RUST_BACKTRACE", "1")
        .output()
        .expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{place}: {said}"
    );
    said
}

/// An application with this form at this place; the log knows its secrets.
async fn life(form: usize, place: &str, redactor: &Redactor) {
    let token = serde_json::Value::from(SECRET);
    let text = format!(
        "embedding: {{ components: {{ \"app:Talker\": {{ token: {token}, form: {form}, place: {place} }} }} }}"
    );
    let settings = Settings::yaml("test.yml", text).expect("YAML");
    let settings = settings
        .environment([("", ""); 0])
        .with_redactor(redactor.clone());
    println!("{settings:?}");
    let observed = Lifecycle::new().observe(|event| println!("{event:?}"));
    match App::start_with(settings, observed).await {
        Err(error) => {
            println!("{error} {error:#} {error:?}");
            println!("{:?}", error.downcast_ref::<StartError>());
        }
        Ok(app) => {
            tokio::time::sleep(Duration::from_millis(10)).await;
            println!("{:?} {} {:?}", app.status(), app.health(), app.report());
            println!("{:?}", app.run_until(async {}).await);
            println!("{:?} {}", app.stop().await, app.stop().await);
        }
    }
}

#[test]
fn nothing_of_a_secret_comes_out_whatever_is_said_where_and_in_which_form() {
    const THIS: &str = "nothing_of_a_secret_comes_out_whatever_is_said_where_and_in_which_form";
    let Ok(place) = std::env::var(PLACE) else {
        for place in PLACES {
            let said = elsewhere(THIS, place);
            let shown = said
                .lines()
                .find(|line| BEGINNINGS.iter().any(|secret| line.contains(secret)));
            assert_eq!(shown, None, "{place}");
            let words: Vec<&str> = said
                .lines()
                .filter(|line| line.contains("login with "))
                .collect();
            assert!(words.len() >= FORMS.len(), "{place}: {said}");
            assert!(
                words.iter().all(|line| line.contains("***")),
                "{place}: {words:#?}"
            );
        }
        return;
    };
    let redactor = Redactor::default();
    let log = redactor.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || log.writer(std::io::stdout()))
        .init();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for (form, (name, _)) in FORMS.iter().enumerate() {
        println!("== {name} ==");
        runtime.block_on(life(form, &place, &redactor));
    }
}

#[test]
fn hooks_of_the_host_are_called_as_ever_unless_a_panic_shows_a_secret() {
    const THIS: &str = "hooks_of_the_host_are_called_as_ever_unless_a_panic_shows_a_secret";
    if std::env::var_os(PLACE).is_none() {
        let said = elsewhere(THIS, "start panics");
        let hooks: Vec<&str> = said
            .lines()
            .filter(|line| line.contains("hook: "))
            .collect();
        let expected = [
            "first hook: before all",
            "first hook: nothing in it",
            "first hook: 4711",
            "second hook: after all",
            "first hook: after all",
        ];
        assert_eq!(hooks, expected, "{said}");
        assert!(!said.contains("kiwi7"), "{said}");
        let shown = said
            .split("thread '")
            .filter(|panic| panic.contains("panicked at tests"));
        let shown: Vec<&str> = shown.collect();
        let [of_the_component, of_the_host] = shown.as_slice() else {
            panic!("two panics had a secret: {said}");
        };
        assert!(
            of_the_component.contains("\nlogin with *** failed\n"),
            "{said}"
        );
        assert!(
            of_the_host.contains("\n*** of the host\nstack backtrace:\n"),
            "{said}"
        );
        return;
    }
    let panics = |words: String| {
        let ended = std::panic::catch_unwind(|| std::panic::panic_any(words));
        assert!(ended.is_err());
    };
    std::panic::set_hook(Box::new(|panic| {
        let number = panic.payload().downcast_ref::<i32>().map(i32::to_string);
        let words = panic.payload_as_str().map(str::to_owned).or(number);
        println!("\nfirst hook: {}", words.unwrap_or_default());
    }));
    panics("before all".to_owned());
    let redactor = Redactor::default();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(life(0, "start panics", &redactor));
    panics("nothing in it".to_owned());
    assert!(std::panic::catch_unwind(|| std::panic::panic_any(4711)).is_err());
    panics(format!("{SECRET} of the host"));
    let ours = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        println!(
            "\nsecond hook: {}",
            panic.payload_as_str().unwrap_or_default()
        );
        ours(panic);
    }));
    // What checks another configuration puts no further hook in front.
    App::check(&Settings::yaml("t", "embedding: {}").expect("YAML")).expect_err("no token");
    panics("after all".to_owned());
}

#[test]
fn the_reference_has_every_key_of_the_schema() {
    every_key::is_on(&App::reference(), &App::schema(), "embedding");
}
