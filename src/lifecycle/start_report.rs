//! A report of a start: its data, and the data drawn as a table for the terminal, as a timeline in SVG, and as both on a
//! page of HTML.

use std::fmt::{self, Write};
use std::time::Duration;

use crate::supervision::Phase;

/// How long the start of an application took, step by step, from real timings; given by `App::report`.
///
/// `Display` is a table; [`to_svg`](Self::to_svg) and [`to_html`](Self::to_html) draw a timeline. In all of them the
/// critical path is marked: the steps that the whole start had to wait for, which are the ones worth making faster.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "config", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Report {
    /// The application's package.
    pub host: &'static str,
    /// How long it took to read and check the configuration, before anything was built.
    pub configured: Duration,
    /// How long it took to build and start everything.
    pub whole: Duration,
    /// The steps, by phase and then by the time they began.
    pub timings: Vec<Timing>,
}

/// How long one component took in one phase.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "config", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Timing {
    /// Its id, or the name of the instance in the configuration.
    pub component: String,
    /// Its id, also of an instance.
    pub id: &'static str,
    /// Its plugin.
    pub plugin: &'static str,
    /// Build or start.
    pub phase: Phase,
    /// When it began, since the beginning of the build phase.
    pub begun: Duration,
    /// How long it took.
    pub took: Duration,
    /// Whether it lies on the critical path of its phase.
    pub critical: bool,
}

impl Report {
    /// The timeline as a picture: an SVG document that stands for itself.
    #[must_use]
    pub fn to_svg(&self) -> String {
        svg(self)
    }

    /// The timeline and the table as a page: an HTML document that stands for itself.
    #[must_use]
    pub fn to_html(&self) -> String {
        html(self)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        table(self, f)
    }
}

/// One line for each step, with a bar where it lies in the time of the whole.
fn table(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const BAR: usize = 32;
    let names = report
        .timings
        .iter()
        .map(|timing| timing.component.chars().count());
    let width = names.max().unwrap_or(0).max("component".len());
    writeln!(
        f,
        "{}: configured in {}, started in {}",
        report.host,
        short_time(report.configured),
        short_time(report.whole)
    )?;
    writeln!(
        f,
        "  phase  {:width$}  {:>9}  {:>9}  * waited for by the whole start",
        "component", "begun at", "took"
    )?;
    for timing in &report.timings {
        let place = |at: Duration| {
            let share = at.as_secs_f64() / report.whole.as_secs_f64().max(f64::MIN_POSITIVE);
            // Between 0 and BAR: a share of the whole.
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss
            )]
            let cells = (share * BAR as f64).round() as usize;
            cells.min(BAR)
        };
        let from = place(timing.begun).min(BAR - 1);
        let to = place(timing.begun + timing.took).max(from + 1);
        let bar = format!("{}{}", " ".repeat(from), "=".repeat(to - from));
        writeln!(
            f,
            "{} {:5}  {:width$}  {:>9}  {:>9}  |{bar:BAR$}|",
            if timing.critical { '*' } else { ' ' },
            timing.phase,
            timing.component,
            short_time(timing.begun),
            short_time(timing.took),
        )?;
    }
    Ok(())
}

/// Height of one line of the picture, and what the names and the lines above the bars take, in pixels.
const LINE: usize = 20;
const NAMES: usize = 280;
const BARS: usize = 640;
const HEAD: usize = 44;

/// Bars by time, one line for each step.
fn svg(report: &Report) -> String {
    let (width, height) = (NAMES + BARS + 90, HEAD + LINE * report.timings.len() + 10);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <title>Start of {}</title>\n\
         <style>.build{{fill:#7aa6d8}}.start{{fill:#8cc58c}}.critical{{stroke:#c0392b;stroke-width:2}}text{{fill:#333}}.name{{text-anchor:end}}.head{{font-weight:bold}}line{{stroke:#ddd}}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text class=\"head\" x=\"10\" y=\"18\">{}: started in {}</text>\n",
        escaped(report.host),
        escaped(report.host),
        short_time(report.whole),
    );
    for quarter in 0..=4u32 {
        let at = report.whole * quarter / 4;
        let x = NAMES + BARS * quarter as usize / 4;
        let _ = writeln!(
            svg,
            "<line x1=\"{x}\" y1=\"{HEAD}\" x2=\"{x}\" y2=\"{height}\"/><text x=\"{x}\" y=\"{}\">{}</text>",
            HEAD - 6,
            short_time(at)
        );
    }
    for (number, timing) in report.timings.iter().enumerate() {
        svg.push_str(&bar(report, timing, HEAD + LINE * number));
    }
    svg.push_str("</svg>\n");
    svg
}

fn bar(report: &Report, timing: &Timing, y: usize) -> String {
    let whole = report.whole.as_secs_f64().max(f64::MIN_POSITIVE);
    // Pixels: far below the 2^52 that a float holds exactly.
    #[allow(clippy::cast_precision_loss)]
    let scale = |time: Duration| time.as_secs_f64() / whole * BARS as f64;
    #[allow(clippy::cast_precision_loss)]
    let x = scale(timing.begun) + NAMES as f64;
    let width = scale(timing.took).max(1.5);
    let critical = if timing.critical { " critical" } else { "" };
    let name = escaped(&timing.component);
    let (phase, took) = (timing.phase, short_time(timing.took));
    format!(
        "<g><title>{phase} {name}: {took}, begun at {}</title>\
         <text class=\"name\" x=\"{}\" y=\"{}\">{phase} {name}</text>\
         <rect class=\"{phase}{critical}\" x=\"{x:.1}\" y=\"{}\" width=\"{width:.1}\" height=\"{}\" rx=\"2\"/>\
         <text x=\"{:.1}\" y=\"{}\">{took}</text></g>\n",
        short_time(timing.begun),
        NAMES - 8,
        y + 14,
        y + 4,
        LINE - 6,
        x + width + 4.0,
        y + 14,
    )
}

/// The picture and the table on one page.
fn html(report: &Report) -> String {
    let host = escaped(report.host);
    let mut rows = String::new();
    for timing in &report.timings {
        let _ = writeln!(
            rows,
            "<tr{}><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            if timing.critical {
                " class=\"critical\""
            } else {
                ""
            },
            timing.phase,
            escaped(&timing.component),
            escaped(timing.plugin),
            short_time(timing.begun),
            short_time(timing.took),
        );
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Start of {host}</title>\n\
         <style>body{{font-family:system-ui,sans-serif;margin:2em;color:#333}}table{{border-collapse:collapse;margin-top:1em}}\
         td,th{{padding:.2em .8em;border-bottom:1px solid #ddd;text-align:left}}.critical td{{color:#c0392b}}</style>\n\
         </head>\n<body>\n<h1>Start of {host}</h1>\n\
         <p>Configured in {}, built and started in {}. Red: the critical path, which the whole start had to wait for.</p>\n\
         {}<table>\n<tr><th>phase</th><th>component</th><th>plugin</th><th>begun at</th><th>took</th></tr>\n{rows}</table>\n</body>\n</html>\n",
        short_time(report.configured),
        short_time(report.whole),
        svg(report),
    )
}

/// Three digits are enough to compare by.
fn short_time(duration: Duration) -> String {
    let (value, unit) = match duration.as_nanos() {
        nanos if nanos < 1_000_000 => (duration.as_secs_f64() * 1e6, "µs"),
        nanos if nanos < 1_000_000_000 => (duration.as_secs_f64() * 1e3, "ms"),
        _ => (duration.as_secs_f64(), "s"),
    };
    let places = match value {
        value if value < 9.995 => 2,
        value if value < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.places$} {unit}")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Not allowed in XML, in any form.
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}
