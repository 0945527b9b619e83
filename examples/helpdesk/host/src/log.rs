//! The log, as `infrastructure.logging` of the configuration wants it.

use std::fmt;
use std::fs::OpenOptions;
use std::sync::Arc;

use jiff::Zoned;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use treenail::{Error, LogFormat, LogLevel, Logging, Redactor, Result};

/// Where the log goes if a file is asked for and none is named.
const FILE: &str = "helpdesk.log";

/// Sends what happens to standard error or to a file, panics too, and none of it with a secret of the configuration.
/// `RUST_LOG` in the environment overrides the level.
pub(crate) fn set_up(logging: &Logging, redactor: Redactor) -> Result<()> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(rules) => rules
            .parse::<Targets>()
            .map_err(|error| Error::from(error).context("RUST_LOG"))?,
        Err(_) => Targets::new().with_default(level(logging.level)),
    };
    let layer = tracing_subscriber::fmt::layer().event_format(Line::new(&logging.format)?);
    let registry = tracing_subscriber::registry().with(filter);
    let subscriber: Box<dyn Subscriber + Send + Sync> = if logging.log_to_file {
        let path = logging.log_file_path.as_deref().unwrap_or(FILE);
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|error| {
            Error::from(error).context(format!("cannot open the log file {path}"))
        })?;
        let file = Arc::new(file);
        let writer = move || redactor.writer(Arc::clone(&file));
        Box::new(registry.with(layer.with_writer(writer).with_ansi(false)))
    } else {
        let writer = move || redactor.writer(crate::screen::Log);
        Box::new(registry.with(layer.with_writer(writer)))
    };
    tracing::subscriber::set_global_default(subscriber)?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let words = panic.payload_as_str().unwrap_or("without a word");
        tracing::error!(place, "panic: {words}");
    }));
    Ok(())
}

fn level(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warning => LevelFilter::WARN,
        LogLevel::Error => LevelFilter::ERROR,
        // What ends the application is its last word anyway, and nothing else is above an error.
        LogLevel::Critical => LevelFilter::OFF,
    }
}

/// A piece of the pattern of a line.
#[derive(Debug, PartialEq)]
enum Piece {
    Text(String),
    Time,
    Name,
    Level,
    Message,
}

/// Writes an event by a pattern in the notation of Python's `logging`.
#[derive(Debug)]
struct Line {
    pieces: Vec<Piece>,
    date: String,
}

impl Line {
    fn new(format: &LogFormat) -> Result<Self> {
        // So that a wrong pattern is found now and not in the middle of a line.
        let unreadable =
            |error| Error::from(error).context(format!("date_format {:?}", format.date_format));
        jiff::fmt::strtime::format(&format.date_format, &Zoned::now()).map_err(unreadable)?;
        Ok(Self {
            pieces: pieces(&format.message_format),
            date: format.date_format.clone(),
        })
    }
}

/// The pieces of a pattern. What is not known is text, so nothing of a pattern gets lost.
fn pieces(pattern: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        let known = [
            ("%(asctime)s", Piece::Time),
            ("%(name)s", Piece::Name),
            ("%(levelname)s", Piece::Level),
            ("%(message)s", Piece::Message),
            ("%%", Piece::Text("%".to_owned())),
        ];
        let found = known
            .into_iter()
            .find_map(|(name, piece)| Some((rest.strip_prefix(name)?, piece)));
        match found {
            Some((after, Piece::Text(sign))) => {
                text.push_str(&sign);
                rest = after;
            }
            Some((after, piece)) => {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(piece);
                rest = after;
            }
            None => {
                text.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        let mut line = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => line.push_str(text),
                Piece::Time => {
                    let now = jiff::fmt::strtime::format(&self.date, &Zoned::now());
                    line.push_str(&now.unwrap_or_default());
                }
                Piece::Name => line.push_str(metadata.target()),
                Piece::Level => line.push_str(level_name(metadata)),
                Piece::Message => {
                    let mut message = Message(String::new());
                    event.record(&mut message);
                    line.push_str(&message.0);
                }
            }
        }
        writeln!(writer, "{line}")
    }
}

fn level_name(metadata: &Metadata<'_>) -> &'static str {
    match *metadata.level() {
        Level::ERROR => "ERROR",
        Level::WARN => "WARNING",
        Level::INFO => "INFO",
        Level::DEBUG | Level::TRACE => "DEBUG",
    }
}

/// The message of an event, and its fields behind it.
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let value = crate::output::printable(&format!("{value:?}"));
        if field.name() == "message" {
            self.0.insert_str(0, &value);
        } else {
            self.0.push_str(&format!(" {}={value}", field.name()));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.0.insert_str(0, &crate::output::printable(value));
        } else {
            self.record_debug(field, &value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_taken_apart_and_what_is_unknown_stays() {
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(
            pieces("%(levelname)s 100%% %(thread)d: %(message)s"),
            [Piece::Level, text(" 100% %(thread)d: "), Piece::Message]
        );
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn the_default_pattern_is_one_that_can_be_written() {
        assert!(Line::new(&LogFormat::default()).is_ok());
    }
}
