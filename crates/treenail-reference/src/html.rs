//! Prints a page as HTML that needs no other file.

use crate::document::{Block, Document, Inline, Row, Table};

const STYLE: &str = include_str!("style.css");

pub(crate) fn print(document: &Document) -> String {
    let title = escaped(&document.title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    );
    contents(document, &mut page);
    page.push_str(&format!("<main>\n<h1>{title}</h1>\n"));
    for block in &document.blocks {
        match block {
            Block::Heading(heading) => {
                let (level, anchor) = (heading.level, &heading.anchor);
                let text = line(&heading.text);
                page.push_str(&format!(
                    "<h{level} id=\"{anchor}\"><a class=\"here\" href=\"#{anchor}\">{text}</a></h{level}>\n"
                ));
            }
            Block::Paragraph(paragraph) => {
                page.push_str(&format!("<p>{}</p>\n", line(paragraph)));
            }
            Block::List(items) => {
                let items = items
                    .iter()
                    .map(|item| format!("<li>{}</li>\n", line(item)));
                page.push_str(&format!("<ul>\n{}</ul>\n", items.collect::<String>()));
            }
            Block::Table(table) => print_table(table, &mut page),
            Block::Yaml(yaml) => {
                page.push_str(&format!("<pre><code>{}</code></pre>\n", escaped(yaml)));
            }
            // It stands beside the page.
            Block::Contents => {}
        }
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn contents(document: &Document, page: &mut String) {
    page.push_str("<nav aria-label=\"Contents\">\n<ul>\n");
    let mut depth = 2;
    let mut is_open = false;
    for heading in document.headings() {
        while depth < heading.level {
            page.push_str("<ul>\n");
            (depth, is_open) = (depth + 1, false);
        }
        if is_open {
            page.push_str("</li>\n");
        }
        while depth > heading.level {
            page.push_str("</ul>\n</li>\n");
            depth -= 1;
        }
        let (anchor, text) = (&heading.anchor, line(&heading.text));
        page.push_str(&format!("<li><a href=\"#{anchor}\">{text}</a>"));
        is_open = true;
    }
    if is_open {
        page.push_str("</li>\n");
    }
    page.push_str(&"</ul>\n</li>\n".repeat(depth - 2));
    page.push_str("</ul>\n</nav>\n");
}

fn print_table(table: &Table, page: &mut String) {
    let head = table.head.iter().map(|head| format!("<th>{head}</th>"));
    page.push_str(&format!(
        "<div class=\"wide\"><table>\n<thead><tr>{}</tr></thead>\n<tbody>\n",
        head.collect::<String>()
    ));
    for Row { anchor, cells } in &table.rows {
        let id = match anchor.as_str() {
            "" => String::new(),
            anchor => format!(" id=\"{anchor}\""),
        };
        page.push_str(&format!("<tr{id}>"));
        for (number, cell) in cells.iter().enumerate() {
            let cell = line(cell);
            page.push_str(&match number {
                0 if !anchor.is_empty() => {
                    format!("<td><a class=\"here\" href=\"#{anchor}\">{cell}</a></td>")
                }
                _ => format!("<td>{cell}</td>"),
            });
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table></div>\n");
}

fn line(inlines: &[Inline]) -> String {
    inlines.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> String {
    match inline {
        Inline::Text(text) => escaped(text),
        Inline::Strong(text) => format!("<strong>{}</strong>", escaped(text)),
        Inline::Code(code) => format!("<code>{}</code>", breakable(code)),
        Inline::Link { code, to } => {
            format!("<a href=\"#{to}\"><code>{}</code></a>", breakable(code))
        }
        Inline::Outside { text, address } => {
            format!("<a href=\"{}\">{}</a>", escaped(address), escaped(text))
        }
        Inline::Break => "<br>".to_owned(),
    }
}

/// A code that may be broken between its parts.
fn breakable(code: &str) -> String {
    let parts = code.split_inclusive(['.', ':', '_']);
    parts.map(escaped).collect::<Vec<_>>().join("<wbr>")
}

fn escaped(text: &str) -> String {
    let mut written = String::new();
    for sign in text.chars() {
        match sign {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&#39;"),
            '\n' => written.push('\n'),
            sign if sign.is_control() => written.push(' '),
            sign => written.push(sign),
        }
    }
    written
}
