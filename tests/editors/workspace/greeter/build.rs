//! Generates the inputs of the components.

fn main() {
    treenail_build::compose();
}
