//! What is read of a text, and where it stands.

use serde_json::json;

use super::{YamlError, parse};
use crate::config::read::node::{Kind, Node, Pair};

fn tree(text: &str) -> Node {
    parse(text, 0).expect("YAML")
}

fn refused(text: &str) -> YamlError {
    parse(text, 0).expect_err("no YAML")
}

fn pair<'n>(node: &'n Node, key: &str) -> &'n Pair {
    node.pair(key).expect("a key")
}

fn item(node: &Node, number: usize) -> &Node {
    match &node.kind {
        Kind::List(items) => &items[number],
        other => panic!("{other:?} is no list"),
    }
}

fn key_at(pair: &Pair) -> (u32, u32) {
    (pair.key_origin.line, pair.key_origin.column)
}

fn at(node: &Node) -> (u32, u32) {
    (node.origin.line, node.origin.column)
}

#[test]
fn keys_and_values_have_lines_and_columns() {
    let tree = tree("a:\n  - b: 1\n    c: {d: x}\n");
    let a = pair(&tree, "a");
    assert_eq!(key_at(a), (1, 1));
    let c = pair(item(&a.value, 0), "c");
    assert_eq!(key_at(c), (3, 5));
    let d = pair(&c.value, "d");
    assert_eq!((key_at(d), at(&d.value)), ((3, 9), (3, 12)));
}

#[test]
fn a_block_stands_at_its_head_whatever_its_content_looks_like() {
    let tree = tree("a: |\n\n  x |\nb:\n  - >-\n    y: z\n    more |\n  - |2\nc: x\n");
    assert_eq!(at(&pair(&tree, "a").value), (1, 4));
    let b = &pair(&tree, "b").value;
    assert_eq!(at(item(b, 0)), (5, 5));
    assert_eq!(at(item(b, 1)).0, 8);
}

#[test]
fn what_nests_too_deep_is_told_from_what_does_not() {
    let too_deep = |text: &str| refused(text).message.contains("too deep");
    assert!(!too_deep(&"[".repeat(100)));
    assert!(too_deep(&"[".repeat(1_000_000)));
}

#[test]
fn what_an_alias_or_a_merge_key_brings_in_stands_where_it_was_written() {
    let tree =
        tree("a: &a {x: 1}\nb: &b\n  y: 2\nc: *a\nd:\n  <<: [*a, *b]\n  z: 3\ne: {<<: *b}\n");
    let of = |name: &str, key: &str| {
        let value = &pair(&tree, name).value;
        (value.origin.line, key_at(pair(value, key)))
    };
    assert_eq!(of("c", "x"), (4, (1, 8)));
    assert_eq!(of("d", "x"), (6, (1, 8)));
    assert_eq!(of("d", "y"), (6, (3, 3)));
    assert_eq!(of("d", "z"), (6, (7, 3)));
    assert_eq!(of("e", "y"), (8, (3, 3)));
}

#[test]
fn what_a_map_says_itself_wins_over_what_is_merged_in_and_the_first_map_over_the_second() {
    let tree = tree("a: &a {x: 1, y: 1}\nb: {<<: [{y: 2}, *a], z: 3}\nc: {x: 0, <<: *a}\n");
    let value = |map: &str, key: &str| pair(&pair(&tree, map).value, key).value.kind.clone();
    for (map, key, expected) in [("b", "x", 1), ("b", "y", 2), ("b", "z", 3), ("c", "x", 0)] {
        let kind = value(map, key);
        assert!(
            matches!(&kind, Kind::Scalar(value) if *value == json!(expected)),
            "{map}.{key}: {kind:?}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_text_is_told_at_its_place() {
    for (text, line, column) in [
        ("a: {b: {{ c }}}\n", 1, 9),
        ("a: 1\n---\nb: 1\n", 2, 1),
        ("a: 1\nb: 2\na: 3\n", 3, 1),
        ("a: *b\n", 1, 4),
        ("a: &a [*a]\n", 1, 8),
        ("a: {<<: 5}\n", 1, 9),
        ("a: !!int x\n", 1, 4),
        ("a: \"\u{7}\"\n", 1, 5),
    ] {
        let error = refused(text);
        let place = (error.origin.line, error.origin.column);
        assert_eq!(place, (line, column), "{text:?}: {}", error.message);
    }
    assert_eq!(tree("---\na: 1\n...\n").pairs().map(<[Pair]>::len), Some(1));
}
