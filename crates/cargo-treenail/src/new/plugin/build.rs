//! Makes the inputs of each component of plugins.toml.

fn main() {
    treenail_build::compose();
}
