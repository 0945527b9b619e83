//! Which name was probably meant.

/// The candidate closest to what was written, if any is close enough to be a slip of the hand.
///
/// Ties go to the smaller name, so that the same mistake gets the same suggestion every time.
pub(crate) fn suggest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let folded = fold(written);
    let letters = Letters::of(&folded);
    let length = written.chars().count();
    // Two slips in a name of three letters are many, and yet `Clk` is meant for `Clock`.
    let allowed = if length == 3 {
        2
    } else {
        length.div_ceil(3).clamp(1, 4)
    };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != written)
        // The letters alone tell the least that has to be changed, and much faster than the distance.
        .filter(|candidate| letters.missing_in(candidate) <= allowed)
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&folded, &fold(candidate)),
                candidate,
            )
        })
        .filter(|(distance, candidate)| {
            *distance <= allowed && *distance < candidate.chars().count()
        })
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

/// How often each letter stands in a name; of letters that are not ASCII, how many there are.
struct Letters([i16; 128]);

impl Letters {
    fn of(folded: &str) -> Self {
        let mut count = [0; 128];
        folded.chars().for_each(|c| count[Self::place(c)] += 1);
        Self(count)
    }

    fn place(c: char) -> usize {
        if c.is_ascii() { c as usize } else { 0 }
    }

    /// How many letters have to be put in, taken out or replaced at least to make another name of this one.
    fn missing_in(&self, other: &str) -> usize {
        let mut count = self.0;
        other
            .chars()
            .for_each(|c| count[Self::place(folded(c))] -= 1);
        let left = count.iter().filter(|left| **left > 0);
        let left: i16 = left.sum();
        let added: i16 = count.iter().filter(|left| **left < 0).sum();
        usize::from(left.max(-added).unsigned_abs())
    }
}

/// The candidate that differs from what was written by at most two slips of the hand.
pub(crate) fn slip<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let near = candidates
        .into_iter()
        .filter(|candidate| strsim::damerau_levenshtein(&fold(written), &fold(candidate)) <= 2);
    suggest(written, near)
}

/// Case and the choice between `-` and `_` are the most common slips: they cost nothing.
fn fold(name: &str) -> String {
    name.chars().map(folded).collect()
}

fn folded(c: char) -> char {
    if c == '-' {
        '_'
    } else {
        c.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn a_slip_is_recognised() {
        assert_eq!(
            suggest("provide", ["provides", "requires"]).as_deref(),
            Some("provides")
        );
        assert_eq!(
            suggest("HF_Local", ["hf-local", "zammad"]).as_deref(),
            Some("hf-local")
        );
    }

    #[test]
    fn something_else_altogether_is_not() {
        assert_eq!(suggest("colour", ["provides", "requires"]), None);
        assert_eq!(suggest("x", ["y"]), None);
        assert_eq!(suggest("", ["y"]), None);
    }

    #[test]
    fn ties_go_to_the_smaller_name() {
        assert_eq!(suggest("bat", ["rat", "cat"]).as_deref(), Some("cat"));
    }
}
