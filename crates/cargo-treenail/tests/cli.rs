//! `cargo treenail` as people, scripts and editors use it.

mod packages;

use std::fs;
use std::path::Path;
use std::process::Command;

use packages::{HOST, MAIL, Packages, QUIET, resolved, text, workspace};
use serde_json::Value;

/// A line and a column, from 1, as an offset in bytes.
fn byte(text: &str, line: &Value, column: &Value) -> usize {
    let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("small");
    let before: usize = text
        .split_inclusive('\n')
        .take(number(line) - 1)
        .map(str::len)
        .sum();
    let within = text[before..].char_indices().nth(number(column) - 1);
    within.map_or(text.len(), |(at, _)| before + at)
}

/// Every span of a message leads to the bytes that it names, in a file that is there.
fn check_spans(folder: &Path, message: &Value) {
    for span in message["spans"].as_array().expect("spans") {
        let file = folder.join(span["file_name"].as_str().expect("a name"));
        let text =
            fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let (start, end) = (&span["byte_start"], &span["byte_end"]);
        assert_eq!(
            byte(&text, &span["line_start"], &span["column_start"]) as u64,
            *start
        );
        assert_eq!(
            byte(&text, &span["line_end"], &span["column_end"]) as u64,
            *end
        );
        let line = text
            .lines()
            .nth(span["line_start"].as_u64().expect("a line") as usize - 1);
        assert_eq!(span["text"][0]["text"].as_str(), line);
    }
    for child in message["children"].as_array().expect("children") {
        check_spans(folder, child);
    }
}

#[test]
fn a_composition_is_told_in_one_line_and_status_0() {
    let host = format!("{HOST}[lints]\nunused_plugin = \"allow\"\n");
    let output = Packages::new(&host, MAIL).run("desk/src", &["check"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).starts_with("composed 0 components from 1 plugin, composition "));
    assert!(output.stdout.is_empty());
}

#[test]
fn mistakes_are_shown_as_rustc_shows_its_own_with_status_1() {
    let output = Packages::new(HOST, "treenail = 1\n[plugin]\nid = 7\n").run("desk", &["check"]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(
        told.starts_with(
            "error[TN0003]: `id` cannot be an integer\n --> ../mail/plugins.toml:3:6\n"
        ),
        "{told}"
    );
    assert!(
        told.ends_with("try `cargo treenail explain TN0003`.\n"),
        "{told}"
    );
}

#[test]
fn overlays_are_asked_for_by_name() {
    let host = format!(
        "{HOST}[lints]\nunused_plugin = \"allow\"\n[overlay.quiet.plugins]\nmail = {{ enabled = false }}\n[overlay.other.lints]\nunused_bind = \"warn\"\n"
    );
    let packages = Packages::new(&host, MAIL);
    let check = |overlays: &[&str]| {
        let arguments = [&["check", "--message-format", "short"], overlays].concat();
        packages.run("desk", &arguments)
    };
    let output = check(&["--overlay", "other"]);
    assert!(text(&output.stderr).starts_with("composed 0 components from 1 plugin"));
    let output = check(&["--overlay", "other", "--overlay", "quiet"]);
    assert!(
        text(&output.stderr).contains("composed 0 components from 0 plugins"),
        "{}",
        text(&output.stderr)
    );
    let output = check(&["--overlay", "quite", "--overlay", "other"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "plugins.toml:1:1: error[TN0109]: there is no overlay `quite`\n"
    );
}

#[test]
fn a_message_may_be_one_line() {
    let packages = Packages::new(HOST, "treenail = 1\n[plugin]\nid = 7\n");
    let output = packages.run("desk", &["check", "--message-format", "short"]);
    assert_eq!(
        text(&output.stderr),
        "../mail/plugins.toml:3:6: error[TN0003]: `id` cannot be an integer\n"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn places_are_right_behind_a_byte_order_mark_wide_letters_and_line_ends_of_windows() {
    let mail = "\u{feff}treenail = 1\r\n[plugin]\r\nid = \"mail\"\r\ndescription = \"\u{1f600}\"\r\napi = { \"\u{e4}\" = \"1\", \"\u{f6}\" = \"1\" }\r\n";
    let packages = Packages::new(HOST, mail);
    let output = packages.run("mail", &["check", "--message-format", "json"]);
    let messages = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .filter(|line| line["reason"] == "compiler-message");
    let mut shown = Vec::new();
    for line in messages {
        check_spans(&packages.0.join("mail"), &line["message"]);
        let span = &line["message"]["spans"][0];
        let byte = |key: &str| span[key].as_u64().expect("a number") as usize;
        shown.push(mail[byte("byte_start")..byte("byte_end")].to_owned());
        assert_eq!(span["line_start"], 5);
    }
    assert_eq!(shown, ["\"\u{e4}\"", "\"\u{f6}\""]);
}

#[test]
fn editors_get_the_messages_in_cargos_format_with_places_in_real_files() {
    let mail = "treenail = 1\n[plugin]\nid = \"mail\" # é\n[[component]]\ntype = \"crate::Mailer\"\nrequires = { \"ö\" = 1, clock = \"dyn mail::Clock\" }\n[[component]]\ntype = \"crate::Other\"\nprovides = [\"dyn crate::X\"]\n";
    let desk =
        "treenail = 1\n[host]\n[bind]\n\"dyn mail::X\" = \"mail:Other\"\n[plugins]\nmale = \"1\"\n";
    let packages = Packages::new(desk, mail);
    for folder in ["", "desk", "mail"] {
        let output = packages.run(
            folder,
            &[
                "check",
                "--message-format",
                "json",
                "--manifest-path",
                packages.0.join("desk/Cargo.toml").to_str().expect("UTF-8"),
            ],
        );
        assert_eq!(output.status.code(), Some(1));
        let lines = text(&output.stdout).lines();
        let mut lines: Vec<Value> = lines
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let last = lines.pop().expect("a last line");
        assert_eq!(
            last,
            serde_json::json!({ "reason": "build-finished", "success": false })
        );
        assert!(lines.len() > 2);
        for line in &lines {
            assert_eq!(line["reason"], "compiler-message");
            assert_eq!(line["target"]["name"], "desk");
            let id = line["package_id"].as_str().expect("an id");
            assert!(
                id.starts_with("path+file://") && id.ends_with("desk#1.0.0"),
                "{id}"
            );
            let message = &line["message"];
            let code = message["code"]["code"].as_str().expect("a code");
            let level = message["level"].as_str().expect("a level");
            let rendered = message["rendered"].as_str().expect("a text");
            let title = message["message"].as_str().expect("a title");
            assert!(
                rendered.starts_with(&format!("{level}[{code}]: {title}\n")),
                "{rendered}"
            );
            let primary = message["spans"]
                .as_array()
                .expect("spans")
                .iter()
                .filter(|span| span["is_primary"] == true);
            assert_eq!(primary.count(), 1);
            check_spans(&packages.0.join(folder), message);
        }
    }
}

#[test]
fn at_the_root_of_a_workspace_every_package_with_a_manifest_is_looked_at() {
    let packages = workspace(QUIET, MAIL);
    let output = packages.run("", &["check"]);
    let lines: Vec<&str> = text(&output.stderr).lines().collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[0].starts_with("desk: composed 0 components from 1 plugin, composition "));
    assert!(lines[1].starts_with("kiosk: composed 0 components from 1 plugin, composition "));
    assert_eq!(
        lines[2..],
        [
            "mail: the manifest is fine; it has no `[host]`, so nothing is composed here",
            "looked into 3 manifests: `desk`, `kiosk`, `mail`"
        ]
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_several_hosts_say_is_said_once_with_a_path_that_opens() {
    let packages = workspace(QUIET, "treenail = 1\n[plugin]\nid = 7\n");
    let root = packages.0.join("Cargo.toml");
    let root = root.to_str().expect("UTF-8");
    for (folder, path) in [("", "mail/"), ("desk", "../mail/"), ("mail/src", "../")] {
        let arguments = [
            "check",
            "--message-format",
            "short",
            "--manifest-path",
            root,
        ];
        let output = packages.run(folder, &arguments);
        let told = format!("{path}plugins.toml:3:6: error[TN0003]: `id` cannot be an integer\n");
        assert_eq!(text(&output.stderr), told);
        assert!(
            packages
                .0
                .join(folder)
                .join(path)
                .join("plugins.toml")
                .is_file()
        );
        assert_eq!(output.status.code(), Some(1));
    }
    let output = packages.run("", &["check"]);
    assert_eq!(text(&output.stderr).matches("error[TN0003]").count(), 1);
    let output = packages.run("", &["check", "--message-format", "json"]);
    let last = text(&output.stdout).lines().last();
    assert_eq!(last, Some(r#"{"reason":"build-finished","success":false}"#));
}

#[test]
fn what_several_hosts_say_is_said_once_although_each_shows_it_beside_something_else() {
    let desk = "treenail = 1\n[host]\n[[component]]\ntype = \"crate::Desk\"\nprovides = [\"dyn mail::Post\"]\n";
    let mail = format!(
        "{MAIL}[[component]]\ntype = \"crate::Mail\"\nrequires = {{ post = \"dyn crate::Psot\" }}\n"
    );
    let packages = workspace(desk, &mail);
    fs::write(packages.0.join("mail/src/lib.rs"), "pub trait Post {}").expect("written");
    let beside = |arguments: &[&str]| {
        let output = packages.run("", arguments);
        let told = text(&output.stderr);
        let shown = ["desk/plugins.toml:5:13", "kiosk/plugins.toml:5:13"];
        let shown = shown.map(|place| told.matches(place).count());
        (told.matches("error[TN0106]").count(), shown)
    };
    assert_eq!(beside(&["check", "-p", "desk"]), (1, [1, 0]));
    assert_eq!(beside(&["check", "-p", "kiosk"]), (1, [0, 1]));
    assert_eq!(beside(&["check"]), (1, [1, 0]));
}

#[test]
fn a_package_of_the_workspace_is_chosen_by_its_name() {
    let packages = workspace(QUIET, MAIL);
    for folder in ["", "mail", "other"] {
        let output = packages.run(folder, &["check", "-p", "kiosk"]);
        assert!(text(&output.stderr).starts_with("composed 0 components from 1 plugin, "));
    }
    let output = packages.run("", &["check", "--package", "mail"]);
    assert!(text(&output.stderr).starts_with("the manifest is fine; it has no `[host]`"));
    let told = |arguments: &[&str], folder: &str| {
        let output = packages.run(folder, arguments);
        assert_eq!(output.status.code(), Some(2));
        text(&output.stderr).to_owned()
    };
    assert_eq!(
        told(&["check", "-p", "dask"], ""),
        "error: there is no package `dask` in this workspace; choose one with `-p NAME`, of `desk`, `kiosk`, `mail`, `other`\n"
    );
    assert_eq!(
        told(&["graph"], ""),
        "error: several packages of this workspace compose; choose one with `-p NAME`, of `desk`, `kiosk`\n"
    );
    assert_eq!(
        told(&["check"], "other"),
        "error: package `other` has no plugins.toml; choose one with `-p NAME`, of `desk`, `kiosk`, `mail`\n"
    );
    fs::remove_file(packages.0.join("mail/Cargo.toml")).expect("removed");
    let told = told(&["check", "-p", "kiosk"], "");
    assert!(told.starts_with("error: ") && !told.starts_with("error: error: "));
}

#[test]
fn where_there_is_nothing_to_look_at_it_says_so() {
    let packages = workspace(MAIL, MAIL);
    let told = |arguments: &[&str]| {
        let output = packages.run("", arguments);
        assert_eq!(output.status.code(), Some(2));
        text(&output.stderr).to_owned()
    };
    assert_eq!(
        told(&["graph"]),
        "error: no package of this workspace composes: none has a plugins.toml with `[host]`; choose one with `-p NAME`, of \
         `desk`, `kiosk`, `mail`\n"
    );
    // A workspace of plugins is looked at, one by one.
    assert_eq!(packages.run("", &["check"]).status.code(), Some(0));
    for package in ["desk", "kiosk", "mail"] {
        let path = packages.0.join(package).join("plugins.toml");
        fs::remove_file(path).expect("removed");
    }
    assert_eq!(
        told(&["check"]),
        "error: no package of this workspace has a plugins.toml: there is nothing to look at\n"
    );
    fs::remove_file(packages.0.join("Cargo.toml")).expect("removed");
    let told = told(&["check"]);
    assert!(
        told.starts_with("error: there is no Cargo.toml in `"),
        "{told}"
    );
    assert!(
        told.ends_with("or above it: name one with `--manifest-path`\n"),
        "{told}"
    );
}

#[test]
fn a_feature_of_a_plugin_is_none_of_the_package() {
    let packages = Packages::new(QUIET, MAIL);
    let output = packages.run("desk", &["check", "--features", "mail/extra"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        text(&output.stderr),
        "error: `mail/extra` is no feature of the package, and a composition is made of those alone: give it one that switches this \
         on, like `more = [\"mail/extra\"]`, and ask for that\n"
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_manifest_is_refused_at_once() {
    let packages = Packages::new(QUIET, MAIL);
    for file in ["mail/plugins.toml", "desk/plugins.toml"] {
        let path = packages.0.join(file);
        let manifest = fs::read(&path).expect("a manifest");
        fs::remove_file(&path).expect("removed");
        let made = Command::new("mkfifo").arg(&path).status();
        assert!(made.is_ok_and(|made| made.success()));
        let output = packages.run("desk", &["check", "--message-format", "short"]);
        let told = text(&output.stderr);
        assert!(
            told.contains("error[TN0012]: cannot read `plugins.toml`"),
            "{told}"
        );
        assert!(told.ends_with(": it is a pipe or a device\n"), "{told}");
        fs::remove_file(&path).expect("removed");
        fs::write(&path, manifest).expect("written");
    }
}

#[test]
fn a_page_explains_a_code_in_capitals_or_not() {
    let packages = Packages::new(HOST, MAIL);
    let output = packages.run("desk", &["explain", "tn0203"]);
    assert_eq!(
        text(&output.stdout),
        treenail_build::explain("TN0203").expect("a page")
    );
    let output = packages.run("desk", &["explain", "TN9999"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr)
            .starts_with("error: there is no code `TN9999`; the codes are TN0001, ")
    );
}

#[test]
fn a_question_that_cannot_be_asked_is_status_2() {
    let packages = Packages::new(HOST, MAIL);
    for arguments in [
        ["check", "--manifest-path", "absent/Cargo.toml"],
        ["check", "--features", "absent"],
        ["check", "--message-format", "xml"],
    ] {
        let output = packages.run("desk", &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).starts_with("error: "), "{arguments:?}");
    }
}

#[test]
fn quiet_leaves_out_what_is_no_mistake_and_stands_before_or_behind_the_verb() {
    let packages = Packages::new(HOST, MAIL);
    for arguments in [["-q", "check"], ["check", "--quiet"]] {
        let output = packages.run("mail", &arguments);
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(text(&output.stderr), "");
    }
    let packages = Packages::new(HOST, "treenail = 1\n[plugin]\nid = 7\n");
    let output = packages.run("desk", &["-q", "check"]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(told.starts_with("error[TN0003]"), "{told}");
    assert!(!told.contains("explain"), "{told}");
}

#[test]
fn colours_are_shown_where_they_are_asked_for() {
    let packages = Packages::new(HOST, "treenail = 1\n[plugin]\nid = 7\n");
    let colourful = |arguments: &[&str]| {
        let output = packages.run("desk", arguments);
        text(&output.stderr).contains("\u{1b}[")
    };
    assert!(!colourful(&["check"]), "standard error is no terminal");
    assert!(colourful(&["check", "--color", "always"]));
    assert!(colourful(&["--color=always", "check"]));
    assert!(!colourful(&["check", "--color", "never"]));
}

#[test]
fn settings_of_cargo_are_handed_on_and_a_file_of_them_is_found_from_here() {
    let packages = Packages::new(HOST, MAIL);
    let output = packages.run("desk", &["check", "--config", "net.offline"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("net.offline"));
    // It replaces the plugin by one without a manifest, so nothing is composed of it.
    let other = packages.0.join("other");
    fs::create_dir_all(other.join("src")).expect("created");
    let cargo_toml = "[package]\nname = \"mail\"\nversion = \"1.0.0\"\nedition = \"2024\"\n";
    fs::write(other.join("Cargo.toml"), cargo_toml).expect("written");
    fs::write(other.join("src/lib.rs"), "").expect("written");
    fs::write(
        packages.0.join("desk/patches.toml"),
        "paths = [\"other\"]\n",
    )
    .expect("written");
    let output = packages.run("desk", &["check"]);
    assert!(text(&output.stderr).contains("from 1 plugin"));
    let output = packages.run("desk", &["check", "--config", "patches.toml"]);
    let told = text(&output.stderr);
    assert!(told.contains("from 0 plugins"), "{told}");
}

#[test]
fn every_verb_that_looks_at_packages_is_told_in_the_same_words_which() {
    let packages = workspace(HOST, MAIL);
    for verb in ["check", "graph", "why", "diff", "lock", "generate"] {
        let arguments = match verb {
            "why" => vec![verb, "mail", "--workspace", "-p", "desk"],
            verb => vec![verb, "--workspace", "-p", "desk"],
        };
        let output = packages.run("", &arguments);
        assert_eq!(output.status.code(), Some(2));
        let told = text(&output.stderr);
        let begins = "error: the argument '--workspace' cannot be used with '--package <NAME>'";
        assert!(told.starts_with(begins), "{verb}: {told}");
    }
    let packages = resolved(packages, "");
    let output = packages.run("", &["lock", "--workspace", "--exclude", "kiosk"]);
    assert_eq!(text(&output.stderr), "desk/plugins.lock is written\n");
    let output = packages.run("", &["lock", "--check", "--workspace"]);
    let told = text(&output.stderr);
    assert!(
        told.starts_with("error: kiosk/plugins.lock is not what Cargo says now: it is not there"),
        "{told}"
    );
    let output = packages.run("", &["graph", "--workspace", "--exclude", "kiosk"]);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn completions_are_printed_for_the_shell_that_is_named_and_know_the_verbs() {
    let packages = Packages::new(HOST, MAIL);
    for (shell, begins) in [
        ("bash", "_cargo-treenail()"),
        ("zsh", "#compdef cargo-treenail"),
    ] {
        let output = packages.run("", &["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).starts_with(begins));
    }
    let bash = packages.run("", &["completions", "bash"]);
    // What bash does with them for `cargo-treenail check --ex`.
    let script = format!(
        "{}\nCOMP_WORDS=(cargo-treenail check --ex); COMP_CWORD=2\n\
         _cargo-treenail cargo-treenail --ex check; echo \"${{COMPREPLY[@]}}\"",
        text(&bash.stdout)
    );
    match Command::new("bash").args(["-c", &script]).output() {
        Ok(output) => assert_eq!(text(&output.stdout), "--exclude\n"),
        Err(_) => eprintln!("skipped: there is no bash"),
    }
}
