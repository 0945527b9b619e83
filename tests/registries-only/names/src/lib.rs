//! Checks of names.

treenail::plugin!();

/// Whether it begins with a capital letter.
pub fn has_capital(text: &str) -> bool {
    text.starts_with(char::is_uppercase)
}
