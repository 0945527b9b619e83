//! Rendering, row by row: a table of our own, and the recorded one where the workspace that shares it is there.

#![cfg(feature = "pipes")]

mod generated;
mod hostile;
mod lookups;
mod syntax;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Engine, PipeResult, Rendered, TemplateRenderer, TemplateScope};
use crate::config::value::fit::{any, as_text};

fn object(value: Value) -> serde_json::Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

fn scope(results: &Value, params: Value, parent: Value, environment: &Value) -> TemplateScope {
    let text = |(key, value): (&String, &Value)| {
        (key.clone(), value.as_str().unwrap_or_default().to_owned())
    };
    let environment: BTreeMap<String, String> = environment
        .as_object()
        .into_iter()
        .flatten()
        .map(text)
        .collect();
    let mut scope = TemplateScope::new(Arc::new(environment))
        .params(object(params))
        .parent_params(object(parent));
    for (id, result) in results.as_object().into_iter().flatten() {
        let result: PipeResult = serde_json::from_value(result.clone()).expect("a result");
        scope = scope.result(id.clone(), result);
    }
    scope
}

/// The value in a field of any type, and the text in a text field.
fn render(template: &str, scope: &TemplateScope) -> Result<(Value, String), String> {
    let compiled = Engine::default()
        .compile(template)
        .map_err(|error| format!("template syntax error: {error}"))?;
    let once = || {
        let scope = scope.afresh();
        let rendered = match &compiled {
            Some(compiled) => compiled
                .render(&scope)
                .map_err(|error| scope.redacted(&error.to_string()))?,
            None => Rendered::text(template.strip_suffix('\n').unwrap_or(template)),
        };
        match scope.failed() {
            Some(message) => Err(format!("failed: {message}")),
            None => Ok(rendered),
        }
    };
    Ok((any(once()?)?, as_text(once()?)?))
}

fn example() -> TemplateScope {
    let results = json!({
        "one": { "succeeded": true, "data": {
            "value": 4, "label": "sales", "share": 0.2468, "items": [{ "id": "8", "rank": { "name": "b" } }, { "id": "9", "rank": { "name": "a" } }],
            "nothing": null, "text": "34", "deep": { "a": { "b": "c" } },
        } },
        "bad": { "succeeded": false, "message": "no" },
        "left_out": { "succeeded": false, "was_skipped": true },
    });
    scope(
        &results,
        json!({ "q": 2 }),
        json!({ "limit": 0.5 }),
        &json!({ "NAME": "value", "COUNT": "7" }),
    )
}

#[test]
fn a_lone_expression_keeps_its_value_and_anything_else_is_text() {
    let rows = [
        ("a text", json!("a text"), "a text"),
        ("34", json!("34"), "34"),
        ("{{ 34 }}", json!(34), "34"),
        ("{{ '34' }}", json!("34"), "34"),
        ("{{ 34 }}\n", json!(34), "34"),
        ("{{ 3 }}{{ 4 }}", json!("34"), "34"),
        ("n {{ 3 }}", json!("n 3"), "n 3"),
        ("{% set x = 3 %}{{ x * 3 }}", json!(9), "9"),
        ("{{ 9 / 2 }}", json!(4.5), "4.5"),
        ("{{ 9 // 2 }}", json!(4), "4"),
        ("{{ 3 ** 2 }}", json!(9), "9"),
        ("{{ 2.0 }}", json!(2.0), "2.0"),
        ("{{ 5 | round(1) }}", json!(5), "5"),
        ("{{ 'ab' * 2 }}", json!("abab"), "abab"),
        ("Dear {{ nobody }}.", json!("Dear ."), "Dear ."),
        ("{{ nobody | default('x') }}", json!("x"), "x"),
        ("{{ get_pipe_result('one') }}", json!(4), "4"),
        ("{{ get_pipe_result('one', 'text') }}", json!("34"), "34"),
        (
            "{{ get_pipe_result('one', 'share') | round(2) }}",
            json!(0.25),
            "0.25",
        ),
        (
            "{{ get_pipe_result('one', 'items')[1].id }}",
            json!("9"),
            "9",
        ),
        (
            "{{ (get_pipe_result('one', 'items') | sort(attribute='rank.name') | first).id }}",
            json!("9"),
            "9",
        ),
        (
            "{{ get_pipe_result('one', 'items') | map(attribute='id') | join('/') }}",
            json!("8/9"),
            "8/9",
        ),
        (
            "{{ at_path(get_pipe_result('one', 'deep'), 'a.b') }}",
            json!("c"),
            "c",
        ),
        ("{{ pipe_results.one.data.label }}", json!("sales"), "sales"),
        ("{{ get_parent_param('limit') * 2 }}", json!(1.0), "1.0"),
        ("{{ params.q }}", json!(2), "2"),
        ("{{ get_env('NAME') }}", json!("value"), "value"),
        ("{{ get_env('COUNT') | int + 1 }}", json!(8), "8"),
        (
            "{% if get_pipe_result('one', 'share') > 0.2 %}a{% else %}b{% endif %}",
            json!("a"),
            "a",
        ),
        (
            "a\n{% if true %}\n  b\n{% endif %}\nc",
            json!("a\n  b\nc"),
            "a\n  b\nc",
        ),
        ("{% raw %}{{ x }}{% endraw %}", json!("{{ x }}"), "{{ x }}"),
        (
            "{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m('y') }}",
            json!("<y>"),
            "<y>",
        ),
        (
            "{{ 'one two three four' | truncate(10) }}",
            json!("one..."),
            "one...",
        ),
        (
            "{{ 'one two three four' | truncate(length=10, killwords=true, end='!') }}",
            json!("one two t!"),
            "one two t!",
        ),
        ("{{ 'AbC'.lower() }}", json!("abc"), "abc"),
        ("{{ 'a b_c, d' | wordcount }}", json!(3), "3"),
        (
            "{{ 'one two' | wordwrap(4) }}",
            json!("one\ntwo"),
            "one\ntwo",
        ),
        ("[{{ 'a' | center(4) }}]", json!("[ a  ]"), "[ a  ]"),
        ("{{ [7] | random }}", json!(7), "7"),
    ];
    for (template, value, text) in rows {
        assert_eq!(
            render(template, &example()),
            Ok((value, text.to_owned())),
            "{template}"
        );
    }
    assert_eq!(
        render("{{ [1, 2] }}", &example()).map(|(value, _)| value),
        Ok(json!([1, 2]))
    );
    assert_eq!(
        render("{{ has_failed('bad') }}", &example()).map(|(value, _)| value),
        Ok(json!(true))
    );
    assert_eq!(
        render("{{ has_failed('left_out') }}", &example()).map(|(value, _)| value),
        Ok(json!(false))
    );
    assert_eq!(
        render("{{ none }}", &example()).map(|(value, _)| value),
        Ok(Value::Null)
    );
}

#[test]
fn an_error_names_what_is_missing() {
    let rows: [(&str, &[&str]); 12] = [
        ("{{ get_pipe_result('two') }}", &["two", "not found"]),
        (
            "{{ get_pipe_result('onne') }}",
            &["onne", "not found", "did you mean `one`"],
        ),
        (
            "{{ get_pipe_result('one', 'nothing') }}",
            &["nothing", "not found"],
        ),
        (
            "{{ get_pipe_result('one', 'colour') }}",
            &["colour", "not found"],
        ),
        ("{{ has_failed('two') }}", &["two", "not found"]),
        ("{{ get_parent_param('p') }}", &["p", "not found"]),
        ("{{ get_env('NOT_THERE') }}", &["NOT_THERE", "not found"]),
        ("{{ at_path({'a': 1}, 'a') }}", &["path"]),
        ("{{ at_path({'a': {}}, 'a.z') }}", &["z", "not found"]),
        ("{{ nobody.x.y }}", &["undefined", "nobody"]),
        ("{{ 'a' + 1 }}", &[]),
        ("{{ 1 + }}", &["syntax"]),
    ];
    for (template, words) in rows {
        let error = render(template, &example()).expect_err(template);
        for word in words {
            assert!(error.contains(word), "{template}: {error}");
        }
    }
}

#[test]
fn a_wrong_name_is_refused_before_anything_is_rendered_and_the_right_one_is_suggested() {
    for (template, words) in [
        (
            "{{ 1 | rond }}",
            "syntax error: filter `rond` is unknown; did you mean `round`?",
        ),
        (
            "{{ 1 is not od }}",
            "syntax error: test `od` is unknown; did you mean `odd`?",
        ),
        (
            "{{ get_evn('NAME') }}",
            "`get_evn` is undefined; did you mean `get_env`?",
        ),
        (
            "{{ pipe_result.a.b }}",
            "`pipe_result` is undefined; did you mean `pipe_results`?",
        ),
        (
            "{{ pipe_results.onne.x }}",
            "`pipe_results.onne` is undefined; did you mean `one`?",
        ),
        (
            "{% if true %}\n{{ nobody.x }}\n{% endif %}",
            "(line 2 of the template)",
        ),
    ] {
        let error = render(template, &example()).expect_err(template);
        assert!(error.contains(words), "{template}: {error}");
    }
    for (mark, names) in [("|", super::names::FILTERS), ("is", super::names::TESTS)] {
        for name in names {
            let compiled = Engine::default().compile(&format!("{{{{ 1 {mark} {name} }}}}"));
            assert!(
                compiled.is_ok(),
                "{name}: {compiled:?}",
                compiled = compiled.err()
            );
        }
    }
}

#[test]
fn fail_fails_wherever_it_becomes_part_of_the_value() {
    for template in [
        "{{ fail() }}",
        "x {{ fail() }}",
        "{{ [1, fail()] }}",
        "{{ {'a': fail()} }}",
        "{{ 'a' ~ fail() }}",
    ] {
        let error = render(template, &example()).expect_err(template);
        assert!(error.starts_with("failed:"), "{template}: {error}");
    }
    let error = render("{{ fail('no tickets') }}", &example()).expect_err("fails");
    assert_eq!(error, "failed: no tickets");
    assert!(render("{{ fail() if false else 'fine' }}", &example()).is_ok());
}

#[test]
fn an_endless_loop_ends() {
    let template = "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}";
    assert!(render(template, &example()).is_err());
}

#[test]
fn what_a_variable_holds_is_no_part_of_an_error() {
    let scope = scope(
        &json!({}),
        json!({}),
        json!({}),
        &json!({ "TOKEN": "hush-hush" }),
    );
    let error =
        render("{{ get_pipe_result(get_env('TOKEN')) }}", &scope).expect_err("unknown step");
    assert!(!error.contains("hush"), "{error}");
}

/// The recorded rows, where they are there.
#[test]
fn recorded_rows_render_as_recorded() {
    let Some(table) = crate::config::recorded("render") else {
        return;
    };
    let scope = scope(
        &table["scope"]["pipe_results"],
        table["scope"]["params"].clone(),
        table["scope"]["parent_params"].clone(),
        &table["env"],
    );
    let mut wrong = Vec::new();
    for row in table["cases"].as_array().expect("rows") {
        let template = row["template"].as_str().expect("a template");
        if row["treenail"] == "open" {
            continue;
        }
        let rendered = render(template, &scope);
        if row.get("error").is_some() {
            let words = row["contains"]
                .as_array()
                .expect("words")
                .iter()
                .filter_map(Value::as_str);
            match rendered {
                Ok(value) => wrong.push(format!("{template}: {value:?} instead of an error")),
                Err(error) => wrong.extend(
                    words
                        .filter(|word| !error.to_lowercase().contains(&word.to_lowercase()))
                        .map(|word| format!("{template}: {error} lacks {word}")),
                ),
            }
            continue;
        }
        let native = row.get("treenail_native").unwrap_or(&row["native"]);
        match rendered {
            Err(error) => wrong.push(format!("{template}: {error}")),
            Ok((value, text)) => {
                if !same(&value, native) {
                    wrong.push(format!("{template}: {value} instead of {native}"));
                }
                if let Some(expected) = row.get("string_field").and_then(Value::as_str)
                    && expected != text
                {
                    wrong.push(format!("{template}: text {text:?} instead of {expected:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// 5 equals 5.0.
fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

#[test]
fn recorded_unions_are_unions() {
    let Some(table) = crate::config::recorded("union") else {
        return;
    };
    for row in table
        .as_array()
        .expect("rows")
        .iter()
        .filter(|row| row["treenail"] != "open")
    {
        let read =
            |value: &Value| serde_json::from_value::<PipeResult>(value.clone()).expect("a result");
        let union = PipeResult::union(row["inputs"].as_array().expect("inputs").iter().map(read));
        assert_eq!(union, read(&row["union"]), "{}", row["name"]);
        assert_eq!(
            Value::from(union.has_failed()),
            row["has_failed"],
            "{}",
            row["name"]
        );
    }
}
