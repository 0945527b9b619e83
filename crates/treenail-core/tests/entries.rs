//! Entries as a program looks them up, and what it is told where there are none.

use std::sync::Arc;

use treenail_core::composed::{AcceptedBy, Cause, Composed, EntryAt, StaticLine, buckets, index};
use treenail_core::{Accepts, Entries, LeftOutEntry, Registry, UnknownKey};

/// Words, by language.
struct Words;

impl Registry for Words {
    type Entry = dyn Fn() -> String + Send + Sync;
}

trait Word {
    const WORD: &'static str;
}

impl<W: Word> Accepts<W> for Words {
    const ENTRY: &'static Self::Entry = &|| W::WORD.to_owned();
}

struct German;

impl Word for German {
    const WORD: &'static str = "Nagel";
}

fn french() -> String {
    "clou".to_owned()
}

static GERMAN: StaticLine<Words> = StaticLine {
    key: "german",
    plugin: "west",
    version: "1.2.0",
    description: "As spoken in Hamburg",
    attributes: &[("iso", "de"), ("script", "latin")],
    at: EntryAt::Constant(<German as AcceptedBy<Words>>::ENTRY),
};

static FRENCH: StaticLine<Words> = StaticLine {
    key: "french",
    plugin: "app",
    version: "0.1.0",
    description: "",
    attributes: &[],
    at: EntryAt::<Words>::Constant(&{ french }),
};

static LATIN: StaticLine<Words> = StaticLine {
    key: "latin",
    plugin: "old",
    version: "0.0.1",
    description: "",
    attributes: &[],
    at: EntryAt::Made(0),
};

const LINES: &[&StaticLine<Words>] = &[&FRENCH, &GERMAN, &LATIN];

static COMPOSED: Composed<Words> = Composed {
    registry: "speech::Words",
    lines: LINES,
    index: &index::<_, { buckets(LINES.len()) }>(LINES),
    left_out: &[
        LeftOutEntry {
            key: "danish",
            cause: Cause::Feature("north/danish"),
        },
        LeftOutEntry {
            key: "danish",
            cause: Cause::Feature("nordic"),
        },
        LeftOutEntry {
            key: "dutch",
            cause: Cause::Off("plugins.toml:7"),
        },
        LeftOutEntry {
            key: "frisian",
            cause: Cause::Platform,
        },
        LeftOutEntry {
            key: "polish",
            cause: Cause::Incompatible("east"),
        },
        LeftOutEntry {
            key: "welsh",
            cause: Cause::Lifecycle,
        },
    ],
};

static EMPTY: Composed<Words> = Composed {
    registry: "speech::Words",
    lines: &[],
    index: &[],
    left_out: &[],
};

/// With Latin, or with the plugin of it failed.
fn words(latin: bool) -> Entries<Words> {
    let latin: Option<Arc<<Words as Registry>::Entry>> = match latin {
        true => Some(Arc::new(|| "clavus".to_owned())),
        false => None,
    };
    Entries::with(&COMPOSED, [latin])
}

fn refused(words: &Entries<Words>, key: &str) -> UnknownKey {
    match words.get(key) {
        Ok(_) => panic!("`{key}` is there"),
        Err(error) => error,
    }
}

#[test]
fn an_entry_is_found_under_its_key_and_no_other() {
    let words = words(true);
    for (key, word) in [("german", "Nagel"), ("french", "clou"), ("latin", "clavus")] {
        assert_eq!(
            words.get(key).map(|entry| entry()).ok().as_deref(),
            Some(word)
        );
    }
    for key in ["", "germa", "germann", "GERMAN", "german ", "danish", "\0"] {
        assert_eq!(refused(&words, key).key(), key);
    }
}

#[test]
fn what_a_manifest_says_of_an_entry_is_known() {
    let words = words(true);
    let german = words.iter().find(|line| line.key == "german");
    let german = german.expect("it is there");
    assert_eq!((german.entry)(), "Nagel");
    assert_eq!((german.plugin, german.version), ("west", "1.2.0"));
    assert_eq!(german.description, "As spoken in Hamburg");
    assert_eq!(german.attribute("script"), Some("latin"));
    assert_eq!(german.attribute("colour"), None);
    assert_eq!(
        format!("{german:?}"),
        "Line { key: \"german\", plugin: \"west\", version: \"1.2.0\", description: \"As spoken in Hamburg\", \
         attributes: [(\"iso\", \"de\"), (\"script\", \"latin\")], .. }"
    );
}

#[test]
fn entries_are_listed_by_key_and_a_clone_shares_them() {
    let words = words(true);
    let clone = words.clone();
    assert_eq!(
        clone.keys().collect::<Vec<_>>(),
        ["french", "german", "latin"]
    );
    assert_eq!(format!("{clone:?}"), r#"{"french", "german", "latin"}"#);
    let (one, other) = (words.get("latin").ok(), clone.get("latin").ok());
    assert!(std::ptr::addr_eq(
        one.expect("made"),
        other.expect("shared")
    ));
}

#[test]
fn an_entry_of_an_optional_plugin_that_failed_is_left_out() {
    let words = words(false);
    assert_eq!(words.keys().collect::<Vec<_>>(), ["french", "german"]);
    let error = refused(&words, "latin");
    assert_eq!(
        error.to_string(),
        "`latin` is not there: its optional plugin `old` failed"
    );
    assert_eq!(error.suggestion(), None);
    let left_out: Vec<String> = words.left_out().map(|one| one.to_string()).collect();
    assert!(left_out.contains(&error.to_string()), "{left_out:?}");
    // Nobody has made any yet.
    assert!(Entries::of(&COMPOSED).get("latin").is_err());
}

#[test]
fn the_message_says_why_an_entry_is_left_out() {
    let words = words(true);
    for (key, message) in [
        (
            "danish",
            "`danish` is not in this program: build it with `--features north/danish`; or build it with `--features nordic`",
        ),
        (
            "dutch",
            "`dutch` is not in this program: the host leaves it out (plugins.toml:7)",
        ),
        (
            "frisian",
            "`frisian` is not in this program: it is for another platform",
        ),
        (
            "polish",
            "`polish` is not in this program: its optional plugin `east` does not fit this program",
        ),
        (
            "welsh",
            "`welsh` is not in this program: it needs services, and the feature `lifecycle` of treenail is off",
        ),
    ] {
        assert_eq!(refused(&words, key).to_string(), message);
    }
    let features = words.left_out().filter_map(|one| one.feature());
    assert_eq!(features.collect::<Vec<_>>(), ["north/danish", "nordic"]);
}

#[test]
fn the_message_says_what_there_is_and_what_was_probably_meant() {
    let words = words(true);
    for (key, message) in [
        (
            "germn",
            "nothing in `speech::Words` is called `germn`: did you mean `german`? There are `french`, `german`, `latin`",
        ),
        (
            "klingon",
            "nothing in `speech::Words` is called `klingon`: there are `french`, `german`, `latin`",
        ),
        (
            "welch",
            "nothing in `speech::Words` is called `welch`: did you mean `welsh`? `welsh` is not in this program: it needs services, \
             and the feature `lifecycle` of treenail is off",
        ),
        (
            "",
            "nothing in `speech::Words` is called ``: there are `french`, `german`, `latin`",
        ),
    ] {
        let error = refused(&words, key);
        assert_eq!(error.to_string(), message);
        // What a `main` that ends with an error prints.
        assert_eq!(format!("{error:?}"), message);
    }
    assert_eq!(
        refused(&words, "germn").suggestion().as_deref(),
        Some("german")
    );
    assert_eq!(
        refused(&Entries::of(&EMPTY), "german").to_string(),
        "nothing in `speech::Words` is called `german`: there is nothing in it"
    );
}

#[test]
fn a_key_of_any_text_is_one_line_that_people_read() {
    let words = words(true);
    for (key, shown) in [
        ("a\nb\u{1b}[31m", r"`a\nb\u{1b}[31m`"),
        ("say \"hi\"", "`say \"hi\"`"),
        ("it's", "`it's`"),
        ("ä€\u{202e}x", r"`ä€\u{202e}x`"),
        ("\0", r"`\u{0}`"),
    ] {
        let message = refused(&words, key).to_string();
        assert!(message.contains(shown), "{message}");
        assert!(!message.chars().any(char::is_control), "{message}");
    }
    for length in [46, 47, 48, 255, 256, 257] {
        let key = "x".repeat(length);
        assert_eq!(refused(&words, &key).key(), key);
    }
    let endless = "ü".repeat(500_000);
    let error = refused(&words, &endless);
    assert_eq!(error.key().len(), 1_000_000);
    let cut = format!("`{}…`", "ü".repeat(80));
    assert!(error.to_string().contains(&cut) && error.to_string().len() < 500);
}

#[test]
fn of_many_keys_the_message_has_some() {
    let lines = (10..40).map(|number| StaticLine::<Words> {
        key: format!("same {number}").leak(),
        plugin: "app",
        version: "0.1.0",
        description: "",
        attributes: &[],
        at: EntryAt::<Words>::Constant(&{ french }),
    });
    let lines: Vec<&StaticLine<Words>> = lines.map(|line| &*Box::leak(Box::new(line))).collect();
    let composed = Box::leak(Box::new(Composed {
        registry: "speech::Words",
        index: Box::leak(Box::new(index::<_, { buckets(30) }>(&lines))),
        lines: lines.leak(),
        left_out: &[],
    }));
    let message = refused(&Entries::of(composed), "other thing").to_string();
    assert!(message.ends_with("`same 29` and 10 more"), "{message}");
    assert_eq!(message.matches("`same ").count(), 20);
}

#[test]
fn a_look_up_is_small_and_crosses_threads() {
    fn crosses_threads<T: Send + Sync + 'static>() {}
    crosses_threads::<Entries<Words>>();
    crosses_threads::<UnknownKey>();
    assert_eq!(size_of::<Entries<Words>>(), 3 * size_of::<usize>());
    assert!(size_of::<Result<&<Words as Registry>::Entry, UnknownKey>>() <= 80);
    let words = words(true);
    let message = std::thread::spawn(move || refused(&words, "germn").to_string());
    assert!(
        message
            .join()
            .is_ok_and(|message| message.contains("`german`"))
    );
}
