treenail::compose!("without_component.toml");

fn main() {}
pub struct Clerk;
