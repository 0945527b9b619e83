//! Checks of configurations, of layers, and against tables that were recorded elsewhere, where they are there.

mod consequences;
#[cfg(feature = "pipes")]
mod depth;
#[cfg(feature = "pipes")]
mod environment;
#[cfg(feature = "pipes")]
mod features;
#[cfg(feature = "pipes")]
mod input;
#[cfg(feature = "pipes")]
mod large;
#[cfg(feature = "pipes")]
mod layers;
#[cfg(feature = "pipes")]
mod left_out;
#[cfg(feature = "pipes")]
mod places;
#[cfg(feature = "pipes")]
mod problems;
#[cfg(feature = "pipes")]
mod refused_secrets;
#[cfg(feature = "pipes")]
mod schema;
#[cfg(feature = "pipes")]
mod secrets;
#[cfg(feature = "pipes")]
mod together;

use serde_json::Value;

use super::Duration;
#[cfg(feature = "pipes")]
use crate::__private::{Entry, PluginEntry, Table};

/// The composition of the host `bank`, which has these components.
#[cfg(feature = "pipes")]
const fn bank(components: &'static [Entry]) -> Table {
    Table {
        host: "bank",
        api: "1.0.0",
        root: "bank",
        logging: false,
        digest: "",
        plugins: &[PluginEntry {
            id: "bank",
            package: "bank",
            version: "1.0.0",
            optional: false,
            description: "",
            hooks: None,
        }],
        components,
        bound: &[],
        aliases: &[],
        absent: &[],
        left_out: &[],
    }
}

/// A table of recorded rows; without the shared folder the test that asks is skipped, unless it is required.
pub(crate) fn recorded(name: &str) -> Option<Value> {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/upstream/unit_cases.json"
    );
    match std::fs::read_to_string(file) {
        Ok(text) => {
            let tables: Value = serde_json::from_str(&text).expect("JSON");
            Some(tables[name].clone())
        }
        Err(error) => {
            assert!(
                std::env::var_os("TREENAIL_REQUIRE_SHARED").is_none(),
                "{file}: {error}"
            );
            println!("skipped: {file} is not there");
            None
        }
    }
}

#[test]
fn recorded_durations_are_read_as_recorded() {
    let Some(table) = recorded("durations") else {
        return;
    };
    for row in table["cases"]
        .as_array()
        .expect("rows")
        .iter()
        .filter(|row| row["treenail"] != "open")
    {
        let read = serde_json::from_value::<Duration>(row["input"].clone());
        let expected = row
            .get("treenail_seconds")
            .or_else(|| row.get("seconds"))
            .and_then(Value::as_f64);
        assert_eq!(
            read.ok().map(|duration| duration.get().as_secs_f64()),
            expected,
            "{}",
            row["input"]
        );
    }
}

#[test]
fn recorded_requirements_are_accepted_or_refused_as_recorded() {
    let Some(table) = recorded("version_specifiers") else {
        return;
    };
    for row in table
        .as_array()
        .expect("rows")
        .iter()
        .filter(|row| row["treenail"] != "open")
    {
        let spec = row["spec"].as_str().expect("a text");
        let verdict = row["treenail"].as_str().expect("a text");
        let parsed = super::section::version::parse(spec);
        if let Some(form) =
            verdict.strip_prefix("differs: refused, with Cargo's form as the suggestion: ")
        {
            let suggestion = parsed.expect_err(spec);
            assert_eq!(
                suggestion.as_deref().unwrap_or("no equivalent"),
                form,
                "{spec}"
            );
        } else if verdict.starts_with("differs: accepted") || row.get("error").is_none() {
            let requirement = parsed.unwrap_or_else(|_| panic!("{spec} is refused"));
            for (version, expected) in row["contains"].as_object().into_iter().flatten() {
                if let Ok(version) = semver::Version::parse(version) {
                    assert_eq!(
                        requirement.matches(&version),
                        *expected,
                        "{spec} and {version}"
                    );
                }
            }
        } else {
            assert!(parsed.is_err(), "{spec} is accepted");
        }
    }
}
