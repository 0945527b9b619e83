//! What an application says of itself for the people who run it.

use std::rc::Rc;

use contract::Store;
use treenail::{Component, Config, Deps};

#[path = "reference/every_key.rs"]
mod every_key;

treenail::compose!("reference.toml");

/// How often something is tried.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retrying {
    /// How often a request is sent again.
    #[schemars(range(min = 1, max = 9), example = 3)]
    #[serde(default)]
    pub retries: u8,
    /// What it says who it is with.
    pub token: treenail::Secret,
    /// What it does when all is lost.
    #[serde(default)]
    pub then: Then,
}

/// What is done.
#[derive(Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Then {
    /// Nothing.
    #[default]
    GiveUp,
    /// Another one is asked.
    Ask {
        /// Who.
        whom: Vec<Retrying>,
        /// How long.
        within: treenail::Duration,
    },
}

/// Where things lie.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct Place {
    /// The room.
    pub room: std::collections::BTreeMap<String, Option<Box<Place>>>,
}

/// Sends requests.
pub struct Client;

impl Component for Client {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        drop((
            config.retries,
            config.token,
            matches!(config.then, Then::GiveUp),
        ));
        Ok(Self)
    }
}

/// Keeps texts.
pub struct Shelf(String);

impl Component for Shelf {
    async fn build(deps: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        let next = deps.next.map(|next| next.name());
        Ok(Self(format!("{} {next:?}", config.room.len())))
    }
}

impl Store for Shelf {
    fn name(&self) -> String {
        self.0.clone()
    }
}

/// Greets at home.
pub fn house(name: &str) -> Rc<str> {
    name.into()
}

#[test]
fn the_page_has_every_key_of_the_schema() {
    every_key::is_on(&App::reference(), &App::schema(), "shop");
}

#[test]
fn the_page_says_what_the_types_of_the_configuration_say() {
    print!("{}", App::reference().to_markdown());
    let page = App::reference().to_string();
    for expected in [
        "# Reference of embedding 1.4.0",
        "### `app:Client`\n\nSends requests\n\n- There is one\n- Is called `app:Sender` as well\n",
        "| `retries` | integer, at least 1 and at most 9 | `0` | How often a request is sent again.<br>For example `3`. |",
        "| `token` | text, **secret** | **required** | What it says who it is with. |",
        "| `then.do` | `give_up` | **required** | With `do: give_up`:<br>Nothing. |",
        "| `then.whom` | list of maps, see [`the whole`](#app-Client) | **required** | With `do: ask`:<br>Who. |",
        "| `then.within` | duration | **required** | With `do: ask`:<br>How long. |",
        "shop:\n  components:\n    \"app:Client\":\n      token: \"{{ get_env('TOKEN') }}\"\n",
        "- Provides `dyn contract::Store`",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
}

#[test]
fn the_page_has_the_entries_of_registries_and_those_that_are_not_there() {
    let page = App::reference().to_markdown();
    for expected in [
        "### `contract::Greetings`",
        "| `house` | [`app`](#app) | As at home<br>`spoken: yes` |",
        "| `latin` | [`archive`](#archive) | As the \"Romans\" had it<br>`iso: la`, `spoken: no` |",
        "| `square` | [`archive`](#archive) |  |",
        "Not in this program: `greek`, which the program has with `--features ",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
}

#[test]
fn the_page_says_who_is_not_there_and_why() {
    let page = App::reference().to_markdown();
    let (_, absent) = page
        .split_once("## Not in this program")
        .expect("a section");
    assert!(
        absent.contains("[`storage:Storage`](#storage-Storage) takes its place"),
        "{absent}"
    );
    assert!(absent.contains("it is switched off"), "{absent}");
}
