//! What is looked for in texts, and where a text shows it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::reading::{Escape, Reading};

/// Values that no text shall show.
#[derive(Default)]
pub(super) struct Needles {
    /// By their first two letters, in lower case.
    by_start: BTreeMap<(char, char), Vec<Needle>>,
    /// Which ASCII letters are the first of one: a quick look for the many places where none begins.
    firsts: u128,
}

/// One form of a value.
struct Needle {
    value: Arc<str>,
    /// The value, or a line of it.
    part: Range<usize>,
    form: Encoding,
    /// Whether a beginning counts, where something was cut off.
    cut: bool,
}

/// How a value may be written. What is an escape of single letters is none of these: it is undone in the text.
#[derive(Clone, Copy)]
enum Encoding {
    Plain,
    /// `68756e74`
    Hex,
    /// `104, 117, 110, 116`: bytes, as `Debug` prints them.
    Numbers,
    /// Base64 with this alphabet, where the value begins so many bytes after the first of a group of three.
    Base64(&'static [u8; 64], usize),
}

/// A shorter value is not looked for.
const SHORTEST: usize = 3;

/// What is at least so long is found in whatever case, with other blanks between its letters, and where only its larger
/// half is there: by chance nothing looks like it.
const LONG: usize = 8;

pub(super) const STANDARD: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
pub(super) const FOR_URLS: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const FORMS: [Encoding; 9] = [
    Encoding::Plain,
    Encoding::Hex,
    Encoding::Numbers,
    Encoding::Base64(STANDARD, 0),
    Encoding::Base64(STANDARD, 1),
    Encoding::Base64(STANDARD, 2),
    Encoding::Base64(FOR_URLS, 0),
    Encoding::Base64(FOR_URLS, 1),
    Encoding::Base64(FOR_URLS, 2),
];

impl Needles {
    /// Looks for this value too, and for every line of it by itself.
    pub(super) fn add(&mut self, value: &str, cut: bool) {
        let value: Arc<str> = value.trim().into();
        let mut parts = Vec::new();
        if value.chars().count() >= SHORTEST {
            parts.push(0..value.len());
        }
        let mut start = 0;
        for line in value.split_inclusive('\n') {
            let is_all = line.len() == value.len();
            // The frame of a key in PEM is the same for all of them.
            if !is_all && letters(line) >= LONG && !line.starts_with("-----") {
                parts.push(start..start + line.trim_end().len());
            }
            start += line.len();
        }
        for part in parts {
            for form in FORMS {
                let needle = Needle {
                    value: Arc::clone(&value),
                    part: part.clone(),
                    form,
                    cut,
                };
                if let Some(start) = needle.start() {
                    self.firsts |= bit(start.0);
                    self.by_start.entry(start).or_default().push(needle);
                }
            }
        }
    }

    /// Looks for this value no more.
    pub(super) fn remove(&mut self, value: &str) {
        self.by_start.retain(|_, needles| {
            needles.retain(|needle| *needle.value != *value.trim());
            !needles.is_empty()
        });
    }

    /// Where a text shows any of them, in whatever notation; in the order of the text, none touching another. Of a text that
    /// was cut off, its end may show the beginning of one.
    pub(super) fn shown(&self, text: &str, cut_off: bool) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if !self.by_start.is_empty() {
            self.search(Reading::plain(text), cut_off, &mut found);
        }
        joined(found)
    }

    /// Looks through a reading, and through those with one more escape undone.
    fn search(&self, reading: Reading<'_>, cut_off: bool, found: &mut Vec<Range<usize>>) {
        let mut marks = Escape::ALL.map(|escape| (escape, false));
        let mut undone = false;
        let mut before = None;
        let mut at = 0;
        while let Some(next) = reading.letter(at) {
            let letter = next.letter;
            undone |= next.undone;
            if letter.is_ascii_punctuation() {
                for (escape, seen) in &mut marks {
                    *seen |= escape.mark() == letter;
                }
            }
            if !letter.is_whitespace() {
                let letter = lower(letter);
                if let Some((first, start)) = before
                    && self.firsts & bit(first) != 0
                    && let Some(needles) = self.by_start.get(&(first, letter))
                {
                    let ends = needles
                        .iter()
                        .filter_map(|needle| needle.end(reading, start, cut_off));
                    found.extend(ends.max().map(|end| start..end));
                }
                before = Some((letter, at));
            }
            at = next.after;
        }
        // Where nothing was undone, it is the reading around this one once more.
        let as_it_stands = reading.is_plain();
        for (escape, _) in marks
            .iter()
            .filter(|(_, seen)| *seen && (undone || as_it_stands))
        {
            if let Some(reading) = reading.undoing(*escape) {
                self.search(reading, cut_off, found);
            }
        }
    }
}

impl Needle {
    fn text(&self) -> &str {
        &self.value[self.part.clone()]
    }

    /// Whether it is found in more texts than those that have it letter by letter.
    fn is_long(&self) -> bool {
        let text = self.text();
        match self.form {
            Encoding::Plain => letters(text) >= LONG,
            Encoding::Hex | Encoding::Numbers => true,
            Encoding::Base64(..) => text.len() >= LONG,
        }
    }

    /// The letters to be found, one after the other.
    fn letters(&self) -> Box<dyn Iterator<Item = char> + '_> {
        let text = self.text();
        match self.form {
            Encoding::Plain if letters(text) >= LONG => {
                Box::new(text.chars().filter(|letter| !letter.is_whitespace()))
            }
            Encoding::Plain => Box::new(text.trim().chars()),
            Encoding::Hex => {
                let digit = |digit: u8| char::from_digit(digit.into(), 16).unwrap_or_default();
                let digits = move |byte: u8| [digit(byte >> 4), digit(byte & 15)];
                Box::new(text.bytes().flat_map(digits))
            }
            Encoding::Numbers => {
                let numbers = text.bytes().enumerate().map(|(index, byte)| match index {
                    0 => byte.to_string(),
                    _ => format!(",{byte}"),
                });
                Box::new(numbers.flat_map(|number| number.chars().collect::<Vec<_>>()))
            }
            Encoding::Base64(alphabet, skipped) => {
                Box::new(base64(text.as_bytes(), alphabet, skipped))
            }
        }
    }

    /// The first two letters, by which it is found; `None` where the form is too short, or one of the others.
    fn start(&self) -> Option<(char, char)> {
        let fits = match self.form {
            Encoding::Plain | Encoding::Numbers => true,
            Encoding::Hex => self.text().len() > SHORTEST,
            Encoding::Base64(alphabet, _) => {
                let differs = |letter: char| matches!(letter, '-' | '_');
                self.letters().count() > SHORTEST
                    && (alphabet == STANDARD || self.letters().any(differs))
            }
        };
        let mut letters = self
            .letters()
            .filter(|letter| fits && !letter.is_whitespace());
        Some((lower(letters.next()?), lower(letters.next()?)))
    }

    /// Where it ends in a reading, if it begins at this place.
    fn end(&self, reading: Reading<'_>, start: usize, cut_off: bool) -> Option<usize> {
        let long = self.is_long();
        let any_case = long && !matches!(self.form, Encoding::Base64(..));
        let mut wanted = self.letters().peekable();
        let (mut at, mut end, mut found) = (start, start, 0);
        while let Some(letter) = wanted.peek().copied()
            && let Some(next) = reading.letter(at)
        {
            at = next.after;
            let is_it = next.letter == letter
                || (any_case && lower(next.letter) == lower(letter))
                || (next.letter.is_whitespace() && letter.is_whitespace());
            if is_it {
                wanted.next();
                (end, found) = (at, found + 1);
            } else if !(long && next.letter.is_whitespace()) {
                break;
            }
        }
        let missing = wanted.count();
        let most = self.cut && long && found >= LONG && found >= missing;
        if cut_off && found >= SHORTEST && reading.ends_at(end) {
            return Some(reading.end());
        }
        if missing == 0
            && let Encoding::Base64(alphabet, skipped) = self.form
        {
            // A last letter may hold the end of the value, and then the padding comes.
            let is_shared = !((skipped + self.text().len()) * 8).is_multiple_of(6);
            let mut more = is_shared.then_some(alphabet.as_slice());
            while let Some(next) = reading.letter(end) {
                let shared = more.take().unwrap_or(b"=");
                if !shared
                    .iter()
                    .any(|letter| char::from(*letter) == next.letter)
                {
                    break;
                }
                end = next.after;
            }
        }
        (missing == 0 || most).then_some(end)
    }
}

/// The letters of Base64 that these bytes decide alone, whatever stands before and behind them.
fn base64<'b>(
    bytes: &'b [u8],
    alphabet: &'static [u8; 64],
    skipped: usize,
) -> impl Iterator<Item = char> + 'b {
    let byte = move |at: usize| {
        at.checked_sub(skipped)
            .and_then(|at| bytes.get(at))
            .copied()
    };
    let byte = move |at: usize| usize::from(byte(at).unwrap_or_default());
    let letters = (skipped * 8).div_ceil(6)..(skipped + bytes.len()) * 8 / 6;
    letters.map(move |letter| {
        let (at, bit) = (letter * 6 / 8, letter * 6 % 8);
        let two = (byte(at) << 8) | byte(at + 1);
        char::from(alphabet[(two >> (10 - bit)) & 63])
    })
}

/// How many letters a text has, without blanks.
fn letters(text: &str) -> usize {
    text.chars()
        .filter(|letter| !letter.is_whitespace())
        .count()
}

fn lower(letter: char) -> char {
    if letter.is_ascii() {
        letter.to_ascii_lowercase()
    } else {
        letter.to_lowercase().next().unwrap_or(letter)
    }
}

/// The bit of a first letter; what is not ASCII shares all of them.
fn bit(letter: char) -> u128 {
    if letter.is_ascii() {
        1 << u32::from(letter)
    } else {
        u128::MAX
    }
}

/// Places in the order of the text, with those put together that overlap or touch.
pub(super) fn joined(mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.sort_by_key(|place| place.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for place in places {
        match joined.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => joined.push(place),
        }
    }
    joined
}
