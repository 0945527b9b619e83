treenail::compose!("entries_that_do_not_fit.toml");

pub fn argument(_: u8) -> std::rc::Rc<str> {
    "argument".into()
}

pub fn gives(_: &str) -> u8 {
    1
}

pub fn greeting(name: &str) -> std::rc::Rc<str> {
    name.into()
}

pub struct Refused;

pub struct NoRegistry;

pub static ANOTHER: u8 = 1;

pub mod inner {
    fn private(size: f64) -> f64 {
        size
    }
}

fn main() {
    let _ = registries::get::<contract::Shapes>();
    let _ = registries::get::<NoRegistry>();
}
