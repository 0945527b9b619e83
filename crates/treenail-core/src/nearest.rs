//! "Did you mean": which name was probably meant.

/// Names longer than this, in bytes, are nobody's: comparing two would take as long as the square of it.
const LONGEST: usize = 256;

/// The known name that is closest to what was written, if one is close enough to be meant.
///
/// A name of a component, `plugin:Name`, is looked for in its own plugin first, then under its own name in other plugins,
/// and then where both halves are close. Ties go to the smaller name, so that one mistake gets one suggestion.
///
/// ```
/// use treenail_core::nearest::nearest;
///
/// assert_eq!(nearest("intervall", ["interval", "steps"]).as_deref(), Some("interval"));
/// assert_eq!(nearest("mail:Clock", ["base:Clock", "mail:Box"]).as_deref(), Some("base:Clock"));
/// assert_eq!(nearest("colour", ["interval", "steps"]), None);
/// ```
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut near = None;
    for known in known {
        near = nearer(written, near, known);
    }
    near.map(|(_, known)| known.to_owned())
}

/// The one of two names that is closer to what was written, if one is close enough.
fn nearer<'a>(
    written: &str,
    before: Option<(Likeness, &'a str)>,
    known: &'a str,
) -> Option<(Likeness, &'a str)> {
    let likeness = likeness(written, known).filter(|_| known != written);
    let found = likeness.map(|likeness| (likeness, known));
    before.into_iter().chain(found).min()
}

/// How many slips of the hand lie between two names: a character too many, too few or wrong, or two neighbours swapped.
///
/// Case and the choice between `-` and `_` are the most common slips: they cost nothing.
pub fn distance(one: &str, other: &str) -> usize {
    let (one, other) = (folded(one), folded(other));
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let replaced = last[j] + usize::from(a != b);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && *b == one[i - 1] {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[other.len()]
}

/// What two names have in common, the better first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// They differ by so much, but not in their plugin, where they have one.
    Name(usize),
    /// They are names of one component in two plugins that differ by so much.
    Plugin(usize),
    /// They differ by so much in plugin and name together.
    Both(usize),
}

/// What a known name has in common with what was written, if it may be meant.
fn likeness(written: &str, known: &str) -> Option<Likeness> {
    let (Some((plugin, name)), Some((known_plugin, known_name))) = (id(written), id(known)) else {
        return slips(written, known).map(Likeness::Name);
    };
    if plugin == known_plugin {
        return slips(name, known_name).map(Likeness::Name);
    }
    if folded(name) == folded(known_name) && plugin.len().max(known_plugin.len()) <= LONGEST {
        return Some(Likeness::Plugin(distance(plugin, known_plugin)));
    }
    Some(Likeness::Both(
        slips(plugin, known_plugin)? + slips(name, known_name)?,
    ))
}

/// The halves of `plugin:Name`. A path, `a::B`, has none.
fn id(name: &str) -> Option<(&str, &str)> {
    name.split_once(':').filter(|(_, name)| !name.contains(':'))
}

/// How many slips of the hand lie between what was written and a name, if they are few enough for its length.
fn slips(written: &str, known: &str) -> Option<usize> {
    let (length, known_length) = (written.chars().count(), known.chars().count());
    // Two in three letters are many, and yet `Clk` is meant for `Clock`.
    let allowed = match length {
        0..=2 => 1,
        3..=6 => 2,
        7..=9 => 3,
        _ => 4,
    };
    if written.len() > LONGEST || length.abs_diff(known_length) > allowed {
        return None;
    }
    // A name of which nothing is left was not meant.
    Some(distance(written, known)).filter(|slips| *slips <= allowed && *slips < known_length)
}

/// A name without what makes no difference.
fn folded(name: &str) -> Vec<char> {
    let lower = name.chars().flat_map(char::to_lowercase);
    lower.map(|c| if c == '-' { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn a_slip_of_the_hand_is_one_change() {
        for (one, other, slips) in [
            ("", "", 0),
            ("", "ab", 2),
            ("HF-Local", "hf_local", 0),
            ("cat", "cart", 1),
            ("cart", "cat", 1),
            ("cat", "cut", 1),
            ("cat", "act", 1),
            ("ca", "abc", 3),
            ("kitten", "sitting", 3),
            ("Ärger", "ärgre", 1),
        ] {
            assert_eq!(distance(one, other), slips, "{one} {other}");
            assert_eq!(distance(other, one), slips, "{other} {one}");
        }
    }

    #[test]
    fn a_close_name_is_meant() {
        let meant = |written| nearest(written, ["provides", "requires", "hf-local", "Clock"]);
        assert_eq!(meant("provide").as_deref(), Some("provides"));
        assert_eq!(meant("HF_Local").as_deref(), Some("hf-local"));
        assert_eq!(meant("Clk").as_deref(), Some("Clock"));
        assert_eq!(meant("requires"), None);
    }

    #[test]
    fn something_else_altogether_is_not() {
        assert_eq!(nearest("colour", ["provides", "requires"]), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("", ["y"]), None);
        let endless = "a".repeat(300);
        assert_eq!(nearest(&endless, [&endless[1..]]), None);
    }

    #[test]
    fn ties_go_to_the_smaller_name() {
        assert_eq!(nearest("bat", ["rat", "cat"]).as_deref(), Some("cat"));
    }

    #[test]
    fn a_component_is_looked_for_in_its_plugin_first() {
        let known = ["alpha:Clock", "alpha:Disk", "beta:Disc", "beta:Two"];
        let meant = |id| nearest(id, known);
        assert_eq!(meant("alpha:Disc").as_deref(), Some("alpha:Disk"));
        assert_eq!(meant("beta:Clock").as_deref(), Some("alpha:Clock"));
        assert_eq!(meant("other:clock").as_deref(), Some("alpha:Clock"));
        assert_eq!(meant("alhpa:Clok").as_deref(), Some("alpha:Clock"));
        assert_eq!(meant("beta:Fuor"), None);
        assert_eq!(meant("Clock"), None);
    }

    #[test]
    fn a_path_is_a_name_like_any_other() {
        assert_eq!(nearest("api::Cache", ["other::Cache"]), None);
        assert_eq!(
            nearest("api::Cach", ["api::Cache"]).as_deref(),
            Some("api::Cache")
        );
    }
}
