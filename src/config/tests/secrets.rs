//! Secrets: nothing that is said about a configuration, in whatever form, shows one.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

use super::bank;
use crate::__private::{
    ConfigBinding, Core, Declared, DeclaredPipe, Entry, PipeBinding, Scope, Table, build,
};
use crate::config::configure;
use crate::{
    Component, Config, ConfigError, Deps, Error, Lifecycle, Params, Pipe, PipeContext, PipeResult,
    Result, Secret, Settings,
};

/// What must never be seen: written, from a variable, and as a number.
const SECRETS: &[&str] = &["hunter2", "hush-hush", "4711"];

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LoginParams {
    token: Secret,
    #[serde(default)]
    spare: Option<Secret>,
    #[serde(default)]
    more: Vec<Secret>,
    #[serde(default)]
    #[allow(dead_code, reason = "only its type matters")]
    retries: u8,
    #[serde(default)]
    #[schemars(extend("writeOnly" = true))]
    #[allow(dead_code, reason = "only its type matters")]
    picky: Picky,
    /// Where it fails.
    #[serde(default)]
    fails: String,
    /// What it says then, which is written here in the open.
    #[serde(default)]
    says: String,
}

/// A type whose own words repeat what they refuse.
#[derive(Default, JsonSchema)]
#[schemars(inline, transparent)]
struct Picky(#[allow(dead_code, reason = "only its type matters")] String);

impl<'de> Deserialize<'de> for Picky {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "good" {
            return Ok(Self(text));
        }
        Err(de::Error::custom(format!("{text:?} is not good: {text}")))
    }
}

struct Login;

impl Declared for Login {
    type Deps = ();
    type Config = ();
}

impl DeclaredPipe for Login {
    type Params = LoginParams;
}

impl Component for Login {
    async fn build((): Deps<Self>, (): Config<Self>) -> Result<Self> {
        Ok(Self)
    }
}

impl Pipe for Login {
    async fn run(&self, params: Params<Self>, _: &PipeContext) -> Result<PipeResult> {
        if params.fails == "result" {
            return Ok(PipeResult::failed(params.says));
        }
        let spare = params.spare.as_ref().map_or("", Secret::expose);
        Err(Error::msg(format!(
            "refused: {} {} {spare} {:?}",
            params.says,
            params.token.expose(),
            params.more.iter().map(Secret::expose).collect::<Vec<_>>()
        ))
        .context("cannot log in"))
    }
}

/// Fails where it is told to, with its token in its hands.
struct Vault(LoginParams);

impl Vault {
    fn fail(&self, phase: &str) -> Result<()> {
        let token = self.0.token.expose();
        assert!(
            self.0.fails != format!("panic in {phase}"),
            "it was {token}"
        );
        if self.0.fails != phase {
            return Ok(());
        }
        let url = format!(
            "http://bank/?token={}&quoted={token:?}",
            token.replace(' ', "%20")
        );
        Err(Error::from(std::io::Error::other(url)).context(format!("login with {token}")))
    }
}

impl Declared for Vault {
    type Deps = ();
    type Config = LoginParams;
}

impl Component for Vault {
    async fn build((): Deps<Self>, config: Config<Self>) -> Result<Self> {
        let vault = Self(config);
        vault.fail("build")?;
        Ok(vault)
    }

    async fn start(&self) -> Result<()> {
        self.fail("start")
    }

    async fn stop(&self) -> Result<()> {
        self.fail("stop")
    }
}

static TABLE: Table = bank(&[
    Entry::new("bank:Login", 0, Scope::Instance, &[], |inputs| {
        build::<Login>(inputs, ())
    })
    .pipe(PipeBinding::of::<Login>),
    Entry::new("bank:Vault", 0, Scope::Instance, &[], |inputs| {
        build::<Vault>(inputs, ())
    })
    .config(ConfigBinding::of::<Vault>),
]);

fn settings(text: &str) -> std::result::Result<Settings, ConfigError> {
    Ok(Settings::yaml("test.yml", text)?.environment([("SECRET", "hush-hush")]))
}

fn assert_silent(texts: &[String]) {
    for (text, secret) in texts
        .iter()
        .flat_map(|text| SECRETS.iter().map(move |secret| (text, secret)))
    {
        assert!(!text.contains(secret), "{secret} is in:\n{text}");
    }
}

/// Everything that can be said of the error.
fn all_output(error: &ConfigError) -> Vec<String> {
    let mut texts = vec![
        error.to_string(),
        format!("{error:?}"),
        format!("{error:#?}"),
        format!("{:#?}", error.problems()),
        error.styled(),
        error.to_json().to_string(),
    ];
    for problem in error.problems() {
        texts.push(problem.message());
        texts.extend(problem.help());
    }
    texts
}

#[test]
fn a_refused_secret_is_shown_nowhere() {
    let params = [
        "{ token: 4711 }",
        "{ token: [hunter2] }",
        "{ token: { hunter2: hunter2 } }",
        "{ token: x, picky: hunter2 }",
        "{ token: x, picky: \"hunter2\\n'\\\"\" }",
        "{ token: x, picky: \"{{ get_env('SECRET') }}\" }",
        "{ token: x, picky: \"{{ 'hunter2' }}\" }",
        "{\"token\":\"hunter2\", \"retries\": \"no\"}",
        "{ token: x, retries: hunter2 }",
        "\n        token: x\n      injects:\n        stor: x  # hunter2\n",
        "{ token: \"{{ 'hunter2' + }}\" }",
        "{ token: \"{% hunter2 %}\" }",
        "{ token: \"{{ 'hunter2' | hunter2 }}\" }",
        "{ token: \"{{ 'hunter2' / 2 }}\" }",
        "{ token: \"{{ get_env('SECRET') / 2 }}\" }",
        "{ token: \"{{ get_env('SECRET') | float }}\", retries: 999 }",
        "{ token: x, retries: \"{{ get_env('SECRET') }}\" }",
        "{ token: x, more: [hunter2, \"hunter2: 1\", 4711] }",
        "\n        token:\n          - hunter2: 1\n",
        "\n        token: x\n        more:\n          - 4711\n          - - 'hunter2: x'\n          - {hunter2: 1}\n",
        "\n        token: x\n        retries: |\n          hunter2: x\n          hunter2:\n",
        "\n        token: x\n        retries: >-\n\n          hunter2:\n",
        "\n        token: x\n        retries:\n          'hunter2: x'\n",
        "\n        token: x\n        retries:\n          hunter2\n",
    ];
    for params in params {
        for place in [
            format!("bank:\n  services:\n    v:\n      use: bank:Vault\n      params: {params}"),
            format!("bank:\n  orchestrator:\n      use: bank:Login\n      params: {params}"),
            format!("bank: {{ services: {{ v: {{ use: 'bank:Vault', params: {params} }} }} }}"),
        ] {
            if let Err(error) = settings(&place).and_then(|settings| {
                assert_silent(&[format!("{settings:?}")]);
                configure(&TABLE, &settings).map(drop)
            }) {
                let is_key = params.contains("{ hunter2:") || params.contains("- hunter2:");
                if !is_key {
                    assert_silent(&all_output(&error));
                }
            }
        }
    }
}

#[test]
fn what_refuses_a_secret_still_names_the_variable_that_is_missing() {
    let text = "bank: { services: { v: { use: 'bank:Vault', params: { token: \"{{ get_env('MISSING') }}\" } } } }";
    let error = configure(&TABLE, &settings(text).expect("YAML"))
        .map(drop)
        .expect_err("it is missing");
    assert!(error.to_string().contains("MISSING"), "{error}");
}

#[tokio::test]
async fn a_step_that_fails_shows_none_of_its_secrets() {
    for params in [
        "{ token: hunter2, more: [hunter2, '4711'] }",
        "{ token: \"{{ get_env('SECRET') }}\", spare: hunter2 }",
        "{ token: \"{{ 'hunter' ~ 2 }}\", spare: \"{{ get_env('SECRET') }}\", more: ['4711'] }",
    ] {
        let text = format!("bank: {{ orchestrator: {{ use: 'bank:Login', params: {params} }} }}");
        let settings = settings(&text).expect("YAML");
        let core = Core::start(&TABLE, &settings, Lifecycle::default())
            .await
            .expect("it starts");
        let pipeline = core.pipeline().expect("a pipeline");
        let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let log = seen.clone();
        pipeline.observe(move |event| {
            log.lock().expect("a log").push(format!("{event:?}"));
        });
        let error = pipeline.run().await.expect_err("it fails");
        let mut texts = seen.lock().expect("a log").clone();
        texts.extend([
            error.to_string(),
            format!("{error:#}"),
            format!("{error:?}"),
        ]);
        assert!(texts.iter().any(|text| text.contains("***")), "{texts:?}");
        assert_silent(&texts);
    }
}

/// Writes every event down.
#[derive(Clone, Default)]
struct Events(std::sync::Arc<std::sync::Mutex<Vec<String>>>);

impl tracing::Subscriber for Events {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut text = String::new();
        let mut visitor = |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            text.push_str(&format!("{field}={value:?} "));
        };
        event.record(&mut visitor);
        self.0.lock().expect("a log").push(text);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn a_component_that_fails_shows_none_of_its_secrets_in_whatever_phase() {
    let events = Events::default();
    let _guard = tracing::subscriber::set_default(events.clone());
    let token = "hunter2 hunter2";
    for phase in ["build", "start", "stop"] {
        for (fails, token) in [
            (phase.to_owned(), format!("'{token}'")),
            (
                format!("panic in {phase}"),
                "\"{{ get_env('SECRET') }}\"".to_owned(),
            ),
        ] {
            let text = format!(
                "bank: {{ services: {{ v: {{ use: 'bank:Vault', params: {{ token: {token}, fails: {fails} }} }} }} }}"
            );
            let settings = settings(&text).expect("YAML");
            let mut texts = match Core::start(&TABLE, &settings, Lifecycle::default()).await {
                Err(error) => vec![
                    format!("{error}"),
                    format!("{error:#}"),
                    format!("{error:#?}"),
                ],
                Ok(core) => {
                    let report = core.stop().await;
                    assert!(!report.is_clean());
                    vec![report.to_string(), format!("{report:#?}")]
                }
            };
            assert!(texts.iter().all(|text| text.contains("***")), "{texts:?}");
            texts.append(&mut events.0.lock().expect("a log"));
            assert!(texts.len() > 3, "{texts:?}");
            assert_silent(&texts);
        }
    }
}

#[tokio::test]
async fn a_step_does_not_show_the_secret_of_a_service() {
    for fails in ["result", "error"] {
        let text = format!(
            "bank: {{ services: {{ v: {{ use: 'bank:Vault', params: {{ token: hunter2 }} }} }},
                orchestrator: {{ use: 'bank:Login', params: {{ token: x, fails: {fails}, says: 'it was hunter2' }} }} }}"
        );
        let settings = settings(&text).expect("YAML");
        let core = Core::start(&TABLE, &settings, Lifecycle::default());
        let core = core.await.expect("it starts");
        assert_eq!(settings.redactor().redact("hunter2?"), "***?");
        let events = Events::default();
        let log = events.0.clone();
        let pipeline = core.pipeline().expect("a pipeline");
        pipeline.observe(move |event| log.lock().expect("a log").push(format!("{event:?}")));
        let ended = pipeline.run().await;
        assert_eq!(ended.is_err(), fails == "error");
        let mut texts = events.0.lock().expect("a log").clone();
        texts.extend(ended.err().map(|error| format!("{error:?} {error:#}")));
        assert!(
            texts.iter().any(|text| text.contains("it was ***")),
            "{texts:?}"
        );
        assert_silent(&texts);
        core.stop().await;
    }
}

#[test]
fn what_a_template_gave_is_not_printed_with_its_value() {
    for rendered in [
        crate::Rendered::text("hunter2"),
        crate::Rendered::value(4711),
    ] {
        assert_silent(&[format!("{rendered:?} {rendered:#?}")]);
    }
}

#[test]
fn the_schema_marks_a_secret() {
    let schema = crate::config::schema(&TABLE).to_value();
    let properties = &schema["$defs"]["bank:Vault"]["properties"];
    for name in ["token", "spare", "picky"] {
        assert_eq!(properties[name]["writeOnly"], true, "{properties:#}");
    }
    assert_eq!(
        properties["more"]["anyOf"][0]["items"]["format"], "password",
        "{properties:#}"
    );
}
