//! Filters of Jinja that the engine does not bring along, or takes in fewer forms, or makes more of than it pays for.

use minijinja::value::{Kwargs, Rest, Value, ValueOrKwargs, from_args};
use minijinja::{Environment, Error, State};

use super::bounds::{pay, size};

/// Adds the filters to an environment.
pub(super) fn add(env: &mut Environment<'static>) {
    env.add_filter("batch", batch);
    env.add_filter("center", center);
    env.add_filter("format", format_all);
    env.add_filter("pprint", pprint);
    env.add_filter("sum", sum);
    env.add_filter("tojson", tojson);
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

/// `batch(count, fill_with=none)`. What fills the last list is in no value before.
fn batch(
    state: &State<'_, '_>,
    values: Value,
    count: usize,
    fill_with: Option<Value>,
) -> Result<Value, Error> {
    if fill_with.is_some() {
        pay(state, count.saturating_mul(size_of::<Value>()))?;
    }
    minijinja::filters::batch(state, values, count, fill_with)
}

/// `center(width=80)`.
fn center(state: &State<'_, '_>, text: &str, width: Option<usize>) -> Result<String, Error> {
    let width = width.unwrap_or(80);
    pay(state, width)?;
    let missing = width.saturating_sub(text.chars().count());
    let left = missing / 2 + (missing & width & 1);
    let right = missing - left;
    Ok(format!("{}{text}{}", " ".repeat(left), " ".repeat(right)))
}

/// `format(*args, **kwargs)`, with the marks of C.
fn format_all(
    state: &mut State<'_, '_>,
    text: &Value,
    arguments: Rest<ValueOrKwargs>,
) -> Result<Value, Error> {
    let marks = text.as_str().map_or(0, |text| text.matches('%').count());
    pay_for_marks(state, marks, arguments.iter().map(|argument| &**argument))?;
    minijinja::filters::format(state, text, arguments)
}

/// Pays for a text with so many marks: each may be replaced by as much as there is.
pub(super) fn pay_for_marks<'v>(
    state: &mut State<'_, '_>,
    marks: usize,
    arguments: impl IntoIterator<Item = &'v Value>,
) -> Result<(), Error> {
    for argument in arguments {
        let bytes = size(state, argument)?.bytes;
        pay(state, bytes.saturating_mul(marks))?;
    }
    Ok(())
}

/// `pprint()`.
pub(super) fn pprint(state: &mut State<'_, '_>, value: &Value) -> Result<String, Error> {
    pay_for_lines(state, value, 4)?;
    let text = minijinja::filters::pprint(value);
    pay(state, text.len())?;
    Ok(text)
}

/// Pays for writing each value inside this one on a line of its own, as far to the right as it is deep.
fn pay_for_lines(state: &mut State<'_, '_>, value: &Value, indent: usize) -> Result<(), Error> {
    let size = size(state, value)?;
    let width = indent.saturating_mul(size.levels).saturating_add(1);
    pay(state, size.bytes.saturating_mul(width))
}

/// `sum(attribute=none, start=0)`.
fn sum(
    state: &mut State<'_, '_>,
    values: Value,
    attribute: Option<&str>,
    start: Option<Value>,
    named: Kwargs,
) -> Result<Value, Error> {
    let first = match &start {
        Some(start) => Some(start.clone()),
        None => named.get("start")?,
    };
    // Texts and lists are copied for each one that is added.
    if first.is_some_and(|first| !first.is_number()) {
        let bytes = size(state, &values)?.bytes / 64;
        pay(
            state,
            bytes.saturating_mul(values.len().unwrap_or_default()),
        )?;
    }
    minijinja::filters::sum(state, values, attribute, start, named)
}

/// `tojson(indent=none)`.
fn tojson(
    state: &mut State<'_, '_>,
    value: &Value,
    indent: Option<Value>,
    named: Kwargs,
) -> Result<Value, Error> {
    let given = match &indent {
        Some(indent) => Some(indent.clone()),
        None => named.get::<Option<Value>>("indent")?,
    };
    let width = given.map_or(0, |given| usize::try_from(given).unwrap_or(2));
    pay_for_lines(state, value, width)?;
    let text = minijinja::filters::tojson(value, indent, named)?;
    pay(state, text.as_str().map_or(0, str::len))?;
    Ok(text)
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
fn wordwrap(
    state: &State<'_, '_>,
    text: &Value,
    arguments: Rest<ValueOrKwargs>,
) -> Result<Value, Error> {
    let arguments = arguments.into_values();
    let given = Arguments::of(&arguments)?;
    let between = given.text(2, "wrapstring", "\n")?;
    // Each letter may come to stand on a line of its own, and finding the lines is slow.
    let letters = text.as_str().map_or(0, str::len);
    pay(state, letters.saturating_mul(between.len().max(32)))?;
    let named = [
        ("width", Value::from(given.number(0, "width", 79)?.max(1))),
        (
            "break_long_words",
            given.truth(1, "break_long_words", true)?.into(),
        ),
        ("wrapstring", between.into()),
        (
            "break_on_hyphens",
            given.truth(3, "break_on_hyphens", true)?.into(),
        ),
    ];
    given.named.assert_all_used()?;
    minijinja_contrib::filters::wordwrap(text, named.into_iter().collect())
}
