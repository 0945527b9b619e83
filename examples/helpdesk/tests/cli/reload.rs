//! A helpdesk that takes other configurations while it works: what it leaves alone, what it replaces, what it refuses.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use crate::folder::{Folder, text};
use crate::killed::{Desk, log, store, wait_for_log};
use crate::service::{Configured, FILE, Service, TOKENS, write};

fn hang_up(desk: &mut Desk) -> Value {
    desk.signal("-HUP");
    desk.wait_for_event("reload")
}

/// What a reload changed, a line for each.
fn changed(reload: &Value) -> Vec<String> {
    assert_eq!(reload["ok"], true, "{reload}");
    let changed = reload["changed"].as_array().expect("a list");
    let word = |one: &Value, key: &str| one[key].as_str().expect("a word").to_owned();
    let lines = changed
        .iter()
        .map(|one| format!("{} {}", word(one, "what"), word(one, "component")));
    lines.collect()
}

#[test]
fn a_reload_replaces_what_is_configured_otherwise_and_leaves_the_rest_alone() {
    let (folder, service) = (Folder::new("reload"), Service::with(3));
    let first = service.configured();
    first.write(&folder);
    let mut desk = Desk::start(&folder, &["run", "--watch", "-c", FILE]);
    desk.wait_for_event("cycle");
    let again = hang_up(&mut desk);
    assert_eq!(changed(&again), [""; 0], "nothing is different");
    assert_eq!(
        (&again["generation"], &again["pipeline"]),
        (&2.into(), &Value::Null)
    );

    // Neither the job that there is, nor its interval, nor a connection.
    let mut next = Configured {
        second: true,
        ..first
    };
    next.write(&folder);
    let reload = hang_up(&mut desk);
    let lines = changed(&reload);
    assert!(
        lines
            .iter()
            .all(|line| line.starts_with("start orchestrator/second")),
        "{lines:?}"
    );
    assert!(lines.contains(&"start orchestrator/second/moment".to_owned()));
    assert_eq!(reload["pipeline"], "`orchestrator.params.steps` changed");

    next.threshold = 0.4;
    next.write(&folder);
    let reload = hang_up(&mut desk);
    assert_eq!(changed(&reload), [""; 0], "templates are the pipeline's");
    assert_eq!(reload["pipeline"], "`orchestrator.params.steps` changed");

    next.confidence = 0.8;
    next.write(&folder);
    assert_eq!(changed(&hang_up(&mut desk)), ["reconfigure classifier"]);
    let connections: BTreeSet<usize> = service.seen().iter().map(|seen| seen.connection).collect();
    // Three reloads, each with another client, would have made four; a client that is busy opens a second one.
    assert!(
        connections.len() < 3,
        "they go on over all of that: {connections:?}"
    );

    next.timeout = "20s";
    next.write(&folder);
    assert_eq!(changed(&hang_up(&mut desk)), ["overlap http:Client"]);

    next.account = 1;
    next.write(&folder);
    assert_eq!(
        changed(&hang_up(&mut desk)),
        [
            "overlap tickets",
            "recreate orchestrator/routing/route/fetch",
            "recreate orchestrator/routing/route/update"
        ]
    );
    next.second = false;
    next.write(&folder);
    let lines = changed(&hang_up(&mut desk));
    assert!(
        lines
            .iter()
            .all(|line| line.starts_with("stop orchestrator/second")),
        "{lines:?}"
    );
    desk.signal("-TERM");
    let (_, status) = desk.end();
    let log = log(&folder);
    assert_eq!(status.code(), Some(0), "{log}");
    for words in [
        "reload: overlap component=\"tickets\" because=\"`access_token`, `base_url` changed\"",
        "reload: replace the pipeline because=",
        "reloaded generation=8 took=",
    ] {
        assert!(log.contains(words), "no {words} in {log}");
    }
    assert!(TOKENS.iter().all(|token| !log.contains(token)), "{log}");
}

#[test]
fn a_plan_says_what_a_reload_would_do_and_touches_nothing() {
    let (folder, service) = (Folder::new("plan"), Service::with(0));
    let first = service.configured();
    first.write(&folder);
    let next = Configured {
        account: 1,
        threshold: 0.4,
        ..first
    };
    std::fs::write(folder.0.join("next.yml"), next.text()).expect("written");
    let output = folder.run(&["reload", "--plan", "next.yml", "-c", FILE]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let others = 12 + usize::from(cfg!(feature = "metrics"));
    let expected = format!(
        "overlap tickets: `access_token`, `base_url` changed\n\
         recreate orchestrator/routing/route/fetch: `tickets` changed: `access_token`, `base_url`\n\
         recreate orchestrator/routing/route/update: `tickets` changed: `access_token`, `base_url`\n\
         replace the pipeline: `orchestrator.params.steps` changed\n\
         {others} components stay as they are\n"
    );
    assert_eq!(text(&output.stdout), expected);
    let wrong = next.text().replace("zammad:Z", "zamad:Z");
    std::fs::write(folder.0.join("wrong.yml"), wrong).expect("written");
    for arguments in [
        &["reload", "--plan", "wrong.yml", "-c", FILE][..],
        &["reload", "--plan", FILE, "-c", "wrong.yml"],
        &["reload", "--plan", "nowhere.yml"],
    ] {
        let output = folder.run(arguments);
        let talk = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{talk}");
        assert!(output.stdout.is_empty());
        assert!(talk.contains(if talk.contains("nowhere") {
            "cannot read `nowhere.yml`"
        } else {
            "did you mean `zammad:ZammadTicketsystemService`?"
        }));
    }
    assert_eq!(folder.run(&["reload"]).status.code(), Some(2));
    assert!(service.seen().is_empty());
}

#[test]
fn a_reload_puts_a_store_in_the_place_of_another_and_goes_back_to_it() {
    let folder = Folder::new("stores");
    let config = |store: &str| {
        let built_in = include_str!("../../host/config.yml");
        built_in.replace("\"helpdesk.db\"", &format!("\"{store}\""))
    };
    write(&folder, &config("one.db"));
    let mut desk = Desk::start(&folder, &["run", "--watch", "-c", FILE]);
    desk.wait_for("ended", "update");
    write(&folder, &config("two.db"));
    let lines = changed(&hang_up(&mut desk));
    assert_eq!(lines[0], "recreate tickets", "{lines:?}");
    assert!(
        !folder.0.join("one.db-wal").exists(),
        "the old one is settled"
    );
    desk.wait_for("ended", "update");
    // And back, to one that was left.
    write(&folder, &config("one.db"));
    assert_eq!(hang_up(&mut desk)["ok"], true);
    desk.wait_for("ended", "update");
    desk.signal("-TERM");
    let (events, status) = desk.end();
    assert_eq!(status.code(), Some(0), "{events:?}\n{}", log(&folder));
}

#[test]
fn a_hangup_while_it_starts_is_a_reload_once_it_has_started() {
    let folder = crate::killed::filled("hangup");
    write(&folder, include_str!("../../host/config.yml"));
    let held = store(&folder);
    held.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
    let mut desk = Desk::start(&folder, &["run", "--watch", "-c", FILE]);
    wait_for_log(&folder, "begun component=\"tickets\" phase=build");
    desk.signal("-HUP");
    std::thread::sleep(Duration::from_millis(50));
    held.execute_batch("COMMIT").expect("it is let go");
    assert_eq!(desk.wait_for_event("reload")["generation"], 2);
    desk.signal("-TERM");
    assert_eq!(desk.end().1.code(), Some(0), "{}", log(&folder));
}

#[test]
fn people_are_told_what_a_reload_has_changed_and_why_it_was_refused() {
    let folder = Folder::new("told");
    let config = include_str!("../../host/config.yml");
    write(&folder, config);
    let said = std::fs::File::create(folder.0.join("said")).expect("a file");
    let mut process = folder
        .command(&["run", "--watch", "-c", FILE])
        .stdout(std::process::Stdio::null())
        .stderr(said)
        .spawn()
        .expect("it runs");
    let wait_for = |words: &str| {
        let begun = std::time::Instant::now();
        let said = || std::fs::read_to_string(folder.0.join("said")).expect("words");
        while !said().contains(words) {
            let waited = begun.elapsed();
            assert!(waited < Duration::from_secs(60), "no {words}: {}", said());
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    let signal = |name: &str| {
        let id = process.id().to_string();
        let kill = std::process::Command::new("kill")
            .args([name, &id])
            .status();
        assert!(kill.expect("kill").success());
    };
    wait_for("update ");
    write(&folder, &config.replace("\"helpdesk.db\"", "\"other.db\""));
    signal("-HUP");
    wait_for(
        "reloaded, generation 2\n  recreate tickets: `path` changed\n  \
         recreate work-local:LocalWork: `tickets` changed: `path`\n  \
         recreate tickets:Claims: `tickets` changed: `path`\n  \
         recreate orchestrator/routing/route/fetch: `tickets` changed: `path`\n",
    );
    write(&folder, &config.replace("sqlite:Store", "sqlite:Stone"));
    signal("-HUP");
    wait_for("did you mean `sqlite:Store`?");
    wait_for("error: the reload is refused, and nothing is changed\n");
    // A file without a seed's table: that shows when the store is built.
    write(&folder, &config.replace("\"demo\"", "\"nowhere.json\""));
    signal("-HUP");
    wait_for("error: the reload is refused: cannot build `tickets` (plugin `sqlite`)");
    wait_for("built again from the configuration of before: tickets, ");
    signal("-TERM");
    assert_eq!(process.wait().expect("it ends").code(), Some(0));
}
