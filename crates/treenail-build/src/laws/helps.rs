//! The help mends it: of every message of the gallery whose help says what to write, that is written, and the whole is composed
//! again. The message is gone, and no other comes that was not there before.
//!
//! The gallery is every page of an explanation, and every case of a manifest, of a composition and of packages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use super::case_folders::{self, folders_in};
use super::cases::{compose_files, files_below, tests};
use crate::diagnostic::Code;
use crate::report::explain::tests::examples;
use crate::report::{Message, NoteKind, Span};
use crate::testing::Case;

/// What messages are about.
#[derive(Clone)]
enum World {
    Manifest(String),
    Packages(Box<Case>),
    Files(BTreeMap<String, Vec<u8>>),
}

impl World {
    fn messages(&self) -> Vec<Message> {
        match self {
            Self::Manifest(text) => crate::check_manifest("plugins.toml", text.as_bytes()),
            Self::Packages(case) => case.compose().messages().to_vec(),
            Self::Files(files) => compose_files(files).messages().to_vec(),
        }
    }

    /// The text of a file, as messages call it.
    fn text(&mut self, file: &str) -> Option<String> {
        let bytes = match self {
            Self::Manifest(text) => return Some(text.clone()),
            Self::Packages(case) => case.manifest_of(file)?.clone(),
            Self::Files(files) => files[&path(files, file)?].clone(),
        };
        String::from_utf8(bytes).ok()
    }

    fn write(&mut self, file: &str, text: String) {
        match self {
            Self::Manifest(old) => *old = text,
            Self::Packages(case) => *case.manifest_of(file).expect("the file") = text.into(),
            Self::Files(files) => {
                let path = path(files, file).expect("the file");
                files.insert(path, text.into());
            }
        }
    }

    /// The file with the components of a plugin.
    fn manifest(&mut self, plugin: &str) -> Option<String> {
        let declares = |text: &str| text.contains(&format!("id = {plugin:?}"));
        let names: Vec<String> = match self {
            _ if plugin == "app" => return Some("plugins.toml".to_owned()),
            Self::Manifest(_) => return Some("plugins.toml".to_owned()),
            Self::Packages(case) => case.manifests(),
            Self::Files(files) => files.keys().cloned().collect(),
        };
        names
            .into_iter()
            .find(|name| self.text(name).is_some_and(|text| declares(&text)))
    }
}

/// The path of what messages call a file: that of the host, or one in a package.
fn path(files: &BTreeMap<String, Vec<u8>>, file: &str) -> Option<String> {
    let of_host = format!("desk/{file}");
    let known = [of_host, file.to_owned()];
    if let Some(known) = known.into_iter().find(|path| files.contains_key(path)) {
        return Some(known);
    }
    let (package, rest) = file.split_once('/')?;
    let (package, version) = package.split_once('@').unwrap_or((package, ""));
    let declares = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text.contains(&format!("name = {package:?}")) && text.contains(version)
    };
    let mut all = files
        .iter()
        .filter(|(path, _)| path.ends_with("/Cargo.toml"));
    let (cargo_toml, _) = all.find(|(_, bytes)| declares(bytes))?;
    Some(cargo_toml.replace("Cargo.toml", rest))
}

/// The texts in backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn replaced(text: &str, range: Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..range.start], &text[range.end..])
}

/// The line that a place is in.
fn line(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    start..end
}

/// The table with this line, in place of one of the same key.
fn into_table(text: &str, table: &str, written: &str) -> String {
    let (key, _) = written.split_once(" = ").expect("a key");
    let header = format!("[{table}]\n");
    let Some(at) = text.find(&header) else {
        return format!("{text}\n{header}{written}\n");
    };
    let (before, after) = text.split_at(at + header.len());
    let end = after.find("\n[").map_or(after.len(), |end| end + 1);
    let of_table = after[..end].lines().filter(|one| !one.starts_with(key));
    let of_table: Vec<&str> = of_table.collect();
    format!(
        "{before}{written}\n{}\n{}",
        of_table.join("\n"),
        &after[end..]
    )
}

/// The requirement of a component with this line in its place.
fn into_requires(text: &str, component: &str, written: &str) -> Option<String> {
    let (field, value) = written.split_once(" = ")?;
    let named = format!("name = {component:?}");
    let typed = format!("{component}\"");
    let start = text.find(&named).or_else(|| text.find(&typed))?;
    let field = format!("{field} = ");
    let from = start + text[start..].find(&field)? + field.len();
    let end = match text[from..].starts_with('{') {
        true => text[from..].find('}')? + 1,
        false => text[from + 1..].find('"')? + 2,
    };
    Some(replaced(text, from..from + end, value))
}

/// What was probably meant, in the place of what is written.
fn meant(world: &mut World, message: &Message, meant: &str) -> Option<World> {
    let span = message.spans.first()?;
    let text = world.text(&span.file)?;
    let edits = message.notes.iter().filter_map(|note| note.span.as_ref());
    let edit = edits.filter_map(|span| Some((span.bytes.clone(), span.replacement.clone()?)));
    let (range, with) = edit.last().or_else(|| {
        let written = &text[span.bytes.clone()];
        let inner = written.trim_matches(['"', '\'']);
        let names = quoted(&message.title);
        let plain = |name: &str| name.trim_start_matches("dyn ").to_owned();
        if names.iter().any(|name| plain(name) == plain(inner)) {
            let start = span.bytes.start + written.find(inner)?;
            return Some((start..start + inner.len(), meant.to_owned()));
        }
        let name = names.iter().find(|name| written.contains(**name));
        if let Some(at) = name.and_then(|name| Some((written.find(name)?, name.len()))) {
            let start = span.bytes.start + at.0;
            return Some((start..start + at.1, meant.to_owned()));
        }
        // Only a part of it is shown.
        let line = line(&text, span.bytes.start);
        let name = names
            .iter()
            .find(|name| text[line.clone()].contains(**name))?;
        let start = line.start + text[line.clone()].find(name)?;
        Some((start..start + name.len(), meant.to_owned()))
    })?;
    let mut world = world.clone();
    world.write(&span.file, replaced(&text, range, &with));
    Some(world)
}

/// What is written in the place of a string, or of a line.
fn written(world: &mut World, span: &Span, with: &str) -> Option<World> {
    let text = world.text(&span.file)?;
    let place = span.bytes.clone();
    let edited = match (
        text[place.clone()].starts_with(['"', '\'']),
        with.contains(" = "),
    ) {
        (_, true) => replaced(&text, line(&text, place.start), with),
        (true, _) => replaced(&text, place, &format!("{with:?}")),
        (false, _) => replaced(&text, place, with),
    };
    let mut world = world.clone();
    world.write(&span.file, edited);
    Some(world)
}

/// The world as it is after what a help says; `None` where the help has nothing to write.
fn followed(world: &mut World, message: &Message) -> Option<World> {
    let mut helps = message
        .notes
        .iter()
        .filter(|note| note.kind == NoteKind::Help);
    let help = helps.next_back()?.text.as_str();
    let span = message.spans.first()?;
    let names = quoted(help);
    let first = names.first().copied().unwrap_or_default();
    // A path or a name that stands for another is an example.
    let is_example = |text: &str| {
        ["path::", "package::", "plugin:Name", "…", "NAME"]
            .iter()
            .any(|word| text.contains(word))
    };
    if help.starts_with("did you mean") {
        return meant(world, message, first);
    }
    if let Some((_, rest)) = help.split_once("in the host's `[") {
        let (table, rest) = rest
            .split_once("]`: `")
            .filter(|(table, _)| !table.contains('`'))?;
        let line = rest.split('`').next()?;
        let text = world.text("plugins.toml")?;
        let mut world = world.clone();
        world.write("plugins.toml", into_table(&text, table, line));
        return Some(world);
    }
    if help.contains("`requires`") {
        let mut edited = world.clone();
        let own = quoted(&message.title)
            .into_iter()
            .find(|name| name.contains(':') && !name.contains("::"));
        let (mut component, mut is_edited) = (own, false);
        for name in names.iter().filter(|name| !is_example(name)) {
            if name.contains(" = ") {
                let (plugin, name_of) = component?.split_once(':')?;
                let file = edited.manifest(plugin)?;
                let text = edited.text(&file)?;
                edited.write(&file, into_requires(&text, name_of, name)?);
                is_edited = true;
            } else if name.contains(':') {
                component = Some(name);
            }
        }
        return is_edited.then_some(edited);
    }
    if let Some((_, rest)) = help.split_once("in place of its value: `") {
        let value = rest.split('`').next()?;
        let text = world.text(&span.file)?;
        let line = line(&text, span.bytes.start);
        let before = text[..span.bytes.start].trim_end();
        // The value may have a table around it, or what is shown is the key.
        let place = if before.ends_with("value =") {
            before.rfind('{')?..span.bytes.end + text[span.bytes.end..].find('}')? + 1
        } else if before.ends_with('=') {
            span.bytes.clone()
        } else {
            line.start + text[line.clone()].find(" = ")? + 3..line.end
        };
        let mut edited = world.clone();
        edited.write(&span.file, replaced(&text, place, value));
        return Some(edited);
    }
    let is_only = |start: &str, end: &str| help == format!("{start}`{first}`{end}");
    if is_only("write ", "") && !is_example(first) {
        let text = world.text(&span.file)?;
        let is_requirement = text[line(&text, span.bytes.start)].starts_with("requires");
        let mut names = quoted(&message.title).into_iter();
        return match names.find_map(|name| name.split_once(':')) {
            Some((_, component)) if is_requirement && first.contains(" = ") => {
                let mut edited = world.clone();
                edited.write(&span.file, into_requires(&text, component, first)?);
                Some(edited)
            }
            _ => written(world, span, first),
        };
    }
    if let Some((_, beside)) = help
        .split_once(", with `")
        .filter(|_| help.starts_with("write "))
    {
        let beside = beside.split('`').next()?;
        let text = world.text(&span.file)?;
        let table = format!("{{ service = {first:?}, {beside} }}");
        let mut edited = world.clone();
        edited.write(&span.file, replaced(&text, span.bytes.clone(), &table));
        return Some(edited);
    }
    if let Some((_, rest)) = help.split_once("Cargo.toml: `") {
        let line = rest.split('`').next()?;
        let file = match help.contains("dependencies of") {
            true => format!("{first}/Cargo.toml"),
            false => "Cargo.toml".to_owned(),
        };
        let file = if file == "desk/Cargo.toml" {
            "Cargo.toml".to_owned()
        } else {
            file
        };
        let mut text = world.text(&file)?;
        let (key, _) = line.split_once(" = ")?;
        if let Some(at) = text.find(&format!("[dependencies.{key}]")) {
            let end = text[at + 1..]
                .find("\n[")
                .map_or(text.len(), |end| at + 1 + end);
            text = replaced(&text, at..end, "");
        }
        let mut edited = world.clone();
        edited.write(&file, into_table(&text, "dependencies", line));
        return Some(edited);
    }
    if help == "remove the line" {
        let text = world.text(&span.file)?;
        let mut edited = world.clone();
        edited.write(
            &span.file,
            replaced(&text, line(&text, span.bytes.start), ""),
        );
        return Some(edited);
    }
    if help.starts_with("write a line for each component: ") {
        return written(world, span, &names.join("\n"));
    }
    None
}

/// Every world of the gallery, with a name.
fn gallery() -> Vec<(String, World)> {
    let mut gallery = Vec::new();
    for code in Code::ALL {
        let example = &examples(*code)["Wrong"];
        let world = match example.starts_with("# file ") {
            true => World::Files(super::super::report::explain::tests::files(example)),
            false => World::Packages(Box::new(Case::parse(example))),
        };
        gallery.push((code.name().to_owned(), world));
    }
    let named = |folder: &Path| {
        folder
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    };
    for folder in folders_in(&tests().join("manifests")) {
        if let Ok(text) = fs::read_to_string(folder.join("plugins.toml")) {
            gallery.push((named(&folder), World::Manifest(text)));
        }
    }
    for folder in folders_in(&tests().join("compositions")) {
        let case = Box::new(case_folders::read(&folder));
        gallery.push((named(&folder), World::Packages(case)));
    }
    for folder in folders_in(&tests().join("packages")) {
        let mut files = BTreeMap::new();
        files_below(&folder, "", &mut files);
        gallery.push((named(&folder), World::Files(files)));
    }
    gallery
}

/// What a mistake of another line hides, and so comes when that is mended: the case, and the code.
const HIDDEN: [(&str, &str); 7] = [
    // What a component or a line with a slip decides is not believed.
    ("a_component_that_cannot_be_read_is_not_missed", "TN0303"),
    ("what_is_overridden_is_there", "TN0301"),
    (
        "what_layers_say_of_lives_and_of_the_host_may_contradict",
        "TN0001",
    ),
    // Of two versions nobody knows who would be chosen.
    (
        "a_host_with_another_version_than_its_plugins_is_told_its_line",
        "TN0302",
    ),
    // What a misspelt service is about is not asked.
    ("a_slip_is_told_where_the_sources_say_it_is", "TN0503"),
    ("a_slip_is_told_where_the_sources_say_it_is", "TN0910"),
    // The list has it already.
    (
        "what_the_host_asks_for_by_all_is_there_and_may_lose",
        "TN0016",
    ),
];

/// Whether it is no wonder that a message comes when another one's help was followed.
fn is_expected(case: &str, of: &Message, help: &str, new: &Message) -> bool {
    // What is left out is missed by whoever needs it; the other way is to change a version.
    let leaves_out = help.contains("leave") && help.contains("enabled = false");
    // That nothing is in a plugin yet is said when all else is right.
    let is_afterwards = new.code == "TN0902";
    let is_now_a_warning = new.title.contains(&of.title);
    leaves_out || is_afterwards || is_now_a_warning || HIDDEN.contains(&(case, new.code))
}

#[test]
fn what_a_help_says_to_write_ends_the_mistake_and_makes_no_other() {
    let (mut tried, mut failures) = (BTreeSet::new(), Vec::new());
    for (name, mut world) in gallery() {
        let before = world.messages();
        let line = |one: &Message| {
            let span = one.spans.first();
            (
                one.code,
                span.map(|span| (span.file.clone(), span.start.line)),
            )
        };
        let lines: BTreeSet<_> = before.iter().map(line).collect();
        let titles: BTreeSet<_> = before.iter().map(|one| (one.code, &one.title)).collect();
        for message in &before {
            let Some(mended) = followed(&mut world, message) else {
                continue;
            };
            tried.insert(message.code);
            let after = mended.messages();
            let help = message.notes.last().map_or("", |note| note.text.as_str());
            let is_new = |one: &&Message| {
                !titles.contains(&(one.code, &one.title))
                    && !lines.contains(&line(one))
                    && !is_expected(&name, message, help, one)
            };
            let new = after.iter().filter(is_new);
            let new: Vec<&str> = new.map(|one| one.text.as_str()).collect();
            let is_it =
                |one: &Message| one.title == message.title && one.place() == message.place();
            let still = match after.iter().any(is_it) {
                true => ", still there",
                false => "",
            };
            if !still.is_empty() || !new.is_empty() {
                let (told, new) = (&message.text, new.join("\n"));
                failures.push(format!("## {name}{still}\n{told}\n{new}"));
            }
        }
    }
    let failed = failures.len();
    assert!(failed == 0, "{failed}\n{}", failures.join("\n\n"));
    let codes: Vec<&str> = tried.into_iter().collect();
    let expected = [
        "TN0002", "TN0005", "TN0008", "TN0014", "TN0102", "TN0103", "TN0105", "TN0106", "TN0110",
        "TN0202", "TN0203", "TN0204", "TN0205", "TN0206", "TN0207", "TN0208", "TN0301", "TN0302",
        "TN0303", "TN0304", "TN0306", "TN0307", "TN0310", "TN0401", "TN0501", "TN0502", "TN0504",
        "TN0901", "TN0902", "TN0903", "TN0906", "TN0907", "TN0908",
    ];
    assert_eq!(
        codes, expected,
        "what a help says to write is not found any more, or is found"
    );
}
