//! The schema of a whole configuration.

use crate::base::tests::TABLE;

#[test]
fn the_schema_names_every_component_and_what_it_takes() {
    let schema = crate::config::schema(&TABLE).to_value();
    let text = schema.to_string();
    let roots: Vec<&str> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(root, _)| root.as_str())
        .collect();
    assert_eq!(
        roots,
        ["acme", "shop"],
        "an alias of the root key is one too"
    );
    for name in [
        "shop:Shelf",
        "old:Store",
        "shop:Note",
        "base:CompositePipe",
        "shop:Poller",
    ] {
        assert!(text.contains(&format!("\"{name}\"")), "{name}");
    }
    let service = &schema["$defs"]["service"]["properties"];
    assert!(service.get("id").is_none());
    assert!(!service["use"].to_string().contains("shop:Note"));
    assert!(
        schema["$defs"]["step"]["properties"]["use"]
            .to_string()
            .contains("shop:Note")
    );
    assert!(
        !text.contains("x-treenail\":\"step"),
        "steps refer to the step of this configuration"
    );
}

#[test]
fn every_reference_of_the_schema_leads_somewhere() {
    fn references<'a>(value: &'a serde_json::Value, found: &mut Vec<&'a str>) {
        match value {
            serde_json::Value::Array(items) => {
                items.iter().for_each(|item| references(item, found));
            }
            serde_json::Value::Object(object) => {
                found.extend(object.get("$ref").and_then(serde_json::Value::as_str));
                object.values().for_each(|value| references(value, found));
            }
            _ => {}
        }
    }
    let schema = crate::config::schema(&TABLE).to_value();
    let mut found = Vec::new();
    references(&schema, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        assert!(
            schema.pointer(reference.trim_start_matches('#')).is_some(),
            "{reference}"
        );
    }
}
