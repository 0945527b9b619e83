//! Templates that are answered without the engine say what the engine says: each is compared with the same in brackets,
//! which the engine renders.

use super::{example, render};
use crate::template::lookups::Lookups;

const SHOWN: &[&str] = &[
    "get_pipe_result('one')",
    "get_pipe_result('one', 'value')",
    "get_pipe_result(\"one\", \"label\")",
    "get_pipe_result('one', 'share')",
    "get_pipe_result('one', 'text')",
    "get_pipe_result('one', 'items')",
    "get_pipe_result('one', 'items')[0]",
    "get_pipe_result('one', 'items')[1]['id']",
    "get_pipe_result('one', 'items')[ 1 ].rank.name",
    "get_pipe_result('one', 'items')[2]",
    "get_pipe_result('one', 'items')['0']",
    "get_pipe_result('one', 'items').length",
    "get_pipe_result('one', 'label')[0]",
    "get_pipe_result('one', 'label').upper",
    "get_pipe_result('one', 'label')['a']",
    "get_pipe_result('one', 'deep')[0]",
    "get_pipe_result('one', 'deep').a.b",
    "get_pipe_result('one', 'deep').a.b.c",
    "get_pipe_result('one', 'deep').a.b.c.d",
    "get_pipe_result('one', 'nothing')",
    "get_pipe_result('one', 'nothin')",
    "get_pipe_result('bad')",
    "get_pipe_result('left_out', 'value')",
    "get_pipe_result('on')",
];

const AROUND: &[&str] = &[
    "{{ RESULT }}",
    "{{RESULT}}\n",
    " {{ RESULT }}",
    "{{ RESULT }}\n\n",
    "{{ RESULT }}\r\n",
    "\n{{ RESULT }}{{ RESULT }}",
    "a {{ RESULT }} } { b {{ RESULT }} c\n",
    "a {{- RESULT }} b",
    "a {{ RESULT -}} b",
    "{# no #}{{ RESULT }}",
    "{% if true %}{{ RESULT }}{% endif %}",
    "{{ RESULT }}{{ 1 }}",
    "{{ RESULT | upper }}",
];

#[test]
fn a_lookup_gives_what_the_engine_gives() {
    let scope = example();
    for shown in SHOWN {
        for around in AROUND {
            let template = around.replace("RESULT", shown);
            let bracketed = around.replace("RESULT", &format!("({shown})"));
            assert!(Lookups::read(&bracketed).is_none(), "{bracketed}");
            let (lookup, engine) = (render(&template, &scope), render(&bracketed, &scope));
            assert_eq!(lookup, engine, "{template:?}");
        }
    }
}

#[test]
fn what_is_simply_there_needs_no_engine() {
    let scope = example();
    let is_answered = |template: &str| {
        let lookups = Lookups::read(template);
        lookups.is_some_and(|lookups| lookups.render(&scope).is_some())
    };
    for template in [
        "{{ get_pipe_result('one') }}\n",
        "{{ get_pipe_result('one', 'items')[0].rank['name'] }}",
        "{{ get_pipe_result('one', 'label') }}: {{ get_pipe_result('one') }}.",
    ] {
        assert!(is_answered(template), "{template}");
    }
    for template in [
        "{{ get_pipe_result('one', 'items') }}",
        "{{ get_pipe_result('one', 'nothing') }}",
        "{{ get_pipe_result('two') }}",
        "{{ get_pipe_result('o\\x6ee') }}",
        "{{ get_pipe_result('one') + 1 }}",
        "{{ get_pipe_result('one') }}{{ get_env('NAME') }}",
        "{{ has_failed('one') }}",
    ] {
        assert!(!is_answered(template), "{template}");
    }
}
