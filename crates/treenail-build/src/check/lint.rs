//! `[lints]`: what becomes of warnings.

use treenail_core::nearest::nearest;

use crate::diagnostic::mistake::{About, UnknownLint, UnusedLint};
use crate::diagnostic::{Code, Diagnostics, lint};
use crate::index::Ix;
use crate::key_map::KeyMap;
use crate::layer::{PartIx, Rank, Speaker, Stated, strongest};
use crate::model::{Level, LintLine, Manifest, PackageIx};

/// Sets the levels of all warnings, and reports lines that have no effect. Comes after everything that warns.
pub(super) fn apply(stated: &[Stated<'_, LintLine>], problems: &mut Diagnostics) {
    // Of each lint: the lines about the smallest group that it is in, with how many are in that. What is said about one lint
    // counts more than what is said about a group, and about a small one more than about all.
    let mut by_code: KeyMap<Code, (usize, Vec<Stated<'_, LintLine>>)> = KeyMap::new();
    for line in stated {
        let (codes, _) = lint::meant(&line.what.name.value);
        for code in &codes {
            let of_code = by_code.entry(*code);
            let (size, lines) = of_code.get_or_insert((codes.len(), Vec::new()));
            if codes.len() < *size {
                (*size, *lines) = (codes.len(), Vec::new());
            }
            if codes.len() == *size {
                lines.push(*line);
            }
        }
        if codes.is_empty() {
            unknown(line.what, problems);
        }
    }
    let mut levels = Vec::new();
    for (code, (_, lines)) in by_code.iter() {
        let about = || About::Lint(code.lint().unwrap_or_else(|| code.name()));
        let shown = |line: &LintLine| line.level.value.value.word().to_owned();
        if let Ok(Some(best)) = strongest(lines, about, shown, problems) {
            levels.push((*code, best.what));
        }
    }
    if !problems.has_errors() {
        for (code, line) in &levels {
            let allowed = line.level.value.value == Level::Allow;
            if allowed && !lint::meant(&line.name.value).1 && !problems.has(*code) {
                let name = line.name.value.clone();
                problems.report(UnusedLint { name }, line.name.origin);
            }
        }
    }
    for (code, line) in levels {
        problems.level(code, line.level.value.value);
    }
}

/// Applies the lines of `[lints]` in a manifest that is not composed.
pub(super) fn apply_alone(manifest: &Manifest, problems: &mut Diagnostics) {
    let lines = manifest.layer.lints.iter();
    let speaker = Speaker {
        rank: Rank::Plugin,
        part: PartIx::new(0),
        package: PackageIx::new(0),
    };
    let stated: Vec<_> = lines
        .map(|line| speaker.states(line, line.name.origin, line.level.priority))
        .collect();
    apply(&stated, problems);
}

fn unknown(line: &LintLine, problems: &mut Diagnostics) {
    let name = &line.name.value;
    let problem = UnknownLint {
        name: name.clone(),
        is_error: Code::named(name).is_some(),
        suggestion: nearest(name, lint::names()),
    };
    problems.report(problem, line.name.origin);
}
