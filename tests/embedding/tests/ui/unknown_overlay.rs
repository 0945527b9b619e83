treenail::compose!("unknown_overlay.toml", overlay = "dobules");

fn main() {}
