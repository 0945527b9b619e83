//! Entries of registries that are made of services, one of an optional plugin, and who asks for the registry.

use std::sync::Arc;
use std::time::Duration;

use treenail_core::composed::{Composed, EntryAt, StaticLine, index};
use treenail_core::{AcceptsWired, Entries, Registry, Wired};

use super::{Graph, begin};
use crate::component::{Building, Component, Config, Declared, Deps};
use crate::container::{Configured, Entry, Form, Inputs, Need, Scope, Table, entry, lay_out};
use crate::lifecycle::{Life, StartError};
use crate::redact::Redactor;
use crate::{Result, State};

struct Greetings;

impl Registry for Greetings {
    type Entry = dyn Fn(&str) -> String + Send + Sync;
}

impl<C: Wired<Deps = &'static str>> AcceptsWired<C> for Greetings {
    fn entry(key: &'static str, word: C::Deps) -> Arc<Self::Entry> {
        assert!(key != "broken", "no word for it");
        Arc::new(move |name| format!("{word}, {name}"))
    }
}

struct Wished;

impl Wired for Wished {
    type Deps = &'static str;
}

fn hello(name: &str) -> String {
    format!("hello, {name}")
}

const fn line(key: &'static str, at: EntryAt<Greetings>) -> StaticLine<Greetings> {
    StaticLine {
        key,
        plugin: "extra",
        version: "1.0.0",
        description: "",
        attributes: &[],
        at,
    }
}

static LINES: [StaticLine<Greetings>; 3] = [
    line("broken", EntryAt::Made(0)),
    line("evening", EntryAt::Made(1)),
    line("hello", EntryAt::<Greetings>::Constant(&{ hello })),
];

static COMPOSED: Composed<Greetings> = Composed {
    registry: "test::Greetings",
    lines: &[&LINES[0], &LINES[1], &LINES[2]],
    index: &index::<_, 8>(&[&LINES[0], &LINES[1], &LINES[2]]),
    left_out: &[],
};

struct Reader(Entries<Greetings>);

impl Declared for Reader {
    type Deps = Entries<Greetings>;
    type Config = ();
}

impl Component for Reader {
    async fn build(greetings: Deps<Self>, (): Config<Self>) -> Result<Self> {
        Ok(Self(greetings))
    }
}

const NEED: Need = Need {
    field: "greetings",
    service: "test::Greetings",
    form: Form::Registry,
    providers: &[0, 1],
    default: None,
    named: false,
    wrapped_by: None,
};

const fn components(plugin: usize) -> [Entry; 3] {
    [
        Entry::new(
            "test::Greetings(broken)",
            plugin,
            Scope::Singleton,
            &[],
            |_| entry::<Greetings, Wished>("broken", "nothing"),
        ),
        Entry::new("test::Greetings(evening)", 0, Scope::Singleton, &[], |_| {
            entry::<Greetings, Wished>("evening", "good evening")
        }),
        Entry::new("test:Reader", 0, Scope::Singleton, &[NEED], read),
    ]
}

fn read(inputs: &mut Inputs) -> Building {
    Building::new(Reader::build(inputs.registry(0, &COMPOSED), ()))
}

/// Starts with the broken entry in a plugin that is optional or not.
async fn start(components: &'static [Entry]) -> (Arc<Life>, Result<(), StartError>) {
    let graph = Graph::new(&[]);
    let table = Table {
        components,
        ..*graph.table()
    };
    let table: &'static Table = Box::leak(Box::new(table));
    let plan = lay_out(table, &Configured::default());
    let life = Life::new(
        table,
        plan,
        graph.options,
        Duration::ZERO,
        Redactor::default(),
    );
    let begun = begin(&life).await;
    (life, begun)
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_for_a_registry_gets_the_entries_that_could_be_made() {
    const COMPONENTS: [Entry; 3] = components(1);
    let (life, begun) = start(&COMPONENTS).await;
    begun.unwrap();
    let states = life.supervision.board.all();
    let state = |component: &str| {
        let found = states.iter().find(|one| one.component == component);
        found.map(|one| one.state)
    };
    assert_eq!(state("test::Greetings(broken)"), Some(State::Permanent));
    assert_eq!(state("test::Greetings(evening)"), Some(State::Ok));
    let reader = life.plan.nodes_of(2)[0];
    let reader = life.value(reader).expect("built").downcast::<Reader>();
    let greet = |key: &str| reader.0.get(key).map(|greet| greet("Ada"));
    assert_eq!(greet("hello").ok().as_deref(), Some("hello, Ada"));
    assert_eq!(greet("evening").ok().as_deref(), Some("good evening, Ada"));
    let error = greet("broken").map_err(|error| error.to_string());
    assert_eq!(
        error.err().as_deref(),
        Some("`broken` is not there: its optional plugin `extra` failed")
    );
    assert!(life.stop().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_panics_while_it_is_made_ends_the_start() {
    const COMPONENTS: [Entry; 3] = components(0);
    let (_, begun) = start(&COMPONENTS).await;
    let error = begun.unwrap_err();
    assert_eq!(error.failures[0].component, "test::Greetings(broken)");
    assert!(error.to_string().contains("no word for it"), "{error}");
    assert!(error.never_reached.contains(&"test:Reader".to_owned()));
}
