treenail::compose!("asks_for_the_type_of_one_that_is_left_out.toml");

fn ask(app: &App) {
    app.get::<archive::Archive>();
}

fn main() {}
