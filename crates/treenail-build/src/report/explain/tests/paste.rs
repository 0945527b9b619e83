//! What a help says to write is right where it says: pasted there, the mistake is gone.

use std::collections::BTreeSet;

use super::{codes, examples, messages};
use crate::diagnostic::Code;
use crate::report::{Message, NoteKind};

/// What the example is made of: a line of its own that names a package or a file, and a text.
fn parts(example: &str) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in example.lines() {
        if line.starts_with("# package ") || line.starts_with("# file ") {
            parts.push((line.to_owned(), String::new()));
        } else if let Some((_, text)) = parts.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    parts
}

fn whole(parts: &[(String, String)]) -> String {
    let texts = parts.iter().map(|(name, text)| format!("{name}\n{text}"));
    texts.collect()
}

/// The part that is the manifest of the package of this file; of the host for `plugins.toml`.
fn manifest<'p>(parts: &'p mut [(String, String)], file: &str) -> &'p mut String {
    let package = file.split('/').next().filter(|_| file.contains('/'));
    let package = package.unwrap_or("desk");
    let names = [
        format!("# package {package} "),
        format!("# file {package}/plugins.toml"),
    ];
    let mut found = parts.iter_mut();
    let found = found.find(|(name, _)| names.iter().any(|start| name.starts_with(start)));
    &mut found.unwrap_or_else(|| panic!("no manifest for {file}")).1
}

/// The table with this line, in place of one of the same key.
fn into_table(text: &mut String, table: &str, line: &str) {
    let (key, _) = line.split_once(" = ").expect("a key");
    let header = format!("[{table}]\n");
    let Some(at) = text.find(&header) else {
        text.push_str(&format!("{header}{line}\n"));
        return;
    };
    let (before, after) = text.split_at(at + header.len());
    let after = after.lines().filter(|one| !one.starts_with(key));
    let after: Vec<&str> = after.collect();
    *text = format!("{before}{line}\n{}\n", after.join("\n"));
}

/// The inline table of requirements with this one in place of the one of the same name.
fn into_requires(text: &mut String, line: &str) {
    let (field, _) = line.split_once(" = ").expect("a field");
    let from = text.find(&format!("{field} = ")).expect("the requirement");
    let length = text[from..].find(['\n', ',', '}']).expect("its end");
    text.replace_range(from..from + length, &format!("{line} "));
}

/// The example as it is after what the help says; `None` where the help has nothing to paste.
fn pasted(example: &str, message: &Message) -> Option<String> {
    let mut help = message.notes.iter();
    let help = help
        .rfind(|note| note.kind == NoteKind::Help)?
        .text
        .as_str();
    let mut parts = parts(example);
    let file = message.spans.first()?.file.as_str();
    if let Some((_, rest)) = help.split_once("in the host's `[") {
        let (table, rest) = rest.split_once("]`: `").expect("a table and a line");
        let line = rest.split('`').next()?;
        into_table(manifest(&mut parts, "plugins.toml"), table, line);
    } else if let Some((_, rest)) = help
        .split_once("`requires`")
        .or_else(|| help.split_once("the `requires` of"))
    {
        let at = rest.find(" = {").expect("a requirement");
        let start = rest[..at].rfind('`').expect("its start") + 1;
        let line = rest[start..].split('`').next()?;
        into_requires(manifest(&mut parts, file), line);
    } else if let Some((_, rest)) = help.split_once("in place of its value: `") {
        let value = rest.split('`').next()?;
        let span = message.spans.first()?;
        let (key, _) = span.line.split_once(" = ").expect("a value");
        let line = format!("{key} = {value}");
        let text = manifest(&mut parts, file);
        *text = text.replacen(&span.line, &line, 1);
    } else {
        return None;
    }
    Some(whole(&parts))
}

#[test]
fn what_a_help_says_to_write_ends_the_mistake() {
    let mut tried = BTreeSet::new();
    for code in Code::ALL {
        let example = &examples(*code)["Wrong"];
        let messages = messages(example);
        let message = messages.first().expect("a mistake");
        if let Some(mended) = pasted(example, message) {
            tried.insert(code.name());
            let found = codes(&mended);
            assert!(
                !found.contains(&code.name()),
                "{}: {found:?}\n{}\n{mended}",
                code.name(),
                message.text
            );
        }
    }
    let expected = [
        "TN0110", "TN0202", "TN0203", "TN0204", "TN0205", "TN0206", "TN0301", "TN0302", "TN0303",
        "TN0307", "TN0401", "TN0501", "TN0901", "TN0902", "TN0903",
    ];
    assert_eq!(tried, BTreeSet::from(expected));
}
