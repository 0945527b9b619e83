//! What the procedural macros print. They are thin: text in, text out.

use std::env;
use std::fmt::Write;
use std::path::Path;

use crate::composed::Composed;
use crate::composer::Composer;
use crate::diagnostic::Severity;

/// The plugin's side of the package in this folder, for `plugin!()`, with these features of the runtime crate on.
///
/// Mistakes are errors of whoever builds the plugin itself. In the build of a host they are left to the host, if rustc takes
/// the plugin without them: it shows them among its own, where a plugin that did not compile would hide all others.
#[must_use]
pub fn expand_plugin(package: &Path, runtime: &str, features: &[String]) -> String {
    let features = features.iter().cloned().collect();
    let composer = Composer::new(package).runtime(runtime);
    let composed = composer.plugin_side(&features);
    // A host looks for what is generated at the root.
    let at_root =
        format!("const _: () = {runtime}::__private::assert_at_root(::core::module_path!());\n");
    // Set by Cargo for the packages that it was asked to build.
    let is_asked_for = env::var_os("CARGO_PRIMARY_PACKAGE").is_some();
    if is_asked_for || !composed.has_errors() {
        return at_root + &printed(&composed);
    }
    match composed.without_errors(runtime) {
        // Cargo would take the crate for built when the plugin itself is asked for. It starts rustc anew where a variable that
        // the crate reads has changed, and this one is another for rustc than for Cargo.
        Some(rust) => format!(
            "const _: ::core::option::Option<&str> = ::core::option_env!(\"CARGO_MAKEFLAGS\"); {}{rust}",
            tracked(&composed)
        ),
        None => printed(&composed),
    }
}

/// A composition from a file, for `compose!("file.toml")` in a source file of the package in `package`.
#[must_use]
pub fn expand_composition(
    package: &Path,
    file: &Path,
    overlays: &[String],
    components: &[(String, Vec<String>)],
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
    for (module, overlays) in components {
        composer = composer.components_with(module, overlays.iter().cloned());
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
    text.push_str(
        &composed.refused(|_, message| format!("::core::compile_error!({:?})", message.text)),
    );
    text
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
