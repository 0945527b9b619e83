//! The manual's page of codes: what `cargo treenail explain` prints, of all of them, and the test that holds the page.

use std::path::Path;

use crate::diagnostic::Code;

const HEAD: &str = "\
# Every code

A message of the compiler ends with the code of its kind, such as `TN0301`. This page has what `cargo treenail explain` prints of
each: why it is a mistake, an example of it, and the same without it. A code is never used again for something else.

| codes | are about |
|---|---|
| TN00 | what one manifest shows by itself |
| TN01 | packages and plugins |
| TN02 | versions |
| TN03 | who provides what, and entries of registries |
| TN04 | order |
| TN05 | layers, features and assertions |
| TN06 | locks |
| TN09 | what has no effect: warnings, which `[lints]` may [allow or deny][warnings] |

In an example, `# package NAME VERSION: depends on …` stands before the manifest of a package, `# file PATH` before a file.

";

/// The first sentence of a page.
fn subject(code: Code) -> String {
    let explanation = code.explanation();
    let paragraph = explanation.split("\n\n").next().unwrap_or_default();
    let paragraph = paragraph.replace('\n', " ");
    match paragraph.split_once(". ") {
        Some((sentence, _)) => format!("{sentence}."),
        None => paragraph,
    }
}

/// The page, from its first heading to its last link.
fn page() -> String {
    let mut page = HEAD.to_owned() + "| code | what is wrong |\n|---|---|\n";
    for code in Code::ALL {
        let name = code.name();
        let anchor = name.to_lowercase();
        page += &format!("| [{name}](#{anchor}) | {} |\n", subject(*code));
    }
    for code in Code::ALL {
        page += &format!("\n## {}\n\n", code.name());
        if let Some(lint) = code.lint() {
            page += &format!("A warning: `{lint}`.\n\n");
        }
        page += code.explanation().trim_end();
        page += "\n";
    }
    page + "\n[warnings]: manifest.md#what-becomes-of-warnings\n"
}

#[test]
fn the_manual_explains_every_code_as_the_command_line_does() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/codes.md");
    let failure = crate::testing::compare(&file, Some(&page()));
    assert!(failure.is_none(), "BLESS=1 writes it anew");
}
