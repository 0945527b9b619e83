//! Values that do not fit where a secret is declared, whatever its type and theirs: none is quoted, and what is accepted is
//! known as a secret afterwards. Longer than other files: it is mostly types and values, each of them for all of the others.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

use super::bank;
use crate::__private::{
    ConfigBinding, Declared, DeclaredPipe, Entry, PipeBinding, Scope, Table, build,
};
use crate::config::configure;
use crate::{
    Component, Config, ConfigError, Deps, Params, Pipe, PipeContext, PipeResult, Result, Secret,
    Settings,
};

/// Every way in which a secret can be declared.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Account {
    token: Secret,
    perhaps: Option<Secret>,
    several: Vec<Secret>,
    pair: (u8, Secret),
    by_name: BTreeMap<String, Secret>,
    nested: Option<Inner>,
    boxed: Option<Box<Inner>>,
    nested_list: Vec<Inner>,
    login: Option<Login>,
    tagged: Option<Tagged>,
    either: Option<Either>,
    #[schemars(extend("writeOnly" = true))]
    pin: Pin,
    #[schemars(extend("writeOnly" = true))]
    perhaps_pin: Option<Pin>,
    #[schemars(extend("writeOnly" = true))]
    number: u64,
    #[schemars(extend("writeOnly" = true))]
    switch: bool,
    #[schemars(extend("writeOnly" = true))]
    choice: Option<Choice>,
    #[schemars(extend("writeOnly" = true))]
    whole: Option<Whole>,
    #[schemars(extend("writeOnly" = true))]
    checked: Checked,
    /// Not secret, and of types whose errors quote what they refuse.
    open: u8,
    wait: Option<crate::Duration>,
    colour: Option<Choice>,
    address: Option<Address>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only the types matter")]
struct Inner {
    inner: Secret,
    #[serde(default)]
    deeper: Option<Box<Inner>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(dead_code, reason = "only the types matter")]
enum Login {
    Token(Secret),
    Password { user: String, password: Secret },
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[allow(dead_code, reason = "only the types matter")]
enum Tagged {
    Token { token: Secret },
    Password { user: String, password: Secret },
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only the types matter")]
enum Either {
    Token(Secret),
    Both { user: String, password: Secret },
}

/// A type with a name of its own in the schema.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only the types matter")]
struct Pin(String);

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Choice {
    Violet,
    Other,
}

/// Secret as a whole, though its fields are not.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only the types matter")]
struct Whole {
    user: String,
    password: String,
}

/// Says of what it refuses how it begins.
#[derive(Debug, Clone, Default, JsonSchema)]
struct Checked(#[allow(dead_code, reason = "only the types matter")] String);

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let begin: String = text.chars().take(5).collect();
        if text.is_empty() || text.starts_with("ok") {
            return Ok(Self(text));
        }
        Err(de::Error::custom(format!("{begin}... is not checked")))
    }
}

#[derive(Debug, Clone, JsonSchema)]
struct Address(#[allow(dead_code, reason = "only the types matter")] String);

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.starts_with("http") {
            return Ok(Self(text));
        }
        Err(de::Error::custom(format!("{text} is no address")))
    }
}

struct Bank;

impl Declared for Bank {
    type Deps = ();
    type Config = Account;
}

impl Component for Bank {
    async fn build((): Deps<Self>, _: Config<Self>) -> Result<Self> {
        Ok(Self)
    }
}

struct Teller;

impl Declared for Teller {
    type Deps = ();
    type Config = ();
}

impl DeclaredPipe for Teller {
    type Params = Account;
}

impl Component for Teller {
    async fn build((): Deps<Self>, (): Config<Self>) -> Result<Self> {
        Ok(Self)
    }
}

impl Pipe for Teller {
    async fn run(&self, _: Params<Self>, _: &PipeContext) -> Result<PipeResult> {
        Ok(PipeResult::ok())
    }
}

static TABLE: Table = bank(&[
    Entry::new("bank:Bank", 0, Scope::Instance, &[], |inputs| {
        build::<Bank>(inputs, ())
    })
    .config(ConfigBinding::of::<Bank>),
    Entry::new("bank:Teller", 0, Scope::Instance, &[], |inputs| {
        build::<Teller>(inputs, ())
    })
    .pipe(PipeBinding::of::<Teller>),
]);

/// What is planted, as a text and as a number. What it derives from is looked for in small letters.
const PLANTED: &str = "planted9f3kQ";
const NUMBER: &str = "471147114711";

/// Wrong and right ways to write a value with something planted in it.
const VALUES: &[&str] = &[
    "TEXT",
    "'TEXT'",
    "\"TEXT\"",
    "NUMBER",
    "-NUMBER",
    "NUMBERNUMBERNUMBER",
    "-NUMBERNUMBERNUMBER",
    "0.NUMBER",
    "NUMBER.5",
    "NUMBERe9",
    "0xNUMBERNUMBERNUMBER",
    "!!int TEXT",
    "!!float TEXT",
    "!!bool TEXT",
    "!!null TEXT",
    "!!binary TEXT",
    "!TEXT x",
    "!x TEXT",
    "[TEXT]",
    "[[TEXT]]",
    "[NUMBER, 'TEXT']",
    "[1, TEXT]",
    "[1, [TEXT]]",
    "[{inner: [TEXT]}]",
    "{a: TEXT}",
    "{a: {b: [TEXT]}}",
    "{inner: TEXT}",
    "{inner: [TEXT]}",
    "{inner: NUMBER}",
    "{inner: {inner: TEXT}}",
    "{inner: x, deeper: {inner: [TEXT]}}",
    "{inner: x, innr: TEXT}",
    "{inner:TEXT}",
    "{inner=TEXT}",
    "{inner TEXT}",
    "{token:TEXT}",
    "{token: TEXT}",
    "{token: [TEXT]}",
    "{token: NUMBER}",
    "{password: TEXT}",
    "{password: {user: x, password: [TEXT]}}",
    "{password: {user: x, password: TEXT, more: 1}}",
    "{password: {user: x, password:TEXT}}",
    "{type: token, token: [TEXT]}",
    "{type: password, password: TEXT}",
    "{type: TEXT}",
    "{user: x, password: [TEXT]}",
    "{user: x, password: TEXT}",
    "{user: x, password: TEXT, bogus: 1}",
    "{user: [x], password: TEXT}",
    "{user: x, password=TEXT}",
    "TEXT, bogus: 1",
    "*TEXT",
    "&TEXT x",
    "@TEXT",
    "%TEXT",
    "`TEXT",
    "\"TEXT",
    "'TEXT",
    "{TEXT",
    "[TEXT",
    "TEXT: x",
    "\"TEXT\\q\"",
    "|\n          TEXT\n          TEXT",
    ">-\n          TEXT: x",
    "|9\n  TEXT",
    "\n          TEXT\n          TEXT",
    "\n        TEXT",
    "\"{{ get_env('SEC') }}\"",
    "\"{{ get_env('SEC') / 0 }}\"",
    "\"{{ get_env('SEC') | int }}\"",
    "\"{{ get_env('SEC') | reverse | int }}\"",
    "\"{{ get_env('SEC').nope() }}\"",
    "\"{{ get_env(get_env('SEC')) }}\"",
    "\"{{ get_env(get_env('SEC')[1:9]) }}\"",
    "\"{{ get_env(get_env('SEC') | upper) }}\"",
    "\"{{ fail(get_env('SEC')) }}\"",
    "\"{{ [get_env('SEC')] }}\"",
    "\"{{ {'inner': [get_env('SEC')]} }}\"",
    "\"{{ get_env('SEC')\"",
    "\"{{ 'TEXT' + 1 }}\"",
    "\"{{ TEXT.a.b }}\"",
    "\"{{ TEXT() }}\"",
    "\"{{ 'TEXT' | nope }}\"",
    "\"{{ get_pipe_result('TEXT') }}\"",
    "\"{{ at_path('TEXT', 'TEXT') }}\"",
    "\"{{ at_path({}, get_env('SEC') ~ '.a') }}\"",
    "\"{{ at_path({}, get_env('SEC')[2:] ~ '.a') }}\"",
    "\"{% TEXT %}\"",
    "\"{{ 'TEXT\"",
    "\"x{{ get_env('SEC') ~ nope.a.b }}\"",
];

/// The fields in which they are written.
const FIELDS: &[&str] = &[
    "token",
    "perhaps",
    "several",
    "pair",
    "by_name",
    "nested",
    "boxed",
    "nested_list",
    "login",
    "tagged",
    "either",
    "pin",
    "perhaps_pin",
    "number",
    "switch",
    "choice",
    "whole",
    "checked",
    "tokn",
    "perhap",
];

fn all_output(error: &ConfigError) -> String {
    let mut text = format!(
        "{error}{error:?}{}{:?}{}",
        error.styled(),
        error.problems(),
        error.to_json()
    );
    for problem in error.problems() {
        text.push_str(&format!("{} {:?}", problem.message(), problem.help()));
    }
    text.to_lowercase()
}

fn settings(text: &str) -> std::result::Result<Settings, ConfigError> {
    Ok(Settings::yaml("test.yml", text)?.environment([("SEC", PLANTED)]))
}

/// Where the fields stand.
fn places(fields: &str) -> [String; 2] {
    [
        format!("bank:\n  services:\n    v:\n      use: bank:Bank\n      params:\n{fields}"),
        format!("bank:\n  orchestrator:\n      use: bank:Teller\n      params:\n{fields}"),
    ]
}

#[test]
fn a_value_that_does_not_fit_a_secret_is_quoted_nowhere() {
    let (mut accepted, mut refused) = (0, 0);
    for field in FIELDS {
        for value in VALUES {
            let value = value.replace("TEXT", PLANTED).replace("NUMBER", NUMBER);
            let line = format!("        {field}: {value}\n");
            let is_value = value.contains(PLANTED) && !value.contains(['!', '&', '{']);
            let other = if is_value { PLANTED } else { "soon" };
            let with_others =
                format!("{line}        open: no\n        wait: {other}\n        bogus: 1\n");
            let ([_, of_a_step], [of_a_service, _]) = (places(&line), places(&with_others));
            for text in [of_a_step, of_a_service] {
                // The keys of a map with any keys are no secrets.
                let is_key = *field == "by_name" && text.contains(&format!("{PLANTED}: x"));
                let ended = settings(&text).and_then(|settings| {
                    configure(&TABLE, &settings)?;
                    Ok(settings)
                });
                match ended {
                    Err(_) if is_key => {}
                    Err(error) => {
                        refused += 1;
                        let said = all_output(&error);
                        for secret in ["planted9", "k3f9detn", "lanted9f", "471147", "nted9f3k"] {
                            assert!(
                                !said.contains(secret),
                                "{secret} of\n{text}\nis in\n{error}"
                            );
                        }
                    }
                    Ok(settings) => {
                        accepted += 1;
                        let clean = settings.redactor().redact(&text).to_lowercase();
                        // The words of a template that is rendered later are not known yet.
                        let known = !clean.contains("planted9") && !clean.contains(NUMBER);
                        // Neither are tags and anchors, which are no part of the value.
                        let elsewhere = text.contains("{{") || value.starts_with(['!', '&']);
                        assert!(known || elsewhere, "{clean}");
                    }
                }
            }
        }
    }
    assert!(accepted > 100 && refused > 2000, "{accepted} {refused}");
}

#[test]
fn an_error_elsewhere_shows_nothing_of_a_secret_that_is_fine() {
    for fields in [
        // The same text where it is no secret.
        "        token: TEXT\n        wait: TEXT\n",
        "        token: TEXT\n        address: ftp://x:TEXT@h\n",
        "        token: TEXT\n        address: \"ftp://x:{{ get_env('SEC') }}@h\"\n",
        "        token: TEXT\n        colour: TEXT\n",
        // On the line of an error, before it and behind it.
        "        {wait: soon, token: TEXT}\n",
        "        {token: x,\n         wait: soon, pin: TEXT,\n         open: 1}\n",
        "        {token: x,\n         wait: soon, tok: TEXT}\n",
        "        wait: soon # TEXT\n",
        "        wait: soon\t# TEXT\n",
        // Where a blank is missing, or it is no YAML.
        "        {open: 1, token:TEXT}\n",
        "        {open: 1, token=TEXT}\n",
        "        {open: 1, tokne=TEXT}\n",
        "        {open: 1, secrte=TEXT}\n",
        "        {open: 1, token TEXT}\n",
        "        token:TEXT: x\n",
        "        token=TEXT: x\n",
        "        token=TEXT\n",
        "        - token: TEXT\n",
        "        wait: {token: TEXT}\n        open: TEXT\n",
    ] {
        // A step renders its templates later.
        let later = fields.contains("{{");
        let places = places(&fields.replace("TEXT", PLANTED));
        for text in places.into_iter().take(if later { 1 } else { 2 }) {
            let ended = settings(&text).and_then(|settings| configure(&TABLE, &settings).map(drop));
            let error = ended.expect_err(&text);
            let said = all_output(&error);
            assert!(!said.contains("planted"), "{text}\n{error}");
        }
    }
}

#[test]
fn what_refuses_something_else_is_still_said_in_its_own_words() {
    for (fields, words) in [
        (
            "        token: x17\n        address: ftp\n",
            "ftp is no address",
        ),
        ("        checked: nobody\n", crate::redact::NOT_SHOWN),
        (
            "        token: \"{{ get_evn('A') }}\"\n",
            "did you mean `get_env`?",
        ),
        (
            "        token: \"{{ get_env('MISSING') }}\"\n",
            "`MISSING` was not found",
        ),
        ("        {open: 1, token:abc}\n", "unknown key `token...`"),
        ("        {open: 1, token:abc}\n", "did you mean `token`?"),
        (
            "        {open: 1, acces token: abc}\n",
            "unknown key `acces token`",
        ),
        (
            "        whole: {user: x, password: y, bogus: 1}\n",
            "unknown key `...`",
        ),
        (
            "        whole: {user: x, passwrd: y}\n",
            "unknown key `passwrd`",
        ),
    ] {
        let [text, _] = places(fields);
        let ended = settings(&text).and_then(|settings| configure(&TABLE, &settings).map(drop));
        let said = ended.expect_err(&text).to_string();
        assert!(said.contains(words), "{text}\n{said}");
    }
}
