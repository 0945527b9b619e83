//! yaml-language-server, with the JSON Schema of the helpdesk's configuration.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::report::Report;
use crate::server::Server;
use crate::workspace::HERE;

const FILE: &str = "config.yml";

/// The first line says which schema it is, as the manual has it.
const TEXT: &str = "\
# yaml-language-server: $schema=./config.schema.json
open_ticket_ai:
  api_version: \"^1.4\"
  plugins: []
  components: {}
  services:
    tickets:
      use: \"sqlite:Store\"
  lifecycle: {}
  infrastructure: {}
  orchestrator:
    use: \"base:SimpleSequentialOrchestrator\"
";

/// Runs all checks, where the server is installed.
pub fn check(report: &mut Report) {
    if !report.has("yaml-language-server") {
        return;
    }
    let folder = Path::new(HERE).join("target/configuration");
    fs::create_dir_all(&folder).expect("a folder");
    let schema = Path::new(HERE).join("../../examples/helpdesk/config.schema.json");
    fs::copy(schema, folder.join("config.schema.json")).expect("copied");
    fs::write(folder.join(FILE), TEXT).expect("written");
    let mut command = Command::new("yaml-language-server");
    let settings = json!({
        "hover": true, "completion": true, "validate": true, "schemaStore": { "enable": false }
    });
    let mut server = Server::start(command.arg("--stdio"), &folder, settings);
    server.open(FILE, "yaml");
    let silent: Vec<&str> = TEXT
        .lines()
        .filter_map(|line| Some(line.split_once(':')?.0.trim()))
        .filter(|key| !key.starts_with('#') && !matches!(*key, "tickets"))
        .filter(|key| {
            let shown = server.hover(FILE, &format!("{key}:"), 1);
            // The title and the file are of the whole schema.
            let about = shown
                .lines()
                .filter(|line| !line.is_empty() && !line.starts_with('#'));
            about.filter(|line| !line.starts_with("Source: ")).count() == 0
        })
        .collect();
    report.check(
        "yaml: every section is shown with a sentence",
        silent.is_empty(),
        &silent,
    );
    server.write(FILE, TEXT.replace("\"sqlite:Store\"", ""));
    let offered = server.completion(FILE, "use: \n", "use: ".len());
    let mut stores = offered
        .iter()
        .filter(|(label, ..)| label.ends_with(":JinjaRenderer"));
    let once = stores.next().is_some() && stores.next().is_none();
    report.check("yaml: `use` offers a component by one name", once, &offered);
    let described = offered.iter().all(|(.., about)| !about.is_empty());
    report.check(
        "yaml: `use` says what each component is",
        described && !offered.is_empty(),
        &offered,
    );
    server.write(FILE, TEXT.replace("open_ticket_ai:\n", ""));
    let roots = server.completion(FILE, "\n  api_version", 1);
    let roots: Vec<_> = roots.iter().map(|(label, ..)| label.as_str()).collect();
    report.check(
        "yaml: the root key is offered by one name",
        roots == ["open_ticket_ai"],
        &roots,
    );
}
