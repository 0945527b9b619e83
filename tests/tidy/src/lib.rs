//! The house rules for the sources of a crate, as one function that a test calls.
//!
//! - No file is in a circle with another: what it names of others, by `use` or by a path in the code, leads down only.
//! - Folders name each other in one order, which the test states.
//! - A file of more than 400 lines says in its first paragraph why it is longer than others.
//! - No doc comment begins with words that lean on what stands before it.
//!
//! What is compiled for tests alone may name whatever it tests, and is left out of the first two.

mod imports;
mod prose;

use std::collections::BTreeMap;
use std::path::Path;

use imports::Imports;

/// Files of more lines have to say why.
const LONG: usize = 400;

/// What no doc comment begins with: it means something only as long as nothing is inserted before it.
const LEANING: [&str; 7] = [
    "The same",
    "Such a",
    "That of ",
    "Those of ",
    "Likewise",
    "As for ",
    "Also for",
];

/// Checks the sources below `root`, a crate's `src`.
///
/// `order` names the folders and the single files beside them, without `.rs`, from the face of the crate down to what
/// knows of nothing else. In the folders that are `unfinished` circles and doc comments are not looked at.
///
/// # Panics
/// If a rule is broken, with every place; and if the sources cannot be read.
pub fn check(root: &Path, order: &[&str], unfinished: &[&str]) {
    let mut sources = BTreeMap::new();
    read(root, "", &mut sources);
    let faults = faults(&sources, order, unfinished);
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Checks that what is said to people is said in one place: below `root` no text outside these files and folders holds a sentence.
/// Folders end in `/`. Files of tests alone, called `tests.rs` or in a folder `tests`, are not looked at.
///
/// # Panics
/// If one does, with every place; and if the sources cannot be read.
pub fn words_stand_in(root: &Path, places: &[&str]) {
    let mut sources = BTreeMap::new();
    read(root, "", &mut sources);
    let is_test = |file: &str| {
        file.split('/')
            .any(|part| part.trim_end_matches(".rs") == "tests")
    };
    sources.retain(|file, _| !is_test(file) && !places.iter().any(|place| file.starts_with(place)));
    let mut faults = Vec::new();
    for (file, text) in &sources {
        for sentence in prose::sentences(text) {
            faults.push(format!("{file}: {sentence}"));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Reads every source in a folder, by its path below the root.
fn read(folder: &Path, above: &str, sources: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let below = format!("{above}{name}");
        if path.is_dir() {
            read(&path, &format!("{below}/"), sources);
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(&path).expect("a readable source");
            sources.insert(below, text);
        }
    }
}

/// The folder that a file belongs to, or its own name where it lies beside the folders.
fn folder(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or(file);
    first.strip_suffix(".rs").unwrap_or(first)
}

fn faults(sources: &BTreeMap<String, String>, order: &[&str], unfinished: &[&str]) -> Vec<String> {
    let imports = Imports::of(sources);
    let mut faults = out_of_order(&imports, order);
    for circle in imports.circles() {
        if !circle.iter().all(|file| unfinished.contains(&folder(file))) {
            faults.push(format!("a circle: {}", circle.join(" -> ")));
        }
    }
    for (file, text) in sources {
        let lines = text.lines().count();
        let first = text.lines().take_while(|line| line.len() > "//!".len());
        if lines > LONG && !first.collect::<String>().to_lowercase().contains("long") {
            faults.push(format!(
                "{file} has {lines} lines: split it, or say in its first paragraph why it is longer than others"
            ));
        }
        if !unfinished.contains(&folder(file)) {
            faults.extend(leaning_comments(file, text));
        }
    }
    faults
}

fn out_of_order(imports: &Imports, order: &[&str]) -> Vec<String> {
    let rank = |file: &str| order.iter().position(|name| *name == folder(file));
    let mut faults = Vec::new();
    for file in imports.files().filter(|file| rank(file).is_none()) {
        faults.push(format!("{file} has no place in the order of folders"));
    }
    for (from, to, name) in imports.all() {
        if folder(from) != folder(to) && rank(from) > rank(to) {
            faults.push(format!(
                "{from} names `{name}` of {to}, which is above it in the order of folders"
            ));
        }
    }
    faults
}

fn leaning_comments(file: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        let comment = line
            .strip_prefix("/// ")
            .or_else(|| line.strip_prefix("//! "));
        if let Some(words) = comment.filter(|_| !inside)
            && LEANING.iter().any(|start| words.starts_with(start))
        {
            faults.push(format!(
                "{file}:{}: `{words}` leans on what stands before it: say what it is",
                number + 1
            ));
        }
        inside = comment.is_some();
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(sources: &[(&str, &str)], order: &[&str]) -> Vec<String> {
        let sources = sources
            .iter()
            .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
            .collect();
        faults(&sources, order, &[])
    }

    const LIB: (&str, &str) = (
        "lib.rs",
        "mod top; mod low; pub use top::Top; pub use low::Low;",
    );

    #[test]
    fn names_that_lead_down_are_fine_and_a_list_of_what_a_folder_has_is_none() {
        let low = "mod part; mod whole; pub use part::Part; pub use whole::Whole; pub struct Low;";
        let whole = "use super::part::Part; pub struct Whole(Part, super::Low);";
        let sources = [
            LIB,
            (
                "top.rs",
                "use crate::Low; pub struct Top(Low, crate::low::Whole);",
            ),
            ("low.rs", low),
            ("low/part.rs", "pub struct Part;"),
            ("low/whole.rs", whole),
        ];
        assert_eq!(faults_of(&sources, &["lib", "top", "low"]), [""; 0]);
    }

    #[test]
    fn a_circle_is_found_through_a_name_that_is_handed_on_and_through_a_path_in_the_code() {
        let sources = [
            LIB,
            ("top.rs", "use crate::Low; pub struct Top(Low);"),
            ("low.rs", "pub struct Low; fn up() { let _: crate::Top; }"),
        ];
        assert_eq!(
            faults_of(&sources, &["lib", "top", "low"]),
            [
                "low.rs names `Top` of top.rs, which is above it in the order of folders",
                "a circle: low.rs -> top.rs -> low.rs",
            ]
        );
    }

    #[test]
    fn a_circle_inside_a_folder_is_found() {
        let sources = [
            LIB,
            ("top.rs", "pub struct Top;"),
            (
                "low.rs",
                "mod part; pub use part::Part; pub struct Low(Part);",
            ),
            (
                "low/part.rs",
                "pub struct Part; fn up() -> Option<super::Low> { None }",
            ),
        ];
        assert_eq!(
            faults_of(&sources, &["lib", "top", "low"]),
            ["a circle: low.rs -> low/part.rs -> low.rs"]
        );
    }

    #[test]
    fn what_tests_name_leads_nowhere() {
        let low =
            "pub struct Low; #[cfg(test)] mod tests; #[cfg(test)] mod inner { use crate::Top; }";
        let sources = [
            LIB,
            ("top.rs", "use crate::Low; pub struct Top(Low);"),
            ("low.rs", low),
            ("low/tests.rs", "use crate::Top;"),
        ];
        assert_eq!(faults_of(&sources, &["lib", "top", "low"]), [""; 0]);
    }

    #[test]
    fn a_folder_without_a_place_a_long_file_and_a_leaning_comment_are_told() {
        let long =
            "//! All of it.\n//!\n//! It is longer than others.\n".to_owned() + &"\n".repeat(LONG);
        let reasoned =
            "//! All of it, longer than others: a table.\n".to_owned() + &"\n".repeat(LONG);
        let leaning = "/// One.\n/// The same words inside are fine.\nfn a() {}\n/// The same for two.\nfn b() {}";
        let sources = [
            ("lib.rs", "mod high; mod low; mod long;"),
            ("high.rs", &*reasoned),
            ("long.rs", &*long),
            ("low.rs", leaning),
        ];
        assert_eq!(
            faults_of(&sources, &["lib", "high", "low"]),
            [
                "long.rs has no place in the order of folders",
                "long.rs has 403 lines: split it, or say in its first paragraph why it is longer than others",
                "low.rs:4: `The same for two.` leans on what stands before it: say what it is",
            ]
        );
    }
}
