//! What the procedural macros print. They are thin: text in, text out.

use std::env;
use std::fmt::Write;
use std::path::Path;

use crate::composed::Composed;
use crate::composer::Composer;
use crate::diagnostic::Severity;

/// The plugin's side of the package in this folder, for `plugin!()`.
#[must_use]
pub fn expand_plugin(package: &Path, runtime: &str) -> String {
    printed(&Composer::new(package).runtime(runtime).plugin_side())
}

/// A composition from a file, for `compose!("file.toml")` in a source file of the package in `package`.
#[must_use]
pub fn expand_composition(
    package: &Path,
    file: &Path,
    overlays: &[String],
    components: Option<&str>,
    runtime: &str,
) -> String {
    let mut composer = Composer::new(package)
        .manifest(file)
        .runtime(runtime)
        .development();
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
    if let Some(module) = components {
        composer = composer.components(module);
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

fn printed(composed: &Composed) -> String {
    let mut text = String::new();
    for message in composed.messages() {
        let _ = match message.severity {
            Severity::Error => writeln!(text, "::core::compile_error!({:?});", message.text),
            // A macro has no warnings of its own; rustc's about something deprecated carries a text, and is silent about the
            // crates of others.
            Severity::Warning => writeln!(
                text,
                "const _: () = {{ #[deprecated(note = {:?})] #[allow(non_upper_case_globals)] const plugins_toml: () = (); plugins_toml }};",
                format!("\n{}", message.text)
            ),
        };
    }
    for file in composed.files().filter(|file| file.is_file()) {
        // rustc then knows that the expansion depends on the file.
        let _ = writeln!(
            text,
            "const _: &[u8] = ::core::include_bytes!({:?});",
            file.display().to_string()
        );
    }
    text.push_str(composed.rust());
    text
}
