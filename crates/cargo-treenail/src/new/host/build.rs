//! Composes the plugins: `cargo treenail check` says the same without a build.

fn main() {
    treenail_build::compose();
}
