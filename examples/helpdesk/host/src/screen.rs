//! Standard error, with lines at its bottom that change while others scroll by above them.
//!
//! The cursor always rests below those lines and nothing else of the terminal is changed, so it is left
//! clean however the program ends.

use std::io::{self, IsTerminal as _, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anstream::{AutoStream, ColorChoice, adapter::strip_str};

/// The lines at the bottom, while there are any.
static SCREEN: Mutex<Option<Screen>> = Mutex::new(None);

#[derive(Debug, Default)]
struct Screen {
    rows: Vec<String>,
    /// How many of them stand above the cursor.
    drawn: usize,
    colour: bool,
}

impl Screen {
    /// What turns the picture that stands there into the next one, with a text above it.
    fn frame(&mut self, above: &str) -> String {
        let mut frame = String::new();
        if self.drawn > 0 {
            frame.push_str(&format!("\u{1b}[{}A", self.drawn));
        }
        frame.push_str("\r\u{1b}[J");
        for line in above.lines().chain(self.rows.iter().map(String::as_str)) {
            if self.colour {
                frame.push_str(line);
            } else {
                frame.push_str(&strip_str(line).to_string());
            }
            frame.push('\n');
        }
        self.drawn = self.rows.len();
        frame
    }
}

/// Makes room for lines at the bottom; `false` where standard error is no terminal that can do so.
pub(crate) fn begin() -> bool {
    let able = std::env::var("TERM").is_ok_and(|term| !term.is_empty() && term != "dumb");
    if !able || !io::stderr().is_terminal() {
        return false;
    }
    *screen() = Some(Screen {
        colour: AutoStream::choice(&io::stderr()) != ColorChoice::Never,
        ..Screen::default()
    });
    true
}

/// Columns and lines of the terminal.
pub(crate) fn size() -> (usize, usize) {
    let size = terminal_size::terminal_size_of(io::stderr());
    size.map_or((80, 24), |(width, height)| {
        (usize::from(width.0), usize::from(height.0))
    })
}

/// Replaces the lines at the bottom.
pub(crate) fn show(rows: Vec<String>) {
    if let Some(screen) = screen().as_mut() {
        screen.rows = rows;
        let _ = io::stderr().write_all(screen.frame("").as_bytes());
    }
}

/// Leaves the lines at the bottom as they are; what follows is written below them.
pub(crate) fn end() {
    *screen() = None;
}

/// Writes whole lines, above those at the bottom.
pub(crate) fn above(text: &str) -> io::Result<()> {
    match screen().as_mut() {
        Some(screen) => io::stderr().write_all(screen.frame(text).as_bytes()),
        None => anstream::stderr().write_all(text.as_bytes()),
    }
}

/// Where the log goes: each write is a whole line of it.
pub(crate) struct Log;

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        above(&String::from_utf8_lossy(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn screen() -> MutexGuard<'static, Option<Screen>> {
    SCREEN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_at_the_bottom_replace_each_other_and_text_goes_above_them() {
        let mut screen = Screen {
            rows: vec!["one".to_owned(), "two".to_owned()],
            ..Screen::default()
        };
        assert_eq!(screen.frame(""), "\r\u{1b}[Jone\ntwo\n");
        assert_eq!(
            screen.frame("news\n"),
            "\u{1b}[2A\r\u{1b}[Jnews\none\ntwo\n"
        );
    }

    #[test]
    fn colour_is_left_out_where_it_is_not_wanted_and_the_cursor_moves_all_the_same() {
        let mut screen = Screen {
            rows: vec!["\u{1b}[32mok\u{1b}[0m".to_owned()],
            drawn: 1,
            colour: false,
        };
        assert_eq!(screen.frame(""), "\u{1b}[1A\r\u{1b}[Jok\n");
        screen.colour = true;
        assert!(screen.frame("").contains("\u{1b}[32mok"));
    }
}
