//! Composes the helpdesk from `plugins.toml` and the manifests of its plugins.

fn main() {
    treenail_build::compose();
}
