//! The parameters of the pipes, against the recorded table of the domain and a small one of their own.

use helpdesk_tickets::{
    AddNoteParams, ClassificationParams, FetchTicketsParams, UpdateTicketParams,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn read<T: DeserializeOwned>(input: &Value) -> Result<T, (String, String)> {
    serde_path_to_error::deserialize(input)
        .map_err(|error| (error.path().to_string(), error.inner().to_string()))
}

#[test]
fn update_parameters_read_what_the_recorded_table_says() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../../../shared/upstream/unit_cases.json"
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
    let rows = table["models"].as_array().expect("a list of rows").iter();
    let mut checked = 0;
    for row in rows.filter(|row| row["model"] == "UpdateTicketParams" && row["treenail"] != "open")
    {
        checked += 1;
        match (row.get("ok"), read::<UpdateTicketParams>(&row["input"])) {
            (Some(ok), Ok(params)) => {
                let id = ok["ticket_id"].to_string();
                assert_eq!(&*params.ticket_id, id.trim_matches('"'), "{row}");
                let ticket = serde_json::to_value(params.updated_ticket).expect("JSON");
                assert_eq!(ticket, ok["updated_ticket"], "{row}");
            }
            (None, Err((path, text))) => {
                assert_eq!(path, row["errors"][0]["path"], "{row}: {text}");
                assert!(text.contains("a string or an integer"), "{row}: {text}");
            }
            (_, other) => panic!("{row}: {other:?}"),
        }
    }
    assert!(checked > 3, "only {checked} rows were checked");
}

#[test]
fn only_a_note_may_have_parameters_that_nobody_knows() {
    let with = |mut input: Value| {
        input["other"] = json!(1);
        input
    };
    let fetch = json!({"ticket_search_criteria": {}});
    let update = json!({"ticket_id": "1", "updated_ticket": {}});
    let note = json!({"ticket_id": 1, "note": {"subject": "s", "from": "me"}});
    let classify = json!({"text": "t", "model_name": "m"});
    assert!(read::<FetchTicketsParams>(&fetch).is_ok());
    assert!(read::<FetchTicketsParams>(&with(fetch)).is_err());
    assert!(read::<UpdateTicketParams>(&update).is_ok());
    assert!(read::<UpdateTicketParams>(&with(update)).is_err());
    assert!(read::<ClassificationParams>(&classify).is_ok());
    assert!(read::<ClassificationParams>(&with(classify)).is_err());
    assert!(read::<AddNoteParams>(&with(note)).is_ok());
}

#[test]
fn the_criteria_of_a_fetch_are_required() {
    let (_, text) = read::<FetchTicketsParams>(&json!({})).expect_err("refused");
    assert!(text.contains("ticket_search_criteria"));
}
