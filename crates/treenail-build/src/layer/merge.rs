//! Which of several statements about one thing counts.
//!
//! As in NixOS's module system (`lib.mkOverride`): every statement has a priority, the lowest number wins, and two that
//! are equally strong and different contradict each other. What a layer says without a priority has that of the layer.

use std::cmp::Reverse;

use super::condition::Facts;
#[cfg(feature = "inspect")]
use crate::diagnostic::Decision;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{About, StatedDifferently, Statement};
use crate::index::index_types;
use crate::model::{PackageIx, Setting};
use crate::sort::sort_by;
use crate::source::Origin;

/// The layers, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// A plugin's own manifest.
    Plugin,
    /// The host's.
    Host,
    /// An overlay in force.
    Overlay,
}

impl Rank {
    /// How strongly the layer states what it says without a priority. In NixOS, an option's own default is 1500
    /// (`mkOptionDefault`), a plain definition 100, and an image that is laid over a system 60 (`mkImageMediaOverride`): below
    /// that plain definition, and above what the system's author forces (50).
    fn priority(self) -> u32 {
        match self {
            Self::Plugin => 1500,
            Self::Host => 100,
            Self::Overlay => 60,
        }
    }

    /// The layer, for people.
    #[cfg(feature = "inspect")]
    fn word(self) -> &'static str {
        match self {
            Self::Plugin => "plugin",
            Self::Host => "host",
            Self::Overlay => "overlay",
        }
    }
}

index_types! {
    /// Index into [`Layered::parts`](super::Layered::parts).
    PartIx
}

/// Who states something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Speaker {
    /// The layer.
    pub(crate) rank: Rank,
    /// The plugin.
    pub(crate) part: PartIx,
    /// The package whose features its conditions are about.
    pub(crate) package: PackageIx,
}

impl Speaker {
    /// A statement, with the priority that it has of its own, if any.
    pub(crate) fn states<T>(self, what: &T, at: Origin, priority: Option<u32>) -> Stated<'_, T> {
        Stated {
            what,
            at,
            rank: self.rank,
            priority: priority.unwrap_or_else(|| self.rank.priority()),
            part: self.part,
        }
    }

    /// The statement that a setting makes; nothing where its condition does not hold.
    pub(crate) fn setting<'a, T>(
        self,
        setting: &'a Setting<T>,
        facts: Facts<'_>,
    ) -> Result<Option<Stated<'a, T>>, Undecided> {
        let holds = facts.holds(setting.when.as_ref(), self.package);
        let value = &setting.value;
        let stated = self.states(&value.value, value.origin, setting.priority);
        Ok(holds.ok_or(Undecided)?.then_some(stated))
    }
}

/// A statement with its layer.
#[derive(Debug)]
pub(crate) struct Stated<'a, T> {
    /// The statement.
    pub(crate) what: &'a T,
    /// Where it is written.
    pub(crate) at: Origin,
    /// Its layer.
    pub(crate) rank: Rank,
    /// How strong it is; the lower number wins.
    pub(crate) priority: u32,
    /// The plugin that says so.
    pub(crate) part: PartIx,
}

impl<T> Clone for Stated<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Stated<'_, T> {}

/// The statement that counts: of equally strong ones that say the same, the one of the highest layer. `shown` is what one of
/// them says.
pub(super) fn decide<'a, T>(
    statements: &[Stated<'a, T>],
    shown: impl Fn(&T) -> String,
) -> Result<Option<Stated<'a, T>>, Undecided> {
    let best = best(&contenders(statements, shown))?;
    Ok(best.map(|index| statements[index]))
}

/// The statement that counts. Equally strong ones that differ are reported; `about` is what they are about.
pub(crate) fn strongest<'a, T>(
    statements: &[Stated<'a, T>],
    about: About,
    shown: impl Fn(&T) -> String,
    problems: &mut Diagnostics,
) -> Result<Option<Stated<'a, T>>, Undecided> {
    let contenders = contenders(statements, shown);
    match best(&contenders) {
        Ok(best) => {
            #[cfg(feature = "inspect")]
            if let Some(index) = best {
                problems.decide(decision(about, contenders, index));
            }
            Ok(best.map(|index| statements[index]))
        }
        Err(undecided) => {
            report(contenders, about, problems);
            Err(undecided)
        }
    }
}

/// A statement as it is compared, whatever it is about: code for each type of statement would be most of what is generated
/// for this file.
struct Contender {
    rank: Rank,
    /// Where it stands among statements of all layers: the host's come first, then the plugins' by id, in whatever order
    /// their manifests were read.
    place: (bool, PartIx, Origin),
    says: Statement,
}

fn contenders<T>(statements: &[Stated<'_, T>], shown: impl Fn(&T) -> String) -> Vec<Contender> {
    let mut contenders = Vec::new();
    for one in statements {
        contenders.push(Contender {
            rank: one.rank,
            place: (one.rank == Rank::Plugin, one.part, one.at),
            says: Statement {
                says: shown(one.what),
                at: one.at,
                priority: one.priority,
            },
        });
    }
    contenders
}

/// Which of them counts.
fn best(contenders: &[Contender]) -> Result<Option<usize>, Undecided> {
    let strength = |one: &Contender| (one.says.priority, Reverse(one.rank), one.place);
    let indexed = contenders.iter().enumerate();
    let Some((index, best)) = indexed.min_by_key(|(_, one)| strength(one)) else {
        return Ok(None);
    };
    let mut equal = contenders
        .iter()
        .filter(|one| one.says.priority == best.says.priority);
    if equal.all(|one| one.says.says == best.says.says) {
        Ok(Some(index))
    } else {
        Err(Undecided)
    }
}

/// What is noted of a decision for one of them.
#[cfg(feature = "inspect")]
fn decision(about: About, mut contenders: Vec<Contender>, best: usize) -> Decision {
    let counts = contenders.remove(best);
    let strength = |one: &Contender| (one.says.priority, Reverse(one.rank), one.place);
    sort_by(&mut contenders, |a, b| strength(a).cmp(&strength(b)));
    let all = std::iter::once(counts).chain(contenders);
    Decision {
        about,
        statements: all.map(|one| (one.rank.word(), one.says)).collect(),
    }
}

/// Reports equally strong statements that differ.
fn report(mut contenders: Vec<Contender>, about: About, problems: &mut Diagnostics) {
    let key = |one: &Contender| (one.says.priority, one.place);
    sort_by(&mut contenders, |a, b| key(a).cmp(&key(b)));
    let at = contenders.first().map(|one| one.says.at);
    let statements = contenders.into_iter().map(|one| one.says).collect();
    problems.report(StatedDifferently { about, statements }, at);
}

/// Of the settings whose conditions hold, the one that counts, see [`strongest`].
pub(super) fn strongest_setting<'a, T: ToString>(
    settings: impl IntoIterator<Item = (Speaker, &'a Setting<T>)>,
    facts: Facts<'_>,
    about: About,
    problems: &mut Diagnostics,
) -> Result<Option<Stated<'a, T>>, Undecided> {
    let mut statements = Vec::new();
    for (speaker, setting) in settings {
        statements.extend(speaker.setting(setting, facts)?);
    }
    strongest(&statements, about, T::to_string, problems)
}

/// What counts is not known, for a reason that is reported: equally strong statements differ, or the condition of one of them
/// names a feature that does not exist.
#[derive(Debug)]
pub(crate) struct Undecided;
