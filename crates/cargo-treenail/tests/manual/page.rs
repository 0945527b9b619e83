//! A page of the manual, as what its reader does.

use std::fs;
use std::path::Path;

/// A page.
pub(crate) struct Page {
    /// Its path, below the root of the repository.
    pub(crate) name: String,
    /// What its reader does, in order.
    pub(crate) steps: Vec<Step>,
}

/// Something that a reader does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Follows another page.
    Follow(String),
    /// Writes a file.
    Write { path: String, text: String },
    /// Writes something at the end of a file.
    Append { path: String, text: String },
    /// Goes into a folder.
    Go(String),
    /// Runs a command, and sees these lines.
    Run { command: String, shown: Vec<String> },
    /// Reads a command, and does not run it.
    NotRun { command: String, why: String },
}

/// What is said of the next block.
#[derive(Default)]
struct Said {
    file: Option<String>,
    end_of_file: Option<String>,
    not_run: Option<String>,
}

impl Page {
    /// Reads the page of this name.
    pub(crate) fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(name);
        let text = fs::read_to_string(&path);
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self {
            name: name.to_owned(),
            steps: steps(&text),
        }
    }

    /// Whether it shows any.
    pub(crate) fn has_commands(&self) -> bool {
        let is_command = |step: &Step| matches!(step, Step::Run { .. } | Step::NotRun { .. });
        self.steps.iter().any(is_command)
    }
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut said = Said::default();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(comment) = comment(line) {
            hear(comment, &mut said, &mut steps);
        } else if let Some(language) = line.strip_prefix("```") {
            let block = lines.by_ref().take_while(|line| *line != "```");
            let block: Vec<&str> = block.collect();
            read_block(language, &block, std::mem::take(&mut said), &mut steps);
        }
    }
    steps
}

/// What a comment at the end of a line says.
fn comment(line: &str) -> Option<&str> {
    let (_, comment) = line.strip_suffix(" -->")?.rsplit_once("<!-- ")?;
    Some(comment)
}

fn hear(comment: &str, said: &mut Said, steps: &mut Vec<Step>) {
    // Other comments are for other readers.
    let Some((about, what)) = comment.split_once(": ") else {
        return;
    };
    let what = what.to_owned();
    match about {
        "file" => said.file = Some(what),
        "end of file" => said.end_of_file = Some(what),
        "not run" => said.not_run = Some(what),
        "in" => steps.push(Step::Go(what)),
        "after" => steps.push(Step::Follow(what)),
        "first" => steps.push(Step::Run {
            command: what,
            shown: Vec::new(),
        }),
        other => panic!("no comment is about `{other}`"),
    }
}

fn read_block(language: &str, block: &[&str], said: Said, steps: &mut Vec<Step>) {
    let text: String = block.iter().map(|line| format!("{line}\n")).collect();
    if let Some(path) = said.file {
        steps.push(Step::Write { path, text });
    } else if let Some(path) = said.end_of_file {
        steps.push(Step::Append { path, text });
    } else if language == "console" {
        let commands = commands(block);
        match said.not_run {
            None => steps.extend(commands),
            Some(why) => {
                let Some(Step::Run { command, .. }) = commands.into_iter().next() else {
                    panic!("a block of commands has none:\n{text}");
                };
                steps.push(Step::NotRun { command, why });
            }
        }
    }
}

/// The commands of a block, each with the lines below it.
fn commands(block: &[&str]) -> Vec<Step> {
    let mut commands = Vec::new();
    for line in block {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push(Step::Run {
                command: command.to_owned(),
                shown: Vec::new(),
            }),
            (None, Some(Step::Run { shown, .. })) => shown.push((*line).to_owned()),
            (None, _) => panic!("`{line}` stands above every command"),
        }
    }
    commands
}

#[test]
fn a_page_is_what_its_reader_does() {
    let page = "# Title\n\n<!-- file: a/b.toml -->\n\n```toml\nx = 1\n```\n\n\
        <!-- first: true -->\n<!-- in: a -->\n\n```console\n$ cat b.toml\nx = 1\n$ ls\n```\n\n\
        <!-- not run: it takes a day -->\n\n```console\n$ sleep 1d\n```\n";
    let run = |command: &str, shown: &[&str]| Step::Run {
        command: command.to_owned(),
        shown: shown.iter().map(|line| (*line).to_owned()).collect(),
    };
    let expected = [
        Step::Write {
            path: "a/b.toml".to_owned(),
            text: "x = 1\n".to_owned(),
        },
        run("true", &[]),
        Step::Go("a".to_owned()),
        run("cat b.toml", &["x = 1"]),
        run("ls", &[]),
        Step::NotRun {
            command: "sleep 1d".to_owned(),
            why: "it takes a day".to_owned(),
        },
    ];
    assert_eq!(steps(page), expected);
}
