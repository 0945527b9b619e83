//! Asks for what no plugin provides.

treenail::compose!("../../plugins.toml");

trait Telephone: Send + Sync {}

fn main() {
    let _ = |app: &App| {
        app.get::<dyn Telephone>();
    };
}
