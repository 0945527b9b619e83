treenail::compose!("unknown_overlay.toml", overlay = "dobules", components = self::live with "dubles");

mod live {}

fn main() {}
