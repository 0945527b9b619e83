treenail::compose!("asks_for_registries_that_are_not_composed.toml");

pub struct Unfilled;

impl treenail::Registry for Unfilled {
    type Entry = u8;
}

pub struct NoRegistry;

fn asked(app: &App) {
    app.registry::<Unfilled>();
}

fn main() {
    registries::get::<Unfilled>();
    registries::get::<NoRegistry>();
    let _ = asked;
}
