//! Made of plugins.toml by `cargo treenail dist`: change that file, and run the command again.

fn main() {
    treenail_build::compose();
}
