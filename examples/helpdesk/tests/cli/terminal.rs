//! What the program shows in a terminal, tried with `script` where there is one.
#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use crate::folder::{Folder, text};

/// What a terminal gets to see of the program; `None` where no terminal can be pretended.
fn seen(folder: &Folder, arguments: &str, no_colour: bool) -> Option<String> {
    let program = format!("'{}' {arguments}", env!("CARGO_BIN_EXE_helpdesk"));
    let mut script = Command::new("script");
    script
        .args(["-qec", &program, "/dev/null"])
        .current_dir(&folder.0)
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .env_remove("RUST_LOG")
        .stdin(Stdio::null());
    if no_colour {
        script.env("NO_COLOR", "1");
    }
    let Ok(output) = script.output() else {
        println!("skipped: there is no `script`");
        return None;
    };
    assert!(output.status.success(), "{}", text(&output.stdout));
    Some(text(&output.stdout).to_owned())
}

#[test]
fn a_terminal_shows_a_line_for_each_job_that_changes_in_place() {
    let folder = Folder::new("terminal");
    let Some(seen) = seen(&folder, "", false) else {
        return;
    };
    assert!(seen.contains("\u{1b}[1A\r\u{1b}[J"), "{seen:?}");
    assert!(
        seen.contains("routing") && seen.contains(" steps  last: "),
        "{seen:?}"
    );
    let after = &seen[seen.rfind("\u{1b}[J").unwrap_or_default()..];
    assert!(
        after.contains("ticket ended") && after.contains("9 changes"),
        "{after:?}"
    );
    assert!(!seen.contains("\u{1b}[?25l"), "the cursor is never hidden");
}

#[test]
fn an_interrupt_leaves_the_terminal_with_the_last_picture_and_the_cursor_below_it() {
    let folder = Folder::new("terminal-interrupt");
    // A ticket was routed, and so the work has begun.
    let arguments = "--watch & until grep -qs 'Routed to' helpdesk.db-wal; do sleep 0.1; done; sleep 2; kill -INT $!; wait $!";
    let Some(seen) = seen(&folder, arguments, true) else {
        return;
    };
    let after = &seen[seen.rfind("\u{1b}[J").unwrap_or_default()..];
    assert!(
        after.contains("* routing ") && after.ends_with("changes\r\n"),
        "{seen:?}"
    );
}

#[test]
fn without_colour_the_lines_still_change_in_place() {
    let folder = Folder::new("terminal-plain");
    if let Some(seen) = seen(&folder, "", true) {
        assert!(seen.contains("\u{1b}[1A\r\u{1b}[J"), "{seen:?}");
        assert!(
            !seen.contains("\u{1b}[0m") && !seen.contains("\u{1b}[3"),
            "{seen:?}"
        );
    }
}

#[test]
fn events_for_programs_are_not_drawn_upon() {
    let folder = Folder::new("terminal-json");
    if let Some(seen) = seen(&folder, "run --format json", false) {
        assert!(
            !seen.contains('\u{1b}') && seen.starts_with('{'),
            "{seen:?}"
        );
    }
}
