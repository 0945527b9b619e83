treenail::compose!("incompatible_plugin_version.toml");

fn main() {}
