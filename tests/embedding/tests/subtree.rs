//! One file, composed with a subtree replaced by a double.

use std::cell::RefCell;
use std::sync::Arc;

use treenail::{Component, Config, Deps, Settings};

treenail::compose!("subtree.toml", overlay = "doubles");

thread_local! {
    /// What was built, in this order. A test and all tasks of its applications have a thread of their own.
    static BUILT: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn count(name: &'static str) {
    BUILT.with_borrow_mut(|built| built.push(name));
}

/// What has been built since this was asked last.
fn built() -> Vec<&'static str> {
    let mut built = BUILT.take();
    built.sort_unstable();
    built
}

/// Where things lie.
pub trait Shelf: Send + Sync {
    /// What it is.
    fn name(&self) -> String;
}

/// What a disk hangs on.
pub trait Cable: Send + Sync {
    /// How long it is, in metres.
    fn length(&self) -> u32;
}

/// Something that rings.
pub trait Bell: Send + Sync {}

/// Needs a shelf, and every bell.
pub struct Desk {
    shelf: Arc<dyn Shelf>,
    bells: usize,
}

impl Component for Desk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        count("Desk");
        let bells = deps.bells.len();
        Ok(Self {
            shelf: deps.shelf,
            bells,
        })
    }

    async fn start(&self) -> treenail::Result<()> {
        assert!(self.bells < 2 && !self.shelf.name().is_empty());
        Ok(())
    }
}

/// A shelf that needs a cable.
pub struct Disk {
    cable: Arc<dyn Cable>,
}

impl Component for Disk {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        count("Disk");
        Ok(Self { cable: deps.cable })
    }
}

impl Shelf for Disk {
    fn name(&self) -> String {
        format!("a disk on {} m", self.cable.length())
    }
}

/// What a cable has to be configured with.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct WireConfig {
    length: u32,
}

/// A cable.
pub struct Wire {
    length: u32,
}

impl Component for Wire {
    async fn build(_: Deps<Self>, config: Config<Self>) -> treenail::Result<Self> {
        count("Wire");
        Ok(Self {
            length: config.length,
        })
    }
}

impl Cable for Wire {
    fn length(&self) -> u32 {
        self.length
    }
}

/// A bell.
pub struct Brass;

impl Component for Brass {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        count("Brass");
        Ok(Self)
    }
}

impl Bell for Brass {}

/// A double of the disk.
pub struct Paper;

impl Component for Paper {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        count("Paper");
        Ok(Self)
    }
}

impl Shelf for Paper {
    fn name(&self) -> String {
        "paper".to_owned()
    }
}

fn settings(text: &str) -> Settings {
    Settings::yaml("desk.yml", text.to_owned())
        .expect("YAML")
        .environment(Vec::<(String, String)>::new())
}

#[tokio::test]
async fn a_double_stands_for_a_component_and_all_that_only_it_needed() {
    // Without a configuration: the wire that would need one is not built.
    let app = App::start(Settings::none()).await.expect("started");
    assert_eq!(app.get::<dyn Shelf>().name(), "paper");
    assert_eq!(app.all::<dyn Bell>().len(), 1);
    let there: Vec<String> = app
        .status()
        .into_iter()
        .map(|one| one.component.clone())
        .collect();
    assert_eq!(there, ["app:Brass", "app:Paper", "app:Desk"]);
    app.stop().await;
    assert_eq!(built(), ["Brass", "Desk", "Paper"]);
}

#[tokio::test]
async fn a_configuration_of_what_is_left_out_is_told_why() {
    let Err(error) = App::start(settings(
        "embedding: { components: { 'app:Disk': {}, 'app:Wire': { length: 2 } } }\n",
    ))
    .await
    else {
        panic!("the disk and its wire are not there");
    };
    let text = error.to_string();
    println!("{text}");
    for expected in [
        "`app:Disk` not found in this program: `app:Paper` takes its place (tests/embedding/tests/subtree.toml:35)",
        "desk.yml:1:28",
        "`app:Wire` not found in this program: only `app:Disk` needed it, `app:Paper` takes the place of `app:Disk` (tests/embedding/tests/subtree.toml:35)\n",
        "desk.yml:1:44",
    ] {
        assert!(text.contains(expected), "{text}");
    }
}
