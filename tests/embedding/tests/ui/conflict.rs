treenail::compose!("conflict.toml");

fn main() {}
