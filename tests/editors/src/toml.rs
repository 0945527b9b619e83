//! taplo and tombi, with the JSON Schema of plugins.toml.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::report::Report;
use crate::workspace::HERE;

/// Begins every manifest here.
const HEAD: &str = "#:schema ./plugins.schema.json\ntreenail = 1\n\n[host]\n\n";

/// Manifests, each with what it shows and whether it is right.
const MANIFESTS: &[(&str, bool, &str)] = &[
    (
        "a manifest with all forms is right",
        true,
        r#"
[plugins]
mail = "^1.2, <2"
[lints]
unused_bind = "allow"
TN0903 = { value = "warn", when = { feature = "x" } }
[[component]]
type = "crate::A"
requires = { a = "dyn crate::B", b = { service = "dyn crate::C", optional = true, all = false }, c = { registry = "crate::R" } }
[[component]]
type = "crate::P"
kind = "pipe"
params = "crate::Q"
"#,
    ),
    ("an unknown key is refused", false, "[plugns]\n"),
    (
        "two forms of a requirement exclude each other",
        false,
        "[[component]]\ntype = \"crate::A\"\nrequires = { a = { service = \"dyn crate::B\", optional = true, all = true } }\n",
    ),
    (
        "a service and a registry exclude each other",
        false,
        "[[component]]\ntype = \"crate::A\"\nrequires = { a = { service = \"dyn crate::B\", registry = \"crate::R\" } }\n",
    ),
    (
        "a pipe has no `config`",
        false,
        "[[component]]\ntype = \"crate::A\"\nkind = \"pipe\"\nconfig = \"crate::C\"\n",
    ),
    (
        "a version that is none is refused",
        false,
        "[plugins]\nmail = \"latest\"\n",
    ),
    (
        "a lint that does not exist is refused",
        false,
        "[lints]\nunsed_bind = \"allow\"\n",
    ),
];

/// Runs all checks, of the linters that are installed.
pub fn check(report: &mut Report) {
    let folder = Path::new(HERE).join("target/manifests");
    fs::create_dir_all(&folder).expect("a folder");
    let schema = folder.join("plugins.schema.json");
    fs::copy(Path::new(HERE).join("../../plugins.schema.json"), schema).expect("copied");
    for (linter, arguments) in [
        ("taplo", ["lint"].as_slice()),
        ("tombi", &["lint", "--offline"]),
    ] {
        if !report.has(linter) {
            continue;
        }
        for (sentence, is_right, text) in MANIFESTS {
            fs::write(folder.join("plugins.toml"), format!("{HEAD}{text}")).expect("written");
            let mut command = Command::new(linter);
            command
                .args(arguments)
                .arg("plugins.toml")
                .current_dir(&folder);
            let ended = command.output().expect("the linter runs");
            let said = String::from_utf8_lossy(&ended.stderr);
            report.check(
                &format!("{linter}: {sentence}"),
                ended.status.success() == *is_right,
                &said,
            );
        }
    }
}
