//! Composes the program from `plugins.toml` and the manifests of its plugins.

fn main() {
    treenail_build::compose();
}
