//! A program that starts an application, although its runtime has none.

treenail::compose!();

/// Whether a text has at most four letters.
fn is_short(text: &str) -> bool {
    text.chars().count() <= 4
}

/// The application's life.
async fn live() -> Result<(), String> {
    let app = App::start(()).await?;
    app.run().await?;
    ended(&app);
    Ok(())
}

/// What is to be said of it.
fn ended(_: &App) {}

fn main() {
    drop(live());
    println!("{}", registries::get::<api::Checks>().keys().count());
}
