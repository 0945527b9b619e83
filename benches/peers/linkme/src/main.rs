//! A program with one slice of one entry, which is looked up by its name.

use linkme::distributed_slice;

#[distributed_slice]
static COMMANDS: [(&str, fn() -> &'static str)];

#[distributed_slice(COMMANDS)]
static GREET: (&str, fn() -> &'static str) = ("greet", greet);

fn greet() -> &'static str {
    "hello"
}

fn main() {
    match COMMANDS.iter().find(|(key, _)| *key == "greet") {
        Some((_, greet)) => println!("{}", greet()),
        None => println!("there is no greet"),
    }
}
