//! Every key that a schema has is on the page, and no other one: of a real program, and of any.

#[path = "every_key/any_schema.rs"]
mod any_schema;
#[path = "every_key/walk.rs"]
mod walk;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use treenail_reference::{Component, Composition, Kind, Plugin, Reference, Scope};

use walk::{assert_every_key, keys_of_page, keys_of_schema};

/// A composition with components of these ids, and nothing else to say of them.
fn composition(root: &str, components: &[&str]) -> Composition {
    let components = components.iter().map(|id| Component {
        id: (*id).to_owned(),
        plugin: "all".to_owned(),
        kind: Kind::Service,
        scope: Scope::Singleton,
        configured: true,
        description: String::new(),
        provides: Vec::new(),
        needs: Vec::new(),
    });
    Composition {
        host: "host".to_owned(),
        api: "1.0.0".to_owned(),
        root: root.to_owned(),
        plugins: vec![Plugin {
            id: "all".to_owned(),
            ..Plugin::default()
        }],
        components: components.collect(),
        ..Composition::default()
    }
}

fn page(schema: &Value, root: &str) -> String {
    let keys = keys_of_schema(schema, root);
    let mut ids: Vec<&str> = keys.iter().map(|(owner, _)| owner.as_str()).collect();
    ids.retain(|owner| owner.contains(':'));
    ids.dedup();
    Reference::new(&composition(root, &ids), Some(schema)).to_markdown()
}

#[test]
fn every_key_of_the_help_desk_is_on_its_page_and_no_other_one() {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/helpdesk/config.schema.json");
    let schema = fs::read_to_string(file).expect("a schema");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let page = page(&schema, "open_ticket_ai");
    assert_every_key(&page, &schema, "open_ticket_ai");
    assert!(
        keys_of_page(&page).len() > 80,
        "{}",
        keys_of_page(&page).len()
    );
}

#[test]
fn the_committed_page_of_the_help_desk_has_every_key_of_its_schema() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/helpdesk");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a file");
    let schema: Value = serde_json::from_str(&read("config.schema.json")).expect("JSON");
    assert_every_key(&read("reference.md"), &schema, "open_ticket_ai");
}

/// Asserts that each example of a page is what the schema accepts.
fn examples_are_accepted(page: &str, schema: &Value) {
    let accepts = jsonschema::validator_for(schema).expect("a schema");
    let blocks = page.split("```yaml\n").skip(1);
    let examples: Vec<&str> = blocks.filter_map(|rest| rest.split("```").next()).collect();
    for example in &examples {
        let value: Value = serde_yaml::from_str(example).expect("YAML");
        let refused = accepts.iter_errors(&value).next();
        let refused = refused.map(|error| error.to_string());
        assert_eq!(refused, None, "{example}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_key_of_any_schema_is_on_its_page_and_no_other_one_and_its_example_is_accepted(schema in any_schema::schema()) {
        let page = page(&schema, "root");
        assert_every_key(&page, &schema, "root");
        // Of maps that forbid each other's keys there may be no value at all.
        let text = schema.to_string();
        if !text.contains("\"allOf\"") && !text.contains("\"oneOf\":[{\"additional") {
            examples_are_accepted(&page, &schema);
        }
    }
}
