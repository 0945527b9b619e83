//! The YAML that the manual shows is right: each configuration is one of a program that has what it names.

use std::fs;
use std::path::Path;

use treenail::{Component, Config, Deps, Settings};

treenail::compose!("configurations.toml");

/// Keeps tickets.
pub trait Tickets: Send + Sync {}

/// Answers them.
pub trait Answers: Send + Sync {}

/// Where they are kept.
#[derive(treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct StoreConfig {
    /// The file.
    pub path: String,
}

/// Keeps them in a file.
pub struct Store;

impl Component for Store {
    async fn build(_: Deps<Self>, _: Config<Self>) -> treenail::Result<Self> {
        Ok(Self)
    }
}

impl Tickets for Store {}

/// How often it looks.
#[derive(Default, treenail::serde::Deserialize, treenail::schemars::JsonSchema)]
#[serde(crate = "treenail::serde", default, deny_unknown_fields)]
#[schemars(crate = "treenail::schemars")]
pub struct PollerConfig {
    /// How long it waits.
    pub interval: Option<treenail::Duration>,
}

/// Looks for new ones.
pub struct Poller;

impl Component for Poller {
    async fn build(deps: Deps<Self>, _: Config<Self>) -> treenail::Result<Self> {
        drop(deps.tickets);
        Ok(Self)
    }
}

/// Answers by itself.
pub struct Answering;

impl Component for Answering {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        drop(deps.tickets);
        Ok(Self)
    }
}

impl Answers for Answering {}

const ROOT: &str = "my_app:\n";

/// What a page without services takes for granted.
const SERVICES: &str =
    "  services:\n    tickets: { use: \"sqlite:Store\", params: { path: tickets.db } }\n";

/// The blocks of the manual in a language, with the names of their pages.
fn blocks(language: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let fence = format!("\n```{language}\n");
    let mut blocks = Vec::new();
    for page in fs::read_dir(folder).expect("the manual") {
        let page = page.expect("a page").path();
        let text = fs::read_to_string(&page).expect("a page");
        let parts = text.split(&fence).skip(1);
        let ended = parts.filter_map(|part| part.split_once("\n```"));
        blocks.extend(ended.map(|(code, _)| (page.display().to_string(), format!("{code}\n"))));
    }
    blocks
}

/// What is said of a configuration with such a `.env` beside it.
fn check(configuration: &str, env: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("config.yml");
    fs::write(&file, configuration).expect("written");
    fs::write(folder.path().join(".env"), env).expect("written");
    let settings = Settings::file(&file).expect("a configuration");
    App::check(&settings).map_or_else(|error| error.to_string(), |()| String::new())
}

#[test]
fn every_configuration_that_the_manual_shows_is_right() {
    let mut count = 0;
    for (page, block) in blocks("yaml") {
        if !block.starts_with(ROOT) {
            let read: Result<serde_yaml::Value, _> = serde_yaml::from_str(&block);
            assert!(read.is_ok(), "{page}: {read:?}\n{block}");
            continue;
        }
        count += 1;
        let services = if block.contains("services:") {
            ""
        } else {
            SERVICES
        };
        let said = check(&(block.clone() + services), "TICKETS=tickets.db\n");
        assert_eq!(said, "", "{page}:\n{block}");
    }
    assert!(count > 2, "the configurations are not found any more");
}

#[test]
fn every_variable_that_the_manual_shows_means_something() {
    let consoles = blocks("console").into_iter();
    let lines =
        consoles.flat_map(|(_, block)| block.lines().map(str::to_owned).collect::<Vec<_>>());
    let variables: Vec<String> = lines
        .filter_map(|line| Some(line.strip_prefix("$ export ")?.to_owned() + "\n"))
        .collect();
    assert!(variables.len() > 3, "the variables are not found any more");
    let plugins = "  plugins:\n    - { name: sqlite, version: \">=1.0\" }\n";
    let configuration = format!("{ROOT}{plugins}{SERVICES}");
    for variable in &variables {
        let said = check(&configuration, variable);
        assert_eq!(said, "", "{variable}");
        let (name, value) = variable.split_once('=').expect("a variable");
        let misspelt = check(&configuration, &format!("{name}X={value}"));
        assert_ne!(misspelt, "", "{name}X is taken as well");
    }
}
