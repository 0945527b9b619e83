//! A page in blocks, before it is printed in one language or another.

use std::collections::BTreeSet;

/// A page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Document {
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
}

/// One thing under another.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    Heading(Heading),
    Paragraph(Vec<Inline>),
    List(Vec<Vec<Inline>>),
    Table(Table),
    Yaml(String),
    /// The headings of the page.
    Contents,
}

#[derive(Debug, Clone)]
pub(crate) struct Heading {
    /// 2 or 3: the title is 1.
    pub(crate) level: usize,
    pub(crate) anchor: String,
    pub(crate) text: Vec<Inline>,
}

#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) head: Vec<&'static str>,
    pub(crate) rows: Vec<Row>,
}

#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The name of its place in the page; empty without one.
    pub(crate) anchor: String,
    pub(crate) cells: Vec<Vec<Inline>>,
}

/// One thing after another.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Inline {
    Text(String),
    Strong(String),
    Code(String),
    /// A code that leads to an anchor of this page.
    Link {
        code: String,
        to: String,
    },
    /// A text that leads to an address elsewhere.
    Outside {
        text: String,
        address: String,
    },
    Break,
}

impl Document {
    pub(crate) fn heading(&mut self, level: usize, anchor: String, text: Vec<Inline>) {
        self.blocks.push(Block::Heading(Heading {
            level,
            anchor,
            text,
        }));
    }

    pub(crate) fn say(&mut self, paragraph: Vec<Inline>) {
        if !paragraph.is_empty() {
            self.blocks.push(Block::Paragraph(paragraph));
        }
    }

    pub(crate) fn list(&mut self, items: Vec<Vec<Inline>>) {
        if !items.is_empty() {
            self.blocks.push(Block::List(items));
        }
    }

    pub(crate) fn table(&mut self, head: &[&'static str], rows: Vec<Row>) {
        if !rows.is_empty() {
            let head = head.to_vec();
            self.blocks.push(Block::Table(Table { head, rows }));
        }
    }

    pub(crate) fn headings(&self) -> impl Iterator<Item = &Heading> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Heading(heading) => Some(heading),
            _ => None,
        })
    }

    /// Where the links of the page lead.
    pub(crate) fn targets(&self) -> BTreeSet<&str> {
        let lines = self.blocks.iter().flat_map(|block| match block {
            Block::Paragraph(line) => vec![line],
            Block::List(lines) => lines.iter().collect(),
            Block::Table(table) => table.rows.iter().flat_map(|row| &row.cells).collect(),
            Block::Heading(_) | Block::Yaml(_) | Block::Contents => Vec::new(),
        });
        let targets = lines.flatten().filter_map(|one| match one {
            Inline::Link { to, .. } => Some(to.as_str()),
            _ => None,
        });
        targets.collect()
    }
}

pub(crate) fn text(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

pub(crate) fn code(text: impl Into<String>) -> Inline {
    Inline::Code(text.into())
}

/// These with something between them, and something else before the last.
pub(crate) fn joined(all: Vec<Vec<Inline>>, between: &str, last: &str) -> Vec<Inline> {
    let count = all.len();
    let mut line = Vec::new();
    for (number, one) in all.into_iter().enumerate() {
        if number > 0 {
            line.push(text(if number + 1 == count { last } else { between }));
        }
        line.extend(one);
    }
    line
}

/// The name of a place in a page: letters and digits of what stands there.
pub(crate) fn anchor(parts: &[&str]) -> String {
    let sign = |sign: char| match sign {
        '_' | '.' => sign,
        _ if sign.is_alphanumeric() => sign,
        _ => '-',
    };
    let whole = parts.join(".").replace("[]", "");
    let whole: String = whole.chars().map(sign).collect();
    whole.trim_matches(['-', '.']).to_owned()
}
