//! Ways to read a text: as it stands, and with the escapes of other notations undone, inside each other too. Nothing is
//! copied: every letter is undone where it is asked for.

/// A notation that writes some letters in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// `\"`, `\n`, `\/`, `\u0026`, `\u{fc}`, `\xfc`: JSON, YAML, and what `Debug` prints.
    Backslash,
    /// `%2F`, as in URLs.
    Percent,
    /// `%2F`, and `+` for a blank, as in forms.
    Form,
    /// `&amp;`, `&#38;`, `&#x26;`: HTML and XML.
    Entity,
}

/// So many notations are undone inside each other.
const DEEPEST: usize = 3;

/// Longer than any escape that is cut off in the middle.
const LONGEST_ESCAPE: usize = 12;

/// One way to read a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'t> {
    text: &'t str,
    /// What is undone; that on the outside is undone first.
    escapes: [Option<Escape>; DEEPEST],
}

/// A letter of a reading.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    pub(super) letter: char,
    /// Where the next one begins in the text.
    pub(super) after: usize,
    /// Whether the last of the escapes was undone for it.
    pub(super) undone: bool,
}

impl<'t> Reading<'t> {
    /// The text as it stands.
    pub(super) fn plain(text: &'t str) -> Self {
        Self {
            text,
            escapes: [None; DEEPEST],
        }
    }

    /// Whether it is the text as it stands.
    pub(super) fn is_plain(&self) -> bool {
        self.escapes[0].is_none()
    }

    /// Where the text ends.
    pub(super) fn end(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing follows here, or at most the beginning of an escape.
    pub(super) fn ends_at(&self, at: usize) -> bool {
        let rest = &self.text[at..];
        rest.is_empty()
            || (rest.len() < LONGEST_ESCAPE
                && Escape::ALL
                    .iter()
                    .any(|escape| rest.starts_with(escape.mark())))
    }

    /// This reading with another notation undone; `None`: that is deep enough.
    pub(super) fn undoing(mut self, escape: Escape) -> Option<Self> {
        *self.escapes.iter_mut().find(|undone| undone.is_none())? = Some(escape);
        Some(self)
    }

    /// The letter that begins at this place of the text.
    pub(super) fn letter(&self, at: usize) -> Option<Letter> {
        let escapes = self.escapes.iter().take_while(|escape| escape.is_some());
        letter(self.text, &self.escapes[..escapes.count()], at)
    }
}

fn letter(text: &str, escapes: &[Option<Escape>], at: usize) -> Option<Letter> {
    let Some((last, inner)) = escapes.split_last() else {
        let letter = text[at..].chars().next()?;
        return Some(Letter {
            letter,
            after: at + letter.len_utf8(),
            undone: false,
        });
    };
    let next = |at| letter(text, inner, at).map(|inner| (inner.letter, inner.after));
    let (first, after) = next(at)?;
    let undone = last.and_then(|escape| escape.undone(first, after, &next));
    let (letter, after) = undone.unwrap_or((first, after));
    Some(Letter {
        letter,
        after,
        undone: undone.is_some(),
    })
}

/// Gives the letter at a place, and the place of the one after it.
type NextLetter<'n> = &'n dyn Fn(usize) -> Option<(char, usize)>;

impl Escape {
    pub(super) const ALL: [Self; 4] = [Self::Backslash, Self::Percent, Self::Form, Self::Entity];

    /// The letter without which nothing is to be undone, or nothing that another notation does not undo as well.
    pub(super) fn mark(self) -> char {
        match self {
            Self::Backslash => '\\',
            Self::Percent => '%',
            Self::Form => '+',
            Self::Entity => '&',
        }
    }

    /// What is written by an escape that begins with `first`; `None`: it is none.
    fn undone(self, first: char, after: usize, next: NextLetter<'_>) -> Option<(char, usize)> {
        match (self, first) {
            (Self::Backslash, '\\') => backslash(after, next),
            (Self::Form, '+') => Some((' ', after)),
            (Self::Percent | Self::Form, '%') => {
                encoded(after, next, &|at| hex(at, next, 2), &['%'])
            }
            (Self::Entity, '&') => entity(after, next),
            _ => None,
        }
    }
}

/// Behind a backslash.
fn backslash(at: usize, next: NextLetter<'_>) -> Option<(char, usize)> {
    let (kind, after) = next(at)?;
    let letter = match kind {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'e' => '\u{1b}',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'u' => return unicode(after, next),
        'U' => {
            let (number, after) = hex(after, next, 8)?;
            return Some((char::from_u32(number)?, after));
        }
        'x' => return encoded(after, next, &|at| hex(at, next, 2), &['\\', 'x']),
        sign if sign.is_ascii_punctuation() => sign,
        _ => return None,
    };
    Some((letter, after))
}

/// Behind `\u`: four digits, twice for what needs it, or any number of them in braces.
fn unicode(at: usize, next: NextLetter<'_>) -> Option<(char, usize)> {
    if let ('{', mut at) = next(at)? {
        let mut number = 0;
        loop {
            let (digit, after) = next(at)?;
            at = after;
            if digit == '}' {
                return Some((char::from_u32(number)?, at));
            }
            number = number.checked_mul(16)? + digit.to_digit(16)?;
        }
    }
    let (high, at) = hex(at, next, 4)?;
    if !(0xd800..0xdc00).contains(&high) {
        return Some((char::from_u32(high)?, at));
    }
    let at = behind(&['\\', 'u'], at, next)?;
    let (low, at) = hex(at, next, 4)?;
    let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    Some((
        char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + low)?,
        at,
    ))
}

/// A letter as its bytes in UTF-8, each but the first one behind these signs. A byte that is none of UTF-8 is one of Latin-1.
fn encoded(
    at: usize,
    next: NextLetter<'_>,
    byte: &dyn Fn(usize) -> Option<(u32, usize)>,
    signs: &[char],
) -> Option<(char, usize)> {
    let (first, after) = byte(at)?;
    let mut bytes = vec![u8::try_from(first).ok()?];
    let length = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    let mut at = after;
    while bytes.len() < length
        && let Some((more, after)) = behind(signs, at, next).and_then(byte)
    {
        bytes.push(u8::try_from(more).ok()?);
        at = after;
    }
    let letter = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| text.chars().next());
    Some(letter.map_or((char::from(bytes[0]), after), |letter| (letter, at)))
}

/// Behind `&`: a name or a number, up to the semicolon.
fn entity(mut at: usize, next: NextLetter<'_>) -> Option<(char, usize)> {
    let mut name = String::new();
    loop {
        let (letter, after) = next(at)?;
        at = after;
        match letter {
            ';' => break,
            _ if name.len() < 8 && (letter.is_ascii_alphanumeric() || letter == '#') => {
                name.push(letter);
            }
            _ => return None,
        }
    }
    let letter = match name.as_str() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        name => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)?
        }
    };
    Some((letter, at))
}

/// The place behind these signs.
fn behind(signs: &[char], at: usize, next: NextLetter<'_>) -> Option<usize> {
    signs.iter().try_fold(at, |at, sign| {
        let (letter, after) = next(at)?;
        (letter == *sign).then_some(after)
    })
}

/// A number of so many digits, and the place behind it.
fn hex(at: usize, next: NextLetter<'_>, digits: usize) -> Option<(u32, usize)> {
    (0..digits).try_fold((0, at), |(number, at), _| {
        let (letter, after) = next(at)?;
        Some((number * 16 + letter.to_digit(16)?, after))
    })
}
