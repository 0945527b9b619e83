//! A library for tests that has registries without a host: what is there is for its features to say.

use std::rc::Rc;

treenail::registries!();

/// Numbers, by name.
pub struct Numbers;

impl treenail::Registry for Numbers {
    type Entry = u32;
}

/// The first.
pub const ONE: u32 = 1;

/// Would greet in the name of a store, if there were an application.
pub struct Learnt;

/// A greeting in English.
pub fn english(name: &str) -> Rc<str> {
    format!("hello {name}").into()
}

/// A greeting in French.
#[cfg(feature = "french")]
pub fn french(name: &str) -> Rc<str> {
    format!("bonjour {name}").into()
}

/// Somebody's greeting, in any language.
///
/// # Errors
/// There is no such language here.
pub fn greet(language: &str, name: &str) -> Result<Rc<str>, treenail::UnknownKey> {
    Ok(registries::get::<contract::Greetings>().get(language)?(
        name,
    ))
}
