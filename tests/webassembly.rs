//! That the runtime asks for nothing which WebAssembly lacks. What it does there nobody has seen: this reads what Cargo would build.

use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn without_signals_tokio_is_asked_for_what_it_has_there() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--package", "treenail"])
        .args([
            "--no-default-features",
            "--features",
            "config,lifecycle,macros,pipes",
        ])
        .args([
            "--target",
            "wasm32-wasip1",
            "--edges",
            "normal,features",
            "--prefix",
            "none",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let tree = String::from_utf8_lossy(&output.stdout);
    let features = tree.lines().filter_map(|line| {
        let (feature, _) = line.strip_prefix("tokio feature \"")?.split_once('"')?;
        Some(feature)
    });
    let features: BTreeSet<&str> = features.collect();
    // tokio refuses to be built there with any other but `macros` and `io-util`.
    assert_eq!(features, BTreeSet::from(["rt", "sync", "time"]));
    for system in ["libc ", "mio ", "signal-hook "] {
        assert!(
            !tree.lines().any(|line| line.starts_with(system)),
            "{system}is there"
        );
    }
}
