//! Sends a few requests through the chain of `chain.toml`, or of the file that is named.

use std::{env, fs};

use filters::{App, Proxy};
use filters_api::{Filters, Request};
use treenail::Settings;

#[tokio::main]
async fn main() -> treenail::Result<()> {
    let file = env::args().nth(1);
    let file =
        file.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/chain.toml").to_owned());
    let app = App::start(Settings::none()).await?;
    let filters = app.registry::<Filters>();
    for line in filters.iter() {
        println!("{:8} of {}: {}", line.key, line.plugin, line.description);
    }
    for one in filters.left_out() {
        println!("{one}");
    }
    let proxy = Proxy::new(filters, &fs::read_to_string(file)?)?;
    for path in ["/health", "/admin/users", "/Shop/Red Shoes"] {
        let request = Request {
            path: path.to_owned(),
            ..Request::default()
        };
        let answer = proxy.handle(request);
        println!("{path}: {} {}", answer.status, answer.body);
    }
    app.stop().await;
    Ok(())
}
