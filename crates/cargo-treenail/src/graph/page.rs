//! The page: what is told of everything, as a list that needs nothing but a browser, with a search and a drawing where it may run
//! its script.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::drawing::drawing;
use super::markup::{Names, escaped};
use super::start::{Start, Step, short};
use super::topics::{Topic, Topics};
use crate::check::count;
use crate::description::Description;
use crate::why::Told;

/// What is shown.
pub(super) struct Page<'d> {
    pub(super) description: &'d Description,
    /// The mistakes as `check` prints them.
    pub(super) texts: Vec<&'d str>,
    pub(super) start: Option<&'d Start>,
}

/// Nothing is fetched, whatever a manifest says.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/// The sections of the list, with the kinds of topics in them.
const SECTIONS: [(&str, &[&str]); 4] = [
    ("Plugins and their components", &["plugin", "component"]),
    ("Services", &["service"]),
    ("Registries", &["registry"]),
    ("Left out", &["left-out"]),
];

impl Page<'_> {
    pub(super) fn print(&self) -> String {
        let all = self.description;
        let path: Vec<&str> = match self.start {
            Some(start) => start.critical_path(),
            None => all.critical_path.iter().map(String::as_str).collect(),
        };
        let topics = Topics::of(all, self.start, &path);
        let broken = topics.iter().filter(|topic| !topic.mistakes.is_empty());
        let broken: BTreeSet<String> = broken.map(|topic| topic.anchor.clone()).collect();
        let title = match all.host.package.as_str() {
            "" => "no composition".to_owned(),
            host => format!("{} {}", escaped(host), escaped(&all.host.version)),
        };
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}: composition</title>\n<style>\n"
        );
        page.push_str(include_str!("page.css"));
        let _ = write!(
            page,
            "</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"
        );
        page.push_str(&self.summary());
        page.push_str("</header>\n<main>\n<nav id=\"list\" aria-label=\"All that there is\">\n");
        page.push_str(&self.list(&topics));
        page.push_str(
            "</nav>\n<section id=\"drawing\" aria-label=\"Drawing\" hidden></section>\n<div id=\"told\">\n",
        );
        let names = Names::of(all);
        page.push_str(&self.overview(&names));
        page.push_str(&self.mistakes());
        page.push_str(&self.critical_path(&names, &path));
        page.push_str(&self.settings(&names));
        for topic in &topics {
            page.push_str(&self.article(topic, &names));
        }
        page.push_str("</div>\n</main>\n<script type=\"application/json\" id=\"drawn\">");
        page.push_str(&drawing(all, &path, &broken));
        page.push_str("</script>\n<script>\n");
        page.push_str(include_str!("page.js"));
        page.push_str("</script>\n</body>\n</html>\n");
        page
    }

    /// How much there is.
    fn summary(&self) -> String {
        let all = self.description;
        let components = all.components.iter().filter(|one| !one.is_entry()).count();
        let mut parts = vec![
            count(components, "component"),
            count(all.plugins.len(), "plugin"),
            count(
                all.services.len().saturating_sub(all.registries.len()),
                "service",
            ),
        ];
        match all.registries.len() {
            0 => {}
            1 => parts.push("1 registry".to_owned()),
            many => parts.push(format!("{many} registries")),
        }
        if !all.left_out.is_empty() {
            parts.push(format!("{} left out", all.left_out.len()));
        }
        if !all.overlays.is_empty() {
            parts.push(format!("overlay {}", escaped(&all.overlays.join(", "))));
        }
        if let Some(start) = self.start {
            parts.push(format!("started in {}", short(start.whole)));
        }
        let mistakes = match all.mistakes.len() {
            0 => String::new(),
            many => format!(
                "<p><a class=\"broken\" href=\"#mistakes\">{}: {many}</a></p>\n",
                self.mistakes_title()
            ),
        };
        format!("<p>{}</p>\n{mistakes}", parts.join(" · "))
    }

    /// Every topic with a link to what is told of it.
    fn list(&self, topics: &[Topic]) -> String {
        let all = self.description;
        let mut list = "<ul>\n<li><a href=\"#overview\">Overview</a></li>\n".to_owned();
        if !all.mistakes.is_empty() {
            let (title, many) = (self.mistakes_title(), all.mistakes.len());
            let _ = writeln!(
                list,
                "<li><a class=\"broken\" href=\"#mistakes\">{title} <small>{many}</small></a></li>"
            );
        }
        let _ = writeln!(
            list,
            "<li><a href=\"#critical-path\">{}</a></li>",
            self.path_title()
        );
        list.push_str("<li><a href=\"#settings\">Settings and other names</a></li>\n</ul>\n");
        for (title, kinds) in SECTIONS {
            let found = topics.iter().filter(|topic| kinds.contains(&topic.kind));
            let found: Vec<&Topic> = found.collect();
            if found.is_empty() {
                continue;
            }
            let _ = writeln!(list, "<h2>{title}</h2>\n<ul>");
            for topic in found {
                let mut class = topic.kind.to_owned();
                if topic.critical {
                    class.push_str(" critical");
                }
                if !topic.mistakes.is_empty() {
                    class.push_str(" broken");
                }
                // The plugin stands above it.
                let name = match &topic.plugin {
                    Some(_) => topic.name.split_once(':').map_or("", |(_, name)| name),
                    None => &topic.name,
                };
                let (anchor, name) = (&topic.anchor, escaped(name));
                let _ = writeln!(
                    list,
                    "<li><a class=\"{class}\" href=\"#{anchor}\">{name}</a></li>"
                );
            }
            list.push_str("</ul>\n");
        }
        list
    }

    fn mistakes_title(&self) -> &'static str {
        let mut mistakes = self.description.mistakes.iter();
        match mistakes.any(|one| one.severity == "error") {
            true => "Mistakes",
            false => "Warnings",
        }
    }

    fn path_title(&self) -> &'static str {
        match self.start {
            Some(_) => "The start, and its critical path",
            None => "Critical path",
        }
    }

    fn overview(&self, names: &Names<'_>) -> String {
        let mut plugins = String::new();
        for one in &self.description.plugins {
            let about = one.description.as_deref().map(|text| format!(": {text}"));
            let line = format!(
                "plugin `{}` {}{}",
                one.id,
                one.version,
                about.unwrap_or_default()
            );
            let _ = writeln!(plugins, "<li>{}</li>", names.linked(&line));
        }
        format!(
            "<article id=\"overview\">\n<h3>Overview</h3>\n<p>Choose something in the list, or in the drawing: then the drawing shows \
             who needs it and what it needs, and this text says why, and who decided that. An arrow goes from who needs something to \
             what is needed.</p>\n<ul>\n{plugins}</ul>\n</article>\n"
        )
    }

    fn mistakes(&self) -> String {
        let mistakes = &self.description.mistakes;
        if mistakes.is_empty() {
            return String::new();
        }
        let errors = mistakes
            .iter()
            .filter(|one| one.severity == "error")
            .count();
        let whole = match errors {
            0 => "<p>There is a composition all the same.</p>",
            _ => {
                "<p>There is no composition. What is shown is what there is beside the mistakes: what they touch may be missing.</p>"
            }
        };
        let mut html = format!(
            "<article id=\"mistakes\" class=\"wide\">\n<h3>{}</h3>\n{whole}\n",
            self.mistakes_title()
        );
        for (number, one) in mistakes.iter().enumerate() {
            let (severity, code) = (escaped(&one.severity), escaped(&one.code));
            let place = one
                .at
                .as_ref()
                .map(|at| format!(" <small>{}</small>", escaped(at)));
            let _ = writeln!(
                html,
                "<details id=\"mistake:{number}\" open><summary><b class=\"{severity}\">{severity} {code}</b> {}{}</summary><pre>{}</pre></details>",
                escaped(&one.title),
                place.unwrap_or_default(),
                escaped(self.texts.get(number).copied().unwrap_or_default()),
            );
        }
        html + "</article>\n"
    }

    /// Who waits for whom, longest; with a report, how long everything took.
    fn critical_path(&self, names: &Names<'_>, path: &[&str]) -> String {
        let title = self.path_title();
        let class = if self.start.is_some() {
            " class=\"wide\""
        } else {
            ""
        };
        let mut html = format!("<article id=\"critical-path\"{class}>\n<h3>{title}</h3>\n");
        match (self.start, path) {
            (Some(start), _) => {
                let _ = writeln!(
                    html,
                    "<p>Configured in {}, built and started in {}. What the whole start had to wait for is marked: it is worth making faster.</p>",
                    short(start.configured),
                    short(start.whole)
                );
            }
            (None, []) => html.push_str("<p>Nobody waits for anybody.</p>\n"),
            (None, _) => html.push_str(
                "<p>The longest way through components that wait for each other, the first to be built first. How long each takes only a \
                 start shows: <code>--report FILE</code> reads its report.</p>\n",
            ),
        }
        let way: Vec<String> = match self.start {
            Some(start) => start.critical_steps().into_iter().map(Step::told).collect(),
            None => path.iter().map(|id| format!("`{id}`")).collect(),
        };
        html.push_str("<ol>\n");
        for line in way {
            let _ = writeln!(html, "<li>{}</li>", names.linked(&line));
        }
        html.push_str("</ol>\n");
        if let Some(start) = self.start {
            html.push_str("<ul class=\"bars\">\n");
            for step in &start.steps {
                html.push_str(&bar(start, step, names));
            }
            html.push_str("</ul>\n");
        }
        html + "</article>\n"
    }

    /// What is said of the host and of lints, and further names.
    fn settings(&self, names: &Names<'_>) -> String {
        let mut told = Told::of(self.description);
        told.settings(|one| one.kind == "host" || one.kind == "lint");
        for (name, target) in &self.description.aliases {
            told.alias(name, target);
        }
        let lines = lines(&told.lines, names);
        format!("<article id=\"settings\">\n<h3>Settings and other names</h3>\n{lines}</article>\n")
    }

    fn article(&self, topic: &Topic, names: &Names<'_>) -> String {
        let (anchor, kind, name) = (
            &topic.anchor,
            topic.kind.replace('-', " "),
            escaped(&topic.name),
        );
        let mut html =
            format!("<article id=\"{anchor}\">\n<h3><small>{kind}</small> {name}</h3>\n");
        if let Some(about) = &topic.about {
            let _ = writeln!(html, "<p class=\"about\">{}</p>", names.linked(about));
        }
        if topic.critical {
            html.push_str(
                "<p class=\"critical\">On the <a href=\"#critical-path\">critical path</a></p>\n",
            );
        }
        for number in &topic.mistakes {
            let one = &self.description.mistakes[*number];
            let _ = writeln!(
                html,
                "<p class=\"broken\"><a href=\"#mistake:{number}\">{} {}</a>: {}</p>",
                escaped(&one.severity),
                escaped(&one.code),
                names.linked(&one.title)
            );
        }
        let (first, rest) = topic.lines.split_at(topic.lines.len().min(1));
        html.push_str(&lines(first, names));
        let rest_is = match topic.kind {
            "registry" => "Entries, and who needs it",
            _ => "Who decided, and who needs it",
        };
        let told = [
            ("Needs", &topic.needs[..]),
            ("Took", &topic.took),
            (rest_is, rest),
        ];
        for (title, told) in told.iter().filter(|(_, told)| !told.is_empty()) {
            let _ = write!(html, "<h4>{title}</h4>\n{}", lines(told, names));
        }
        html + "</article>\n"
    }
}

/// Lines of `why`, further in for each two blanks.
fn lines(told: &[String], names: &Names<'_>) -> String {
    let mut html = "<ul class=\"lines\">\n".to_owned();
    for line in told {
        let text = line.trim_start();
        let depth = ((line.len() - text.len()) / 2).min(3);
        let _ = writeln!(html, "<li class=\"in{depth}\">{}</li>", names.linked(text));
    }
    html + "</ul>\n"
}

/// One step of a start where it lies in the time of the whole.
fn bar(start: &Start, step: &Step, names: &Names<'_>) -> String {
    let whole = start.whole.as_secs_f64().max(f64::MIN_POSITIVE);
    let share = |time: std::time::Duration| (time.as_secs_f64() / whole * 100.0).min(100.0);
    let (left, width) = (share(step.begun), share(step.took).max(0.2));
    let (phase, name, took) = (escaped(&step.phase), escaped(&step.name), short(step.took));
    let class = if step.critical { " critical" } else { "" };
    let label = format!("{phase} {name}");
    let label = match names.anchor(&step.id) {
        Some(anchor) => format!("<a href=\"#{anchor}\">{label}</a>"),
        None => label,
    };
    format!(
        "<li class=\"{phase}{class}\"><span class=\"label\">{label}</span><span class=\"track\"><span class=\"bar\" \
         style=\"left:{left:.2}%;width:{:.2}%\"></span></span><span class=\"took\">{took}</span></li>\n",
        width.min(100.0 - left).max(0.2),
    )
}
