//! What is printed of checks.

use std::fmt::Debug;
use std::process::{Command, ExitCode, Stdio};

/// What came of the checks so far.
#[derive(Default)]
pub struct Report {
    passed: usize,
    failed: usize,
}

impl Report {
    /// A check, by a sentence that is true where it passes; and what was seen, for where it does not.
    pub fn check(&mut self, sentence: &str, holds: bool, seen: &dyn Debug) {
        if holds {
            self.passed += 1;
            println!("ok       {sentence}");
        } else {
            self.failed += 1;
            println!("FAILED   {sentence}\n         seen: {seen:?}");
        }
    }

    /// Whether a program is installed; says so where it is not.
    pub fn has(&self, program: &str) -> bool {
        let mut command = Command::new(program);
        let command = command.arg("--version").stdin(Stdio::null());
        let ran = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        // A language server that has no such flag is there all the same.
        let is_there = match program {
            "rust-analyzer" => ran.is_ok_and(|status| status.success()),
            _ => ran.is_ok(),
        };
        if !is_there {
            println!("skipped  {program} is not installed");
        }
        is_there
    }

    /// The last line, and how the program ends.
    pub fn end(&self) -> ExitCode {
        println!("{} passed, {} failed", self.passed, self.failed);
        match self.failed {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }
}
