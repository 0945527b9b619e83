use lockjaw::{Cl, component, epilogue, injectable, module};

pub trait Greet {
    fn greet(&self) -> &'static str;
}

pub struct Greeter;

#[injectable]
impl Greeter {
    #[inject]
    pub fn new() -> Self {
        Self
    }
}

impl Greet for Greeter {
    fn greet(&self) -> &'static str {
        "hello"
    }
}

pub struct Greeting;

#[module]
impl Greeting {
    #[binds]
    pub fn greet(_impl: crate::Greeter) -> Cl<dyn crate::Greet> {}
}

#[component(modules: crate::Greeting)]
pub trait App {
    fn greeter(&self) -> Cl<dyn crate::Greet>;
}

fn main() {
    let app = <dyn App>::new();
    println!("{}", app.greeter().greet());
}

epilogue!();
