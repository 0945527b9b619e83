//! What the plugins of these tests agree on.

use std::rc::Rc;
use std::sync::Arc;

use treenail_core::{Accepts, AcceptsWired, Registry, Wired};

/// Keeps texts.
pub trait Store: Send + Sync {
    /// Which store this is.
    fn name(&self) -> String;
}

/// Makers of greetings, by language. What they make stays on its thread.
pub struct Greetings;

impl Registry for Greetings {
    type Entry = dyn Fn(&str) -> Rc<str> + Send + Sync;
}

/// A language whose greeting needs nothing but a word.
pub trait Language {
    /// The word.
    const HELLO: &'static str;
}

impl<L: Language> Accepts<L> for Greetings {
    const ENTRY: &'static Self::Entry = &|name| format!("{} {name}", L::HELLO).into();
}

/// A language whose greeting needs services.
pub trait Learnt: Wired {
    /// Greets somebody.
    fn greet(deps: &Self::Deps, name: &str) -> Rc<str>;
}

impl<L: Learnt> AcceptsWired<L> for Greetings {
    fn entry(_: &'static str, deps: L::Deps) -> Arc<Self::Entry> {
        Arc::new(move |name| L::greet(&deps, name))
    }
}

/// Areas of shapes: an entry is a pointer to a function.
pub struct Shapes;

impl Registry for Shapes {
    type Entry = fn(f64) -> f64;
}

/// Codecs: an entry is a structure.
pub struct Codecs;

impl Registry for Codecs {
    type Entry = Codec;
}

/// Writes texts backwards, or as they are.
pub struct Codec {
    /// What it does.
    pub encode: fn(&str) -> String,
    /// What may be done without memory of the program's own.
    pub notes: Vec<String>,
}

/// A registry that nobody fills.
pub struct Unfilled;

impl Registry for Unfilled {
    type Entry = str;
}

/// A service that no plugin provides.
pub trait Nobody: Send + Sync {}
