//! The schema of a whole configuration.

use crate::base::tests::TABLE;

#[test]
fn the_schema_names_every_component_and_what_it_takes() {
    let schema = crate::config::schema(&TABLE).to_value();
    let text = schema.to_string();
    let keys = |of: &str| {
        schema[of]
            .as_object()
            .map(|keys| keys.keys().cloned().collect())
    };
    assert_eq!(keys("properties"), Some(vec!["shop".to_owned()]));
    let other: Option<Vec<String>> = keys("patternProperties");
    assert_eq!(
        other,
        Some(vec!["^(acme)$".to_owned()]),
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
fn an_editor_offers_each_thing_once_and_says_what_it_is() {
    let schema = crate::config::schema(&TABLE).to_value();
    let service = &schema["$defs"]["service"]["properties"]["use"]["anyOf"];
    let offered = service.as_array().into_iter().flatten();
    let offered: Vec<_> = offered.filter_map(|one| one["const"].as_str()).collect();
    assert!(offered.contains(&"shop:Shelf"), "{offered:?}");
    assert!(!offered.contains(&"old:Store"), "{offered:?}");
    let sections = schema["$defs"]["configuration"]["properties"].as_object();
    for (name, section) in sections.into_iter().flatten() {
        assert!(section["description"].is_string(), "{name}");
    }
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
