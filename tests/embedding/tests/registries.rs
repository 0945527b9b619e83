//! Entries of registries: of the host, of a plugin, and of a crate that does not depend on treenail; constants, and made of services.

use std::rc::Rc;
use std::sync::Arc;

use contract::{Codecs, Greetings, Learnt, Shapes, Store, Unfilled};
use treenail::{Component, Config, Deps, Entries, Registry, Settings, State, Wired};

#[path = "reference/every_key.rs"]
mod every_key;

treenail::compose!("registries.toml");

/// Words, which are of no size that rustc knows.
pub struct Words;

impl Registry for Words {
    type Entry = str;
}

/// The first.
pub const FIRST: &str = "alpha";

/// The area of a circle.
pub fn circle(radius: f64) -> f64 {
    std::f64::consts::PI * radius * radius
}

/// Greets in the name of the store.
pub struct House;

impl Learnt for House {
    fn greet(deps: &<Self as Wired>::Deps, name: &str) -> Rc<str> {
        format!("{} greets {name}", deps.store.name()).into()
    }
}

/// Another module.
pub mod tour {
    use std::rc::Rc;

    /// Half the size.
    pub fn half(size: f64) -> f64 {
        size / 2.0
    }

    /// Another type of that name, whose inputs are called otherwise.
    pub struct House;

    impl contract::Learnt for House {
        fn greet(deps: &crate::House2Deps, name: &str) -> Rc<str> {
            let area = deps.shapes.get("square").map(|square| square(3.0));
            format!("{name} has seen {area:?}").into()
        }
    }
}

/// Was handed registries.
pub struct Guide {
    greetings: Entries<Greetings>,
    shapes: Entries<Shapes>,
    nothing: Entries<Unfilled>,
}

impl Component for Guide {
    async fn build(deps: Deps<Self>, (): Config<Self>) -> treenail::Result<Self> {
        Ok(Self {
            greetings: deps.greetings,
            shapes: deps.shapes,
            nothing: deps.nothing,
        })
    }
}

/// What every greeting says to Ada.
fn said(greetings: &Entries<Greetings>) -> Vec<(&'static str, Rc<str>)> {
    let all = greetings.iter();
    all.map(|line| (line.key, (line.entry)("Ada"))).collect()
}

#[test]
fn entries_that_need_no_services_are_there_without_an_application() -> treenail::Result<()> {
    let shapes = registries::get::<Shapes>();
    assert_eq!(
        shapes.keys().collect::<Vec<_>>(),
        ["circle", "half", "square"]
    );
    assert_eq!(shapes.get("square")?(3.0), 9.0);
    assert_eq!(shapes.get("half")?(3.0), 1.5);
    assert_eq!(registries::get::<Words>().get("first")?, "alpha");
    let codecs = registries::get::<Codecs>();
    assert_eq!((codecs.get("mirror")?.encode)("abc"), "cba");
    assert_eq!((codecs.get("plain")?.encode)("abc"), "abc");
    let error = registries::get::<Unfilled>().get("any").unwrap_err();
    assert_eq!(
        error.to_string(),
        "nothing in `contract::Unfilled` is called `any`: there is nothing in it"
    );
    Ok(())
}

#[tokio::test]
async fn entries_with_services_are_made_with_the_application() -> treenail::Result<()> {
    let app = App::start(Settings::none()).await?;
    let greetings = app.registry::<Greetings>();
    let expected = [
        ("german", "hallo Ada"),
        ("guided", "Ada has seen Ok(9.0)"),
        ("home", "storage greets Ada"),
        ("house", "storage greets Ada"),
        ("it's \"quoted\"\n\u{7}", "'Ada'"),
        ("latin", "salve Ada"),
    ];
    assert_eq!(
        said(greetings),
        expected.map(|(key, said)| (key, said.into()))
    );
    // Whoever requires the registry holds the same entries.
    let guide = app.get::<Guide>();
    assert_eq!(said(&guide.greetings), said(greetings));
    assert_eq!(guide.shapes.keys().count(), 3);
    assert_eq!(guide.nothing.keys().count(), 0);
    assert_eq!(app.registry::<Shapes>().get("square")?(2.0), 4.0);

    let lines = greetings
        .iter()
        .map(|line| (line.key, line.plugin, line.version));
    assert!(
        lines
            .clone()
            .any(|line| line == ("latin", "archive", "0.2.0"))
    );
    assert!(
        lines
            .clone()
            .any(|line| line == ("german", "plain", "2.1.0"))
    );
    assert!(lines.clone().any(|line| line == ("home", "app", "1.4.0")));
    let latin = greetings.iter().find(|line| line.key == "latin");
    let latin = latin.expect("a line");
    assert_eq!(latin.description, "As the \"Romans\" had it");
    assert_eq!(latin.attributes, [("iso", "la"), ("spoken", "no")]);

    let error = greetings.get("greek").err().expect("it is left out");
    assert_eq!(
        error.to_string(),
        "`greek` is not in this program: build it with `--features archive/greek`"
    );
    let left_out: Vec<&str> = greetings.left_out().map(|one| one.key).collect();
    assert_eq!(left_out, ["greek"]);
    assert!(app.stop().await.is_clean());
    Ok(())
}

#[tokio::test]
async fn an_entry_with_services_has_a_state_and_a_constant_has_none() -> treenail::Result<()> {
    let app = App::start(Settings::none()).await?;
    let states = app.status();
    let of = |id: &str| {
        states
            .iter()
            .find(|one| one.component == id)
            .map(|one| one.state)
    };
    assert_eq!(of("app:contract::Greetings(house)"), Some(State::Ok));
    assert_eq!(of("app:contract::Greetings(home)"), Some(State::Ok));
    assert!(!states.iter().any(|one| one.component.contains("latin")));
    let components = App::inventory().components();
    let ids: Vec<&str> = components.map(|component| component.id).collect();
    assert!(ids.contains(&"app:contract::Greetings(guided)"), "{ids:?}");
    let shared: &Arc<dyn Store> = app.get::<dyn Store>();
    // Two entries, `App` and the component itself: an entry holds what it is made of, and nothing of the application.
    assert!(Arc::strong_count(shared) >= 3);
    let report = app.report();
    assert!(format!("{report}").contains("app:contract::Greetings(house)"));
    app.stop().await;
    Ok(())
}

#[test]
fn the_reference_has_every_key_of_the_schema() {
    every_key::is_on(&App::reference(), &App::schema(), "embedding");
}
