//! The reference of a host of these tests, against its schema.

#[path = "../../../../crates/treenail-reference/tests/every_key/walk.rs"]
mod walk;

/// Asserts that the page of a host has every key that its schema has, and no other one.
#[track_caller]
pub(crate) fn is_on(page: &treenail::Reference, schema: &treenail::Schema, root: &str) {
    walk::assert_every_key(&page.to_markdown(), &schema.clone().to_value(), root);
}
