//! What is read of a template, and what is put into it.

use crate::template::bounds::{COUNTED, HELD, KEPT, PAID};
use crate::template::syntax::{NameKind, SyntaxFault, read};

#[test]
fn filters_and_tests_are_found_and_nothing_else() {
    let source = "{{ a | b('| no }}') | c }} | no {% if x is not d and y.is | e %}{# {{ 1 | no }} #}\
        {% raw %} endraw %}{{ 1 | no }}{%- endraw +%}{% endif %}{% filter f %}x{% endfilter %}{{ {'k': {}} | g }}\
        {{ filter is h }}{% for i in j|k if i is l %}{% endfor %}{% set m | n %}{% endset %}{% call o() %}{% endcall %}";
    let read = read(source).unwrap_or_else(|unread| panic!("{unread:?}"));
    let found: Vec<String> = read
        .names
        .iter()
        .map(|used| match used.kind {
            NameKind::Filter => used.name.to_owned(),
            NameKind::Test => format!("is {}", used.name),
        })
        .collect();
    assert_eq!(
        found,
        ["b", "c", "is d", "e", "f", "g", "is h", "k", "is l", "n"]
    );
}

#[test]
fn what_is_computed_with_is_bounded_and_what_is_written_out_is_not() {
    let rows = [
        ("{{ a }}", "{{ a! }}"),
        ("{{ 'a' ~ -1 ~ true }}", "{{ 'a' ~ -1 ~ true }}"),
        ("{{ a.b.0.c(d, e=1, *f) }}", "{{ a.b.0.c(d!, e=1, *f!)! }}"),
        ("{{ [1, a] ~ {'k': b} }}", "{{ [1, a°]! ~ {'k': b°}! }}"),
        ("{{ a|b(c)|d }}", "{{ a!|b(c!)°|d! }}"),
        (
            "{{ a|length + b|first|upper|e }}",
            "{{ a°|length! + b°|first!|upper!|e! }}",
        ),
        (
            "{{ a is b and c is not in d }}",
            "{{ a! is b and c! is not in (d!) }}",
        ),
        ("{{ a is b(c) }}", "{{ a! is b(c!) }}"),
        ("{{ a is b 'c' }}", "{{ a! is b 'c' }}"),
        ("{{ 2 + a * 3 // b }}", "{{ 2 + (a° * 3 // b°)! }}"),
        ("{{ a / 2 }}", "{{ a! / 2 }}"),
        ("{{ f(*a) / 2 }}", "{{ f(*a!)! / 2 }}"),
        ("{{ a['k'][0].b }}", "{{ a['k'][0].b! }}"),
        ("{{ -a.b[1:][i] }}", "{{ -((a.b#)[1:]#)[i!]! }}"),
        ("{{ {a: b} }}", "{{ {a!: b°}! }}"),
        ("{{ a if b else c }}", "{{ a! if b! else c! }}"),
        (
            "{%- set a, b = c + d, 1 -%}",
            "{%- set a, b = c° + d°, 1 -%}",
        ),
        (
            "{% set a = b ~ c == (d,) %}",
            "{% set a = b! ~ c! == (d°,)! %}",
        ),
        ("{% set n.a = b, 1 %}", "{% set n.a = (b°, 1)? %}"),
        (
            "{% for (a, b), in c if a %}{% else %}{% endfor %}",
            "{% for (a, b), in c° if a° %}{% else %}{% endfor %}",
        ),
        (
            "{% macro m(a, b=c) %}{{ a }}{% endmacro %}",
            "{% macro m(a, b=c°) %}{{ a! }}{% endmacro %}",
        ),
        (
            "{% call(a) m(b) %}{% endcall %}",
            "{% call(a) m(b!) %}{% endcall %}",
        ),
        ("{% do a.b(c) %}", "{% do a.b(c!) %}"),
        (
            "{% with a = b, c = 1 %}{% endwith %}",
            "{% with a = b°, c = 1 %}{% endwith %}",
        ),
        (
            "{% if a %}{% elif b in c %}{% else %}{% endif %}",
            "{% if a° %}{% elif b! in c! %}{% else %}{% endif %}",
        ),
        (
            "{% raw %}{{ a }}{% endraw %}{# {{ a }} #}{ {",
            "{% raw %}{{ a }}{% endraw %}{# {{ a }} #}{ {",
        ),
        ("{{ '}}' ~ (a) }}", "{{ '}}' ~ (a°)! }}"),
        (
            "{% filter a(b) %}{% endfilter %}",
            "{% filter a(b!) %}{% endfilter %}",
        ),
    ];
    for (source, expected) in rows {
        let read = read(source).unwrap_or_else(|unread| panic!("{source}: {unread:?}"));
        let mut guarded = read.guarded;
        for (filter, sign) in [(HELD, "°"), (PAID, "!"), (KEPT, "?"), (COUNTED, "#")] {
            guarded = guarded.replace(filter, sign);
        }
        assert_eq!(guarded, expected, "{source}");
    }
}

#[test]
fn what_nests_without_end_is_too_deep_and_a_broken_text_is_left_to_the_engine() {
    let deep = [
        ("{{ ", "1 + "),
        ("{{ ", "not "),
        ("{{ ", "- "),
        ("{{ ", "("),
        ("{{ 1", "|a"),
        ("{{ a", ".b"),
    ];
    for (start, again) in deep {
        let source = format!("{start}{}1 }}}}", again.repeat(100_000));
        assert_eq!(read(&source).err(), Some(SyntaxFault::TooDeep), "{again}");
    }
    for broken in [
        "{{",
        "{{ 1 + }}",
        "{{ (1 }}",
        "{% if %}",
        "{% if a %}",
        "{% endif %}",
        "{{ 'a }}",
        "{# a",
        "{% raw %}",
        "{{ ä§ }}",
        "{% include 'a' %}",
    ] {
        assert_eq!(read(broken).err(), Some(SyntaxFault::Malformed), "{broken}");
    }
}
