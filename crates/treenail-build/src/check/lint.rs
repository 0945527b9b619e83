//! `[lints]`: what becomes of warnings.

use std::collections::BTreeMap;

use treenail_core::nearest::nearest;

use crate::diagnostic::mistake::{About, UnknownLint, UnusedLint};
use crate::diagnostic::{Code, Diagnostics, lint};
use crate::index::Ix;
use crate::layer::{PartIx, Rank, Speaker, Stated, strongest};
use crate::model::{Level, LintLine, Manifest, PackageIx};

/// Sets the levels of all warnings, and reports lines that have no effect. Comes after everything that warns.
pub(super) fn apply(stated: &[Stated<'_, LintLine>], problems: &mut Diagnostics) {
    // What is said about one lint counts more than what is said about a group, and about a small one more than about all.
    let mut by_code: BTreeMap<Code, BTreeMap<usize, Vec<Stated<'_, LintLine>>>> = BTreeMap::new();
    for line in stated {
        let (codes, _) = lint::meant(&line.what.name.value);
        for code in &codes {
            let lines = by_code.entry(*code).or_default();
            lines.entry(codes.len()).or_default().push(*line);
        }
        if codes.is_empty() {
            unknown(line.what, problems);
        }
    }
    let mut levels = BTreeMap::new();
    for (code, lines) in by_code {
        let Some((_, lines)) = lines.first_key_value() else {
            continue;
        };
        let about = || About::Lint(code.lint().unwrap_or_else(|| code.name()));
        let shown = |line: &LintLine| line.level.value.value.word().to_owned();
        if let Ok(Some(best)) = strongest(lines, about, shown, problems) {
            levels.insert(code, best.what);
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
