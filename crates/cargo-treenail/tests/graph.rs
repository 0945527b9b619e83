//! `cargo treenail graph` as a page, from the command line.

mod packages;

use std::fs;

use packages::{HOST, MAIL, Packages, QUIET, text};

#[test]
fn the_page_is_printed_with_status_0() {
    let output = Packages::new(QUIET, MAIL).run("desk", &["graph", "--format", "html"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = text(&output.stdout);
    assert!(page.starts_with("<!DOCTYPE html>\n") && page.ends_with("</html>\n"));
    assert!(page.contains("<h1>desk 1.0.0</h1>"));
}

#[test]
fn with_mistakes_the_page_has_them_they_are_told_and_the_status_is_1() {
    let packages = Packages::new(HOST, &format!("{MAIL}[[component]]\ntype = 7\n"));
    let output = packages.run("desk", &["graph", "--format", "html"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("error[TN0003]: "));
    assert!(text(&output.stdout).contains("<b class=\"error\">error TN0003</b>"));
    let output = packages.run("desk", &["graph"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), ""));
}

#[test]
fn a_manifest_that_is_no_toml_is_a_page_of_its_mistake() {
    let output = Packages::new("[host", MAIL).run("desk", &["graph", "--format", "html"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("<b class=\"error\">error TN0001</b>"));
}

#[test]
fn a_plugin_alone_has_no_page() {
    let output = Packages::new(HOST, MAIL).run("mail", &["graph", "--format", "html"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), ""));
    assert_eq!(
        text(&output.stderr),
        "a plugin alone has no graph: this manifest has no [host]\n"
    );
}

#[test]
fn what_a_report_cannot_be_is_said_before_anything_is_printed() {
    let packages = Packages::new(QUIET, MAIL);
    fs::write(packages.0.join("desk/start.txt"), "started in 3 ms\n").expect("written");
    for (arguments, told) in [
        (
            vec!["graph", "--report", "start.txt"],
            "error: a report is shown on the page alone: add `--format html`, or leave `--report` away\n",
        ),
        (
            vec!["graph", "--format", "html", "--report", "gone.json"],
            "error: cannot read the report `gone.json`: ",
        ),
        (
            vec!["graph", "--format", "html", "--report", "start.txt"],
            "error: `start.txt` is no report of a start: ",
        ),
    ] {
        let output = packages.run("desk", &arguments);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""));
        assert!(
            text(&output.stderr).starts_with(told),
            "{}",
            text(&output.stderr)
        );
    }
}
