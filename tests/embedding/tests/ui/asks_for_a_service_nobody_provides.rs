treenail::compose!("asks_for_a_service_nobody_provides.toml");

fn ask(app: &App) {
    app.get::<dyn contract::Nobody>();
}

fn main() {}
