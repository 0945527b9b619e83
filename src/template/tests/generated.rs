//! Templates of any shape, from a grammar of all statements, operators, filters, tests and functions. The filters that
//! are put into a template change nothing of what it gives; and whatever a template says, it ends, on a small stack and in
//! little memory.

use std::sync::Arc;

use minijinja::{Environment, ErrorKind, Value};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};

use super::hostile::{in_little_memory, on_a_small_stack};
use super::{example, render};
use crate::template::visible::VisibleScope;
use crate::template::{bounds, filters, functions, syntax};

/// So many templates, always the same ones; or `TREENAIL_TEMPLATE_CASES` of each kind, others at each run.
fn runner(cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    match std::env::var("TREENAIL_TEMPLATE_CASES") {
        Ok(cases) => TestRunner::new(Config {
            cases: cases.parse().expect("a number"),
            ..config
        }),
        Err(_) => {
            let random = TestRng::deterministic_rng(config.rng_algorithm);
            TestRunner::new_with_rng(config, random)
        }
    }
}

fn one_of(texts: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    prop::sample::select(texts.to_vec()).prop_map(str::to_owned)
}

const SMALL: &[&str] = &[
    "0",
    "1",
    "-2",
    "1.5",
    "2e3",
    "'a'",
    "'b c,d'",
    "\"\u{fc}<&\"",
    "''",
    "true",
    "none",
    "a",
    "b",
    "n.a",
    "n.b",
    "nobody",
    "params.q",
    "pipe_results.one.data.items",
    "params",
    "loop.index",
    "[]",
    "{}",
    "()",
    "(1,)",
    "'a' 'b'",
    "range(3)",
];

const LARGE: &[&str] = &[
    "10 ** 9",
    "99999",
    "-7",
    "1e300",
    "'x' * 10 ** 6",
    "'%s%(a)s{}{0:>99}' * 9999",
    "[1] * 10 ** 6",
    "[[a] * 999] * 999",
    "a",
    "b",
    "n.a",
    "n.b",
    "n",
    "range(99999)",
    "lipsum",
    "loop",
    "pipe_results",
    "{a: b}",
    "(a, b)",
    "[n.a, n.a]",
    "n.a",
    "'\\n' * 9999",
];

const FILTERS: &[&str] = &[
    "abs",
    "attr(%)",
    "batch(%)",
    "batch(2, %)",
    "bool",
    "capitalize",
    "center(%)",
    "count",
    "default(%)",
    "dictsort",
    "escape",
    "filesizeformat",
    "first",
    "float",
    "format(%)",
    "format(a=%)",
    "groupby(%)",
    "indent(%)",
    "indent(%, true)",
    "int",
    "items",
    "join(%)",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map('string')",
    "map('upper')",
    "map(attribute=%)",
    "map('default', %)",
    "map('center', %)",
    "max",
    "min",
    "pprint",
    "reject",
    "reject('in', %)",
    "replace('a', %)",
    "replace(%, 'bbb')",
    "reverse",
    "round(%)",
    "select",
    "select('eq', %)",
    "selectattr('a')",
    "slice(%)",
    "sort",
    "split",
    "split(%)",
    "string",
    "striptags",
    "sum",
    "sum(start=%)",
    "title",
    "tojson",
    "tojson(indent=%)",
    "trim",
    "truncate(%)",
    "unique",
    "upper",
    "urlencode",
    "wordcount",
    "wordwrap(%)",
    "wordwrap(2, wrapstring=%)",
    "zip(%)",
    "chain(%)",
];

const TESTS: &[&str] = &[
    "boolean",
    "defined",
    "divisibleby(%)",
    "divisibleby 2",
    "eq(%)",
    "eq a",
    "even",
    "float",
    "in(%)",
    "in b",
    "lower",
    "mapping",
    "ne(%)",
    "none",
    "number",
    "odd",
    "sameas(%)",
    "startingwith(%)",
    "string",
    "undefined",
    "upper",
];

const CALLS: &[&str] = &[
    "range(%)",
    "range(0, %, 7)",
    "dict(k=%)",
    "dict(**%)",
    "namespace(a=%)",
    "debug(%)",
    "cycler(%).next()",
    "joiner(%)()",
    "m(%)",
    "m(%, b=a)",
    "m(*%)",
    "get_pipe_result('one', 'items')",
    "at_path(%, 'a.b')",
    "(%).upper()",
    "(%).split(',')",
    "(%).replace('a', a)",
    "(%).format(a, a=b)",
    "(%).join(a)",
    "(%).count(a)",
    "(%).items()",
    "(%).get(a, b)",
    "(%).keys()",
    "loop.changed(%)",
    "loop.cycle(%, a)",
    "loop(%)",
    "(%).strip(a)",
    "(%).title()",
    "(%).find('a')",
    "(%).splitlines()",
];

const OPERATORS: &[&str] = &[
    "+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "in", "not in", "and", "or",
];

/// The engine puts lists before maps, and what is lazy behind both.
const WITH_ORDER: &[&str] = &[
    "+", "*", "~", "==", "<", "<=", ">", ">=", "in", "is lt", "is ge", "and", "or",
];

/// A text with a value in the place of its mark.
fn filled(text: &str, value: &str) -> String {
    text.replace('%', value)
}

/// The filter for each item of a list.
fn mapped(filter: &str) -> String {
    match filter.split_once('(') {
        Some((name, arguments)) => format!("map('{name}', {arguments}"),
        None => format!("map('{filter}')"),
    }
}

fn expression(
    leaves: &'static [&'static str],
    operators: &'static [&'static str],
) -> BoxedStrategy<String> {
    one_of(leaves)
        .prop_recursive(4, 24, 3, |inner| {
            let pair = (inner.clone(), inner.clone());
            prop_oneof![
                4 => (pair.clone(), one_of(operators)).prop_map(|((a, b), sign)| format!("{a} {sign} {b}")),
                4 => (pair.clone(), one_of(FILTERS)).prop_map(|((a, b), filter)| format!("{a}|{}", filled(&filter, &b))),
                2 => (pair.clone(), one_of(FILTERS)).prop_map(|((a, b), filter)| format!("{a}|{}", filled(&mapped(&filter), &b))),
                2 => (inner.clone(), one_of(CALLS)).prop_map(|(a, call)| filled(&call, &a)),
                1 => (pair.clone(), one_of(TESTS), any::<bool>()).prop_map(|((a, b), test, not)| {
                    format!("({a} is {}{})", if not { "not " } else { "" }, filled(&test, &b))
                }),
                2 => pair.clone().prop_map(|(a, b)| format!("({a})[{b}]")),
                1 => pair.clone().prop_map(|(a, b)| format!("({a})[{b}:]")),
                1 => inner.clone().prop_map(|a| format!("({a})[::-1]")),
                1 => inner.clone().prop_map(|a| format!("({a})['a'].b.0")),
                1 => pair.clone().prop_map(|(a, b)| format!("[{a}, {b}]")),
                1 => pair.clone().prop_map(|(a, b)| format!("({a}, {b})")),
                1 => pair.clone().prop_map(|(a, b)| format!("{{{a}: {b}}}")),
                1 => pair.clone().prop_map(|(a, b)| format!("{a} if {b} else {a}")),
                1 => inner.clone().prop_map(|a| format!("not {a}")),
                1 => inner.clone().prop_map(|a| format!("-{a}")),
                2 => inner.prop_map(|a| format!("({a})")),
            ]
        })
        .boxed()
}

fn template(
    leaves: &'static [&'static str],
    operators: &'static [&'static str],
    loops: &'static [&'static str],
) -> BoxedStrategy<String> {
    let value = expression(leaves, operators);
    let text = prop_oneof![
        4 => value.clone().prop_map(|a| format!("{{{{ {a} }}}}")),
        1 => value.clone().prop_map(|a| format!("{{{{- {a} -}}}}")),
        2 => value.clone().prop_map(|a| format!("{{% set a = {a} %}}")),
        2 => value.clone().prop_map(|a| format!("{{% set n.a = {a} %}}")),
        1 => value.clone().prop_map(|a| format!("{{% set b, n.b = {a}, a %}}")),
        1 => value.clone().prop_map(|a| format!("{{% do m({a}) %}}")),
        1 => Just("{% raw %}{{ a }}{% endraw %} text\n  {# {{ #}".to_owned()),
    ];
    let whole = text.prop_recursive(3, 24, 3, move |inner| {
        let around = (value.clone(), inner.clone());
        prop_oneof![
            4 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}{b}")),
            2 => around.clone().prop_map(|(a, b)| format!("{{% for a in {a} %}}{b}{{% else %}}none{{% endfor %}}")),
            3 => (one_of(loops), inner.clone()).prop_map(|(times, b)| {
                format!("{{% for i in range({times}) if i is not none %}}{b}{{% endfor %}}")
            }),
            1 => around.clone().prop_map(|(a, b)| format!("{{% for a in [{a}] recursive %}}{b}{{% endfor %}}")),
            2 => around.clone().prop_map(|(a, b)| format!("{{% if {a} %}}{b}{{% elif a %}}1{{% else %}}2{{% endif %}}")),
            1 => around.clone().prop_map(|(a, b)| format!("{{% with a = {a}, b = 1 %}}{b}{{% endwith %}}")),
            1 => around.clone().prop_map(|(a, b)| format!("{{% macro m(a, b={a}) %}}{b}{{% endmacro %}}")),
            1 => around.prop_map(|(a, b)| format!("{{% call(a) m({a}) %}}{b}{{% endcall %}}")),
            1 => inner.clone().prop_map(|b| format!("{{% set n.a %}}{b}{{% endset %}}")),
            1 => (one_of(FILTERS), inner.clone()).prop_map(|(filter, b)| {
                format!("{{% filter {} %}}{b}{{% endfilter %}}", filled(&filter, "a"))
            }),
            1 => inner.prop_map(|b| format!("{{% autoescape 'html' %}}{b}{{% endautoescape %}}")),
        ]
    });
    whole
        .prop_map(|rest| {
            format!(
                "{{% set n = namespace(a=[1], b='x') %}}{{% set a = [3, {{'k': 1}}] %}}{{% set b = 'x,y' %}}\
                 {{% macro m(a, b=2) %}}<{{{{ a }}}}|{{{{ b }}}}>{{{{ caller(a) if caller }}}}{{% endmacro %}}{rest}"
            )
        })
        .boxed()
}

#[test]
fn what_is_put_into_a_template_changes_nothing_of_what_it_gives() {
    let mut env = Environment::new();
    minijinja_contrib::add_to_environment(&mut env);
    bounds::add(&mut env);
    functions::add(&mut env);
    filters::add(&mut env);
    let scope = || Value::from_object(VisibleScope::new(example().afresh()));
    let template = template(SMALL, OPERATORS, &["0", "2"]);
    let checked = runner(2000).run(&template, |template| {
        let Ok(plain) = env.template_from_str(&template) else {
            return Ok(());
        };
        let read =
            syntax::read(&template).map_err(|unread| TestCaseError::fail(format!("{unread:?}")))?;
        let plain = plain.render(scope());
        let guarded = env.render_str(&read.guarded, scope());
        match (plain, guarded) {
            // What is lazy is made a list, where the engine does not even say what is in it.
            (Ok(plain), _) if plain.to_lowercase().contains("iterator") => {}
            (Ok(plain), Ok(guarded)) => prop_assert_eq!(plain, guarded, "{}", read.guarded),
            (Err(_), Err(_)) => {}
            // A list has methods that what is lazy has not.
            (Err(error), Ok(_)) if error.kind() == ErrorKind::UnknownMethod => {}
            // What nobody looks at is looked at all the same.
            (Ok(_), Err(error))
                if ["a namespace keeps", "is not iterable"]
                    .iter()
                    .any(|words| error.to_string().contains(words)) => {}
            (plain, guarded) => prop_assert!(false, "{plain:?} and {guarded:?}: {}", read.guarded),
        }
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn whatever_a_template_says_it_ends() {
    in_little_memory("generated::whatever_a_template_says_it_ends", || {
        let template = template(LARGE, WITH_ORDER, &["3", "60", "99999"]);
        let scope = Arc::new(example());
        let checked = runner(48).run(&template, |template| {
            println!("{template}");
            let rendered = on_a_small_stack(|| render(&template, &scope));
            if let Ok((_, text)) = rendered {
                prop_assert!(text.len() < 1 << 27, "{} bytes", text.len());
            }
            Ok(())
        });
        checked.unwrap_or_else(|error| panic!("{error}"));
    });
}
