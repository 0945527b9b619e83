//! The real cargo, asked what a programmer would ask.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    reason: String,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    level: String,
    message: String,
    spans: Vec<serde::de::IgnoredAny>,
}

/// The errors of `cargo check` in a package, with these arguments besides.
pub(crate) fn check(package: &Path, arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--message-format", "json"])
        .args(arguments)
        .current_dir(package)
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("target"),
        )
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Line>(line).ok());
    let messages = lines.filter(|line| line.reason == "compiler-message");
    let messages = messages.filter_map(|line| line.message);
    // The one without a place counts the others.
    let errors = messages.filter(|message| message.level == "error" && !message.spans.is_empty());
    let errors = errors.map(|error| error.message).collect::<Vec<_>>();
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        output.status.success(),
        errors.is_empty(),
        "{}: {words}",
        package.display()
    );
    errors
}
