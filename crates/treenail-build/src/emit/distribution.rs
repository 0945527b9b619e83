//! The package of an edition, as `cargo treenail dist` writes it: ordinary files of Cargo's, to be committed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::{DistributionSection, RuntimeLines};
use crate::toml_text::quote;

/// What a first line says of a file that is written anew without asking.
pub(crate) const MARK: &str = "by `cargo treenail dist`";

/// What stands at the end of a Cargo.toml that belongs to no workspace around it.
pub(crate) const OWN_WORKSPACE: &str =
    "\n# No member of the workspace around it: it has a Cargo.lock of its own.\n[workspace]\n";

/// The text of the Cargo.toml, but for [`OWN_WORKSPACE`]; `contracts` are lines of dependencies.
pub(crate) fn cargo_toml(
    edition: &DistributionSection,
    lines: &RuntimeLines,
    contracts: &BTreeMap<String, String>,
) -> String {
    let mut text = format!(
        "# Made of plugins.toml {MARK}: change that file, and run the command again.\n\n[package]\nname = {}\n",
        quote(&edition.name.value)
    );
    for (key, value) in &edition.package {
        let _ = writeln!(text, "{key} = {value}");
    }
    let states = |name: &str| edition.package.iter().any(|(key, _)| key == name);
    for (key, value) in [("edition", "\"2024\""), ("publish", "false")] {
        if !states(key) {
            let _ = writeln!(text, "{key} = {value}");
        }
    }
    let RuntimeLines { runtime, compiler } = lines;
    let _ = writeln!(
        text,
        "\n[dependencies]\ntreenail = {runtime}\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}"
    );
    for one in std::iter::once(&edition.host).chain(&edition.plugins) {
        let _ = writeln!(text, "{} = {}", one.key.value, one.text);
    }
    if !contracts.is_empty() {
        text.push_str("# What the host and the plugins share, as the host asks for it.\n");
    }
    for (key, value) in contracts {
        let _ = writeln!(text, "{key} = {value}");
    }
    let _ = writeln!(text, "\n[build-dependencies]\ntreenail-build = {compiler}");
    for (source, lines) in &edition.patch {
        let _ = writeln!(text, "\n[patch.{source}]");
        for one in lines {
            let _ = writeln!(text, "{} = {}", one.key.value, one.text);
        }
    }
    text
}

/// A Cargo.toml for a moment: with it, Cargo knows the members of a workspace that has the package among them.
pub(crate) fn stand_in(edition: &DistributionSection) -> String {
    let name = quote(&edition.name.value);
    format!("# Made {MARK}.\n[package]\nname = {name}\n[lib]\npath = \"src/main.rs\"\n")
}

/// The text of the build script.
pub(crate) fn build_script() -> String {
    format!(
        "//! Made of plugins.toml {MARK}: change that file, and run the command again.\n\n\
         fn main() {{\n    treenail_build::compose();\n}}\n"
    )
}

/// The text of the program.
pub(crate) fn program(edition: &DistributionSection) -> String {
    let host = edition.host.key.value.replace('-', "_");
    format!(
        "//! Made of plugins.toml {MARK}: change that file, and run the command again.\n\n\
         treenail::compose!();\n\n\
         #[tokio::main]\n\
         async fn main() -> impl std::process::Termination {{\n    {host}::main::<App>().await\n}}\n"
    )
}
