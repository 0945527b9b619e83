//! The log of a phase: the endings of its turns, in their order.

use std::time::Duration;

use crate::supervision::{LOG_TARGET, Outcome, Phase};

/// Prints the endings of turns in their order, whatever the order in which they came: so the log of a concurrent start reads the
/// same every time. A line waits for those before it.
pub(super) struct OrderedLog {
    lines: Vec<Line>,
    next: usize,
    backwards: bool,
}

enum Line {
    Open,
    Nothing,
    Ended(String, Phase, String, Duration),
}

impl OrderedLog {
    pub(super) fn new(turns: usize, backwards: bool) -> Self {
        Self {
            lines: (0..turns).map(|_| Line::Open).collect(),
            next: 0,
            backwards,
        }
    }

    /// There is nothing to print about a turn.
    pub(super) fn skip(&mut self, turn: usize) {
        self.put(turn, Line::Nothing);
    }

    pub(super) fn ended(
        &mut self,
        turn: usize,
        component: &str,
        phase: Phase,
        outcome: &Outcome,
        took: Duration,
    ) {
        if tracing::enabled!(target: LOG_TARGET, tracing::Level::DEBUG) {
            let line = Line::Ended(component.to_owned(), phase, outcome.to_string(), took);
            self.put(turn, line);
        }
    }

    fn put(&mut self, turn: usize, line: Line) {
        self.lines[turn] = line;
        while let Some(line) = self.line(self.next)
            && !matches!(line, Line::Open)
        {
            print(line);
            self.next += 1;
        }
    }

    fn line(&self, place: usize) -> Option<&Line> {
        let last = self.lines.len().checked_sub(1 + place)?;
        self.lines.get(if self.backwards { last } else { place })
    }

    /// Prints what waited for turns that were never reached.
    pub(super) fn finish(mut self) {
        while let Some(line) = self.line(self.next) {
            print(line);
            self.next += 1;
        }
    }
}

fn print(line: &Line) {
    if let Line::Ended(component, phase, outcome, took) = line {
        tracing::debug!(target: LOG_TARGET, %component, %phase, %outcome, ?took, "ended");
    }
}
