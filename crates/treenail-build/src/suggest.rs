//! Which name was probably meant.

/// More bytes than a name has that people write: comparing two such would take as long as the square of it.
const LONGEST: usize = 256;

/// The candidate closest to what was written, if any is close enough to be a slip of the hand.
///
/// Ties go to the smaller name, so that the same mistake gets the same suggestion every time.
pub(crate) fn suggest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    if written.len() > LONGEST {
        return None;
    }
    let folded = fold(written);
    let letters = Letters::of(&folded);
    let length = written.chars().count();
    // Two slips in a name of three letters are many, and yet `Clk` is meant for `Clock`.
    let allowed = if length == 3 {
        2
    } else {
        length.div_ceil(3).clamp(1, 4)
    };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let limit = best.map_or(allowed, |(distance, _)| distance);
        // The letters alone tell the least that has to be changed, and much faster than the distance.
        if candidate == written || !letters.may_be(candidate, limit) {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&folded, &fold(candidate));
        let near = distance <= limit && distance < candidate.chars().count();
        if near && best.is_none_or(|best| (distance, candidate) < best) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

/// The component that was probably meant by an id, `plugin:Name`: one of the same plugin with a name that is close enough,
/// or one of this name of another plugin, or one that differs by two slips of the hand as a whole.
pub(crate) fn suggest_component<'a>(
    id: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    let Some((plugin, name)) = id.split_once(':') else {
        return suggest(id, known);
    };
    let parts = || {
        known
            .clone()
            .into_iter()
            .filter_map(|id| id.split_once(':'))
    };
    let names = parts()
        .filter(|(of, _)| *of == plugin)
        .map(|(_, name)| name);
    if let Some(name) = suggest(name, names) {
        return Some(format!("{plugin}:{name}"));
    }
    let plugins = parts().filter(|(_, one)| *one == name).map(|(of, _)| of);
    let plugins = plugins.filter(|of| of.len().max(plugin.len()) <= LONGEST);
    let nearest = plugins.min_by_key(|of| (strsim::damerau_levenshtein(of, plugin), *of));
    match nearest.filter(|of| *of != plugin) {
        Some(of) => Some(format!("{of}:{name}")),
        None => slip(id, known),
    }
}

/// The letters of a name.
struct Letters {
    /// Which there are, with those that fall together.
    set: u64,
    /// How often each stands there, with those that fall together.
    count: [u16; 128],
    /// How many there are.
    length: usize,
}

impl Letters {
    fn of(folded: &str) -> Self {
        let mut count = [0; 128];
        folded.chars().for_each(|c| count[Self::place(c)] += 1);
        Self {
            set: Self::set(folded),
            count,
            length: folded.chars().count(),
        }
    }

    fn place(c: char) -> usize {
        c as usize % 128
    }

    fn set(name: &str) -> u64 {
        name.chars()
            .fold(0, |set, c| set | 1 << (folded(c) as u32 % u64::BITS))
    }

    /// Whether another name can be made of this one by so many changes, as far as its letters tell: each has to be put in,
    /// taken out or replaced.
    fn may_be(&self, other: &str, changes: usize) -> bool {
        let set = Self::set(other);
        let (gone, new) = (self.set & !set, set & !self.set);
        if gone.count_ones().max(new.count_ones()) as usize > changes {
            return false;
        }
        let mut count = self.count;
        let (mut left, mut added) = (self.length, 0);
        for c in other.chars() {
            let count = &mut count[Self::place(folded(c))];
            match count.checked_sub(1) {
                Some(less) => (*count, left) = (less, left - 1),
                None => added += 1,
            }
        }
        left.max(added) <= changes
    }
}

/// The candidate that differs from what was written by at most two slips of the hand.
pub(crate) fn slip<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    if written.len() > LONGEST {
        return None;
    }
    let folded = fold(written);
    let letters = Letters::of(&folded);
    let near = candidates.into_iter().filter(|candidate| {
        letters.may_be(candidate, 2) && strsim::damerau_levenshtein(&folded, &fold(candidate)) <= 2
    });
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
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::{Letters, fold, suggest, suggest_component};

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

    proptest! {
        #[test]
        fn letters_never_hide_a_name_that_is_near(one in "[a-cA-Cß_-]{0,6}", other in "[a-dA-Cé_-]{0,6}") {
            let distance = strsim::damerau_levenshtein(&fold(&one), &fold(&other));
            prop_assert!(Letters::of(&fold(&one)).may_be(&other, distance));
        }

        #[test]
        fn what_is_found_is_the_nearest_name(written in "[a-c]{1,5}", mut names in vec("[a-d]{1,5}", 0..6)) {
            names.retain(|name| *name != written);
            let distance = |name: &String| strsim::damerau_levenshtein(&written, name);
            let nearest = names.iter().min_by_key(|name| (distance(name), (*name).clone()));
            if let Some(found) = suggest(&written, names.iter().map(String::as_str)) {
                let known = names.iter().filter(|name| distance(name) < name.chars().count());
                prop_assert_eq!(Some(&found), known.min_by_key(|name| (distance(name), (*name).clone())));
            } else if let Some(nearest) = nearest {
                prop_assert!(distance(nearest) > 1 || nearest.len() <= distance(nearest));
            }
        }
    }

    #[test]
    fn a_component_is_looked_for_in_its_plugin_first() {
        let known = ["alpha:Clock", "alpha:Disk", "beta:Disc", "beta:Two"];
        let meant = |id| suggest_component(id, known);
        assert_eq!(meant("alpha:Disc").as_deref(), Some("alpha:Disk"));
        assert_eq!(meant("beta:Clock").as_deref(), Some("alpha:Clock"));
        assert_eq!(meant("alhpa:Clok").as_deref(), Some("alpha:Clock"));
        assert_eq!(meant("beta:Fuor"), None);
        assert_eq!(meant("Clock"), None);
    }

    #[test]
    fn ties_go_to_the_smaller_name() {
        assert_eq!(suggest("bat", ["rat", "cat"]).as_deref(), Some("cat"));
    }
}
