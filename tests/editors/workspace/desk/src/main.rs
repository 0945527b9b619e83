//! The host.

use treenail::Settings;

treenail::compose!();

#[tokio::main(flavor = "current_thread")]
async fn main() -> treenail::Result<()> {
    let app: App = App::start(Settings::none()).await?;
    println!("{}", app.get::<dyn api::Greet>().greet());
    println!("{}", app.get::<clerk::Clerk>().work());
    app.stop().await;
    Ok(())
}
