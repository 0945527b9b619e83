//! What the gatehouse does for visitors and hosts, whichever way it is put together: the program by hand is held to these tests as
//! well.

use std::fs;

use serde_json::json;

use crate::hook::hook;
use crate::program::{ADA, TOKEN, Told, WEBHOOK_TOKEN};

#[test]
fn a_visitor_is_announced_arrives_and_leaves() {
    let gate = Told::new("visit").listening();
    let announced = gate.post("/desk", ADA);
    let ada = json!({"number": 1, "name": "Ada", "host": "Charles", "stage": "announced"});
    assert_eq!((announced.status, announced.json()), (201, ada));
    assert_eq!(
        gate.post("/desk/1/leave", "").json()["error"],
        "ada is not arrived, but announced"
    );
    assert_eq!(gate.post("/desk/1/arrive", "").json()["stage"], "arrived");
    assert_eq!(gate.post("/desk/1/arrive", "").status, 409);
    assert_eq!(gate.post("/desk/1/leave", "").json()["stage"], "left");
    assert_eq!(gate.post("/desk/2/leave", "").status, 404);
    assert_eq!(gate.get("/visitors").json()[0]["stage"], "left");
    assert_eq!(gate.get("/visitors/1").json()["name"], "Ada");
    assert_eq!(gate.get("/visitors/7").status, 404);
    let metrics = gate.get("/metrics").body;
    assert!(
        metrics.contains("gatehouse_events_total{event=\"announced\"} 1\n"),
        "{metrics}"
    );
    let left = gate.stop();
    assert_eq!((left.code, &*left.out), (Some(0), ""), "{left:?}");
}

#[test]
fn what_is_no_announcement_is_refused() {
    let gate = Told::new("refused").listening();
    for (body, status) in [
        ("", 400),
        ("{", 400),
        ("{}", 422),
        (r#"{"name": " ", "host": "x"}"#, 422),
    ] {
        assert_eq!(gate.post("/desk", body).status, status, "{body}");
    }
    assert_eq!(gate.get("/visitors").json(), json!([]));
    for path in ["/nowhere", "/visitors/", "/desk/1"] {
        let nothing = gate.get(path);
        assert_eq!(nothing.status, 404, "{path}");
        assert_eq!(nothing.json()["error"], "there is no such page", "{path}");
    }
    assert_eq!(gate.get("/desk").status, 405);
    assert_eq!(gate.stop().code, Some(0));
}

#[test]
fn whoever_does_not_show_the_token_learns_nothing_but_the_health() {
    let gate = Told::new("token").listening();
    for path in [
        "/visitors",
        "/visitors/1/arrival?within=1",
        "/metrics",
        "/admin/health",
    ] {
        for token in [
            None,
            Some(""),
            Some("tk-4711-never-show"),
            Some("tk-4711-never-showm"),
        ] {
            assert_eq!(
                gate.ask("GET", path, token, "").answer().status,
                401,
                "{path} {token:?}"
            );
        }
    }
    assert_eq!(gate.ask("POST", "/desk", None, ADA).answer().status, 401);
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(
            gate.ask("GET", path, None, "").answer().status,
            200,
            "{path}"
        );
    }
    assert_eq!(gate.get("/visitors").json(), json!([]));
    assert_eq!(gate.stop().code, Some(0));
}

#[test]
fn the_list_outlives_the_program() {
    let told = Told::new("outlives");
    let gate = told.listening();
    gate.post("/desk", ADA);
    gate.post("/desk/1/arrive", "");
    assert_eq!(gate.stop().code, Some(0));
    let gate = told.listening();
    assert_eq!(gate.get("/visitors").json()[0]["stage"], "arrived");
    assert_eq!(gate.post("/desk", ADA).json()["number"], 2);
    assert_eq!(gate.stop().code, Some(0));
}

#[test]
fn a_change_by_somebody_else_shows_after_a_while() {
    let told = Told::new("refreshed");
    let gate = told.listening();
    assert_eq!(gate.get("/visitors").json(), json!([]));
    fs::write(
        &told.list,
        "{\"number\":3,\"name\":\"Bob\",\"host\":\"Eve\",\"stage\":\"arrived\"}\n{\"half",
    )
    .expect("written");
    let list = gate.until("/visitors", |answer| answer.body != "[]");
    assert_eq!(list.json()[0]["number"], 3);
    assert_eq!(gate.stop().code, Some(0));
}

#[test]
fn a_list_that_cannot_be_read_is_trouble_that_passes() {
    let told = Told::new("unreadable");
    let gate = told.listening();
    fs::write(&told.list, "no visitor\n").expect("written");
    let health = gate.until("/admin/health", |answer| {
        answer.body.contains("recoverable")
    });
    assert!(health.body.contains("line 1 is no visitor"), "{health:?}");
    assert_eq!(gate.get("/visitors").status, 500);
    assert_eq!(gate.get("/health/ready").status, 200);
    fs::remove_file(&told.list).expect("removed");
    gate.until("/admin/health", |answer| {
        !answer.body.contains("recoverable")
    });
    assert_eq!(gate.stop().code, Some(0));
}

#[test]
fn the_wait_for_an_arrival_ends_with_it() {
    let gate = Told::new("arrival").listening();
    gate.post("/desk", ADA);
    let waiting = gate.ask("GET", "/visitors/1/arrival?within=8", Some(TOKEN), "");
    gate.post("/desk/1/arrive", "");
    assert_eq!(waiting.answer().json()["stage"], "arrived");
    gate.post("/desk", ADA);
    assert_eq!(
        gate.get("/visitors/2/arrival?within=0").json()["stage"],
        "announced"
    );
    assert_eq!(gate.get("/visitors/2/arrival?within=soon").status, 400);
    assert_eq!(gate.stop().code, Some(0));
}

#[test]
fn the_host_is_told_by_every_webhook() {
    let (one, other) = (hook(), hook());
    let mut told = Told::new("webhooks");
    told.webhooks = vec![one.url.clone(), other.url.clone()];
    let gate = told.listening();
    gate.post("/desk", ADA);
    let arriving = gate.ask("POST", "/desk/1/arrive", Some(TOKEN), "");
    for hook in [&one, &other] {
        let request = hook.request();
        assert!(request.starts_with("POST /gate HTTP/1.1\r\n"), "{request}");
        assert!(
            request.contains(&format!("Bearer {WEBHOOK_TOKEN}")),
            "{request}"
        );
        assert!(
            request.ends_with(r#"{"number":1,"name":"Ada","host":"Charles","stage":"arrived"}"#),
            "{request}"
        );
    }
    one.answer.send("200 OK").expect("a hook");
    other.answer.send("418 I'm a teapot").expect("a hook");
    assert_eq!(arriving.answer().json()["stage"], "arrived");
    let health = gate.get("/admin/health").body;
    assert!(
        health.contains("the host of 1 was not told") && health.contains("answers 418"),
        "{health}"
    );
    let left = gate.stop();
    assert_eq!(left.code, Some(0), "{left:?}");
    assert!(
        left.err.contains("Ada has arrived"),
        "the log is a notifier too: {left:?}"
    );
}

#[test]
fn the_metrics_are_in_their_file_at_the_end() {
    let mut told = Told::new("metrics-file");
    let file = told.list.replace("visitors.jsonl", "gatehouse.prom");
    told.metrics = Some(file.clone());
    let gate = told.listening();
    gate.post("/desk", ADA);
    assert_eq!(gate.stop().code, Some(0));
    let text = fs::read_to_string(&file).expect("metrics");
    assert!(
        text.ends_with("gatehouse_events_total{event=\"announced\"} 1\n"),
        "{text}"
    );
}
