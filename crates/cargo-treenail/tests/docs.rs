//! `cargo treenail docs`: the page of a program without the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn docs(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-treenail"));
    let command = command.args(["treenail", "docs"]).args(arguments);
    command.current_dir(folder).output().expect("started")
}

fn helpdesk() -> PathBuf {
    Path::new(ROOT).join("examples/helpdesk")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// A host without plugins, and with a component that takes a configuration.
fn host(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).expect("a folder");
    let treenail = fs::canonicalize(ROOT).expect("a checkout");
    let manifest = format!(
        "[package]\nname = \"shop\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\ntreenail = {{ path = {treenail:?}, default-features = false, features = [\"config\"] }}\n"
    );
    let plugins = "treenail = 1\n[host]\n[[component]]\ntype = \"crate::Shelf\"\nconfig = \"crate::Size\"\ndescription = \"Where things lie\"\n";
    fs::write(folder.join("Cargo.toml"), manifest).expect("written");
    fs::write(folder.join("plugins.toml"), plugins).expect("written");
    fs::write(folder.join("src/main.rs"), "fn main() {}\n").expect("written");
    fs::copy(
        Path::new(ROOT).join("Cargo.lock"),
        folder.join("Cargo.lock"),
    )
    .expect("copied");
    folder
}

/// The schema that this host has, as far as it matters.
const SCHEMA: &str = r##"{
    "title": "Configuration of shop 1.0.0",
    "properties": { "shop": { "type": "object", "properties": {
        "components": { "type": "object", "properties": { "app:Shelf": { "$ref": "#/$defs/app:Shelf" } } }
    } } },
    "$defs": { "app:Shelf": { "type": "object", "properties": { "width": { "type": "integer", "description": "In centimetres." } } } }
}"##;

#[test]
fn the_page_is_that_of_the_program_byte_for_byte() {
    for (format, name) in [("markdown", "reference.md"), ("html", "reference.html")] {
        let output = docs(&helpdesk(), &["--format", format]);
        assert_eq!(text(&output.stderr), "");
        let known = fs::read(helpdesk().join(name)).expect("the page of the program");
        assert!(known == output.stdout, "{name} is not what `docs` prints");
    }
}

#[test]
fn a_page_without_a_schema_has_no_keys_and_says_so() {
    let folder = host("docs-no-schema");
    let output = docs(&folder, &[]);
    assert!(output.status.success());
    let page = text(&output.stdout);
    assert!(
        page.contains("### `app:Shelf`\n\nWhere things lie\n"),
        "{page}"
    );
    assert!(page.contains("The keys are not known"), "{page}");
    assert_eq!(
        text(&output.stderr),
        "the page has no keys: there is no config.schema.json beside plugins.toml, and no `--schema` is given; the program itself \
         prints its schema, where it has a command that prints `App::schema()`\n"
    );
}

#[test]
fn a_schema_is_found_beside_the_manifest_or_where_it_is_said_to_be() {
    let folder = host("docs-schema");
    fs::write(folder.join("config.schema.json"), SCHEMA).expect("written");
    fs::create_dir(folder.join("elsewhere")).expect("a folder");
    fs::write(
        folder.join("elsewhere/other.json"),
        SCHEMA.replace("width", "depth"),
    )
    .expect("written");
    let row = |key: &str| format!("| `{key}` | integer |  | In centimetres. |");
    let beside = docs(&folder, &[]);
    assert!(text(&beside.stdout).contains(&row("width")), "{beside:?}");
    let named = docs(&folder, &["--schema", "elsewhere/other.json"]);
    assert!(text(&named.stdout).contains(&row("depth")), "{named:?}");
}

#[test]
fn a_schema_that_is_not_of_the_program_is_refused_with_all_that_is_different() {
    let folder = host("docs-other-schema");
    let other = SCHEMA
        .replace("shop 1.0.0", "shop 0.9.0")
        .replace("app:Shelf", "app:Cellar");
    for (schema, expected) in [
        (
            other.as_str(),
            "\
error: config.schema.json is not the schema of this composition:
  - it is the `Configuration of shop 0.9.0`, and not the `Configuration of shop 1.0.0`
  - it has `app:Cellar`, which is not in the composition
  - it does not have `app:Shelf`, which is in the composition
",
        ),
        (
            "{}",
            "error: config.schema.json is not the schema of this composition:\n  - it does not know `shop`, the root key\n",
        ),
        ("{", "error: config.schema.json is no JSON: "),
    ] {
        fs::write(folder.join("config.schema.json"), schema).expect("written");
        let output = docs(&folder, &[]);
        assert_eq!(output.status.code(), Some(2), "{schema}");
        assert_eq!(text(&output.stdout), "", "{schema}");
        let said = text(&output.stderr);
        assert!(said.starts_with(expected), "{said}");
    }
    let missing = docs(&folder, &["--schema", "nowhere.json"]);
    assert_eq!(missing.status.code(), Some(2));
    let said = text(&missing.stderr);
    assert!(
        said.starts_with("error: `nowhere.json` cannot be read: "),
        "{said}"
    );
}

#[test]
fn a_plugin_alone_has_no_page() {
    let folder = Path::new(ROOT).join("examples/hello/greeter");
    let output = docs(&folder, &[]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("a plugin alone composes nothing"), "{said}");
}
