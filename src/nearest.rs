//! "Did you mean": the known name that is closest to a wrong one.

/// The closest of `known`, if it is close enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let lower = name.to_lowercase();
    let limit = (name.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| {
            *distance <= limit || (name.len() > 2 && same_last_part(name, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

/// `otai_base:Expression` and `base:Expression` differ a lot in letters and little in meaning.
fn same_last_part(name: &str, candidate: &str) -> bool {
    match (name.rsplit_once(':'), candidate.rsplit_once(':')) {
        (Some((_, name)), Some((_, candidate))) => name.eq_ignore_ascii_case(candidate),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_close_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(
            nearest("intervall", ["interval", "steps"]).as_deref(),
            Some("interval")
        );
        assert_eq!(
            nearest("Steps", ["interval", "steps"]).as_deref(),
            Some("steps")
        );
        assert_eq!(nearest("zzz", ["interval", "steps"]), None);
        assert_eq!(
            nearest("old:Interval", ["base:Interval"]).as_deref(),
            Some("base:Interval")
        );
    }
}
