//! What has the name of a configuration and is no file: refused at once, and whoever started the program is told what it is.

use std::io::Write;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::folder::{Folder, text};

/// Makes what has the name of a file, and is none.
type Make = fn(&Path);

/// What it is called, how it is made, and what is said of it.
const NO_FILES: [(&str, Make, &str); 6] = [
    ("pipe", pipe, "it is a pipe"),
    ("device", zero, "it is a device"),
    ("null", null, "it is a device"),
    ("folder", folder, "it is a directory"),
    ("socket", socket, "it is a socket"),
    ("link", dangling, "it is a link to `nowhere`"),
];

fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo").success());
}

fn zero(path: &Path) {
    symlink("/dev/zero", path).expect("a link");
}

fn null(path: &Path) {
    symlink("/dev/null", path).expect("a link");
}

fn folder(path: &Path) {
    std::fs::create_dir(path).expect("a folder");
}

fn socket(path: &Path) {
    UnixListener::bind(path).expect("a socket");
}

fn dangling(path: &Path) {
    symlink("nowhere", path).expect("a link");
}

/// Runs the program, which refuses what has this name.
fn assert_refused(folder: &Folder, arguments: &[&str], name: &str, words: &str) {
    let begun = Instant::now();
    let output = folder.run(arguments);
    let talk = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {talk}");
    let said = format!("error: cannot read `{name}`: {words}");
    assert!(talk.contains(&said), "{said}: {talk}");
    assert!(talk.contains("help: "), "{talk}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{talk}");
}

#[test]
fn a_configuration_that_is_no_file_is_refused_at_once() {
    for (name, make, words) in NO_FILES {
        let folder = Folder::new(name);
        make(&folder.0.join("desk.yml"));
        for command in ["check", "run"] {
            assert_refused(&folder, &[command, "-c", "desk.yml"], "desk.yml", words);
        }
    }
}

#[test]
fn variables_beside_it_that_are_no_file_are_refused_at_once() {
    for (name, make, words) in NO_FILES {
        let folder = Folder::new(name);
        std::fs::write(folder.0.join("desk.yml"), "open_ticket_ai: {}\n").expect("a file");
        make(&folder.0.join(".env"));
        assert_refused(&folder, &["check", "-c", "desk.yml"], ".env", words);
    }
}

#[test]
fn a_configuration_in_a_pipe_of_the_shell_is_refused_with_what_to_do() {
    let folder = Folder::new("stdin");
    let mut command = folder.command(&["check", "-c", "/dev/stdin"]);
    let command = command.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let mut stdin = child.stdin.take().expect("its input");
    // It may have ended before.
    let _ = stdin.write_all(b"open_ticket_ai: {}\n");
    drop(stdin);
    let output = child.wait_with_output().expect("its output");
    let talk = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{talk}");
    assert!(talk.contains("it is a pipe"), "{talk}");
    assert!(talk.contains("write the configuration to a file"), "{talk}");
}
