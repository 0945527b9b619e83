//! `[lints]`: what becomes of warnings.

use treenail_core::nearest::nearest;

use crate::diagnostic::mistake::{About, UnknownLint, UnusedLint};
use crate::diagnostic::{Code, Diagnostics, lint};
use crate::index::Ix;
use crate::layer::{PartIx, Rank, Speaker, Stated, strongest};
use crate::model::{Level, LintLine, Manifest, PackageIx};

/// Sets the levels of all warnings, and reports lines that have no effect. Comes after everything that warns.
pub(super) fn apply(stated: &[Stated<'_, LintLine>], problems: &mut Diagnostics) {
    let meant = stated
        .iter()
        .map(|line| lint::meant(&line.what.name.value).0);
    let meant: Vec<Vec<Code>> = meant.collect();
    for (line, codes) in stated.iter().zip(&meant) {
        if codes.is_empty() {
            unknown(line.what, problems);
        }
    }
    let mut levels = Vec::new();
    for code in Code::ALL {
        // What is said about one lint counts more than what is said about a group, and about a small one more than about all.
        let about_it = meant.iter().filter(|codes| codes.contains(code));
        let Some(fewest) = about_it.map(Vec::len).min() else {
            continue;
        };
        let mut lines = Vec::new();
        for (line, codes) in stated.iter().zip(&meant) {
            if codes.len() == fewest && codes.contains(code) {
                lines.push(*line);
            }
        }
        let about = About::Lint(code.lint().unwrap_or_else(|| code.name()));
        let shown = |line: &LintLine| line.level.value.value.word().to_owned();
        if let Ok(Some(best)) = strongest(&lines, about, shown, problems) {
            levels.push((*code, best.what));
        }
    }
    if !problems.has_errors() {
        for (code, line) in &levels {
            let allowed = line.level.value.value == Level::Allow;
            // These two are about the build, and not about what it composes.
            let comes_later = matches!(code, Code::TN0608 | Code::TN0609);
            let is_unused = !comes_later && !problems.has(*code);
            if allowed && !lint::meant(&line.name.value).1 && is_unused {
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
