//! Composes what cannot be composed.

fn main() {
    treenail_build::compose();
}
