//! Composes the `base` plugin: treenail is its own first plugin. Users take the code that the crate ships.

fn main() {
    #[cfg(feature = "bootstrap")]
    treenail_build::compose();
}
