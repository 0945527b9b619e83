//! That the schema knows what the reader does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use semver::{Version, VersionReq};
use serde_json::Value;
use toml::de::DeValue;

use super::{schema, value};
use crate::diagnostic::lint;
use crate::front::one_manifest::check_manifest;
use crate::manifest::keys::ValueKind;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => text.to_string().into(),
        DeValue::Integer(number) => number.as_str().parse::<i64>().unwrap_or_default().into(),
        DeValue::Boolean(value) => (*value).into(),
        DeValue::Array(values) => values.iter().map(|value| json(value.get_ref())).collect(),
        DeValue::Table(table) => table
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())))
            .collect(),
        DeValue::Float(_) | DeValue::Datetime(_) => Value::Null,
    }
}

/// Every manifest below a folder of the repository, by its path.
fn manifests(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") {
            manifests(&path, found);
        } else if path.file_name().is_some_and(|name| name == "plugins.toml") {
            found.insert(path.clone(), std::fs::read(&path).expect("read"));
        }
    }
}

#[test]
fn the_schema_in_the_repository_is_that_of_what_is_read() {
    let text = format!("{:#}\n", schema());
    let failure = crate::testing::compare(&root().join("plugins.schema.json"), Some(&text));
    assert!(failure.is_none(), "BLESS=1 writes it anew");
}

/// Codes of mistakes of the manifest stage that no schema can express, and why.
const BEYOND: &[(&str, &str)] = &[
    ("TN0001", "what is no TOML is never shown to a schema"),
    (
        "TN0006",
        "a range that leaves no version is as well-formed as any other",
    ),
    (
        "TN0007",
        "words of Rust are no names, and a type's last segment is one by default",
    ),
    ("TN0008", "types hold types"),
    ("TN0010", "two elements of an array are compared"),
    (
        "TN0012",
        "a file that cannot be read is never shown to a schema",
    ),
    ("TN0013", "two elements of an array are compared"),
    ("TN0015", "`cfg(…)` holds `cfg(…)`"),
];

/// A manifest that is fine by itself is accepted; one with a mistake is refused, unless every mistake in it is beyond a
/// schema.
#[test]
fn the_schema_accepts_and_refuses_what_the_reader_does() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let mut all = BTreeMap::new();
    manifests(&root(), &mut all);
    let (mut accepted, mut refused) = (0, BTreeMap::<&str, usize>::new());
    let mut wrong = Vec::new();
    for (path, bytes) in all {
        let messages = check_manifest("plugins.toml", &bytes);
        let codes: BTreeSet<&str> = messages.iter().map(|message| message.code).collect();
        let codes: BTreeSet<&str> = codes
            .into_iter()
            .filter(|code| code.starts_with("TN00"))
            .collect();
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        let Ok(tree) = toml::de::DeTable::parse(text.trim_start_matches('\u{feff}')) else {
            continue;
        };
        let tree = json(&DeValue::Table(tree.into_inner()));
        // A lint that does not exist is a warning of the composition.
        let errors = validator.iter_errors(&tree);
        let errors = errors.filter(|error| !error.instance_path().to_string().ends_with("/lints"));
        let errors: Vec<String> = errors.map(|error| error.to_string()).collect();
        let beyond = |code: &&str| BEYOND.iter().any(|(known, _)| known == code);
        if codes.is_empty() {
            accepted += 1;
            // What belongs into another table than `[plugins]` is told as a plugin that is not there.
            let is_elsewhere = messages.iter().any(|message| message.code == "TN0105");
            if !errors.is_empty() && !is_elsewhere {
                wrong.push(format!("{} is fine: {errors:?}", path.display()));
            }
        } else if !codes.iter().all(beyond) {
            for code in codes.iter().filter(|code| !beyond(code)) {
                *refused.entry(*code).or_default() += 1;
            }
            if errors.is_empty() {
                wrong.push(format!("{} has {codes:?}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let tried: Vec<&str> = refused.into_keys().collect();
    assert_eq!(
        tried,
        [
            "TN0002", "TN0003", "TN0004", "TN0005", "TN0009", "TN0011", "TN0014", "TN0016"
        ]
    );
    assert!(accepted > 100, "{accepted} accepted");
}

#[test]
fn the_schema_knows_a_version_where_it_sees_one() {
    for (kind, texts) in [
        (
            ValueKind::Versions,
            [
                "^1.2",
                "1",
                "*",
                "x",
                ">=1.2, <2",
                " =1.2.3-beta.1+build ",
                "1.*",
                "1.2.*",
                "1.*.*",
                "~ 1.2",
                "",
                "latest",
                "1.2.3.4",
                "01.2",
                "1.2-beta",
                "^^1",
                "1 2",
                ">=1,",
                "*, 1",
                "=>1",
                "v1",
            ]
            .as_slice(),
        ),
        (
            ValueKind::Version,
            &[
                "1.4.0",
                "0.1.0-rc.1",
                "1.0.0+5",
                "1.4",
                "1",
                "^1.4.0",
                "01.4.0",
                "1.4.0.1",
                "1.4.0-",
            ],
        ),
    ] {
        let validator = jsonschema::validator_for(&value(&kind)).expect("a schema");
        for text in texts {
            let known = match kind {
                ValueKind::Version => Version::parse(text).is_ok(),
                _ => VersionReq::parse(text).is_ok(),
            };
            assert_eq!(
                validator.is_valid(&(*text).into()),
                known,
                "{text:?} as {kind:?}"
            );
        }
    }
}

#[test]
fn the_schema_knows_the_lints_that_the_compiler_does() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    for name in [
        "unused_bind",
        "unused-bind",
        "TN0310",
        "tn0310",
        "warnings",
        "unused",
        "unused_binds",
        "TN0301",
        "",
    ] {
        let manifest = serde_json::json!({ "treenail": 1, "host": {}, "lints": { name: "allow" } });
        let known = !lint::meant(name).0.is_empty();
        assert_eq!(validator.is_valid(&manifest), known, "{name:?}");
    }
}

/// In what a condition holds, and in values of every kind, row by row.
#[test]
fn the_schema_knows_every_table_to_its_depth() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    for (text, good) in [
        ("[plugins.a]\nwhen = { feature = \"x\" }", true),
        (
            "[plugins.a]\nwhen = 'cfg(all(feature = \"x\", not(any())))'",
            true,
        ),
        ("[plugins.a]\nwhen = { feture = \"x\" }", false),
        ("[plugins.a]\nwhen = { feature = 1 }", false),
        ("[plugins.a]\nwhen = { not = 'cfg(unix)' }", false),
        ("[plugins.a]\nwhen = {}", false),
        ("[plugins.a]\nwhen = 'unix'", false),
        (
            "[[assert]]\nmessage = \"m\"\nthat = { component = \"a:B\", not = { plugin = \"a\" } }",
            true,
        ),
        (
            "[[assert]]\nmessage = \"m\"\nthat = { service = \"dyn a::B\", count = 2 }",
            true,
        ),
        (
            "[[assert]]\nmessage = \"m\"\nthat = { not = { not = { plugin = \"a\" } } }",
            false,
        ),
        ("[[assert]]\nmessage = \"m\"\nthat = { count = 2 }", false),
        (
            "[[assert]]\nmessage = \"m\"\nthat = { component = \"a\" }",
            false,
        ),
        (
            "[bind]\n\"dyn a::B\" = { value = \"a:B\", priority = 4294967295 }",
            true,
        ),
        (
            "[bind]\n\"dyn a::B\" = { value = \"a:B\", priority = 4294967296 }",
            false,
        ),
        ("[bind]\n\"dyn a::B\" = { priority = \"force\" }", false),
        ("[override.\"a:B\"]\nprovides = [\"dyn a::B\"]", false),
        (
            "[override.\"a:B\"]\nenabled = { value = false, when = { feature = \"x\" } }",
            true,
        ),
        (
            "[override.\"a:B\"]\nenabled = { when = { feature = \"x\" } }",
            false,
        ),
        (
            "[lifecycle.\"a:B\"]\ndeadline = { start = \"1m 30s\" }",
            true,
        ),
        ("[lifecycle.\"a:B\"]\ndeadline = { start = 5 }", false),
        ("[lifecycle.\"a:B\"]\nrestart = { restarts = -1 }", false),
    ] {
        let text = format!("treenail = 1\n[host]\n{text}\n");
        let messages = check_manifest("plugins.toml", text.as_bytes());
        let known = messages
            .iter()
            .all(|message| !message.code.starts_with("TN00"));
        assert_eq!(known, good, "the reader: {text}");
        let tree = toml::de::DeTable::parse(&text).expect("TOML").into_inner();
        assert_eq!(
            validator.is_valid(&json(&DeValue::Table(tree))),
            good,
            "the schema: {text}"
        );
    }
}

#[test]
fn every_key_has_a_type_and_a_sentence() {
    fn look(value: &Value, wrong: &mut Vec<String>) {
        for (key, of) in value["properties"].as_object().into_iter().flatten() {
            let says = of["description"]
                .as_str()
                .is_some_and(|text| text.ends_with('.') || text.contains(": "));
            let kind = ["type", "enum", "const", "anyOf", "allOf"]
                .iter()
                .any(|word| of.get(word).is_some());
            if !says || !kind {
                wrong.push(format!("{key}: {of}"));
            }
        }
        match value {
            Value::Object(all) => {
                // What does not go together is told of keys that are described elsewhere.
                let all = all
                    .iter()
                    .filter(|(word, _)| !matches!(word.as_str(), "if" | "then"));
                all.for_each(|(_, value)| look(value, wrong));
            }
            Value::Array(all) => all.iter().for_each(|value| look(value, wrong)),
            _ => {}
        }
    }
    let mut wrong = Vec::new();
    look(&schema(), &mut wrong);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
