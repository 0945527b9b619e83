//! Made of plugins.toml by `cargo treenail dist`: change that file, and run the command again.

treenail::compose!();

#[tokio::main]
async fn main() -> impl std::process::Termination {
    helpdesk_host::main::<App>().await
}
