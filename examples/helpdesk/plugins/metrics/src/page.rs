//! The page for people: all numbers in words and tables, which a script adds rates and curves to.

use std::fmt;
use std::time::Duration;

use treenail::{Health, Status};

use crate::exposition::Exposition;
use crate::figure::{FIGURES, Figure, Kind};
use crate::states::is_step;

/// Nothing is fetched but the page and its numbers, whatever a name says.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";
/// What the script draws into.
const CURVE: &str =
    r#"<svg viewBox="0 0 300 60" preserveAspectRatio="none" aria-hidden="true"></svg>"#;
const STEPS: &str = "helpdesk_steps_total";
const STEP_SECONDS: &str = "helpdesk_step_seconds";

/// What is shown.
pub(crate) struct Page<'n> {
    pub(crate) host: &'n str,
    pub(crate) health: &'n Health,
    pub(crate) statuses: &'n [Status],
    pub(crate) counted: &'n Exposition,
}

impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = Escaped(self.host);
        let Health {
            state,
            components,
            troubles,
            ..
        } = self.health;
        write!(
            f,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <noscript><meta http-equiv=\"refresh\" content=\"10\"></noscript>\n\
             <title>{host}: metrics</title>\n<style>\n{}</style>\n</head>\n<body>\n<header>\n<h1>{host}</h1>\n\
             <p id=\"health\"><b class=\"{state}\">{state}</b>, {} of {components} components in trouble</p>\n<p id=\"fresh\" role=\"status\"></p>\n\
             <a href=\"metrics\">as text, for Prometheus</a>\n</header>\n<main>\n",
            include_str!("page.css"),
            troubles.len(),
        )?;
        self.figures(f)?;
        self.steps(f)?;
        self.components(f)?;
        let script = include_str!("page.js");
        write!(
            f,
            "</main>\n<script>\n{script}</script>\n</body>\n</html>\n"
        )
    }
}

impl Page<'_> {
    fn figures(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<section id=\"figures\">\n")?;
        for figure in &FIGURES {
            let Figure {
                title,
                metric,
                kind,
                by,
            } = figure;
            let of_each = by.map(|label| format!(" data-by=\"{label}\""));
            writeln!(
                f,
                "<figure data-metric=\"{metric}\" data-kind=\"{kind}\"{}>\n<figcaption>{title} <small>{}</small><small class=\"top\"></small></figcaption>\n\
                 {CURVE}\n<ul>",
                of_each.unwrap_or_default(),
                kind.unit(),
            )?;
            match by {
                None => line(f, *kind, "", self.counted.sum(metric, &[]))?,
                Some(label) => {
                    let values = self.counted.values(metric, label);
                    if values.is_empty() {
                        line(f, *kind, "", None)?;
                    }
                    for value in values {
                        let number = self.counted.sum(metric, &[(label, value)]);
                        line(f, *kind, value, number)?;
                    }
                }
            }
            f.write_str("</ul>\n</figure>\n")?;
        }
        f.write_str("</section>\n")
    }

    fn steps(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "<section id=\"steps\">\n<h2>Steps by component</h2>\n<table>\n<tr><th>component",
        )?;
        let outcomes = self.counted.values(STEPS, "outcome");
        for outcome in &outcomes {
            write!(f, "<th>{}", Escaped(outcome))?;
        }
        f.write_str(
            "<th>mean<th class=\"live\">last minute<th class=\"live\"><th class=\"live\">\n",
        )?;
        for component in self.counted.values(STEPS, "component") {
            let escaped = Escaped(component);
            let kind = Kind::Mean;
            write!(
                f,
                "<tr data-metric=\"{STEP_SECONDS}\" data-kind=\"{kind}\" data-by=\"component\"><td>{escaped}"
            )?;
            for outcome in &outcomes {
                let labels = [("component", component), ("outcome", outcome)];
                let number = self.counted.sum(STEPS, &labels);
                write!(f, "<td>{}", number.unwrap_or_default())?;
            }
            writeln!(
                f,
                "<td>{}<td class=\"live\" data-line=\"{escaped}\"><output></output><td class=\"live top\"><td class=\"live\">{CURVE}",
                self.mean(component)
            )?;
        }
        f.write_str("</table>\n</section>\n")
    }

    /// How long a step takes, of all that there were.
    fn mean(&self, component: &str) -> String {
        let of = |part: &str| {
            let metric = format!("{STEP_SECONDS}_{part}");
            self.counted.sum(&metric, &[("component", component)])
        };
        let mean = of("sum").zip(of("count")).map(|(sum, count)| sum / count);
        let mean = mean.and_then(|mean| Duration::try_from_secs_f64(mean).ok());
        mean.map_or_else(String::new, |mean| format!("{mean:.1?}"))
    }

    fn components(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "<section id=\"components\">\n<h2>Components</h2>\n<table>\n<tr><th>component<th>plugin<th>state<th>because\n",
        )?;
        let is_shown = |status: &&Status| !is_step(status) || status.reason.is_some();
        for status in self.statuses.iter().filter(is_shown) {
            writeln!(
                f,
                "<tr><td>{}<td>{}<td class=\"{state}\">{state}<td>{}",
                Escaped(&status.component),
                Escaped(status.plugin),
                Escaped(status.reason.as_deref().unwrap_or_default()),
                state = status.state,
            )?;
        }
        f.write_str("</table>\n</section>\n")
    }
}

/// A line of a figure: its number, and what the script says beside it.
fn line(f: &mut fmt::Formatter<'_>, kind: Kind, value: &str, number: Option<f64>) -> fmt::Result {
    let value = Escaped(value);
    write!(f, "<li data-line=\"{value}\">{value} ")?;
    match (number, kind) {
        (None, _) => f.write_str("<small>not counted yet</small>")?,
        (Some(number), Kind::Value) => write!(f, "<output>{number}</output>")?,
        (Some(number), _) => write!(f, "<output></output> <small>{number} in all</small>")?,
    }
    f.write_str("</li>\n")
}

/// Text of anybody's, which stays text.
#[derive(Clone, Copy)]
struct Escaped<'t>(&'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                letter => write!(f, "{letter}")?,
            }
        }
        Ok(())
    }
}
