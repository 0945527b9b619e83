use std::sync::Arc;

use nject::{injectable, provider};

trait Greet: Send + Sync {
    fn greet(&self) -> &'static str;
}

#[injectable]
struct Greeter;

impl Greet for Greeter {
    fn greet(&self) -> &'static str {
        "hello"
    }
}

#[provider]
#[provide(Arc<dyn Greet>, |greeter: Greeter| Arc::new(greeter))]
struct App;

fn main() {
    let greeter: Arc<dyn Greet> = App.provide();
    println!("{}", greeter.greet());
}
