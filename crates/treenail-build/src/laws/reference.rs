//! The reference part of docs/manifest.md: a table in Markdown for every table of keys, and the test that holds it there.

use std::path::{Path, PathBuf};

use crate::diagnostic::Code;
use crate::manifest::keys::tables::ALL;
use crate::manifest::keys::{self, Key, KeyTable, Presence, ValueKind};

/// The reference, from its first heading to its last row.
fn reference() -> String {
    let tables: Vec<String> = ALL.iter().map(|table| section(table)).collect();
    tables.join("\n")
}

fn section(table: &KeyTable) -> String {
    let mut text = format!("### {}\n\n", heading(table));
    if !table.example.is_empty() {
        text += &format!("`{}`\n\n", table.example);
    }
    text += "| key | value | default | meaning |\n|---|---|---|---|\n";
    for key in table.keys() {
        text += &format!(
            "| `{}` | {} | {} | {} |\n",
            key.name,
            cell(&value(&key.value)),
            cell(&presence(key)),
            cell(key.about)
        );
    }
    text
}

fn heading(table: &KeyTable) -> String {
    let mut letters = table.title.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn presence(key: &Key) -> String {
    match key.presence {
        Presence::Required(_) => "required".to_owned(),
        Presence::Default(what) => what.to_owned(),
        Presence::Optional => String::new(),
        Presence::Beside(other) => format!("only beside `{other}`"),
        Presence::OneOfThese => "one of these is required".to_owned(),
        Presence::SomeOfThese => "at least one of these is required".to_owned(),
    }
}

/// What may stand there, in words.
fn value(kind: &ValueKind) -> String {
    let plain = match kind {
        ValueKind::Text => "a string",
        ValueKind::Name => "an identifier",
        ValueKind::DashedName | ValueKind::AnyName => "a name",
        ValueKind::EntryKey => "a text",
        ValueKind::Lint => "a lint",
        ValueKind::PluginId => "a plugin id",
        ValueKind::ComponentId => "`plugin:Name`",
        ValueKind::Version => "a version: `1.4.0`",
        ValueKind::Versions => "versions: `>=1.2, <2`",
        ValueKind::Duration | ValueKind::Deadline => "a duration: `30s`",
        ValueKind::Type => "a type",
        ValueKind::Item => "a path to a value",
        ValueKind::OwnType => "a type of this package: `crate::Name`",
        ValueKind::Trait => "`dyn path::Trait`",
        ValueKind::Truth => "`true` or `false`",
        ValueKind::Off => "`false`",
        ValueKind::Number(_) => "a number",
        ValueKind::Format => "`1`",
        ValueKind::Dependency => "a version, or a table, as in Cargo.toml",
        ValueKind::PackageDependency => "a table with `package`, as in Cargo.toml",
        ValueKind::CargoTable => "a table, as in Cargo.toml",
        ValueKind::Stated => "what may stand there as a plain value",
        ValueKind::Word(words) => {
            let words: Vec<String> = words().iter().map(|word| format!("`\"{word}\"`")).collect();
            return words.join(", ");
        }
        ValueKind::Condition => return link(&keys::CONDITION),
        ValueKind::List(of) => return format!("a list: {}", value(of)),
        ValueKind::Lines(_, of, line) => return format!("lines like `{line}`: {}", value(of)),
        ValueKind::Table(table) => return format!("a table, see {}", link(table)),
        ValueKind::TableOfSettings(table) => {
            return format!(
                "a table, see {}, each value or {}",
                link(table),
                link(&keys::SETTING)
            );
        }
        ValueKind::Tables(table) => return format!("tables, see {}", link(table)),
        ValueKind::Setting(of) => return format!("{}; or {}", value(of), link(&keys::SETTING)),
        ValueKind::Either(one, other) => return format!("{}; or {}", value(one), value(other)),
    };
    plain.to_owned()
}

/// A link to the section of a table: headings are called so by everyone who shows Markdown.
fn link(table: &KeyTable) -> String {
    let letters = table.title.to_lowercase().replace(' ', "-");
    let kept = letters.chars().filter(|c| c.is_alphanumeric() || *c == '-');
    format!("[{}](#{})", table.title, kept.collect::<String>())
}

/// A text in a cell: a bar would end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn manual() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/manifest.md")
}

#[test]
fn every_lint_is_in_the_manual_in_the_order_of_the_codes() {
    let page = std::fs::read_to_string(manual()).expect("docs/manifest.md");
    let rows = page.lines().filter(|line| line.contains("` | TN"));
    let rows = rows.filter_map(|line| line.split(" | ").nth(1));
    let lints = Code::ALL.iter().filter(|code| code.lint().is_some());
    let names: Vec<&str> = lints.map(|code| code.name()).collect();
    assert_eq!(rows.collect::<Vec<_>>(), names);
    for code in Code::ALL {
        let row = code
            .lint()
            .map(|lint| format!("| `{lint}` | {} |", code.name()));
        assert!(row.is_none_or(|row| page.contains(&row)), "{}", code.name());
    }
}

#[test]
fn the_reference_in_the_manual_is_that_of_the_keys() {
    let (start, end) = ("<!-- keys -->\n", "<!-- end of keys -->");
    let file = manual();
    let page = std::fs::read_to_string(&file).expect("docs/manifest.md");
    let (before, rest) = page.split_once(start).expect("the mark before the keys");
    let (_, after) = rest.split_once(end).expect("the mark after the keys");
    let expected = format!("{before}{start}\n{}\n{end}{after}", reference());
    let failure = crate::testing::compare(&file, Some(&expected));
    assert!(failure.is_none(), "BLESS=1 writes it anew");
}
