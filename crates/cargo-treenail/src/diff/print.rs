//! Prints facts: for people, for programs, and for workflows of GitHub.

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use super::fact::{Class, Decided, Fact};
use crate::annotation::annotation;

/// Prints a section for each class.
pub(super) fn text(facts: &[Fact]) -> String {
    let mut text = String::new();
    for class in Class::ALL {
        let mut of_class = facts.iter().filter(|fact| fact.class == class).peekable();
        if of_class.peek().is_some() {
            text.push_str(&format!("{}:\n", class.word()));
        }
        for fact in of_class {
            text.push_str(&format!("  {}\n", line(fact)));
            for more in details(fact) {
                text.push_str(&format!("      {more}\n"));
            }
        }
    }
    text
}

/// What is different.
fn line(fact: &Fact) -> String {
    format!("{}: {} → {}", fact.subject, fact.old, fact.new)
}

/// Who decided it, what follows, and who notices.
fn details(fact: &Fact) -> Vec<String> {
    let mut lines: Vec<String> = fact.decided.iter().map(Decided::to_string).collect();
    lines.extend(fact.follows.iter().cloned());
    if !fact.hits.is_empty() {
        lines.push(format!("noticed by {}", fact.hits.join(", ")));
    }
    lines
}

/// Prints one document.
pub(super) fn json(
    facts: &[Fact],
    configurations: bool,
    output: &mut impl Write,
) -> io::Result<()> {
    let document = json!({ "facts": facts, "configurations_compared": configurations });
    writeln!(output, "{document:#}")
}

/// Prints an annotation for each fact. Workflows know files by their paths in the repository, of which the workspace is this folder.
pub(super) fn github(facts: &[Fact], workspace: &Path, output: &mut impl Write) -> io::Result<()> {
    for fact in facts {
        let level = match fact.class {
            Class::Breaking => "error",
            Class::Changed => "warning",
            Class::New => "notice",
        };
        let mut properties = Vec::new();
        // A place that was may be in a file that is gone.
        let place = fact.decided.iter().find(|one| !one.before);
        let place = place.and_then(|one| one.at.rsplit_once(':'));
        let file = place.map(|(file, _)| workspace.join(file).display().to_string());
        if let (Some(file), Some((_, number))) = (&file, place) {
            properties.push(("file", file.as_str()));
            properties.push(("line", number));
        }
        properties.push(("title", fact.class.word()));
        let mut text = vec![line(fact)];
        text.extend(details(fact));
        writeln!(
            output,
            "{}",
            annotation(level, &properties, &text.join("\n"))
        )?;
    }
    Ok(())
}
