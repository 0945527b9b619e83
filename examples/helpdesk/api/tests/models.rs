//! The models against the recorded table of the domain, and against a small one of their own.

use helpdesk_api::{ClassificationRequest, Entity, Note, SearchCriteria, Ticket, TicketId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The value as the model reads and writes it, or the path and the text of the error.
fn read<T: DeserializeOwned + Serialize>(input: &Value) -> Result<Value, (String, String)> {
    match serde_path_to_error::deserialize::<_, T>(input) {
        Ok(model) => Ok(serde_json::to_value(model).expect("models become JSON")),
        Err(error) => Err((error.path().to_string(), error.inner().to_string())),
    }
}

fn read_as(model: &str, input: &Value) -> Option<Result<Value, (String, String)>> {
    Some(match model {
        "UnifiedNote" => read::<Note>(input),
        "UnifiedEntity" => read::<Entity>(input),
        "UnifiedTicket" => read::<Ticket>(input),
        "TicketSearchCriteria" => read::<SearchCriteria>(input),
        _ => return None,
    })
}

/// Part of the text of the error that the table calls `kind`.
fn words(kind: &str) -> &'static str {
    match kind {
        "not a string" => "expected a string",
        "not a map" => "expected struct",
        "not an integer" => "expected an integer",
        "unknown key" => "unknown field",
        other => panic!("the table has a new kind of error: {other}"),
    }
}

#[test]
fn models_read_what_the_recorded_table_says() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../../shared/upstream/unit_cases.json"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        assert!(
            std::env::var_os("TREENAIL_REQUIRE_SHARED").is_none(),
            "{path} is not there"
        );
        println!("skipped: {path} is not there");
        return;
    };
    let table: Value = serde_json::from_str(&text).expect("the table is JSON");
    let mut checked = 0;
    for row in table["models"].as_array().expect("a list of rows") {
        if row["treenail"] != "same" {
            continue;
        }
        let Some(read) = read_as(row["model"].as_str().expect("a model"), &row["input"]) else {
            continue;
        };
        checked += 1;
        match (row.get("ok"), read) {
            (Some(expected), Ok(value)) => assert_eq!(&value, expected, "{row}"),
            (None, Err((path, text))) => {
                let expected = &row["errors"][0];
                assert_eq!(path, expected["path"], "{row}: {text}");
                let words = words(expected["kind"].as_str().expect("a kind"));
                assert!(text.contains(words), "{row}: {text}");
            }
            (_, other) => panic!("{row}: {other:?}"),
        }
    }
    assert!(checked > 15, "only {checked} rows were checked");
}

#[test]
fn counts_are_read_from_integers_whole_numbers_and_digits() {
    for (input, limit) in [
        (json!(5), 5),
        (json!("5"), 5),
        (json!(5.0), 5),
        (json!(0), 0),
    ] {
        let criteria: SearchCriteria =
            serde_json::from_value(json!({ "limit": input })).expect("a count");
        assert_eq!(criteria.limit, limit);
    }
    for input in [
        json!(-1),
        json!(5.5),
        json!("many"),
        json!(true),
        json!(null),
        json!(1e12),
    ] {
        let read = serde_json::from_value::<SearchCriteria>(json!({ "limit": input }));
        assert!(read.is_err(), "{input} is not a count");
    }
}

#[test]
fn the_id_of_a_ticket_is_text_whatever_it_looks_like() {
    for (input, id) in [
        (json!(42), "42"),
        (json!("42"), "42"),
        (json!("0042"), "0042"),
        (json!(-1), "-1"),
    ] {
        assert_eq!(
            serde_json::from_value::<TicketId>(input).expect("an id"),
            TicketId::from(id)
        );
    }
    for input in [json!(5.5), json!(true), json!(null), json!(["1"])] {
        assert!(serde_json::from_value::<TicketId>(input).is_err());
    }
}

#[test]
fn a_note_keeps_the_keys_that_it_does_not_know() {
    let text = json!({"id": null, "subject": "s", "body": "b", "content_type": "text/html", "from": {"name": "Ada"}});
    assert_eq!(read::<Note>(&text), Ok(text));
}

#[test]
fn schemas_say_which_keys_there_are_and_whether_others_are_allowed() {
    let ticket = schemars::schema_for!(Ticket);
    assert_eq!(ticket.get("additionalProperties"), Some(&json!(false)));
    let note = schemars::schema_for!(Note);
    assert_ne!(note.get("additionalProperties"), Some(&json!(false)));
    let criteria = schemars::schema_for!(SearchCriteria);
    assert_eq!(
        criteria.pointer("/properties/limit/type"),
        Some(&json!("integer"))
    );
}

#[test]
fn the_debug_text_of_a_request_has_neither_its_text_nor_its_token() {
    let request: ClassificationRequest = serde_json::from_value(
        json!({"text": "private matter", "model_name": "queue", "api_token": "hunter2"}),
    )
    .expect("a request");
    let text = format!("{request:?}");
    assert!(text.contains("queue"));
    assert!(
        !text.contains("hunter2") && !text.contains("private"),
        "{text}"
    );
}
