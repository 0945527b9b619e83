//! Runs Cargo, and says what it says in the voice of this program.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Cargo as it started this program, or the one of this machine, in a folder. It asks for nothing.
pub(crate) fn cargo(folder: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// What Cargo prints; its words, where it fails, as an error of kind `Other`.
pub(crate) fn asked<S: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = S>,
) -> io::Result<Vec<u8>> {
    let mut command = cargo(folder);
    command.args(arguments).args(["--color", "never"]);
    let output = command.output().map_err(|error| {
        let program = command.get_program().display();
        io::Error::new(error.kind(), format!("cannot start `{program}`: {error}"))
    })?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(io::Error::other(words(&String::from_utf8_lossy(
            &output.stderr,
        )))),
    }
}

/// The root of the workspace that a package belongs to.
pub(crate) fn workspace(folder: &Path) -> PathBuf {
    let question = ["locate-project", "--workspace", "--message-format", "plain"];
    let found = asked(folder, question).ok();
    let file = found.map(|path| PathBuf::from(String::from_utf8_lossy(&path).trim()));
    let root = file.as_deref().and_then(Path::parent);
    root.unwrap_or(folder).to_owned()
}

/// What went wrong and why, in a line, without what Cargo advises: that is about its own options.
fn words(told: &str) -> String {
    let is_advice = |line: &str| line.starts_with("note: ") || line.starts_with("help: ");
    let lines = told.lines().skip_while(|line| !line.starts_with("error: "));
    let lines = lines.take_while(|line| !is_advice(line));
    let lines = lines.filter(|line| !line.is_empty() && *line != "Caused by:");
    let mut all = String::new();
    for line in lines {
        let between = match all.is_empty() {
            true => "",
            false if all.ends_with(':') => " ",
            // A cause, or else more of the same.
            false if line.starts_with(' ') => ": ",
            false => ", ",
        };
        let line = line.strip_prefix("error: ").unwrap_or(line.trim());
        all.push_str(&format!("{between}{line}"));
    }
    match all.is_empty() {
        true => told.trim().to_owned(),
        false => all,
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_mistake_is_told_with_its_causes_and_without_advice() {
        let told = "    Creating library `fn` package\nerror: invalid package name `fn`: it is a Rust keyword\nnote: the directory\nhelp: to override\n";
        assert_eq!(
            words(told),
            "invalid package name `fn`: it is a Rust keyword"
        );
        let told = "error: no package\nlocation searched: there\nrequired by `a`\n";
        assert_eq!(
            words(told),
            "no package, location searched: there, required by `a`"
        );
        let told = "error: failed to read `/a/Cargo.toml`\n\nCaused by:\n  no such file\n\nCaused by:\n  (os error 2)\n";
        assert_eq!(
            words(told),
            "failed to read `/a/Cargo.toml`: no such file: (os error 2)"
        );
    }
}
