//! Templates that want too much: each ends with an error, on a small stack and in little memory. What a template of a
//! configuration may well want is allowed. The file is long because of its tables.

use std::process::Command;
use std::thread;

use super::{example, render};
use crate::template::bounds;

const TOO_MUCH: &str = "the template takes more time or memory than a template may take";

/// A list of lists in a list, twice each, sixty levels high. It is made in a moment, and never written to its end.
fn tower(rest: &str) -> String {
    format!(
        "{{% set n = namespace(a=[1], b=[1]) %}}\
         {{% for i in range(60) %}}{{% set n.a = [n.a, n.a] %}}{{% set n.b = [n.b, n.b] %}}{{% endfor %}}{rest}"
    )
}

/// Something done with a large text, and with a long list, more often than any configuration does anything.
fn over_and_over(rest: &str) -> String {
    format!(
        "{{% set text = 'x' * 10 ** 7 %}}{{% set same = 'x' * 10 ** 7 %}}\
         {{% set list = range(99999)|list %}}{{% set other = range(99999)|list %}}{{% set n = namespace() %}}\
         {{% macro m() %}}{{% endmacro %}}{{% for i in range(99999) %}}{rest}{{% endfor %}}"
    )
}

/// Values that grow without end, each from the one before.
fn growing(start: &str, next: &str) -> String {
    format!(
        "{{% set n = namespace(a={start}) %}}{{% for i in range(99999) %}}{{% set n.a = {next} %}}{{% endfor %}}{{{{ n.a|length }}}}"
    )
}

/// What is too large, whether it is made in one step or in many.
fn too_much() -> Vec<String> {
    let alone = [
        "{{ 'a' * 10 ** 8 }}",
        "{{ [1] * 10 ** 8 }}",
        "{{ (1,) * 10 ** 8 }}",
        "{{ '' ~ [[1] * 10 ** 4] * 10 ** 4 }}",
        "{{ [[1] * 10 ** 4] * 10 ** 4 }}",
        "{{ 2 * [['a' * 10 ** 6] * 1000] }}",
        "{{ (['a' * 10 ** 6] * 1000)|join }}",
        "{{ [params] * 10 ** 7 }}",
        "{{ 'a'|center(10 ** 9) }}",
        "{{ 'a\nb'|indent(10 ** 9) }}",
        "{{ '%1000000000d'|format(1) }}",
        "{{ '%.1000000000f'|format(1.5) }}",
        "{{ ('%(a)s' * 50000)|format(a='x' * 10 ** 6) }}",
        "{{ '{:>1000000000}'.format(1) }}",
        "{{ '{:.1000000000f}'.format(1.5) }}",
        "{{ ('{0}' * 50000).format('x' * 10 ** 6) }}",
        "{{ ('{a}' * 50000).format(a='x' * 10 ** 6) }}",
        "{{ ('a' * 10 ** 5)|replace('a', 'b' * 10 ** 5) }}",
        "{{ ('a' * 10 ** 5).replace('a', 'b' * 10 ** 5) }}",
        "{{ range(10 ** 5)|join('x' * 10 ** 5) }}",
        "{{ ('x' * 10 ** 5).join(range(10 ** 5)) }}",
        "{{ lipsum(10 ** 9) }}",
        "{{ lipsum(n=10 ** 9, html=true) }}",
        "{{ lipsum(1, max=10 ** 9) }}",
        "{{ ('a ' * 10 ** 6)|wordwrap(1) }}",
        "{{ ('a ' * 10 ** 5)|wordwrap(1, wrapstring='x' * 10 ** 5) }}",
        "{{ range(10)|batch(10 ** 9, 0) }}",
        "{{ range(10)|slice(10 ** 9) }}",
        "{{ {'a': 1}|tojson(indent=10 ** 9) }}",
        "{{ {'a': 1}|tojson(10 ** 9) }}",
        "{{ (['x' * 1000] * 10000)|sum(start='') }}",
        "{{ ([[1]] * 10 ** 5)|sum(start=[]) }}",
        "{{ ('x' * 10 ** 7)|list }}",
        "{{ ('x,' * 10 ** 7).split(',') }}",
        "{{ ('a' * 10 ** 6)|replace('', 'b' * 10 ** 5) }}",
        "{{ ('a' * 10 ** 6).replace('', 'b' * 10 ** 5) }}",
        "{{ (['a'] * 10 ** 5)|map('replace', 'a', 'b' * 10 ** 6) }}",
        "{{ (['a\nb'] * 10 ** 5)|map('indent', 10 ** 6) }}",
        "{{ (['ab'] * 10 ** 5)|map('join', 'x' * 10 ** 6) }}",
        "{{ (['ab'] * 10 ** 5)|map('wordwrap', 1, true, 'x' * 10 ** 6) }}",
        "{{ (['%s'] * 10 ** 5)|map('format', 'x' * 10 ** 6) }}",
        "{{ ([[1]] * 10 ** 5)|map('batch', 10 ** 6, 0) }}",
        "{{ ([[1]] * 10 ** 5)|map('slice', 10 ** 6) }}",
        "{{ ([['x' * 10 ** 6]] * 10 ** 5)|map('string')|list }}",
        "{{ ([['x' * 10 ** 6]] * 10 ** 5)|map('tojson')|list }}",
        "{{ (['x' * 10 ** 6] * 10 ** 5)|map('upper')|list }}",
        "{% for i in range(99999) %}{{ 'x' * 10000 }}{% endfor %}",
        "{% set a %}{% for i in range(99999) %}{{ 'x' * 10000 }}{% endfor %}{% endset %}",
        "{% filter upper %}{% for i in range(99999) %}{{ 'x' * 10000 }}{% endfor %}{% endfilter %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro m(a, n) %}{{ m(a + a, n - 1) if n else a|length }}{% endmacro %}{{ m([1], 45) }}",
        "{% macro m(a, n) %}{{ m([a, a], n - 1) if n else a }}{% endmacro %}{{ m([1], 45) }}",
        "{% macro m(a, n) %}{% for b in [a ~ a] %}{{ m(b, n - 1) if n else '' }}{% endfor %}{% endmacro %}{{ m('x', 45) }}",
    ];
    let towers = [
        "{{ n.a }}",
        "{{ n }}",
        "{{ [n.a, 1] }}",
        "{{ n.a ~ '' }}",
        "{{ '' ~ (n.a if true else 1) }}",
        "{{ n.a == n.b }}",
        "{{ 1 < 2 == (n.a > n.b) }}",
        "{{ n.a in [n.b] }}",
        "{{ n.a not in 'a' }}",
        "{{ n.a is eq n.b }}",
        "{{ n.a is in([n.b]) }}",
        "{{ [n.a]|select('eq', n.b) }}",
        "{{ [n.a, n.b]|sort }}",
        "{{ [n.a, n.b]|unique }}",
        "{{ [n.a, n.b]|max }}",
        "{{ [{'k': n.a}, {'k': n.b}]|groupby('k') }}",
        "{{ {n.a: 1, n.b: 2} }}",
        "{{ {n.a: 1}[n.b] }}",
        "{{ n.a|tojson }}",
        "{{ n.a|pprint }}",
        "{{ debug(n.a) }}",
        "{{ n.a|string }}",
        "{{ n.a|join }}",
        "{{ n.a|upper }}",
        "{{ n.a|batch(1)|string }}",
        "{{ [1]|map('default', n.a) }}",
        "{{ '%s'|format(n.a) }}",
        "{{ '{}'.format(n.a) }}",
        "{{ ','.join(n.a) }}",
        "{{ n.a.count(n.b) }}",
        "{{ nobody|default(n.a) }}",
        "{{ nobody or n.a }}",
        "{{ get_env(n.a) }}",
        "{{ at_path({'a': n.a}, 'a.0') }}",
        "{% for a in [1] %}{{ loop.changed(n.a) }}{% endfor %}",
        "{% autoescape 'json' %}{{ n.a }}{% endautoescape %}",
        "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(n.a) }}",
        "{% with a = n.a %}{{ a }}{% endwith %}",
        "{% for a in n.a %}{{ a }}{% endfor %}",
    ];
    let repeated = [
        "{% if text == same %}{% endif %}",
        "{% if 'y' in text %}{% endif %}",
        "{% if text is lower %}{% endif %}",
        "{% if text.count('y') %}{% endif %}",
        "{% if text|length %}{% endif %}",
        "{% if text[i] %}{% endif %}",
        "{% if text[-9999] %}{% endif %}",
        "{% if text[0:1] %}{% endif %}",
        "{% if text|last %}{% endif %}",
        "{% if list == other %}{% endif %}",
        "{% if 1.5 in list %}{% endif %}",
        "{% if list[99990:] %}{% endif %}",
        "{% if list[::-1] %}{% endif %}",
        "{% if list|reverse %}{% endif %}",
        "{% if list|max %}{% endif %}",
        "{% if list.count(1.5) %}{% endif %}",
        "{% if dict(a=list) %}{% endif %}",
        "{% if namespace(a=list) is none %}{% endif %}",
        "{% for a in list %}{% endfor %}",
        "{% set a = list + other %}",
        "{% set a = list * 2 %}",
        "{% set a = [list, 1] %}{{ a }}",
        "{% set n.a = list %}",
        "{{ text }}",
    ];
    let grown = [
        growing("'x' * 1000", "n.a ~ n.a"),
        growing("'x' * 1000", "n.a + n.a"),
        growing("'x' * 1000", "n.a * 2"),
        growing("'x'", "'{0}{0}'.format(n.a)"),
        growing("'x'", "[n.a, n.a]|join"),
        growing("[1]", "n.a + n.a"),
        growing("[1]", "(n.a + n.a)|list"),
        growing("[1]", "n.a * 2"),
        growing("(1,)", "n.a + n.a"),
        growing("[1]", "[n.a, n.a]|sum(start=[])"),
        growing("[]", "n.a + [i]"),
        growing("[1]", "n.a[0:]"),
        growing("[1]", "n.a[::-1]"),
        growing("[1]", "n.a * 1"),
        growing("[1]", "n.a|reverse"),
        growing("[1]", "n.a|map('string')"),
        growing("[1]", "n.a|select"),
        growing("{}", "dict(n.a, **{'k' ~ i: i})"),
    ];
    let all = alone.map(str::to_owned).into_iter();
    all.chain(towers.map(tower))
        .chain(repeated.map(over_and_over))
        .chain(grown)
        .collect()
}

/// Values that are too deep.
fn too_deep() -> Vec<String> {
    let nested = [
        ("[]", "[n.a]"),
        ("[]", "(n.a,)"),
        ("[]", "[[[[[[[[n.a]]]]]]]]"),
        ("{}", "{'k': n.a}"),
        ("{}", "{n.a: 1}"),
        ("{}", "dict(k=n.a)"),
        ("[1]", "n.a|batch(1)"),
        ("[1]", "[n.a] + [n.a]"),
        ("[1]", "[n.a] * 2"),
    ];
    let macros = [
        "{% macro m(a, n) %}{{ m([[[[[[[a]]]]]]], n - 1) if n else 'end' }}{% endmacro %}{{ m([], 60) }}",
        "{% for a in [[]] recursive %}{{ loop([[[[[a]]]]]) if loop.depth < 60 }}{% endfor %}",
    ];
    let nested = nested.map(|(start, next)| growing(start, next));
    nested
        .into_iter()
        .chain(macros.map(str::to_owned))
        .collect()
}

/// Texts that nest, and are far too long for a tree.
fn too_nested() -> Vec<String> {
    let rows = [
        ("{{ 1", "+1", " }}"),
        ("{{ 1", "~1", " }}"),
        ("{{ 1", "*1", " }}"),
        ("{{ 1", "**1", " }}"),
        ("{{ 1", " == 1", " }}"),
        ("{{ 1", " not in 1", " }}"),
        ("{{ 1", " or 1", " }}"),
        ("{{ ", "not ", "1 }}"),
        ("{{ ", "-", "1 }}"),
        ("{{ 1 is eq ", "- ", "1 }}"),
        ("{{ ", "1 if 1 else ", "1 }}"),
        ("{{ 1", " if 1", " }}"),
        ("{{ 1", "|upper", " }}"),
        ("{{ 1", " is odd", " }}"),
        ("{{ a", ".a", " }}"),
        ("{{ a", "[0]", " }}"),
        ("{{ a", "[:1]", " }}"),
        ("{{ a", "()", " }}"),
        ("{{ a", "[a", " }}"),
        ("{{ a", "(a=a", " }}"),
        ("{{ ", "(", " }}"),
        ("{{ ", "[", " }}"),
        ("{{ ", "{1:", " }}"),
        ("{{ ", "not ", "\u{a7} }}"),
        ("{% set ", "(", "%}"),
        ("{% for ", "(", "%}"),
        ("{% set a", ".a", "= 1 %}"),
        ("{% filter upper", "|upper", "%}{% endfilter %}"),
        ("", "{% if 1 %}", ""),
        ("{% if 1 %}", "{% elif 1 %}", "{% endif %}"),
        ("", "{% for a in b %}", ""),
        ("", "{% with %}", ""),
        ("", "{% set a %}", ""),
        ("", "{% filter upper %}", ""),
        ("", "{% macro m() %}", ""),
        ("", "{% call m() %}", ""),
        ("", "{% autoescape 1 %}", ""),
    ];
    let nested =
        |(start, again, end): (&str, &str, &str)| format!("{start}{}{end}", again.repeat(10_000));
    rows.map(nested).to_vec()
}

/// Runs this on the stack that a thread of tokio's has.
pub(super) fn on_a_small_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(2 << 20);
        let running = thread.spawn_scoped(scope, work).expect("a thread");
        running.join().expect("no panic")
    })
}

fn ends(templates: Vec<String>, words: &str) {
    for template in templates {
        let shown: String = template.chars().take(300).collect();
        // What overflows its stack says nothing more than this.
        println!("{shown}");
        match on_a_small_stack(|| render(&template, &example())) {
            Err(error) => assert!(error.contains(words), "{shown}: {error}"),
            Ok((_, text)) => panic!("{shown}: {} bytes", text.len()),
        }
    }
}

/// Runs the test of this name in a process of its own, which gets no more memory than a gigabyte.
pub(super) fn in_little_memory(test: &str, work: impl FnOnce()) {
    const IN_LITTLE_MEMORY: &str = "TREENAIL_IN_LITTLE_MEMORY";
    if !cfg!(target_os = "linux") || std::env::var_os(IN_LITTLE_MEMORY).is_some() {
        return work();
    }
    let run = Command::new("sh")
        .args(["-c", "ulimit -v 1048576; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().expect("the test"))
        .args([
            "--nocapture",
            "--exact",
            &format!("template::tests::{test}"),
        ])
        .env(IN_LITTLE_MEMORY, "1")
        .output()
        .expect("a shell");
    let said = [run.stdout, run.stderr].concat();
    let ran = String::from_utf8_lossy(&said);
    assert!(run.status.success() && ran.contains("1 passed"), "{ran}");
}

#[test]
fn what_takes_too_much_ends() {
    in_little_memory("hostile::what_takes_too_much_ends", || {
        ends(too_much(), TOO_MUCH);
    });
}

#[test]
fn what_is_too_deep_is_not_made() {
    ends(too_deep(), "lists and maps are nested too deeply");
}

#[test]
fn what_is_nested_too_deeply_is_not_compiled() {
    ends(too_nested(), "the template is nested too deeply");
    ends(vec![" {{ 1 }}".repeat(40_000)], "the template is too long");
}

#[test]
fn what_calls_itself_without_end_ends() {
    let rows = [
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{% set a %}{{ m() }}{% endset %}{% endmacro %}{{ m() }}",
        "{% macro m() %}{% filter upper %}{{ m() }}{% endfilter %}{% endmacro %}{{ m() }}",
        "{% macro m() %}{% for a in [1] %}{{ [m()]|map('upper')|join }}{% endfor %}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ caller() }}{% endmacro %}{% macro o() %}{% call m() %}{{ o() }}{% endcall %}{% endmacro %}{{ o() }}",
        "{% for a in [1] recursive %}{{ loop([a]) }}{% endfor %}",
        "{% for a in [1] recursive %}{% set b = loop([a, a]) %}{% endfor %}",
    ];
    ends(rows.map(str::to_owned).to_vec(), "recursion limit exceeded");
}

#[test]
fn a_namespace_cannot_hold_itself() {
    let rows = [
        "n",
        "[n]",
        "(1, {'k': [n]})",
        "namespace(n=n)",
        "cycler([n])",
        "joiner(n)",
        "loop",
    ];
    let all = rows.map(|value| {
        format!("{{% set n = namespace() %}}{{% for a in [1] %}}{{% set n.a = {value} %}}{{% endfor %}}{{{{ n }}}}")
    });
    ends(all.to_vec(), "a namespace keeps");
    let both = "{% set n = namespace() %}{% set n.a, b = n, 1 %}";
    ends(vec![both.to_owned()], "a namespace keeps");
}

#[test]
fn numbers_that_no_machine_counts_are_an_error() {
    let far = "9223372036854775807";
    for (template, words) in [
        (format!("{{{{ range({far}, -{far}, -1) }}}}"), "`range`"),
        (format!("{{{{ range(0, 5, -{far} - 1) }}}}"), "`range`"),
        (format!("{{{{ randrange(-{far}, {far}) }}}}"), "`randrange`"),
        ("{{ 10 ** 10 ** 10 }}".to_owned(), "unable to calculate"),
        (
            "{% for a in [1] %}{{ loop.cycle() }}{% endfor %}".to_owned(),
            "makes its engine panic",
        ),
    ] {
        ends(vec![template], words);
    }
}

/// As much as is allowed, of everything, on the small stack.
#[test]
fn what_is_just_within_the_bounds_is_rendered() {
    let times = |text: &str, times| text.repeat(times);
    let rows = [
        (format!("{{{{ 1{} }}}}", times("+1", 190)), "191"),
        (format!("{{{{ 1{} }}}}", times("*1", 190)), "1"),
        (format!("{{{{ 1{} }}}}", times("~1", 190)), ""),
        (format!("{{{{ 'a'{} }}}}", times("|upper", 190)), "A"),
        (format!("{{{{ 'A'{} }}}}", times(".lower()", 95)), "a"),
        (format!("{{{{ [1]{} }}}}", times("[:1]", 60)), "[1]"),
        (format!("{{{{ {}1{} }}}}", times("(", 60), times(")", 60)), "1"),
        (format!("{{{{ {}1{} }}}}", times("(2 * ", 35), times(")", 35)), "34359738368"),
        (format!("{{{{ {}1{} }}}}", times("[", 60), times("]", 60)), ""),
        (format!("{}a{}", times("{% if 1 %}", 60), times("{% endif %}", 60)), "a"),
        (format!("{}a{}", times("{% for a in [1] %}", 60), times("{% endfor %}", 60)), "a"),
        (format!("{{% if 0 %}}{}{{% else %}}a{{% endif %}}", times("{% elif 0 %}b", 190)), "a"),
        (
            "{% macro m(a, n) %}{{ m([[a]], n - 1) if n else (a|tojson|length, (a ~ a)|length, a == [a]) }}{% endmacro %}{{ m([], 70) }}"
                .to_owned(),
            "(282, 564, False)",
        ),
        (
            format!("{{% set n = namespace(a=[]) %}}{{% for i in range(198) %}}{{% set n.a = [n.a] %}}{{% endfor %}}{{{{ {}n.a|pprint|length{} }}}}", times("(", 50), times(")", 50)),
            "",
        ),
        (
            "{% set n = namespace(a=[]) %}{% for i in range(198) %}{% set n.a = [n.a] %}{% endfor %}{{ n.a }}".to_owned(),
            "",
        ),
    ];
    for (template, text) in rows {
        let shown: String = template.chars().take(300).collect();
        println!("{shown}");
        match on_a_small_stack(|| render(&template, &example())) {
            Ok((_, rendered)) if text.is_empty() => assert!(!rendered.is_empty()),
            Ok((_, rendered)) => assert_eq!(rendered, text, "{shown}"),
            Err(error) => panic!("{shown}: {error}"),
        }
    }
}

#[test]
fn what_a_configuration_may_want_is_rendered() {
    for (template, text) in [
        (
            "{% set n = namespace(a=[]) %}{% for i in range(1000) %}{% set n.a = n.a + [{'k': i, 't': 'x' * 1000}] %}{% endfor %}{{ n.a|length }}",
            "1000",
        ),
        (
            "{% set n = namespace(seen=[]) %}{% for i in range(500) %}{% if i not in n.seen %}{% set n.seen = n.seen + [i] %}{% endif %}{% endfor %}{{ n.seen|length }}",
            "500",
        ),
        (
            "{% set n = namespace(a='') %}{% for i in range(1000) %}{% set n.a = n.a ~ 'line' ~ i ~ '\n' %}{% endfor %}{{ n.a|length }}",
            "7890",
        ),
        (
            "{% set n = namespace(i=0) %}{% for i in range(20000) %}{% set n.i = n.i + 1 %}{% endfor %}{{ n.i }}",
            "20000",
        ),
        (
            "{% set l = range(1000)|list %}{% set n = namespace(i=0) %}{% for i in range(l|length) %}{% set n.i = n.i + l[i] %}{% endfor %}{{ n.i }}",
            "499500",
        ),
        (
            "{% macro m(n) %}{{ m(n - 1) if n else 'end' }}{% endmacro %}{{ m(60) }}",
            "end",
        ),
        (
            "{% for a in [{'n': 1, 'c': [{'n': 2, 'c': []}]}] recursive %}{{ a.n }}{{ loop(a.c) }}{% endfor %}",
            "12",
        ),
        (
            "{% set j = joiner(', ') %}{% for i in range(3) %}{{ j() }}{{ i }}{% endfor %}",
            "0, 1, 2",
        ),
        ("{{ ([[1, 2]] * 500)|sum(start=[])|length }}", "1000"),
        (
            "{{ [3, 1, 2][::-1]|sort|join(',') }}{{ 'abc'[::-1] }}{{ [0] * 3 }}",
            "1,2,3cba[0, 0, 0]",
        ),
        (
            "{{ {'a': [1]}|tojson }}{{ {'a': 1}|tojson(indent=2) }}",
            "{\"a\": [1]}{\n  \"a\": 1\n}",
        ),
        (
            "{{ '%s-%03d'|format('a', 7) }}{{ '{} {n:>3}'.format(1, n=2) }}",
            "a-0071   2",
        ),
        ("{{ debug([1], 'a') }}", "[\n    1,\n]\n'a'"),
    ] {
        assert_eq!(
            render(template, &example())
                .map(|(_, text)| text)
                .as_deref(),
            Ok(text),
            "{template}"
        );
    }
}

#[test]
fn the_manual_has_the_bounds() {
    let manual = include_str!("../../../docs/configuration.md").replace(',', "");
    for (bound, of) in [
        (bounds::SOURCE, "bytes | a template"),
        (bounds::BRACKETS, "| blocks and brackets"),
        (bounds::OPERATORS, "| operators"),
        (bounds::LEVELS, "| lists and maps"),
        (bounds::RECURSION, "| loops"),
        (bounds::FUEL as usize, "| steps of one rendering"),
    ] {
        assert!(manual.contains(&format!("| {bound} {of}")), "{bound} {of}");
    }
}
