//! Prints a page as Markdown, as GitHub reads it.

use std::collections::BTreeSet;

use crate::document::{Block, Document, Heading, Inline, Row, Table};

pub(crate) fn print(document: &Document) -> String {
    let mut page = format!("# {}\n", escaped(&document.title));
    let targets = document.targets();
    for block in &document.blocks {
        page.push('\n');
        match block {
            Block::Heading(heading) => {
                let sharps = "#".repeat(heading.level);
                let text = line(&heading.text, "|");
                page.push_str(&format!(
                    "<a id=\"{}\"></a>\n\n{sharps} {text}\n",
                    heading.anchor
                ));
            }
            Block::Paragraph(paragraph) => {
                let parts = paragraph.split(|one| *one == Inline::Break);
                let parts = parts.map(|part| at_the_beginning(&line(part, "|")));
                page.push_str(&parts.collect::<Vec<_>>().join("\n\n"));
                page.push('\n');
            }
            Block::List(items) => {
                for item in items {
                    page.push_str(&format!("- {}\n", at_the_beginning(&line(item, "|"))));
                }
            }
            Block::Table(table) => print_table(&targets, table, &mut page),
            Block::Yaml(yaml) => page.push_str(&format!("```yaml\n{yaml}```\n")),
            Block::Contents => contents(document, &mut page),
        }
    }
    page
}

fn contents(document: &Document, page: &mut String) {
    for Heading {
        level,
        anchor,
        text,
    } in document.headings()
    {
        let indent = "  ".repeat(level.saturating_sub(2));
        page.push_str(&format!("{indent}- [{}](#{anchor})\n", line(text, "|")));
    }
}

fn print_table(targets: &BTreeSet<&str>, table: &Table, page: &mut String) {
    page.push_str(&format!("| {} |\n", table.head.join(" | ")));
    page.push_str(&format!("|{}\n", "---|".repeat(table.head.len())));
    for Row { anchor, cells } in &table.rows {
        let cells: Vec<String> = cells.iter().map(|cell| line(cell, "\\|")).collect();
        let place = match targets.contains(anchor.as_str()) {
            true => format!("<a id=\"{anchor}\"></a>"),
            false => String::new(),
        };
        page.push_str(&format!("| {place}{} |\n", cells.join(" | ")));
    }
}

/// These, with this for a stroke in a code: one would end the cell of a table.
fn line(inlines: &[Inline], stroke: &str) -> String {
    let inlines = inlines.iter();
    inlines.map(|one| inline(one, stroke)).collect()
}

fn inline(inline: &Inline, stroke: &str) -> String {
    let coded = |code: &str| coded(code).replace('|', stroke);
    match inline {
        Inline::Text(text) => escaped(text),
        Inline::Strong(text) => format!("**{}**", escaped(text)),
        Inline::Code(code) => coded(code),
        Inline::Link { code, to } => format!("[{}](#{to})", coded(code)),
        Inline::Outside { text, address } => {
            let address = address.replace('(', "%28").replace(')', "%29");
            let address = address.replace('<', "%3C").replace('>', "%3E");
            format!("[{}]({address})", escaped(text))
        }
        Inline::Break => "<br>".to_owned(),
    }
}

/// A code, between as many backticks as it takes.
fn coded(code: &str) -> String {
    let code: String = code.chars().map(visible).collect();
    let longest = code.split(|sign| sign != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or(0) + 1);
    let is_bare = code.is_empty() || code.starts_with(['`', ' ']) || code.ends_with(['`', ' ']);
    let space = if is_bare { " " } else { "" };
    format!("{fence}{space}{code}{space}{fence}")
}

/// A text of which nothing is a sign of the language.
fn escaped(text: &str) -> String {
    let mut written = String::new();
    let mut before = ' ';
    let mut signs = text.chars().map(visible).peekable();
    while let Some(sign) = signs.next() {
        let after = signs.peek().copied().unwrap_or(' ');
        // Inside of a word it means nothing.
        let is_inside = before.is_alphanumeric() && after.is_alphanumeric();
        let means = match sign {
            '_' => !is_inside,
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '&' => true,
            _ => false,
        };
        if means {
            written.push('\\');
        }
        written.push(sign);
        before = sign;
    }
    written
}

/// What would make a line another kind of block does not.
fn at_the_beginning(line: &str) -> String {
    let digits = line.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let is_number = digits.len() < line.len() && digits.starts_with(['.', ')']);
    match line.chars().next() {
        Some('#' | '-' | '+' | '=') => format!("\\{line}"),
        _ if is_number => {
            let number = &line[..line.len() - digits.len()];
            format!("{number}\\{digits}")
        }
        _ => line.to_owned(),
    }
}

fn visible(sign: char) -> char {
    if sign.is_control() { ' ' } else { sign }
}
