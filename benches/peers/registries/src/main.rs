//! A program with one registry of one entry, whose code was generated and committed.

include!("treenail.rs");

pub struct Commands;

impl treenail::Registry for Commands {
    type Entry = fn() -> &'static str;
}

pub const fn greet() -> &'static str {
    "hello"
}

fn main() {
    match registries::get::<Commands>().get("greet") {
        Ok(greet) => println!("{}", greet()),
        Err(unknown) => println!("{unknown}"),
    }
}
