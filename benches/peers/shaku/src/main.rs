use shaku::{Component, HasComponent, Interface, module};

trait Greet: Interface {
    fn greet(&self) -> &'static str;
}

#[derive(Component)]
#[shaku(interface = Greet)]
struct Greeter;

impl Greet for Greeter {
    fn greet(&self) -> &'static str {
        "hello"
    }
}

module! {
    App {
        components = [Greeter],
        providers = []
    }
}

fn main() {
    let app = App::builder().build();
    let greeter: &dyn Greet = app.resolve_ref();
    println!("{}", greeter.greet());
}
