//! Does what a help says, to the letter.

use std::ops::Range;

use super::World;
use crate::report::{Message, NoteKind, Span};

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
    let mut edit = edits
        .rev()
        .filter_map(|span| Some((span.bytes.clone(), span.replacement.clone()?)));
    let (range, with) = edit.next().or_else(|| {
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
pub(super) fn followed(world: &mut World, message: &Message) -> Option<World> {
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
        if span.file.ends_with("Cargo.toml") {
            let (_, value) = line.split_once(" = ")?;
            return written(world, span, value.trim_matches('"'));
        }
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
