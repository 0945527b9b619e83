//! The page of whole compositions: all that there is stands on it, and every link leads to something.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::page;
use super::start::Start;
use crate::cases::{Files, compose, files};
use crate::description::Description;

fn page_of(files: &Files) -> String {
    let page = page(compose(files).composed(), None).expect("a description");
    page.expect("a composition")
}

/// What stands between two texts, each time that it does.
fn between<'p>(page: &'p str, before: &'p str, after: char) -> impl Iterator<Item = &'p str> {
    let parts = page.split(before).skip(1);
    parts.map(move |part| part.split(after).next().unwrap_or_default())
}

/// Every link leads to a place on the page, and no place is there twice.
fn check_links(page: &str) {
    let mut places = BTreeSet::new();
    for place in between(page, " id=\"", '"') {
        assert!(places.insert(place), "{place} is there twice");
    }
    for link in between(page, "href=\"#", '"') {
        assert!(places.contains(link), "{link} leads nowhere");
    }
}

/// What is drawn, as the script reads it.
fn drawn(page: &str) -> Value {
    let (_, rest) = page.split_once("id=\"drawn\">").expect("what is drawn");
    let (document, _) = rest.split_once("</script>").expect("its end");
    serde_json::from_str(document).expect("JSON")
}

/// Arrows, each as `from -> to`, with its label and its line.
fn arrows(drawn: &Value) -> Vec<[String; 3]> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let arrows = drawn["arrows"].as_array().expect("arrows").iter();
    let arrows = arrows.map(|arrow| {
        let name = |end: &Value| {
            let node = &drawn["nodes"][end.as_u64().expect("a number") as usize];
            format!("{} {}", text(&node[3]), text(&node[1]))
        };
        let ends = format!("{} -> {}", name(&arrow[0]), name(&arrow[1]));
        [ends, text(&arrow[2]), text(&arrow[3])]
    });
    arrows.collect()
}

/// A composition: the text of the host's manifest, and of each plugin's.
fn composition(host: &str, plugins: &[(&str, &str)]) -> Files {
    let head = |id: &str, text: &str| format!("treenail = 1\n[plugin]\nid = {id:?}\n{text}");
    let plugins = plugins
        .iter()
        .map(|(id, text)| (format!("{id}.toml"), head(id, text)));
    let host = format!("treenail = 1\n[host]\n{host}");
    plugins.chain([("plugins.toml".to_owned(), host)]).collect()
}

/// So many plugins of five components, each of which needs some of those before it.
fn large(plugins: usize) -> Files {
    let mut files = Files::new();
    files.insert(
        "plugins.toml".to_owned(),
        "treenail = 1\n[host]\n".to_owned(),
    );
    for plugin in 0..plugins {
        let mut text = format!("treenail = 1\n[plugin]\nid = \"p{plugin:02}\"\n");
        for number in 0..5 {
            let place = plugin * 5 + number;
            let needs = [1, 2, 7, 31]
                .iter()
                .filter(|back| **back <= place && place % **back < 3);
            let needs = needs.map(|back| format!("n{back} = \"dyn api::S{}\"", place - back));
            let needs = needs.collect::<Vec<_>>().join(", ");
            text.push_str(&format!(
                "[[component]]\ntype = \"crate::C{place}\"\nprovides = [\"dyn api::S{place}\"]\nrequires = {{ {needs} }}\n"
            ));
        }
        files.insert(format!("p{plugin:02}.toml"), text);
    }
    files
}

#[test]
fn all_that_there_is_stands_on_the_page_and_every_link_leads_to_it() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut folders = Vec::new();
    for kind in ["why", "diff"] {
        for case in fs::read_dir(cases.join(kind)).expect("the cases") {
            let case = case.expect("a case").path();
            folders.extend([case.clone(), case.join("old")]);
        }
    }
    folders.retain(|one| one.join("plugins.toml").is_file());
    let (mut left_out, mut entries) = (0, 0);
    for folder in folders {
        let files = files(&folder);
        let outcome = compose(&files);
        let described = outcome.composed().describe().expect("no mistakes");
        let all = Description::read(&described).expect("a description");
        let page = page_of(&files);
        check_links(&page);
        let titles: BTreeSet<&str> = between(&page, "</small> ", '<').collect();
        let plugins = all.plugins.iter().map(|one| &one.id);
        let names = plugins
            .chain(all.components.iter().map(|one| &one.id))
            .chain(all.services.iter().map(|one| &one.name))
            .chain(all.registries.iter().map(|one| &one.name))
            .chain(all.left_out.iter().map(|one| &one.name));
        for name in names {
            let escaped = super::markup::escaped(name);
            assert!(
                titles.contains(escaped.as_str()),
                "{}: {name}",
                folder.display()
            );
        }
        for entry in all.registries.iter().flat_map(|one| &one.entries) {
            let key = super::markup::escaped(&entry.key);
            assert!(page.contains(&format!("entry <code>{key}</code>")), "{key}");
            entries += 1;
        }
        left_out += all.left_out.len();
    }
    assert!(left_out > 5 && entries > 5, "{left_out}, {entries}");
}

#[test]
fn who_needs_whom_is_drawn_with_who_lost_and_what_an_entry_is() {
    let store = "[[component]]\ntype = \"crate::Disk\"\nprovides = [\"dyn api::Tickets\"]\n\
        [[component]]\ntype = \"crate::Memory\"\nprovides = [\"dyn api::Tickets\"]\nrequires = { cache = \"crate::Cache\" }\n\
        [[component]]\ntype = \"crate::Cache\"\n\
        [[component]]\ntype = \"crate::Log\"\ndecorate = \"dyn api::Tickets\"\n\
        [[component]]\ntype = \"crate::View\"\nrequires = { tickets = \"dyn api::Tickets\", formats = { registry = \"api::Formats\" } }\n\
        [registry.\"api::Formats\"]\ncsv = { value = \"crate::CSV\" }\n";
    let host = "[bind]\n\"dyn api::Tickets\" = \"store:Disk\"\n";
    let page = page_of(&composition(host, &[("store", store)]));
    check_links(&page);
    let expected = [
        ["component View -> component Disk", "tickets", "needs"],
        [
            "component View -> component Log",
            "tickets, around it",
            "needs",
        ],
        [
            "component View -> registry api::Formats",
            "formats",
            "needs",
        ],
        ["component Log -> component Disk", "inner", "wraps"],
        ["registry api::Formats -> entry csv", "csv", "entry"],
        ["left-out Memory -> left-out Cache", "needed", "lost"],
        ["left-out Memory -> component Disk", "lost to", "lost"],
    ];
    let found: BTreeSet<[String; 3]> = arrows(&drawn(&page)).into_iter().collect();
    let expected: BTreeSet<[String; 3]> = expected.map(|one| one.map(str::to_owned)).into();
    assert_eq!(found, expected);
    let (_, view) = page
        .split_once("<article id=\"component:store:View\">")
        .expect("a view");
    let (view, _) = view.split_once("</article>").expect("its end");
    let text: String = view
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
        .collect();
    let needs = "Needs\n\ntickets, dyn api::Tickets: store:Disk answers, by [bind]: host, priority 100, plugins.toml:4; store:Log wraps it\n\
        formats, api::Formats: the registry\n";
    assert!(text.contains(needs), "{text}");
}

#[test]
fn two_hundred_components_are_a_page_whose_bytes_are_always_the_same() {
    let files = large(40);
    let page = page_of(&files);
    check_links(&page);
    assert!(page.contains("<p>200 components · 40 plugins · 200 services</p>"));
    let drawn = drawn(&page);
    assert_eq!(drawn["nodes"].as_array().map(Vec::len), Some(200));
    let path = drawn["path"].as_array().expect("a path").len();
    assert!(path > 5, "{path}");
    assert_eq!(page_of(&files), page);
}

#[test]
fn whatever_a_manifest_says_is_text() {
    let hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>'\\\"`&amp;";
    let plugin = format!(
        "description = \"{hostile}\"\n[[component]]\ntype = \"crate::A\"\ndescription = \"{hostile}\"\n\
         [registry.\"api::R\"]\n\"{hostile}\" = {{ value = \"crate::A\", description = \"{hostile}\" }}\n"
    );
    let files = composition(&format!("root = \"{hostile}\"\n"), &[("evil", &plugin)]);
    let page = page_of(&files);
    check_links(&page);
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script").count(), 2);
    assert!(!page.contains("<img"));
    let entry = &arrows(&drawn(&page))[0];
    assert_eq!(entry[1], hostile.replace("\\\"", "\""));
    let fetched = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!fetched.contains("://"));
}

#[test]
fn beside_mistakes_there_is_what_they_leave_and_it_is_marked() {
    let mail = "[[component]]\ntype = \"crate::Smtp\"\nprovides = [\"dyn api::Mail\"]\nrequires = { dns = \"dyn api::Dns\" }\n\
        [[component]]\ntype = \"crate::A\"\nprovides = [\"dyn api::A\"]\nrequires = { b = \"dyn api::B\" }\n\
        [[component]]\ntype = \"crate::B\"\nprovides = [\"dyn api::B\"]\nrequires = { a = \"dyn api::A\" }\n";
    let desk = "[[component]]\ntype = \"crate::Desk\"\nrequires = { mail = \"dyn api::Mail\" }\n\
        [[component]]\ntype = \"crate::Wrap\"\ndecorate = \"dyn api::Nobody\"\n";
    let torn = "[[component]\ntype = 1";
    let files = composition("", &[("mail", mail), ("work", desk), ("torn", torn)]);
    let outcome = compose(&files);
    assert_eq!(outcome.composed().describe(), None);
    let page = page_of(&files);
    check_links(&page);
    for code in ["TN0001", "TN0301", "TN0309", "TN0401"] {
        assert!(
            page.contains(&format!("<b class=\"error\">error {code}</b>")),
            "{code}"
        );
    }
    let drawn = drawn(&page);
    let broken = [
        "component:mail:A",
        "component:mail:B",
        "component:mail:Smtp",
        "component:work:Desk",
        "component:work:Wrap",
        "plugin:mail",
        "plugin:torn",
        "plugin:work",
        "service:dyn.20api::Dns",
        "service:dyn.20api::Nobody",
    ];
    let found = drawn["broken"].as_array().expect("a list").iter();
    let found: Vec<&str> = found.map(|one| one.as_str().expect("a text")).collect();
    assert_eq!(found, broken);
    let arrows = arrows(&drawn);
    for arrow in [
        ["component Desk -> component Smtp", "mail", "needs"],
        ["component Smtp -> missing dyn api::Dns", "dns", "needs"],
    ] {
        assert!(arrows.contains(&arrow.map(str::to_owned)), "{arrows:?}");
    }
}

#[test]
fn where_nothing_could_be_composed_the_page_has_the_mistakes() {
    let mut files = composition("", &[]);
    files.insert(
        "plugins.toml".to_owned(),
        "treenail = 1\n[host\n".to_owned(),
    );
    let page = page_of(&files);
    check_links(&page);
    assert!(page.contains("error TN0001"), "{page}");
}

#[test]
fn a_report_is_of_this_composition_or_says_what_it_is_of() {
    let store = "[[component]]\ntype = \"crate::Disk\"\nscope = \"instance\"\nprovides = [\"dyn api::Disk\"]\n";
    let outcome = compose(&composition("", &[("store", store)]));
    let described = outcome.composed().describe().expect("no mistakes");
    let all = Description::read(&described).expect("a description");
    let folder = std::env::temp_dir().join(format!("treenail-report-{}", std::process::id()));
    let of = |text: &str| {
        fs::write(&folder, text).expect("written");
        let start = Start::read(&folder).and_then(|start| start.of(&all));
        fs::remove_file(&folder).expect("removed");
        start.map_err(|error| {
            error
                .to_string()
                .replace(&folder.display().to_string(), "FILE")
        })
    };
    let time = r#"{"secs":0,"nanos":1500000}"#;
    let report = |host: &str, id: &str| {
        format!(
            r#"{{"host":"{host}","configured":{time},"whole":{time},"timings":[{{"component":"main","id":"{id}","plugin":"store",
            "phase":"build","begun":{{"secs":0,"nanos":0}},"took":{time},"critical":true}}]}}"#
        )
    };
    let start = of(&report("desk", "store:Disk")).expect("a report of it");
    assert_eq!(start.critical_path(), ["store:Disk"]);
    let page = page(outcome.composed(), Some(start))
        .expect("a page")
        .expect("a composition");
    check_links(&page);
    assert!(page.contains("build of <a href=\"#component:store:Disk\"><code>store:Disk</code></a> as <code>main</code> took 1.50 ms"));
    let event = format!(
        "{{\"event\":\"report\",\"report\":{}}}\n{{\"event\":\"ended\"",
        report("desk", "store:Disk")
    );
    assert!(of(&event).is_ok());
    assert_eq!(
        of(&report("kiosk", "store:Disk")).expect_err("another host"),
        "`FILE` is a report of `kiosk`, and this is the composition of `desk`: choose its package with `-p NAME`, or give a report of `desk`"
    );
    let told = of(&report("desk", "store:Gone")).expect_err("another composition");
    assert!(
        told.starts_with(
            "`FILE` is a report of another composition: this one has no `store:Gone`; "
        ),
        "{told}"
    );
    for (text, why) in [
        ("", "there is nothing in it"),
        ("started in 3 ms", "expected value at line 1 column 1"),
        ("{\"event\":\"ended\"}", "missing field `host`"),
    ] {
        let told = of(text).expect_err("no report");
        assert!(
            told.starts_with(&format!("`FILE` is no report of a start: {why}; ")),
            "{told}"
        );
    }
}
