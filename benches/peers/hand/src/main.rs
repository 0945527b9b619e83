use std::sync::Arc;

trait Greet: Send + Sync {
    fn greet(&self) -> &'static str;
}

struct Greeter;

impl Greet for Greeter {
    fn greet(&self) -> &'static str {
        "hello"
    }
}

fn main() {
    let greeter: Arc<dyn Greet> = Arc::new(Greeter);
    println!("{}", greeter.greet());
}
