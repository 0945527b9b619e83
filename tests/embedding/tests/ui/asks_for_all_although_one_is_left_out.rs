treenail::compose!("asks_for_all_although_one_is_left_out.toml");

fn ask(app: &App) {
    app.all::<dyn contract::Store>();
}

fn main() {}
