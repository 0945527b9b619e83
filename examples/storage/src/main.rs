//! Writes a file to the storage at a URI, reads it, and lists what is there: `cargo run -- fs:///tmp/x`.

use std::process::ExitCode;

use opendal_core::Result;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let uris: Vec<String> = std::env::args().skip(1).collect();
    if uris.is_empty() {
        let schemes: Vec<&str> = storage::schemes().collect();
        eprintln!("usage: storage URI...\nschemes: {}", schemes.join(", "));
        return ExitCode::FAILURE;
    }
    let mut code = ExitCode::SUCCESS;
    for uri in uris {
        if let Err(error) = visit(&uri).await {
            eprintln!("{uri}: {error}");
            code = ExitCode::FAILURE;
        }
    }
    code
}

async fn visit(uri: &str) -> Result<()> {
    let store = storage::open(uri)?;
    store.write("greeting.txt", "hello").await?;
    let text = store.read("greeting.txt").await?.to_vec();
    println!("{uri}: {}", String::from_utf8_lossy(&text));
    for entry in store.list("/").await? {
        println!("  {}", entry.path());
    }
    Ok(())
}
