//! Five compositions of one file in one crate, with components of their own: as it is, with a subtree replaced by a double, with
//! the same double and another one, with both of these overlays, and with something left out.

use std::cell::RefCell;
use std::sync::Arc;

use treenail::{Component, Config, Deps, Settings};

mod live {
    treenail::compose!("subtree.toml");
}

mod doubled {
    treenail::compose!(
        "subtree.toml",
        overlay = "doubles",
        components = super::live
    );
}

mod offline {
    treenail::compose!(
        "subtree.toml",
        overlay = "offline",
        components = super::live,
        components = super::doubled with "doubles"
    );
}

mod both {
    treenail::compose!(
        "subtree.toml",
        overlay = "doubles",
        overlay = "offline",
        components = super::offline with "offline"
    );
}

mod silent {
    treenail::compose!("subtree.toml", overlay = "silent", components = super::live);
}

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

/// A double of the bell.
pub struct Muffled;

impl Component for Muffled {
    async fn build(_: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        count("Muffled");
        Ok(Self)
    }
}

impl Bell for Muffled {}

fn settings(text: &str) -> Settings {
    Settings::yaml("desk.yml", text.to_owned())
        .expect("YAML")
        .environment(Vec::<(String, String)>::new())
}

const WIRED: &str = "embedding: { components: { 'app:Wire': { length: 2 } } }\n";

#[tokio::test]
async fn a_composition_is_as_its_file_says() {
    let app = live::App::start(settings(WIRED)).await.expect("started");
    assert_eq!(app.get::<dyn Shelf>().name(), "a disk on 2 m");
    assert_eq!(app.all::<dyn Bell>().len(), 1);
    app.stop().await;
    let Err(error) = live::App::start(Settings::none()).await else {
        panic!("there is no length");
    };
    assert!(error.to_string().contains("length"), "{error}");
}

#[tokio::test]
async fn a_double_stands_for_a_component_and_all_that_only_it_needed() {
    // Without a configuration: the wire that would need one is not built.
    let app = doubled::App::start(Settings::none())
        .await
        .expect("started");
    assert_eq!(app.get::<dyn Shelf>().name(), "paper");
    let there: Vec<String> = app
        .status()
        .into_iter()
        .map(|one| one.component.clone())
        .collect();
    assert_eq!(there, ["app:Brass", "app:Paper", "app:Desk"]);
    app.stop().await;
}

#[tokio::test]
async fn a_replaced_subtree_is_never_built() {
    let app = live::App::start(settings(WIRED)).await.expect("started");
    app.stop().await;
    assert_eq!(built(), ["Brass", "Desk", "Disk", "Wire"]);
    let app = doubled::App::start(Settings::none()).await;
    app.expect("started").stop().await;
    assert_eq!(built(), ["Brass", "Desk", "Paper"]);
    let app = silent::App::start(settings(WIRED)).await;
    app.expect("started").stop().await;
    assert_eq!(built(), ["Desk", "Disk", "Wire"]);
}

#[tokio::test]
async fn two_overlays_share_a_double_that_is_wired_once() {
    let app = offline::App::start(Settings::none())
        .await
        .expect("started");
    assert_eq!(app.get::<dyn Shelf>().name(), "paper");
    assert_eq!(app.all::<dyn Bell>().len(), 1);
    app.stop().await;
    assert_eq!(built(), ["Desk", "Muffled", "Paper"]);
    let app = both::App::start(Settings::none()).await.expect("started");
    assert_eq!(app.get::<dyn Shelf>().name(), "paper");
    app.stop().await;
    assert_eq!(built(), ["Desk", "Muffled", "Paper"]);
}

#[tokio::test]
async fn a_configuration_of_what_is_left_out_is_told_why() {
    let Err(error) = doubled::App::start(settings(
        "embedding: { components: { 'app:Disk': {}, 'app:Wire': { length: 2 } } }\n",
    ))
    .await
    else {
        panic!("the disk and its wire are not there");
    };
    let text = error.to_string();
    println!("{text}");
    for expected in [
        "`app:Disk` not found in this program: `app:Paper` takes its place (tests/subtree.toml:35)",
        "desk.yml:1:28",
        "`app:Wire` not found in this program: only `app:Disk` needed it, `app:Paper` takes the place of `app:Disk` (tests/subtree.toml:35)\n",
        "desk.yml:1:44",
    ] {
        assert!(text.contains(expected), "{text}");
    }
    // What another overlay leaves out is nothing to this one.
    let Err(error) = silent::App::start(settings(
        "embedding: { components: { 'app:Brass': {}, 'app:Wire': { length: 2 } } }\n",
    ))
    .await
    else {
        panic!("the bell is not there");
    };
    let text = error.to_string();
    assert!(
        text.contains(
            "`app:Brass` not found in this program: it is switched off (tests/subtree.toml:57)\n"
        ),
        "{text}"
    );
    assert_eq!(text.matches("not found").count(), 1, "{text}");
}

#[tokio::test]
async fn another_overlay_of_the_same_file_stands_beside_it() {
    let app = silent::App::start(settings(WIRED)).await.expect("started");
    assert_eq!(app.get::<dyn Shelf>().name(), "a disk on 2 m");
    assert_eq!(app.all::<dyn Shelf>().len(), 1);
    app.stop().await;
}
