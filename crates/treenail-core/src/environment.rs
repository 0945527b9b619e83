//! How a name reads in a variable of the environment.

/// The name as a variable of the environment has it: every sign that is no letter or digit is a `_`, and case makes no
/// difference. It has as many characters as the name.
///
/// ```
/// use treenail_core::environment::spelling;
///
/// assert_eq!(spelling("hf-local:Model"), "HF_LOCAL_MODEL");
/// assert_eq!(spelling("base_url"), spelling("BASE-URL"));
/// ```
pub fn spelling(name: &str) -> String {
    let sign = |sign: char| {
        let mut upper = sign.to_uppercase();
        match (upper.next(), upper.next()) {
            _ if !sign.is_alphanumeric() => '_',
            (Some(upper), None) => upper,
            // One letter stays one.
            _ => sign,
        }
    };
    name.chars().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::spelling;

    #[test]
    fn a_spelling_has_as_many_characters_as_the_name() {
        for (name, expected) in [
            ("", ""),
            ("a.b c", "A_B_C"),
            ("__", "__"),
            ("stra\u{df}e", "STRA\u{df}E"),
            ("\u{e4}1", "\u{c4}1"),
        ] {
            assert_eq!(spelling(name), expected);
            assert_eq!(spelling(name).chars().count(), name.chars().count());
        }
    }
}
