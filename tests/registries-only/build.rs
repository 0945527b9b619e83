//! Composes the registries.

fn main() {
    treenail_build::compose();
}
