//! What is to be expected of a store, told from the calls alone: the oracle of random sequences. It shares nothing with the
//! records that plugins keep.

use std::collections::BTreeMap;

use super::ATTEMPTS;

/// How a claim was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Done,
    Failed,
    Released,
}

/// A piece of work, and whose it is. Claims go by their number.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    holder: Option<usize>,
    last: Option<(usize, Ended)>,
    version: usize,
    attempts: u32,
    is_done: bool,
    is_dead: bool,
}

/// All pieces of work, by key.
#[derive(Debug, Default)]
pub(super) struct Model {
    pieces: BTreeMap<String, Piece>,
}

impl Model {
    /// Which attempt a claim of the key at this version is, if one is to be given; it gets this number.
    pub(super) fn claim(&mut self, key: &str, version: usize, number: usize) -> Option<u32> {
        let piece = self.pieces.entry(key.to_owned()).or_default();
        if piece.holder.is_none() && piece.version != version {
            *piece = Piece {
                version,
                ..Piece::default()
            };
        }
        if piece.holder.is_some() || piece.is_done || piece.is_dead {
            return None;
        }
        piece.holder = Some(number);
        piece.last = None;
        piece.attempts += 1;
        Some(piece.attempts)
    }

    /// Whether the claim of this number is to be extended.
    pub(super) fn is_current(&self, key: &str, number: usize) -> bool {
        self.holder(key) == Some(number)
    }

    pub(super) fn holder(&self, key: &str) -> Option<usize> {
        self.pieces.get(key).and_then(|piece| piece.holder)
    }

    /// Whether the claim of this number can be ended so.
    pub(super) fn end(&mut self, key: &str, number: usize, how: Ended) -> bool {
        let piece = self.pieces.entry(key.to_owned()).or_default();
        if piece.holder != Some(number) {
            return piece.last == Some((number, how));
        }
        piece.holder = None;
        piece.last = Some((number, how));
        match how {
            Ended::Done => piece.is_done = true,
            Ended::Released => piece.attempts -= 1,
            Ended::Failed => piece.is_dead = piece.attempts == ATTEMPTS,
        }
        true
    }

    /// The lease of the key's claim has run out, and somebody asks at this version. Whether the work is to be given; else it is a
    /// dead letter.
    pub(super) fn lapse(&mut self, key: &str, version: usize) -> bool {
        let piece = self.pieces.entry(key.to_owned()).or_default();
        piece.holder = None;
        piece.is_dead = piece.attempts == ATTEMPTS && piece.version == version;
        !piece.is_dead
    }

    pub(super) fn revive(&mut self, key: &str) -> bool {
        let piece = self.pieces.entry(key.to_owned()).or_default();
        let was_dead = std::mem::take(&mut piece.is_dead);
        if was_dead {
            piece.attempts = 0;
            piece.last = None;
        }
        was_dead
    }

    pub(super) fn dead(&self) -> Vec<String> {
        let dead = self.pieces.iter().filter(|(_, piece)| piece.is_dead);
        dead.map(|(key, _)| key.clone()).collect()
    }
}
