//! The table: a row for each measurement, a column for each peer. Cells are ratios to the first column that has a number.

use crate::measure::Missing;

/// What was measured of one peer.
pub(crate) type Cell = Result<f64, Missing>;

/// One measurement of all peers.
pub(crate) struct Row {
    /// What is measured.
    pub(crate) name: String,
    /// Its unit; nothing for what is counted, which is not compared.
    pub(crate) unit: &'static str,
    /// The column that the others are compared with, by name.
    pub(crate) base: &'static str,
    /// A cell for each peer.
    pub(crate) cells: Vec<Cell>,
}

impl Row {
    /// The row as Markdown: the base in its unit, the others as multiples of it.
    pub(crate) fn print(&self, columns: &[&str]) -> String {
        let base = columns.iter().position(|column| *column == self.base);
        let base = base.and_then(|at| Some((at, *self.cells.get(at)?.as_ref().ok()?)));
        let cells = self
            .cells
            .iter()
            .enumerate()
            .map(|(at, cell)| match (cell, base) {
                (Err(missing), _) => missing.to_string(),
                (Ok(count), _) if self.unit.is_empty() => format!("{count:.0}"),
                (Ok(value), Some((column, base))) if column != at => {
                    format!("{} ×", digits(value / base))
                }
                (Ok(value), _) => format!("{} {}", digits(*value), self.unit),
            });
        format!(
            "| {} | {} |",
            self.name,
            cells.collect::<Vec<_>>().join(" | ")
        )
    }
}

/// The head of the table.
pub(crate) fn head(columns: &[&str]) -> String {
    format!(
        "| | {} |\n|---|{}",
        columns.join(" | "),
        "---|".repeat(columns.len())
    )
}

/// Two digits, or all before the point.
fn digits(value: f64) -> String {
    let decimals = match value.abs() {
        0.0..1.0 => 2,
        1.0..10.0 => 2,
        10.0..100.0 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}
