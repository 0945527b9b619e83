//! Pieces of generated code, and texts of manifests in them.

use crate::model::ComponentIx;

/// One or more items of generated code, with the lines of comment above them.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    comment: Vec<String>,
    code: String,
    within: Option<String>,
    /// A comment on its last line.
    beside: &'static str,
}

impl Chunk {
    pub(super) fn new(code: String) -> Self {
        Self {
            comment: Vec::new(),
            code,
            within: None,
            beside: "",
        }
    }

    pub(super) fn under(comment: impl Into<String>, code: String) -> Self {
        Self {
            comment: vec![comment.into()],
            code,
            within: None,
            beside: "",
        }
    }

    pub(super) fn beside(self, comment: &'static str) -> Self {
        Self {
            beside: comment,
            ..self
        }
    }

    /// It belongs to an application: nothing is there of it where the runtime has no lifecycle.
    pub(super) fn of_application(self, runtime: &str) -> Self {
        self.within(runtime, "lifecycle")
    }

    /// It stands in for what belongs to an application, where the runtime has no lifecycle.
    pub(super) fn without_application(self, runtime: &str) -> Self {
        self.within(runtime, "without_lifecycle")
    }

    /// It is there for an editor alone.
    pub(super) fn in_editor(self, runtime: &str) -> Self {
        self.within(runtime, "in_editor")
    }

    pub(super) fn is_empty(&self) -> bool {
        self.code.is_empty()
    }

    fn within(self, runtime: &str, name: &str) -> Self {
        Self {
            within: Some(format!("{runtime}::__private::{name}!")),
            ..self
        }
    }
}

/// The text of a file: comments and formatted items, an empty line between chunks. Macros of the runtime are around those that its
/// features decide.
pub(super) fn print(chunks: &[Chunk]) -> String {
    let mut text = String::new();
    for together in chunks.chunk_by(|one, next| one.within == next.within) {
        if !text.is_empty() {
            text.push('\n');
        }
        let code = print_items(together);
        match &together[0].within {
            Some(within) => text.push_str(&format!("{within} {{\n{code}}}\n")),
            None => text.push_str(&code),
        }
    }
    text
}

fn print_items(chunks: &[Chunk]) -> String {
    let mut text = String::new();
    for chunk in chunks {
        if !text.is_empty() {
            text.push('\n');
        }
        for line in &chunk.comment {
            text.push_str("// ");
            text.push_str(&one_line(line));
            text.push('\n');
        }
        // What does not parse is a defect of this compiler: rustc shows it, and nothing is hidden.
        match syn::parse_file(&chunk.code) {
            Ok(file) => text.push_str(&prettyplease::unparse(&file)),
            Err(_) => text.push_str(&chunk.code),
        }
        if !chunk.beside.is_empty() {
            text.truncate(text.trim_end().len());
            text.push_str(&format!(" // {}\n", chunk.beside));
        }
    }
    text
}

/// Text of a manifest as a string literal.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Text of a manifest as a doc comment.
pub(super) fn doc(text: &str) -> String {
    format!("#[doc = {}]", literal(&format!(" {}", one_line(text))))
}

/// Text of a manifest as a doc comment of several lines.
pub(super) fn docs(lines: &[String]) -> String {
    let lines = lines.iter().map(|line| match line.as_str() {
        "" => "#[doc = \"\"]".to_owned(),
        line => doc(line),
    });
    lines.collect()
}

pub(super) fn one_line(text: &str) -> String {
    harmless(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Text without what rustc refuses in a comment: control characters, and those that turn the direction of writing.
fn harmless(text: &str) -> String {
    let refused =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|c| {
            if refused(c) {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect()
}

/// Component numbers as a slice.
pub(super) fn numbers(numbers: &[ComponentIx]) -> String {
    let texts = numbers.iter().map(ToString::to_string).collect::<Vec<_>>();
    format!("[{}]", texts.join(", "))
}

/// What keeps a function of so many arms from being told that it is long.
pub(super) fn long(arms: usize) -> &'static str {
    match arms {
        0..50 => "",
        _ => "#[allow(clippy::too_many_lines)]",
    }
}
