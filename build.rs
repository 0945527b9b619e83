//! Composes the `base` plugin: treenail is its own first plugin.

fn main() {
    #[cfg(feature = "pipes")]
    treenail_build::compose();
}
