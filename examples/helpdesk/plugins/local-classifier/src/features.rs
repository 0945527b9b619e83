//! What a model sees of a text: words, and pieces of long ones.

use std::collections::{BTreeMap, BTreeSet};

/// From so many letters on, a word is seen in pieces too: German writes `Netzwerkverbindung` where
/// the table may have `Netzwerk` and `Verbindung`.
const LONG: usize = 5;
/// How long those pieces are.
const PIECE: usize = 4;

/// Words that say nothing about what a text is about.
const STOP_WORDS: &[&str] = &[
    "a", "am", "an", "and", "are", "as", "at", "auf", "be", "been", "bei", "but", "by", "can",
    "das", "dass", "dem", "den", "der", "des", "die", "do", "does", "ein", "eine", "einen",
    "einer", "er", "es", "for", "from", "für", "had", "has", "have", "i", "ich", "if", "im", "in",
    "is", "ist", "it", "its", "kann", "me", "mein", "meine", "mit", "my", "nach", "noch", "not",
    "of", "on", "or", "our", "sein", "sich", "sie", "sind", "so", "that", "the", "their", "there",
    "they", "this", "to", "und", "uns", "unser", "unsere", "us", "von", "war", "was", "we", "were",
    "wir", "with", "would", "you", "your", "zu", "zum",
];

/// The features of a text, in its order and as often as they occur.
pub(crate) fn features(text: &str) -> Vec<String> {
    let lowered = text.to_lowercase();
    let words = lowered
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && STOP_WORDS.binary_search(word).is_err());
    let mut features = Vec::new();
    for word in words {
        features.push(word.to_owned());
        let letters: Vec<char> = word.chars().collect();
        if letters.len() >= LONG {
            // Marked, so that a piece is not taken for a word.
            let pieces = letters
                .windows(PIECE)
                .map(|piece| format!("~{}", String::from_iter(piece)));
            features.extend(pieces);
        }
    }
    features
}

/// The features that a model knows, numbered.
pub(crate) struct Vocabulary {
    numbers: BTreeMap<String, usize>,
}

impl Vocabulary {
    /// Every feature that occurs in at least one of the texts.
    pub(crate) fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let all: BTreeSet<String> = texts.into_iter().flat_map(features).collect();
        let numbers = all.into_iter().zip(0..).collect();
        Self { numbers }
    }

    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The numbers of the features of the text that are known, as often as they occur.
    pub(crate) fn known(&self, text: &str) -> Vec<usize> {
        let known = |feature: String| self.numbers.get(&feature).copied();
        features(text).into_iter().filter_map(known).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_sorted_because_they_are_searched_by_halves() {
        assert!(STOP_WORDS.is_sorted());
    }

    #[test]
    fn words_are_lower_case_and_long_ones_come_in_pieces_too() {
        assert_eq!(features("The VPN is DOWN!"), ["vpn", "down"]);
        assert_eq!(features("Netz-Teile"), ["netz", "teile", "~teil", "~eile"]);
        assert_eq!(features("Über-ÖL"), ["über", "öl"]);
        assert!(features(" \n ;;").is_empty());
    }
}
