//! Columns of text.

use anstyle::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::output::{FAINT, STRONG, printable};

/// Columns are cut here, so that a line stays a line.
const WIDEST: usize = 44;

/// A table under construction.
pub(crate) struct Table {
    rows: Vec<Vec<(String, Style)>>,
}

impl Table {
    /// An empty table with these columns.
    pub(crate) fn new(columns: &[&str]) -> Self {
        let head = columns.iter().map(|column| ((*column).to_owned(), STRONG));
        Self {
            rows: vec![head.collect()],
        }
    }

    /// Adds a row of cells, each with its style.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = (String, Style)>) {
        let cells = cells.into_iter();
        let cells = cells.map(|(text, style)| (cut(&printable(&text), WIDEST), style));
        self.rows.push(cells.collect());
    }

    /// The table as lines, each ended.
    pub(crate) fn text(&self) -> String {
        let columns = self.rows[0].len();
        let width = |column: usize| self.rows.iter().map(|row| row[column].0.width()).max();
        let widths: Vec<usize> = (0..columns)
            .map(|column| width(column).unwrap_or(0))
            .collect();
        let mut text = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            let mut line = String::new();
            for ((cell, style), width) in row.iter().zip(&widths) {
                let padding = " ".repeat(width - cell.width() + 2);
                line.push_str(&format!("{style}{cell}{style:#}{padding}"));
            }
            text.push_str(line.trim_end());
            text.push('\n');
            if number == 0 {
                let width = widths.iter().map(|width| width + 2).sum::<usize>() - 2;
                text.push_str(&format!("{FAINT}{}{FAINT:#}\n", "-".repeat(width)));
            }
        }
        text
    }
}

/// At most so many columns of the text, with a mark where something is missing.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 1;
    for letter in text.chars() {
        used += letter.width().unwrap_or(0);
        if used > width {
            break;
        }
        cut.push(letter);
    }
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_what_is_seen() {
        let mut table = Table::new(&["id", "name"]);
        table.row([
            ("1".to_owned(), Style::new()),
            ("日本".to_owned(), Style::new()),
        ]);
        table.row([
            ("22".to_owned(), Style::new()),
            ("ä".to_owned(), Style::new()),
        ]);
        let text = anstream::adapter::strip_str(&table.text()).to_string();
        assert_eq!(text, "id  name\n--------\n1   日本\n22  ä\n");
    }

    #[test]
    fn what_is_too_wide_is_cut_with_a_mark() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdefg", 6), "abcde…");
        assert_eq!(cut("日本語", 4), "日…");
    }
}
