//! The log of a phase: its endings, in the order of the composition.

use std::time::Duration;

use crate::supervision::{LOG_TARGET, Outcome, Phase};

/// Prints the endings of a phase in the order of the composition, whatever the order in which they came: so the log of a
/// concurrent start reads the same every time. A line waits for those before it.
pub(super) struct OrderedLog {
    lines: Vec<Line>,
    next: usize,
    phase: Phase,
    backwards: bool,
}

enum Line {
    Open,
    Nothing,
    Ended(String, String, Duration),
}

impl OrderedLog {
    pub(super) fn new(phase: Phase, nodes: usize) -> Self {
        Self {
            lines: (0..nodes).map(|_| Line::Open).collect(),
            next: 0,
            phase,
            backwards: phase == Phase::Stop,
        }
    }

    /// There is nothing to print about a node.
    pub(super) fn skip(&mut self, node: usize) {
        self.put(node, Line::Nothing);
    }

    pub(super) fn ended(
        &mut self,
        node: usize,
        component: &str,
        outcome: &Outcome,
        took: Duration,
    ) {
        if tracing::enabled!(target: LOG_TARGET, tracing::Level::DEBUG) {
            let line = Line::Ended(component.to_owned(), outcome.to_string(), took);
            self.put(node, line);
        }
    }

    fn put(&mut self, node: usize, line: Line) {
        self.lines[node] = line;
        while let Some(line) = self.line(self.next)
            && !matches!(line, Line::Open)
        {
            self.print(line);
            self.next += 1;
        }
    }

    fn line(&self, place: usize) -> Option<&Line> {
        let last = self.lines.len().checked_sub(1 + place)?;
        self.lines.get(if self.backwards { last } else { place })
    }

    fn print(&self, line: &Line) {
        let phase = self.phase;
        if let Line::Ended(component, outcome, took) = line {
            tracing::debug!(target: LOG_TARGET, %component, %phase, %outcome, ?took, "ended");
        }
    }

    /// Prints what waited for nodes that were never reached.
    pub(super) fn finish(mut self) {
        while let Some(line) = self.line(self.next) {
            self.print(line);
            self.next += 1;
        }
    }
}
