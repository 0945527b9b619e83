//! Excerpts: the line of a problem, as far as no secret can be in it.

use super::kind::ProblemKind;

/// A line longer than this helps nobody.
const LONG: usize = 1000;

/// The line of a problem. Behind the key the line is shown only where the value can be no secret.
pub(super) fn excerpt(line: &str, kind: &ProblemKind) -> Option<String> {
    use ProblemKind as K;
    let line = line.trim_end();
    if line.len() > LONG || kind.is_cut() {
        return None;
    }
    let open = matches!(
        kind,
        K::UnknownComponent { .. }
            | K::WrongKind { .. }
            | K::UnknownInject { .. }
            | K::UnknownService { .. }
            | K::WrongService { .. }
            | K::DuplicateStep { .. }
            | K::NotARequirement { .. }
            | K::ApiVersion { .. }
            | K::LeftOut { .. }
            | K::FeatureMissing { .. }
            | K::UnknownPlugin { .. }
            | K::PluginVersion { .. }
            | K::Duration { .. }
    );
    // A line from the middle of braces may hold more keys, behind a comma.
    let alone = !line.contains(['{', '[', '}', ']'])
        && !line
            .split_once(',')
            .is_some_and(|(_, more)| more.contains(':'));
    if open && alone {
        // What was commented out may be secret too.
        return line
            .split(" #")
            .next()
            .and_then(|line| line.split("\t#").next())
            .map(|line| line.trim_end().to_owned());
    }
    let key = key(line)?;
    match line[key.len()..].strip_prefix(':')? {
        "" => Some(line.to_owned()),
        value if value.starts_with(' ') => Some(format!("{key}: ...")),
        _ => None,
    }
}

/// The line as far as its first key goes. What else begins a line may be the middle of a value.
fn key(line: &str) -> Option<&str> {
    let mut name = line.trim_start();
    while let Some(item) = name.strip_prefix("- ") {
        name = item.trim_start();
    }
    let start = line.len() - name.len();
    let quote = name.starts_with(['"', '\'']);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':');
    let end = if quote {
        1 + name[1..].find(|c: char| !plain(c))?
    } else {
        name.find(|c: char| !plain(c)).unwrap_or(name.len())
    };
    if quote {
        return name[end..]
            .starts_with(&name[..1])
            .then(|| &line[..start + end + 1]);
    }
    let end = name[..end].strip_suffix(':')?.len();
    (end > 0).then(|| &line[..start + end])
}
