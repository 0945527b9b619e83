//! Filters of Jinja that the engine does not bring along, or takes in fewer forms.

use minijinja::value::{Kwargs, Rest, Value, ValueOrKwargs, from_args};
use minijinja::{Environment, Error};

/// Adds the filters to an environment.
pub(super) fn add(env: &mut Environment<'static>) {
    env.add_filter("center", center);
    env.add_filter("truncate", truncate);
    env.add_filter("wordcount", wordcount);
    env.add_filter("wordwrap", wordwrap);
}

/// The arguments of a filter, which Jinja takes by position and by name alike.
struct Arguments<'a> {
    positional: &'a [Value],
    named: Kwargs,
}

impl<'a> Arguments<'a> {
    fn of(arguments: &'a [Value]) -> Result<Self, Error> {
        let (positional, named) = from_args::<(&[Value], Kwargs)>(arguments)?;
        Ok(Self { positional, named })
    }

    fn value(&self, number: usize, name: &str) -> Result<Option<Value>, Error> {
        match self.positional.get(number) {
            Some(value) => Ok(Some(value.clone())),
            None => self.named.get(name),
        }
    }

    fn number(&self, number: usize, name: &str, default: usize) -> Result<usize, Error> {
        self.value(number, name)?
            .map_or(Ok(default), usize::try_from)
    }

    fn truth(&self, number: usize, name: &str, default: bool) -> Result<bool, Error> {
        let value = self.value(number, name)?;
        Ok(value.map_or(default, |value| value.is_true()))
    }

    fn text(&self, number: usize, name: &str, default: &str) -> Result<String, Error> {
        let value = self.value(number, name)?;
        Ok(value.map_or_else(|| default.to_owned(), |value| value.to_string()))
    }
}

/// `center(width=80)`.
fn center(text: &str, width: Option<usize>) -> String {
    // What is to be shown has an end.
    let width = width.unwrap_or(80).min(10_000);
    let missing = width.saturating_sub(text.chars().count());
    let left = missing / 2 + (missing & width & 1);
    format!("{}{text}{}", " ".repeat(left), " ".repeat(missing - left))
}

/// `truncate(length=255, killwords=false, end="...", leeway=5)`.
fn truncate(text: &str, arguments: Rest<ValueOrKwargs>) -> Result<String, Error> {
    let arguments = arguments.into_values();
    let given = Arguments::of(&arguments)?;
    let length = given.number(0, "length", 255)?;
    let cut_words = given.truth(1, "killwords", false)?;
    let end = given.text(2, "end", "...")?;
    let leeway = given.number(3, "leeway", 5)?;
    given.named.assert_all_used()?;
    if text.chars().count() <= length.saturating_add(leeway) {
        return Ok(text.to_owned());
    }
    let kept: String = text
        .chars()
        .take(length.saturating_sub(end.chars().count()))
        .collect();
    let kept = if cut_words {
        kept.as_str()
    } else {
        kept.rsplit_once(' ')
            .map_or(kept.as_str(), |(words, _)| words)
    };
    Ok(format!("{kept}{end}"))
}

/// The number of words: runs of letters, digits and underscores.
fn wordcount(text: &str) -> usize {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .count()
}

/// `wordwrap(width=79, break_long_words=true, wrapstring="\n", break_on_hyphens=true)`.
fn wordwrap(text: &Value, arguments: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let arguments = arguments.into_values();
    let given = Arguments::of(&arguments)?;
    let named = [
        ("width", Value::from(given.number(0, "width", 79)?.max(1))),
        (
            "break_long_words",
            given.truth(1, "break_long_words", true)?.into(),
        ),
        ("wrapstring", given.text(2, "wrapstring", "\n")?.into()),
        (
            "break_on_hyphens",
            given.truth(3, "break_on_hyphens", true)?.into(),
        ),
    ];
    given.named.assert_all_used()?;
    minijinja_contrib::filters::wordwrap(text, named.into_iter().collect())
}
