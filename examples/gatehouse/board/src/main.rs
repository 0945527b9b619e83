//! The board in the lobby: the list of the gatehouse over HTTP, to be read only.

use treenail::{Lifecycle, Redactor, Settings};

treenail::compose!();

#[tokio::main]
async fn main() -> treenail::Result<()> {
    let redactor = Redactor::default();
    log(redactor.clone());
    let file = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "board.yml".to_owned());
    let settings = Settings::file(file)?.with_redactor(redactor);
    App::launch_and(settings, Lifecycle::default(), async |app: &App| {
        if let Some(address) = app.get::<gatehouse_http::Server>().address() {
            println!("listening on http://{address}");
        }
        app.run().await
    })
    .await
}

/// Writes the log to standard error, without the secrets of the configuration. `RUST_LOG` says how much of it.
fn log(redactor: Redactor) {
    let filter = tracing_subscriber::EnvFilter::builder();
    let filter =
        filter.with_default_directive(tracing_subscriber::filter::LevelFilter::INFO.into());
    tracing_subscriber::fmt()
        .with_env_filter(filter.from_env_lossy())
        .with_writer(move || redactor.writer(std::io::stderr()))
        .init();
}
