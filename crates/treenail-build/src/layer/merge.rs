//! Which of several statements about one thing counts.
//!
//! As in NixOS's module system (`lib.mkOverride`): every statement has a priority, the lowest number wins, and two that
//! are equally strong and different contradict each other. What a layer says without a priority has that of the layer.

use crate::diagnostic::Diagnostics;
use crate::diagnostic::mistake::{About, StatedDifferently, Statement};
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
    /// The plugin that says so, an index into [`Layered::parts`](super::Layered::parts).
    pub(crate) part: usize,
}

impl<T> Clone for Stated<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Stated<'_, T> {}

impl<'a, T> Stated<'a, T> {
    /// A statement of a layer, with the priority that it has of its own, if any.
    pub(crate) fn new(
        what: &'a T,
        at: Origin,
        (rank, part): (Rank, usize),
        own: Option<u32>,
    ) -> Self {
        Self {
            what,
            at,
            rank,
            priority: own.unwrap_or_else(|| rank.priority()),
            part,
        }
    }

    /// Where it stands among statements of all layers: the host's come first, then the plugins' by id, in whatever order their
    /// manifests were read.
    fn place(&self) -> (bool, usize, Origin) {
        (self.rank == Rank::Plugin, self.part, self.at)
    }
}

/// The statement that counts. Of equally strong ones that say the same, the one of the highest layer; where they
/// differ, that is reported. `about` says what they are about; `shown` what one of them says.
pub(crate) fn strongest<'a, T>(
    statements: &[Stated<'a, T>],
    about: impl Fn() -> About,
    shown: impl Fn(&T) -> String,
    problems: &mut Diagnostics,
) -> Result<Option<Stated<'a, T>>, Contradicted> {
    let Some(least) = statements.iter().map(|one| one.priority).min() else {
        return Ok(None);
    };
    let equal = || statements.iter().filter(|one| one.priority == least);
    let Some(best) = equal().max_by_key(|one| (one.rank, std::cmp::Reverse(one.place()))) else {
        return Ok(None);
    };
    if equal().all(|one| shown(one.what) == shown(best.what)) {
        return Ok(Some(*best));
    }
    let mut sorted: Vec<&Stated<'a, T>> = statements.iter().collect();
    sorted.sort_by_key(|one| (one.priority, one.place()));
    let said = sorted.iter().map(|one| Statement {
        says: shown(one.what),
        at: one.at,
        priority: one.priority,
    });
    let statements = said.collect();
    let at = sorted.first().map(|one| one.at);
    problems.report(
        StatedDifferently {
            about: about(),
            statements,
        },
        at,
    );
    Err(Contradicted)
}

/// Equally strong statements differ, which has been reported.
#[derive(Debug)]
pub(crate) struct Contradicted;
