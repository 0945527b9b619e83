//! What is read of a text, and where it stands.

use serde_json::json;

use super::{YamlError, parse};
use crate::config::problem::ProblemKind;
use crate::config::read::file::LARGEST;
use crate::config::read::node::{DEPTH, Kind, Node, Pair};

fn tree(text: &str) -> Node {
    parse(text, 0, LARGEST).expect("YAML")
}

fn refused(text: &str) -> YamlError {
    parse(text, 0, LARGEST).expect_err("no YAML")
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
    let too_deep = |text: &str| *refused(text).kind == ProblemKind::NestedTooDeep { most: DEPTH };
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
        assert_eq!(place, (line, column), "{text:?}: {error:?}");
    }
    assert_eq!(tree("---\na: 1\n...\n").pairs().map(<[Pair]>::len), Some(1));
}

#[test]
fn an_alias_nests_as_deep_as_what_it_names() {
    // Each list is short, and the one that they make of each other is not.
    let chain = |length: usize| {
        let line = |n: usize| format!("a{n}: &a{n} [*a{}]\n", n - 1);
        format!("a0: &a0 []\n{}", (1..length).map(line).collect::<String>())
    };
    let fits = DEPTH - 1;
    assert_eq!(tree(&chain(fits)).measure().depth, DEPTH);
    let error = refused(&chain(fits + 1));
    assert_eq!(*error.kind, ProblemKind::NestedTooDeep { most: DEPTH });
    let line = u32::try_from(fits + 1).expect("a line");
    assert_eq!(error.origin.line, line);
    let merged = chain(fits).replace("[", "{ a: ").replace("]", "}");
    let merged = format!("{merged}b: {{ c: {{ <<: *a{} }} }}\n", fits - 1);
    let error = refused(&merged.replace("{ a: }", "{}"));
    assert_eq!(*error.kind, ProblemKind::NestedTooDeep { most: DEPTH });
}

#[test]
fn what_aliases_and_merge_keys_bring_in_is_bounded() {
    let too_much = |text: &str| matches!(*refused(text).kind, ProblemKind::RepeatedTooOften { .. });
    let text = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(10_000),
        "*a,".repeat(10_000)
    );
    assert!(too_much(&text), "a long text ten thousand times");
    let keys = |number: usize| {
        let map = |n: usize| {
            let keys: String = (0..number).map(|key| format!("k{key}: {n}, ")).collect();
            format!("a{n}: &a{n} {{ {keys} }}\n")
        };
        let merged: String = (0..number).map(|n| format!("*a{n}, ")).collect();
        let into = |n: usize| format!("m{n}: {{ <<: [{merged}] }}\n");
        let maps: String = (0..number).map(map).collect();
        maps + &(0..number).map(into).collect::<String>()
    };
    assert_eq!(tree(&keys(20)).measure().depth, 3);
    assert!(
        too_much(&keys(300)),
        "the same keys of 300 maps in 300 maps"
    );
}

#[test]
fn a_map_that_is_merged_twice_into_one_is_looked_at_once() {
    let keys: String = (0..1000).map(|key| format!("k{key}: 1, ")).collect();
    let maps: String = (0..100)
        .map(|n| format!("m{n}: {{ <<: [{}] }}\n", "*a, ".repeat(500)))
        .collect();
    let tree = tree(&format!("a: &a {{ {keys} }}\n{maps}"));
    let last = &pair(&tree, "m99").value;
    assert_eq!(last.pairs().map(<[Pair]>::len), Some(1000));
}

#[test]
fn merged_maps_may_be_named_together() {
    let tree = tree("a: &a {x: 1}\nb: &b [*a, {y: 2}]\nc: {<<: *b, z: 3}\n");
    let keys = |name: &str| {
        let pairs = pair(&tree, name).value.pairs().expect("a map").iter();
        pairs.map(|pair| pair.key.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(keys("c"), ["x", "y", "z"]);
}
