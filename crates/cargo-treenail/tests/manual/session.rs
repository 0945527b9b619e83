//! A reader at a terminal.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::page::{Page, Step};
use crate::packages::download;

/// A shell that remembers where it is and what was exported, in a folder that is removed in the end.
pub(crate) struct Session {
    /// Always the same for a checkout, so that Cargo finds what it has built of it.
    root: PathBuf,
    _alone: MutexGuard<'static, ()>,
}

impl Session {
    /// A session in an empty folder. There is one at a time.
    pub(crate) fn begin() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        download();
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let checkout = checkout.canonicalize().expect("the checkout");
        let mut hasher = DefaultHasher::new();
        checkout.hash(&mut hasher);
        // Outside of the checkout, whose workspace the packages of readers do not belong to.
        let root = std::env::temp_dir().join(format!("treenail-manual-{:x}", hasher.finish()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).expect("a folder");
        let root = root.canonicalize().expect("its path");
        std::os::unix::fs::symlink(&checkout, root.join("treenail")).expect("a link");
        let session = Self {
            root,
            _alone: alone,
        };
        session.go("");
        session
    }

    /// Does what a reader of the page does.
    pub(crate) fn follow(&self, page: &Page) {
        for step in &page.steps {
            let done = match step {
                Step::Follow(other) => {
                    self.follow(&Page::read(other));
                    self.go("");
                    Ok(())
                }
                Step::Write { path, text } => {
                    self.write(path, text);
                    Ok(())
                }
                Step::Append { path, text } => {
                    let before = fs::read_to_string(self.root.join(path)).expect("a file");
                    self.write(path, &format!("{before}\n{text}"));
                    Ok(())
                }
                Step::Go(folder) => {
                    self.go(folder);
                    Ok(())
                }
                Step::Run { command, shown } => self.run(command, shown),
                Step::NotRun { command, why } => {
                    println!("{}: not run, {why}: {command}", page.name);
                    Ok(())
                }
            };
            if let Err(wrong) = done {
                panic!("{}: {wrong}", page.name);
            }
        }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    /// What the shell remembers.
    fn memory(&self) -> PathBuf {
        self.root.join(".memory")
    }

    fn go(&self, folder: &str) {
        let before = fs::read_to_string(self.memory()).unwrap_or_default();
        let folder = self.root.join(folder);
        let memory = format!("{before}\ncd '{}'\n", folder.display());
        fs::write(self.memory(), memory).expect("written");
    }

    /// Runs a command, and says in which way it does not do what is shown.
    fn run(&self, command: &str, shown: &[String]) -> Result<(), String> {
        let is_interrupted = shown.last().is_some_and(|line| line == "^C");
        let memory = self.memory();
        let memory = memory.display();
        let script = if is_interrupted {
            format!("exec 2>&1\n. '{memory}'\nexec {command}\n")
        } else {
            format!(
                "exec 2>&1\n. '{memory}'\n{command}\nstatus=$?\n\
                 {{ export -p; echo \"cd '$PWD'\"; }} > '{memory}'\nexit $status\n"
            )
        };
        let mut shell = self.shell();
        let mut child = shell.arg("-c").arg(script).spawn().expect("a shell");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let mut said = String::new();
        if is_interrupted {
            let shown = &shown[..shown.len() - 1];
            while missing(shown, &said).is_some()
                && output.read_line(&mut said).is_ok_and(|n| n > 0)
            {}
            let group = format!("-{}", child.id());
            let kill = Command::new("kill").args(["-INT", "--", &group]).status();
            assert!(
                kill.is_ok_and(|status| status.success()),
                "no {command}: {said}"
            );
        }
        output.read_to_string(&mut said).expect("text");
        let status = child.wait().expect("its end");
        let is_error = |line: &String| line.to_lowercase().starts_with("error");
        if status.success() == shown.iter().any(is_error) {
            return Err(format!("`{command}` ended with {status}:\n{said}"));
        }
        match missing(shown, &said) {
            Some(line) if line != "^C" => {
                Err(format!("`{command}` does not say `{line}`:\n{said}"))
            }
            _ => Ok(()),
        }
    }

    /// A shell as readers have one: without what Cargo tells tests, and with `cargo treenail`.
    fn shell(&self) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_cargo-treenail"));
        let programs = program.parent().expect("a folder").to_owned();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = [programs].into_iter().chain(std::env::split_paths(&path));
        let mut shell = Command::new("sh");
        for (name, _) in std::env::vars_os() {
            let told = name.to_string_lossy().into_owned();
            let by_cargo = [
                "CARGO_PKG_",
                "CARGO_MANIFEST_",
                "CARGO_BIN_",
                "GIT_",
                "TREENAIL_",
            ];
            if by_cargo.iter().any(|start| told.starts_with(start)) {
                shell.env_remove(name);
            }
        }
        shell
            .env("PATH", std::env::join_paths(path).expect("a path"))
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("target"),
            )
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("RUST_LOG")
            .env_remove("RUSTFLAGS")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"].map(|name| (name, "A reader")))
            .envs(
                ["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"]
                    .map(|name| (name, "reader@example.org")),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .process_group(0);
        shell
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// The first line that is not said after those before it; `...` stands for any lines.
fn missing<'a>(shown: &'a [String], said: &str) -> Option<&'a str> {
    let mut said = said.lines();
    let mut shown = shown.iter().map(String::as_str);
    shown.find(|line| *line != "..." && !said.any(|one| one.trim_end() == *line))
}

#[test]
fn lines_are_looked_for_in_their_order() {
    let shown = ["a", "...", "c"].map(str::to_owned);
    assert_eq!(missing(&shown, "a\nb\nc\n"), None);
    assert_eq!(missing(&shown, "c\nb\na\n"), Some("c"));
}
