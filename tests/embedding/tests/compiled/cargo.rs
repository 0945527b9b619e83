//! The real cargo, asked what a programmer would ask.

use std::path::Path;
use std::process::{Command, Output};

use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    reason: String,
    #[serde(default)]
    package_id: String,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    level: String,
    message: String,
    spans: Vec<serde::de::IgnoredAny>,
    rendered: String,
}

/// An error or a warning of a build.
#[derive(Debug)]
pub(crate) struct Told {
    /// The folder of the package that is told.
    pub(crate) package: String,
    /// What it is told.
    pub(crate) text: String,
    /// The place that rustc shows: `file:line:column`.
    pub(crate) place: String,
}

impl Told {
    /// The first line.
    pub(crate) fn headline(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }
}

/// The first lines of the errors of `cargo check` in a package.
pub(crate) fn headlines(package: &Path, arguments: &[&str]) -> Vec<String> {
    let errors = check(package, arguments);
    errors
        .iter()
        .map(|error| error.headline().to_owned())
        .collect()
}

/// The errors of `cargo check` in a package, with these arguments besides: of all crates that can be built, whatever the others.
pub(crate) fn check(package: &Path, arguments: &[&str]) -> Vec<Told> {
    let output = run(package, &["check", "--keep-going"], arguments);
    let errors = told(&output, "error");
    assert_eq!(
        output.status.success(),
        errors.is_empty(),
        "{}: {}",
        package.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    errors
}

/// The warnings of a command of cargo that ends well, in all packages of a workspace, with these arguments besides.
pub(crate) fn warnings(folder: &Path, command: &str, arguments: &[&str]) -> Vec<Told> {
    let output = run(folder, &[command], arguments);
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    told(&output, "warning")
}

fn run(folder: &Path, command: &[&str], arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(command)
        .args(["--offline", "--message-format", "json"])
        .args(arguments)
        .current_dir(folder)
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("target"),
        )
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo runs")
}

/// What rustc says at a level, crate by crate.
fn told(output: &Output, level: &str) -> Vec<Told> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Line>(line).ok());
    let lines = lines.filter(|line| line.reason == "compiler-message");
    let mut all = Vec::new();
    for line in lines {
        // The one without a place counts the others.
        let is_told = |it: &Message| it.level == level && !it.spans.is_empty();
        let Some(message) = line.message.filter(is_told) else {
            continue;
        };
        let path = line.package_id.split('#').next().unwrap_or_default();
        // The text may have arrows of its own, before rustc's.
        let shown = message.rendered.lines().rev();
        let mut places = shown.filter_map(|line| line.trim_start().strip_prefix("--> "));
        let place = places.next().unwrap_or_default().to_owned();
        all.push(Told {
            package: path.rsplit('/').next().unwrap_or_default().to_owned(),
            place,
            text: message.message,
        });
    }
    all
}
