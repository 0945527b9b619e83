//! Switches the tested sources to Shuttle's locks.

fn main() {
    println!("cargo::rustc-cfg=shuttle");
}
