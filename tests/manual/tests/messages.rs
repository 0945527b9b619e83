//! What the manual shows of wrong configurations is what a program says of them.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Says what the program says of a configuration, without its first line, where it stands among these variables.
fn said_of(file: &str, configuration: &str, variables: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(file), configuration).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_my-app"))
        .arg(file)
        .current_dir(folder.path())
        .envs(variables.iter().copied())
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).expect("text");
    let (_, problems) = said.split_once('\n').expect("a headline");
    problems.trim_end().to_owned()
}

#[track_caller]
fn assert_shown(said: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    let page = fs::read_to_string(page).expect("the page");
    assert!(!said.is_empty());
    assert!(
        page.contains(&format!("```text\n{said}\n```")),
        "docs/configuration.md has to show:\n{said}"
    );
}

#[test]
fn mistakes_in_a_file_are_shown_as_they_are_told() {
    let configuration = "\
my_app:
  api_version: \">=1.0.0\"
  services:
    tickets:
      use: \"sqlite:Stor\"
      params: { path: tickets.db }

  components:

  lifecycle:
    total: { stop: 25 minutes }
";
    assert_shown(&said_of("wrong.yml", configuration, &[]));
}

#[test]
fn mistakes_in_variables_are_shown_as_they_are_told() {
    let configuration = "\
my_app:
  services: { tickets: { use: \"sqlite:Store\", params: { path: tickets.db } } }
  components: { \"poller:Poller\": { interval: 1m } }
";
    let variables = [
        (
            "MY_APP__SERVICES__TICKETS__PARAMS__PAHT",
            "/var/lib/tickets.db",
        ),
        ("MY_APP__COMPONENTS__POLER_POLLER__INTERVAL", "PT1M"),
    ];
    assert_shown(&said_of("my_app.yml", configuration, &variables));
}

#[test]
fn a_choice_that_is_missing_is_shown_as_it_is_told() {
    let configuration = "\
my_app:
  components: { \"poller:Poller\": { interval: 1m } }
  services:
    inbox: { use: \"sqlite:Store\", params: { path: inbox.db } }
    archive: { use: \"sqlite:Store\", params: { path: archive.db } }
  orchestrator:
    use: \"base:SimpleSequentialOrchestrator\"
    params:
      steps:
        - use: \"robot:Answering\"
";
    assert_shown(&said_of("my_app.yml", configuration, &[]));
}

#[test]
fn who_has_lost_is_shown_as_it_is_told() {
    let configuration = "\
my_app:
  components:
    \"poller:Poller\": { interval: 1m }
    \"app:Cellar\": {}
";
    let said = said_of("my_app.yml", configuration, &[]);
    // Places of manifests are told from the root of the workspace on.
    assert_shown(&said.replace("tests/manual/src/my_app.toml", "plugins.toml"));
}
