//! What a page says of schemas of every form, and of text that would like to be more than that.

use serde_json::{Value, json};

use crate::{
    Component, Composition, Entry, Form, Kind, LeftOutEntry, Mismatch, Need, Plugin, Reference,
    Registry, Scope, mismatches,
};

fn component(id: &str) -> Component {
    Component {
        id: id.to_owned(),
        plugin: "a".to_owned(),
        kind: Kind::Service,
        scope: Scope::Singleton,
        configured: true,
        description: String::new(),
        provides: Vec::new(),
        needs: Vec::new(),
    }
}

fn composition() -> Composition {
    Composition {
        host: "host".to_owned(),
        api: "1.0.0".to_owned(),
        root: "root".to_owned(),
        plugins: vec![Plugin {
            id: "a".to_owned(),
            package: "a-package".to_owned(),
            version: "1.2.3".to_owned(),
            ..Plugin::default()
        }],
        components: vec![component("a:A")],
        ..Composition::default()
    }
}

/// The schema of a host whose component takes this, with these definitions.
fn schema(params: &Value, definitions: &Value) -> Value {
    let mut schema = json!({
        "title": "Configuration of host 1.0.0",
        "properties": { "root": { "type": "object", "properties": {
            "components": { "type": "object", "properties": { "a:A": { "$ref": "#/$defs/a:A" } } },
        } } },
        "$defs": definitions,
    });
    schema["$defs"]["a:A"] = params.clone();
    schema
}

/// The rows of the component's keys.
fn rows(params: &Value, definitions: &Value) -> Vec<String> {
    let page = Reference::new(&composition(), Some(&schema(params, definitions))).to_markdown();
    let part = page.split("### `a:A`").nth(1).expect("the component");
    let rows = part.lines().filter(|line| line.starts_with("| "));
    rows.skip(1).map(str::to_owned).collect()
}

fn row(key: &Value) -> String {
    let params = json!({ "type": "object", "properties": { "key": key } });
    let rows = rows(&params, &json!({}));
    rows.into_iter().next().expect("a row")
}

#[test]
fn what_a_key_takes_is_said_in_words() {
    for (key, expected) in [
        (json!({ "type": "string" }), "text |  |"),
        (json!({ "type": ["string", "null"] }), "text | none |"),
        (
            json!({ "type": ["string", "null"], "default": "x" }),
            "text or `null` | `x` |",
        ),
        (
            json!({ "type": "string", "format": "uri", "minLength": 1 }),
            "text (`uri`), at least 1 characters |  |",
        ),
        (
            json!({ "type": "string", "pattern": "^a|b$" }),
            "text like `^a\\|b$` |  |",
        ),
        (
            json!({ "type": "integer", "minimum": 1, "maximum": 9, "default": 5 }),
            "integer, at least 1 and at most 9 | `5` |",
        ),
        (
            json!({ "type": "number", "exclusiveMinimum": 0 }),
            "number, more than 0 |  |",
        ),
        (
            json!({ "type": "array", "items": { "type": "string" }, "maxItems": 3 }),
            "list of texts, at most 3 items |  |",
        ),
        (
            json!({ "type": "array", "items": { "type": ["string", "integer"] } }),
            "list of: text or integer |  |",
        ),
        (
            json!({ "type": "object", "additionalProperties": { "type": "boolean" } }),
            "map of booleans |  |",
        ),
        (json!({ "enum": ["a", 1, null] }), "`a` or `1` | none |"),
        (
            json!({ "type": ["string", "number"], "x-treenail": "duration", "default": "PT5S" }),
            "duration | `PT5S` |",
        ),
        (
            json!({ "type": "string", "writeOnly": true, "default": "hunter2" }),
            "text, **secret** | not shown |",
        ),
        (
            json!({ "type": "string", "deprecated": true }),
            "text, deprecated |  |",
        ),
        (
            json!({ "anyOf": [{ "type": "integer" }, { "type": "string", "pattern": "\\{[{%#]|^\\s*[+-]?[0-9]+\\s*$" }] }),
            "integer |  |",
        ),
        (
            json!({ "anyOf": [{ "type": "integer" }, { "type": "string", "pattern": "^[0-9]+[kM]$" }] }),
            "integer or text like `^[0-9]+[kM]$` |  |",
        ),
        (
            json!({ "type": "string", "default": "true" }),
            "text | `\"true\"` |",
        ),
        (
            json!({ "type": "object", "default": { "b": [], "a": 1 } }),
            "map | `{a: 1, b: []}` |",
        ),
        (json!({}), "any value |  |"),
    ] {
        let row = row(&key);
        assert!(
            row.contains(&format!("| `key` | {expected}")),
            "{key}: {row}"
        );
    }
}

#[test]
fn examples_are_shown_but_for_those_of_secrets() {
    let row_of =
        |secret: bool| row(&json!({ "type": "string", "examples": ["abc"], "writeOnly": secret }));
    assert!(
        row_of(false).ends_with("| For example `abc`. |"),
        "{}",
        row_of(false)
    );
    assert!(!row_of(true).contains("abc"), "{}", row_of(true));
}

#[test]
fn each_form_of_a_value_is_told_with_what_tells_it_from_others() {
    let file = json!({ "type": "object", "description": "In a file.", "required": ["kind", "path"],
        "properties": { "kind": { "const": "file" }, "path": { "type": "string" } } });
    let net = json!({ "type": "object", "required": ["kind"],
        "properties": { "kind": { "const": "net" }, "port": { "type": "integer" } } });
    let params = json!({ "type": "object", "properties": { "store": { "oneOf": [file, net] } } });
    let expected = [
        "| `store` | map |  |  |",
        "| `store.kind` | `file` | **required** | With `kind: file`:<br>In a file. |",
        "| `store.path` | text | **required** | With `kind: file`: |",
        "| `store.kind` | `net` | **required** | With `kind: net`: |",
        "| `store.port` | integer |  | With `kind: net`: |",
    ];
    assert_eq!(rows(&params, &json!({})), expected);
}

#[test]
fn a_definition_is_told_once_and_one_that_holds_itself_ends() {
    let tree = json!({ "type": "object", "properties": {
        "name": { "type": "string" },
        "children": { "type": "array", "items": { "$ref": "#/$defs/a:A.Tree" } },
    } });
    let params = json!({ "type": "object", "properties": {
        "one": { "$ref": "#/$defs/a:A.Tree" }, "other": { "$ref": "#/$defs/a:A.Tree" },
    } });
    let expected = [
        "| <a id=\"a-A.one\"></a>`one` | map |  |  |",
        "| `one.children` | list of maps, see [`one`](#a-A.one) |  |  |",
        "| `one.name` | text |  |  |",
        "| `other` | map, see [`one`](#a-A.one) |  |  |",
    ];
    assert_eq!(rows(&params, &json!({ "a:A.Tree": tree })), expected);
}

#[test]
fn definitions_that_hold_each_other_twice_do_not_make_the_page_long() {
    let mut definitions = json!({});
    for level in 0..40 {
        let next = json!({ "$ref": format!("#/$defs/a:A.L{}", level + 1) });
        let held = json!({ "type": "object", "properties": { "left": next, "right": next } });
        definitions[format!("a:A.L{level}")] = held;
    }
    definitions["a:A.L40"] = json!({ "type": "string" });
    let rows = rows(&json!({ "$ref": "#/$defs/a:A.L0" }), &definitions);
    assert_eq!(rows.len(), 80);
}

#[test]
fn a_reference_to_nothing_or_to_itself_takes_any_value() {
    for reference in ["#/$defs/nothing", "https://a.b/c", "#/$defs/a:A.X"] {
        let params = json!({ "type": "object", "properties": { "key": { "$ref": reference } } });
        let definitions = json!({ "a:A.X": { "$ref": "#/$defs/a:A.X" } });
        assert_eq!(rows(&params, &definitions), ["| `key` | any value |  |  |"]);
    }
}

/// A line of Markdown without its codes.
fn without_codes(line: &str) -> String {
    let (mut plain, mut rest) = (String::new(), line);
    while let Some(start) = rest.find('`') {
        let ticks = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        let fence = "`".repeat(ticks);
        plain.push_str(&rest[..start]);
        let inside = &rest[start + ticks..];
        let mut at = 0;
        let end = loop {
            let found = at + inside[at..].find(&fence).expect("the end of a code");
            let run = inside[found..].len() - inside[found..].trim_start_matches('`').len();
            if run == ticks {
                break found;
            }
            at = found + run;
        };
        rest = &inside[end + ticks..];
    }
    plain + rest
}

/// Text of an author that is no text if nobody takes care.
const HOSTILE: &str = "<script>alert(1)</script> | x | `a|b` [go](javascript:x) *b* \u{1b}[31m & \"q\" <!--\n\n# h\n- i";

#[test]
fn what_an_author_wrote_stays_text() {
    let mut composition = composition();
    composition.plugins[0].description = HOSTILE.to_owned();
    composition.components[0].description = HOSTILE.to_owned();
    composition.components[0].provides = vec![HOSTILE.to_owned()];
    composition.registries = vec![Registry {
        name: HOSTILE.to_owned(),
        entries: vec![Entry {
            key: HOSTILE.to_owned(),
            plugin: HOSTILE.to_owned(),
            description: HOSTILE.to_owned(),
            attributes: vec![(HOSTILE.to_owned(), HOSTILE.to_owned())],
        }],
        left_out: vec![LeftOutEntry {
            key: HOSTILE.to_owned(),
            features: Some(HOSTILE.to_owned()),
        }],
    }];
    let key = json!({ "type": "string", "description": HOSTILE, "default": HOSTILE, "examples": [HOSTILE], "format": HOSTILE });
    let params = json!({ "type": "object", "properties": { HOSTILE: key }, "required": [HOSTILE] });
    let page = Reference::new(&composition, Some(&schema(&params, &json!({}))));
    let (markdown, html) = (page.to_markdown(), page.to_html());
    for page in [&markdown, &html] {
        assert!(!page.contains('\u{1b}'));
    }
    assert!(
        !html.contains("<script") && !html.contains("<!--"),
        "{html}"
    );
    let count = |tag: &str| html.matches(tag).count();
    for tag in ["tr", "td", "code", "li", "a", "table"] {
        let open = count(&format!("<{tag}>")) + count(&format!("<{tag} "));
        assert_eq!(open, count(&format!("</{tag}>")), "{tag}");
    }
    // Outside of codes, every sign of the language is escaped, and a row has as many cells as its head.
    for line in markdown.lines() {
        if !line.contains("script") || line.starts_with(' ') && !line.contains("- [") {
            continue;
        }
        let plain = without_codes(line);
        assert!(!plain.replace("\\<", "").contains("<script"), "{line}");
        assert!(!plain.contains("](javascript"), "{line}");
        let strokes = line.replace("\\|", "").matches('|').count();
        assert!(
            !line.starts_with('|') || [4, 5].contains(&strokes),
            "{line}"
        );
    }
    assert!(
        !markdown
            .lines()
            .any(|line| line.starts_with("# h") || line.starts_with("- i"))
    );
}

#[test]
fn a_page_without_a_schema_says_so_and_has_the_components_all_the_same() {
    let page = Reference::new(&composition(), None).to_markdown();
    assert!(page.contains("The keys are not known"), "{page}");
    assert!(
        page.contains("### `a:A`") && page.contains("Package `a-package` 1.2.3."),
        "{page}"
    );
    assert!(!page.contains("| key |"), "{page}");
}

#[test]
fn a_program_without_anything_has_a_page() {
    for schema in [
        None,
        Some(&json!({})),
        Some(&json!(true)),
        Some(&json!(null)),
    ] {
        let page = Reference::new(&Composition::default(), schema);
        assert!(page.to_markdown().starts_with("# Reference of"));
        assert!(page.to_html().ends_with("</html>\n"));
    }
}

#[test]
fn a_schema_of_another_program_is_told_by_all_that_is_different() {
    let composition = composition();
    let fits = schema(&json!({ "type": "object" }), &json!({}));
    assert_eq!(mismatches(&composition, &fits), []);
    let mut other = fits.clone();
    other["title"] = json!("Configuration of host 0.9.0");
    let components = &mut other["properties"]["root"]["properties"]["components"]["properties"];
    *components = json!({ "b:B": {} });
    let found = mismatches(&composition, &other);
    let words: Vec<String> = found.iter().map(Mismatch::to_string).collect();
    let expected = [
        "it is the `Configuration of host 0.9.0`, and not the `Configuration of host 1.0.0`",
        "it has `b:B`, which is not in the composition",
        "it does not have `a:A`, which is in the composition",
    ];
    assert_eq!(words, expected);
    let no_root = json!({ "properties": { "shop": {} } });
    let found = mismatches(&composition, &no_root);
    assert_eq!(found, [Mismatch::Root("root".to_owned())]);
}

#[test]
fn what_a_component_needs_is_told_with_who_meets_it() {
    let mut composition = composition();
    composition.components.push(component("a:B"));
    let need = |form, providers: &[&str], default: Option<&str>| Need {
        field: "field".to_owned(),
        service: "dyn S".to_owned(),
        form,
        providers: providers.iter().map(|one| (*one).to_owned()).collect(),
        default: default.map(str::to_owned),
        wrapped_by: None,
    };
    for (scope, need, expected) in [
        (
            Scope::Singleton,
            need(Form::One, &["a:A", "a:B"], Some("a:B")),
            "[`a:B`](#a-B)",
        ),
        (
            Scope::Instance,
            need(Form::One, &["a:A", "a:B"], Some("a:B")),
            "[`a:B`](#a-B), or what the configuration chooses of [`a:A`](#a-A)",
        ),
        (
            Scope::Instance,
            need(Form::Optional, &["a:A", "a:B"], None),
            "[`a:A`](#a-A) or [`a:B`](#a-B), if there is any",
        ),
        (
            Scope::Singleton,
            need(Form::Optional, &[], None),
            "nobody; it does without",
        ),
        (
            Scope::Singleton,
            need(Form::Every, &["a:A", "a:B"], None),
            "all of [`a:A`](#a-A) and [`a:B`](#a-B)",
        ),
        (Scope::Singleton, need(Form::Own, &[], None), "the runtime"),
    ] {
        composition.components[0].scope = scope;
        composition.components[0].needs = vec![need];
        let page = Reference::new(&composition, None).to_markdown();
        assert!(
            page.contains(&format!("| `dyn S` | `field` | {expected} |")),
            "{expected}: {page}"
        );
    }
}
