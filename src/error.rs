//! One error for everything that can go wrong at run time: whatever a component returned, with its context.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The result of every fallible call of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error, with the causes behind it.
///
/// Made from every [`std::error::Error`] by `?`. `{}` prints the outermost message, `{:#}` the whole chain on one line,
/// and `{:?}`, which is what `fn main() -> treenail::Result<()>` prints, the chain with one cause a line. Like
/// `anyhow::Error` it does not implement [`std::error::Error`] itself.
///
/// ```
/// fn port(text: &str) -> treenail::Result<u16> {
///     Ok(text.parse::<u16>()?)
/// }
/// let error = port("x").unwrap_err().context("port of the metrics server");
/// assert_eq!(format!("{error:#}"), "port of the metrics server: invalid digit found in string");
/// ```
///
/// `?` also makes a `Box<dyn Error + Send + Sync>` or a `Box<dyn Error>` of it; [`from_boxed`](Self::from_boxed) is the way
/// back, because a `From` would overlap with the one for every error.
///
/// ```
/// use std::error::Error;
///
/// fn legacy() -> Result<u16, Box<dyn Error + Send + Sync>> {
///     Ok("x".parse()?)
/// }
/// fn plugin() -> treenail::Result<u16> {
///     legacy().map_err(treenail::Error::from_boxed)
/// }
/// fn host() -> Result<(), Box<dyn Error + Send + Sync>> {
///     plugin()?;
///     Ok(())
/// }
/// assert_eq!(host().unwrap_err().to_string(), "invalid digit found in string");
/// ```
///
/// An error that panics while it is dropped takes nothing else down: the panic ends here, and is logged.
pub struct Error(Option<Box<dyn StdError + Send + Sync>>);

/// Of the error in an [`Error`].
const THERE: &str = "there until it is dropped";

impl Error {
    /// An error that is only its message.
    pub fn msg(message: impl fmt::Display) -> Self {
        Self::from_boxed(Box::new(Message {
            text: message.to_string(),
            cause: None,
        }))
    }

    /// An error that is boxed already, with the causes behind it.
    pub fn from_boxed(error: Box<dyn StdError + Send + Sync>) -> Self {
        Self(Some(error))
    }

    /// Puts a message in front; this error becomes its cause.
    #[must_use]
    pub fn context(self, message: impl fmt::Display) -> Self {
        Self::from_boxed(Box::new(Message {
            text: message.to_string(),
            cause: Some(self.into_boxed()),
        }))
    }

    /// The first error of type `E` in the chain, outermost first.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        self.chain().find_map(|cause| cause.downcast_ref())
    }

    /// This error and its causes, outermost first.
    pub fn chain(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        chain(self.as_std())
    }

    /// The error as a [`std::error::Error`].
    pub fn as_std(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self.0.as_deref().expect(THERE)
    }

    fn into_boxed(mut self) -> Box<dyn StdError + Send + Sync> {
        self.0.take().expect(THERE)
    }
}

impl Drop for Error {
    fn drop(&mut self) {
        let error = self.0.take();
        if let Err(message) = catch(|| drop(error)) {
            tracing::error!(message, "an error panicked while it was dropped");
        }
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::from_boxed(Box::new(error))
    }
}

impl From<Error> for Box<dyn StdError + Send + Sync> {
    fn from(error: Error) -> Self {
        error.into_boxed()
    }
}

impl From<Error> for Box<dyn StdError> {
    fn from(error: Error) -> Self {
        error.into_boxed()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return write!(f, "{}", self.as_std());
        }
        for (depth, error) in self.chain().enumerate() {
            write!(f, "{}{error}", if depth == 0 { "" } else { ": " })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_chain(f, self.as_std())
    }
}

/// An error and its causes, outermost first.
fn chain<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn StdError + 'static)| {
        (*error).source()
    })
}

/// An error and its causes, one a line.
fn write_chain(f: &mut fmt::Formatter<'_>, error: &(dyn StdError + 'static)) -> fmt::Result {
    write!(f, "{error}")?;
    for cause in chain(error).skip(1) {
        write!(f, "\n  caused by: {cause}")?;
    }
    Ok(())
}

/// Calls code that is not ours; the message of its panic, if that is how it ends.
pub(crate) fn catch<T>(code: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(code)).map_err(|panic| {
        let message = panic_message(&*panic);
        // Whatever was thrown may panic in its own `Drop`.
        if !(panic.is::<&str>() || panic.is::<String>()) {
            std::mem::forget(panic);
        }
        message
    })
}

/// The text that a panic was thrown with, if it was a text.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> Option<&str> {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
}

/// The message of a panic.
fn panic_message(panic: &(dyn Any + Send)) -> String {
    panic_text(panic).unwrap_or("(no message)").to_owned()
}

/// A panic as an error.
#[cfg(feature = "config")]
pub(crate) fn panicked(panic: &(dyn Any + Send)) -> Error {
    Error::msg(format!("panicked: {}", panic_message(panic)))
}

struct Message {
    text: String,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What a `main` that returns it in a box prints: the chain, as of an [`Error`].
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_chain(f, self)
    }
}

impl StdError for Message {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause
            .as_deref()
            .map(|cause| cause as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_printed_outermost_first() {
        let error = Error::from(std::io::Error::other("refused"))
            .context("connecting")
            .context("starting");
        assert_eq!(error.to_string(), "starting");
        assert_eq!(format!("{error:#}"), "starting: connecting: refused");
        assert_eq!(
            format!("{error:?}"),
            "starting\n  caused by: connecting\n  caused by: refused"
        );
    }

    #[test]
    fn in_a_box_it_keeps_its_words_and_its_causes_and_comes_back() {
        let error = Error::from(std::io::Error::other("refused")).context("connecting");
        let boxed: Box<dyn StdError + Send + Sync> = error.into();
        assert_eq!(format!("{boxed:?}"), "connecting\n  caused by: refused");
        let error = Error::from_boxed(boxed);
        assert_eq!(format!("{error:#}"), "connecting: refused");
        assert!(error.downcast_ref::<std::io::Error>().is_some());
        let plain: Box<dyn StdError> = error.into();
        assert_eq!(plain.to_string(), "connecting");
    }

    #[test]
    fn a_cause_is_found_by_its_type() {
        let error = Error::from(std::io::Error::other("refused")).context("connecting");
        assert!(error.downcast_ref::<std::io::Error>().is_some());
        assert!(error.downcast_ref::<fmt::Error>().is_none());
    }
}
