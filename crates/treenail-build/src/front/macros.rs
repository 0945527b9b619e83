//! What the procedural macros print. They are thin: text in, text out.

#![expect(
    clippy::disallowed_methods,
    reason = "Cargo tells a macro what it expands in the environment"
)]

use std::env;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::diagnostic::Severity;
use crate::emit;
use crate::front::composed::Composed;
use crate::front::composer::Composer;

/// The plugin's side of the package in this folder, for `plugin!()`, with these features of the runtime crate on.
#[must_use]
pub fn expand_plugin(package: &Path, runtime: &str, features: &[String]) -> String {
    let features = features.iter().cloned().collect();
    let composer = expanded(package, runtime);
    emit::at_root(runtime) + &printed(&composer.plugin_side(&features))
}

/// The registries of the package in this folder, for `registries!()` in a library.
#[must_use]
pub fn expand_registries(package: &Path, runtime: &str) -> String {
    let composer = expanded(package, runtime);
    printed(&composer.library())
}

/// A composition from a file, for `compose!("file.toml")` in a source file of the package in `package`.
#[must_use]
pub fn expand_composition(
    package: &Path,
    file: &Path,
    overlays: &[String],
    runtime: &str,
) -> String {
    let mut composer = expanded(package, runtime).manifest(file).development();
    // A documentation test and a program are crates of their own, whatever their name.
    let apart = ["CARGO_BIN_NAME", "UNSTABLE_RUSTDOC_TEST_PATH"]
        .iter()
        .any(|name| env::var_os(name).is_some());
    if let Some(name) = env::var("CARGO_CRATE_NAME").ok().filter(|_| !apart) {
        composer = composer.within(name);
    }
    for overlay in overlays {
        composer = composer.overlay(overlay);
    }
    // Set by the package's own build script, where it has one that composes: a macro is not told the features.
    if let Ok(features) = env::var("TREENAIL_FEATURES") {
        composer = composer.features(
            features
                .split(',')
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
        );
    }
    if let Ok(target) = env::var("TREENAIL_TARGET") {
        composer = composer.target(target);
    }
    printed(&composer.compose())
}

/// The composer of a macro in the package in this folder.
fn expanded(package: &Path, runtime: &str) -> Composer {
    let composer = Composer::new(package).runtime(runtime);
    composer.shown_from(here()).expanded()
}

/// rustc runs in the folder that the paths in its messages are relative to.
fn here() -> PathBuf {
    env::current_dir().unwrap_or_default()
}

fn printed(composed: &Composed) -> String {
    let mut text = String::new();
    for message in composed.messages() {
        // A macro has no warnings of its own; rustc's about something deprecated carries a text, and is silent about the
        // crates of others.
        if message.severity == Severity::Warning {
            let _ = writeln!(
                text,
                "const _: () = {{ #[deprecated(note = {:?})] #[allow(non_upper_case_globals)] const plugins_toml: () = (); plugins_toml }};",
                format!("\n{}", message.text)
            );
        }
    }
    text.push_str(&tracked(composed));
    let code =
        composed.refused(|_, message| Some(format!("::core::compile_error!({:?})", message.text)));
    text + &attributed(&code)
}

/// Code with attributes in the place of doc comments: rust-analyzer, which reads the expansion as text, keeps a slash of each comment.
fn attributed(code: &str) -> String {
    let lines = code
        .lines()
        .map(|line| match line.trim_start().strip_prefix("///") {
            Some(about) => format!("#[doc = {about:?}]\n"),
            None => format!("{line}\n"),
        });
    lines.collect()
}

/// rustc then knows that the expansion depends on the files.
fn tracked(composed: &Composed) -> String {
    let files = composed.files().filter(|file| file.is_file());
    let item = |file: &Path| {
        let path = file.display().to_string();
        format!("const _: &[u8] = ::core::include_bytes!({path:?});\n")
    };
    files.map(item).collect()
}
