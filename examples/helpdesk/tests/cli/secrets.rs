//! Secrets do not come out again.

use std::process::Output;

use crate::folder::{Folder, text};

/// In the environment.
const VARIABLE: &str = "hush-variable-4711";
/// In the `.env` file.
const DOTENV: &str = "hush-dotenv-4712";
/// In the file itself.
const LITERAL: &str = "hush-literal-4713";

const HEAD: &str = r"open_ticket_ai:
  infrastructure:
    logging: { level: DEBUG, log_to_file: true, log_file_path: desk.log }
  services:
";

/// Steps and services that use secrets as they should, and fail with them in their hands.
const USED: &str = r#"    tickets: { use: "sqlite:Store", params: { path: ":memory:" } }
  orchestrator:
    use: "base:CompositePipe"
    params:
      token: "{{ get_env('DESK_TOKEN') }}"
      password: hush-literal-4713
      steps:
        - { id: token, use: "base:ExpressionPipe", params: { expression: "Bearer {{ get_env('DESK_TOKEN') }}" } }
        - { id: both, use: "base:ExpressionPipe", params: { expression: "{{ get_pipe_result('token') ~ get_env('DESK_SECRET') }}" } }
        - id: note
          use: "tickets:AddNotePipe"
          injects: { ticket_system: tickets }
          params: { ticket_id: "1", note: { body: "{{ get_parent_param('password') }}" } }
"#;

/// A step that raises an error with a secret in it.
const RAISES: &str = r#"    tickets: { use: "sqlite:Store", params: { path: ":memory:" } }
  orchestrator:
    use: "base:CompositePipe"
    params:
      steps:
        - { id: raises, use: "base:ExpressionPipe", params: { expression: "{{ get_pipe_result(get_env('DESK_SECRET')) }}" } }
"#;

/// Secrets where they are refused.
const REFUSED: &str = r#"    one: { use: "sqlite:Store", params: { path: ["hush-literal-4713"] } }
    two: { use: "sqlite:Store", params: { password: "hush-literal-4713" } }
    three: { use: "sqlite:Store", params: { password: "{{ get_env('DESK_TOKEN') }}" } }
    four: { use: "sqlite:Store", params: { path: "{{ get_env('DESK_TOKEN') | nofilter }}" } }
    five: { use: "sqlite:Store", params: { seed: { password: hush-literal-4713 } } }
    six: { use: "sqlite:Store", params: "hush-literal-4713" }
    seven: { use: "sqlite:Store", params: { path: "{{ get_env(get_env('DESK_SECRET')) }}" } }
"#;

fn run(folder: &Folder, arguments: &[&str]) -> Output {
    let mut command = folder.command(arguments);
    command.args(["--config", "c.yml"]);
    command.env("DESK_TOKEN", VARIABLE);
    command.env("RUST_LOG", "trace");
    command.output().expect("the program runs")
}

/// Runs a configuration in every way there is and looks at everything that is written.
fn keeps_quiet(name: &str, body: &str, accepted: bool, succeeds: bool) {
    for arguments in [
        &["check"][..],
        &["check", "--format", "json"],
        &["run"],
        &["run", "--format", "json"],
    ] {
        let folder = Folder::new(&format!("secrets-{name}"));
        std::fs::write(folder.0.join("c.yml"), format!("{HEAD}{body}")).expect("written");
        std::fs::write(folder.0.join(".env"), format!("DESK_SECRET={DOTENV}\n")).expect("written");
        let output = run(&folder, arguments);
        let runs = arguments[0] == "run";
        assert_eq!(
            output.status.success(),
            if runs { succeeds } else { accepted },
            "{arguments:?}: {} {}",
            text(&output.stdout),
            text(&output.stderr)
        );
        let log = std::fs::read_to_string(folder.0.join("desk.log")).unwrap_or_default();
        assert_eq!(!log.is_empty(), runs && accepted, "a log is written");
        for (place, said) in [
            ("stdout", text(&output.stdout)),
            ("stderr", text(&output.stderr)),
            ("the log", &log),
        ] {
            for secret in [VARIABLE, DOTENV, LITERAL] {
                assert!(
                    !said.contains(secret),
                    "{name}, {arguments:?}: {place} says {secret}:\n{said}"
                );
            }
        }
    }
}

#[test]
fn a_secret_that_is_used_is_not_said() {
    keeps_quiet("used", USED, true, true);
}

#[test]
fn a_secret_in_an_error_is_not_said() {
    keeps_quiet("raises", RAISES, true, false);
}

#[test]
fn a_secret_that_is_refused_is_not_said() {
    keeps_quiet("refused", REFUSED, false, false);
}
