//! Prints facts: for people, for programs, and for workflows of GitHub.

use std::io::{self, Write};

use serde_json::{Value, json};

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
    let facts: Vec<Value> = facts
        .iter()
        .map(|fact| {
            json!({
                "class": fact.class.word(),
                "subject": fact.subject,
                "old": fact.old,
                "new": fact.new,
                "decided": fact.decided.iter().map(|one| json!({ "by": one.who, "at": one.at, "before": one.before })).collect::<Vec<_>>(),
                "follows": fact.follows,
                "noticed_by": fact.hits,
            })
        })
        .collect();
    let document = json!({ "facts": facts, "configurations_compared": configurations });
    writeln!(output, "{document:#}")
}

/// Prints an annotation for each fact.
pub(super) fn github(facts: &[Fact], output: &mut impl Write) -> io::Result<()> {
    for fact in facts {
        let level = match fact.class {
            Class::Breaking => "error",
            Class::Changed => "warning",
            Class::New => "notice",
        };
        let mut properties = Vec::new();
        // A place that was may be in a file that is gone.
        let place = fact.decided.iter().find(|one| !one.before);
        if let Some((file, number)) = place.and_then(|one| one.at.rsplit_once(':')) {
            properties.push(("file", file));
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
