//! A plugin for tests that does not depend on treenail.

use std::rc::Rc;

use contract::{Codec, Language};

/// German.
pub struct German;

impl Language for German {
    const HELLO: &'static str = "hallo";
}

/// A greeting under a key with signs that nobody types.
pub fn quoted(name: &str) -> Rc<str> {
    format!("'{name}'").into()
}

fn mirrored(text: &str) -> String {
    text.chars().rev().collect()
}

/// A static that cannot be copied.
pub static MIRROR: Codec = Codec {
    encode: mirrored,
    notes: Vec::new(),
};

/// A constant that has to be dropped.
pub const PLAIN: Codec = Codec {
    encode: str::to_owned,
    notes: Vec::new(),
};
