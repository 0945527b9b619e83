treenail::compose!("gets_entries_that_need_services.toml");

pub struct House;

impl contract::Learnt for House {
    fn greet(deps: &<Self as treenail::Wired>::Deps, name: &str) -> std::rc::Rc<str> {
        format!("{} greets {name}", deps.store.name()).into()
    }
}

fn main() {
    registries::get::<contract::Greetings>();
}
