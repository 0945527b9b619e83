//! The package of an edition, as `cargo treenail dist` writes it: ordinary files of Cargo's, to be committed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::{DistributionSection, RuntimeLines};
use crate::toml_text::quote;

/// What a first line says of a file that is written anew without asking.
pub(crate) const MARK: &str = "Made of plugins.toml by `cargo treenail dist";

/// What stands at the end of a Cargo.toml that belongs to no workspace around it.
pub(crate) const OWN_WORKSPACE: &str =
    "\n# No member of the workspace around it: it has a Cargo.lock of its own.\n[workspace]\n";

/// The text of the Cargo.toml, but for [`OWN_WORKSPACE`]; `contracts` are lines of dependencies.
pub(crate) fn cargo_toml(
    edition: &DistributionSection,
    config: Option<&str>,
    lines: &RuntimeLines,
    contracts: &BTreeMap<String, String>,
) -> String {
    let mut text = format!(
        "# {}\n\n[package]\nname = {}\n",
        head(config),
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
    format!("# {MARK}`.\n[package]\nname = {name}\n[lib]\npath = \"src/main.rs\"\n")
}

/// The first line of a file of an edition, for a configuration or for any.
fn head(config: Option<&str>) -> String {
    let config = config.map(|file| format!(" --for {file}"));
    let config = config.unwrap_or_default();
    format!("{MARK}{config}`: change that file, and run the command again.")
}

/// The text of the build script.
pub(crate) fn build_script(config: Option<&str>) -> String {
    let head = head(config);
    format!("//! {head}\n\nfn main() {{\n    treenail_build::compose();\n}}\n")
}

/// The text of the program.
pub(crate) fn program(edition: &DistributionSection, config: Option<&str>) -> String {
    let (head, host) = (head(config), edition.host.key.value.replace('-', "_"));
    format!(
        "//! {head}\n\n\
         treenail::compose!();\n\n\
         #[tokio::main]\n\
         async fn main() -> impl std::process::Termination {{\n    {host}::main::<App>().await\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::cargo_toml;
    use crate::diagnostic::Diagnostics;
    use crate::manifest;
    use crate::model::RuntimeLines;
    use crate::source::Sources;

    #[test]
    fn what_is_cargos_is_copied_in_its_order() {
        let text = r#"treenail = 1
[distribution]
name = "desk-mail"
host = { registry = "corp", package = "desk-host", version = "1.4" }
package = { version = "2.0.0", publish = ["corp"], authors = [] }
[distribution.plugins]
sms = "0.3"
[distribution.plugins.mail]
package = 'desk mail'
git = "https://example.invalid/mail"
features = ["a", "b"]
[distribution.patch."https://example.invalid/mail"]
mail = { path = "../mail" }
"#;
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let read = manifest::read_bytes("", text.as_bytes(), &mut sources, &mut problems);
        assert!(problems.is_empty());
        let lines = RuntimeLines {
            runtime: "\"0.1\"".to_owned(),
            compiler: "\"0.1\"".to_owned(),
        };
        let edition = read.distribution.expect("an edition");
        let written = cargo_toml(&edition, Some("desk.yml"), &lines, &BTreeMap::new());
        let expected = r#"# Made of plugins.toml by `cargo treenail dist --for desk.yml`: change that file, and run the command again.

[package]
name = "desk-mail"
version = "2.0.0"
publish = ["corp"]
authors = []
edition = "2024"

[dependencies]
treenail = "0.1"
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
desk-host = { registry = "corp", version = "1.4" }
sms = "0.3"
mail = { package = "desk mail", git = "https://example.invalid/mail", features = ["a", "b"] }

[build-dependencies]
treenail-build = "0.1"

[patch."https://example.invalid/mail"]
mail = { path = "../mail" }
"#;
        assert_eq!(written, expected);
    }
}
