//! The entries of a library, with and without the features that bring them.

use contract::Greetings;
use facade::{Numbers, greet, registries};

#[test]
fn a_library_has_the_entries_that_its_features_bring() {
    assert_eq!(greet("english", "Ada").as_deref().ok(), Some("hello Ada"));
    assert_eq!(registries::get::<Numbers>().get("one").ok(), Some(&1));
    let mut lines = registries::get::<Greetings>().iter();
    let line = lines.find(|line| line.key == "english").expect("a line");
    assert_eq!((line.plugin, line.version), ("facade", "0.3.0"));
    assert_eq!(line.description, "As in London");
    for (key, is_on) in [
        ("german", cfg!(feature = "german")),
        ("french", cfg!(feature = "french")),
    ] {
        let said = greet(key, "Ada").map_err(|error| error.to_string());
        let expected = format!("`{key}` is not in this program: build it with `--features {key}`");
        match is_on {
            true => assert!(said.is_ok(), "{said:?}"),
            false => assert_eq!(said.err(), Some(expected)),
        }
    }
}

#[test]
fn what_needs_services_is_left_out_of_a_library() {
    let error = greet("learnt", "Ada").unwrap_err();
    assert_eq!(
        error.to_string(),
        "`learnt` is not in this program: it needs services, which only an application has"
    );
}
