//! Data goes to standard output, talk to standard error; colour only where somebody sees it.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};
use treenail::{ConfigError, ReloadCause, ReloadError, StepOutcome};

use crate::screen;

/// Good news.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Bad news.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// News of no importance.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// A heading.
pub(crate) const STRONG: Style = Style::new().bold();

/// How the outcome of a step is shown. One that failed to answer that there is nothing to do has `answered`: it ended, and
/// nothing is wrong.
pub(crate) fn shown(outcome: StepOutcome, answered: bool) -> (Style, &'static str) {
    match outcome {
        StepOutcome::Ok => (GOOD, outcome.as_str()),
        StepOutcome::Failed if answered => (FAINT, "ended"),
        StepOutcome::Failed => (BAD, outcome.as_str()),
        _ => (FAINT, outcome.as_str()),
    }
}

/// Writes what was asked for. A reader that has seen enough and went away is no error.
pub(crate) fn data(text: &str) -> io::Result<()> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Says something on the way. That nobody listens is no reason to stop.
pub(crate) fn note(text: &str) {
    let _ = screen::above(&format!("{text}\n"));
}

/// Says why the program failed.
pub(crate) fn error(error: &treenail::Error) {
    match error.downcast_ref::<ConfigError>() {
        // Those have words and places of their own.
        Some(problems) => note(&problems.styled()),
        None => failure(&format!("{error:#}")),
    }
}

/// Says why a reload was refused.
pub(crate) fn refused(error: &ReloadError) {
    match &error.cause {
        ReloadCause::Config(problems) => {
            note(&problems.styled());
            failure("the reload is refused, and nothing is changed");
        }
        _ => failure(&format!("the reload is refused: {error}")),
    }
}

fn failure(text: &str) {
    let lines: Vec<String> = text.lines().map(printable).collect();
    note(&format!("{BAD}error{BAD:#}: {}", lines.join("\n")));
}

/// Foreign text for a terminal: on one line, and without the power to move the cursor.
pub(crate) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' => printable.push(' '),
            // Marks that reorder text would let a ticket rewrite the line it stands in.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            control if control.is_control() => {
                let _ = write!(printable, "{}", control.escape_default());
            }
            letter => printable.push(letter),
        }
    }
    printable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_move_the_cursor() {
        assert_eq!(printable("a\nb\u{1b}[2Jc\u{202e}d"), "a b\\u{1b}[2Jcd");
    }
}
