//! Which name was probably meant.

/// The candidate closest to what was written, if any is close enough to be a slip of the hand.
///
/// Ties go to the smaller name, so that the same mistake gets the same suggestion every time.
pub(crate) fn suggest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let folded = fold(written);
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
        // The difference in length is the least that has to be changed, and much faster to know.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
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
    name.chars()
        .map(|c| {
            if c == '-' {
                '_'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect()
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
