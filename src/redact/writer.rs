//! A writer between a log and its file.

use std::fmt;
use std::io::{self, Write};

use super::redactor::Redactor;

/// Takes the secrets of an application out of what is written, line by line; made by [`Redactor::writer`].
///
/// A line is kept until it is whole, so that no secret is cut in two. [`flush`](Write::flush) and dropping the writer write
/// what there is.
///
/// ```
/// use std::io::Write;
///
/// let redactor = treenail::Redactor::default();
/// redactor.learn("opensesame");
/// let mut log = Vec::new();
/// writeln!(redactor.writer(&mut log), "the password is opensesame")?;
/// assert_eq!(log, b"the password is ***\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct RedactingWriter<W: Write> {
    inner: W,
    redactor: Redactor,
    /// What has been written of a line.
    line: Vec<u8>,
}

impl Redactor {
    /// A writer that takes the secrets out of whole lines, for a log.
    ///
    /// A subscriber of the crate `tracing-subscriber` takes it in a closure. Made before there is a configuration, it
    /// learns of the secrets when a configuration is checked that was given it:
    ///
    /// ```
    /// let redactor = treenail::Redactor::default();
    /// let log = redactor.clone();
    /// tracing_subscriber::fmt()
    ///     .with_writer(move || log.writer(std::io::stderr()))
    ///     .init();
    /// # #[cfg(feature = "config")]
    /// let settings = treenail::Settings::none().with_redactor(redactor);
    /// ```
    pub fn writer<W: Write>(&self, inner: W) -> RedactingWriter<W> {
        RedactingWriter {
            inner,
            redactor: self.clone(),
            line: Vec::new(),
        }
    }
}

/// A longer line is written in parts.
const LONGEST: usize = 1 << 20;

impl<W: Write> RedactingWriter<W> {
    /// Writes so many bytes of what is kept.
    fn write_out(&mut self, length: usize) -> io::Result<()> {
        let bytes: Vec<u8> = self.line.drain(..length).collect();
        let text = String::from_utf8_lossy(&bytes);
        match self.redactor.redact(&text) {
            std::borrow::Cow::Owned(clean) => self.inner.write_all(clean.as_bytes()),
            // As it came, also where it is no UTF-8.
            std::borrow::Cow::Borrowed(_) => self.inner.write_all(&bytes),
        }
    }
}

impl<W: Write> Write for RedactingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        let whole = match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => self.line.len() - bytes.len() + end + 1,
            None if self.line.len() > LONGEST => self.line.len(),
            None => return Ok(bytes.len()),
        };
        self.write_out(whole)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_out(self.line.len())?;
        self.inner.flush()
    }
}

impl<W: Write> Drop for RedactingWriter<W> {
    fn drop(&mut self) {
        // As of a file, what cannot be written then is lost.
        let _ = self.write_out(self.line.len());
    }
}

impl<W: Write> fmt::Debug for RedactingWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedactingWriter").finish_non_exhaustive()
    }
}
