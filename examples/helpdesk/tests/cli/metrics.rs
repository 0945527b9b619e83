//! What the real program counts, and shows where its configuration names an address.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

use crate::folder::{Folder, text};
use crate::killed::{Desk, log, wait_for_log};

const FILE: &str = "desk.yml";
const CONFIGURATION: &str = include_str!("../../host/config.yml");
const TOLD: &str = "shows metrics address=";

/// The configuration that is built in, with the endpoint at this address.
fn listening(address: &str) -> String {
    let endpoint = format!(
        "  components:\n    \"metrics:Endpoint\": {{ listen: \"{address}\" }}\n  services:"
    );
    CONFIGURATION.replacen("  services:", &endpoint, 1)
}

fn write(folder: &Folder, configuration: &str) {
    std::fs::write(folder.0.join(FILE), configuration).expect("written");
}

/// Where the endpoint listens that has started last.
fn address(folder: &Folder) -> SocketAddr {
    wait_for_log(folder, TOLD);
    let log = log(folder);
    let (_, told) = log.rsplit_once(TOLD).expect("an address");
    let told = told.split_whitespace().next().expect("an address");
    told.parse().expect("an address")
}

fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nhost: here\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    body.to_owned()
}

/// The number of a metric, which is named with its labels.
fn number(exposition: &str, metric: &str) -> f64 {
    let mut lines = exposition.lines();
    let value = lines.find_map(|line| line.strip_prefix(metric)?.strip_prefix(' '));
    let value = value.unwrap_or_else(|| panic!("no {metric} in {exposition}"));
    value.parse().expect("a number")
}

/// The numbers once this one is so high.
fn until(desk: &mut Desk, address: SocketAddr, metric: &str, least: f64) -> String {
    loop {
        desk.wait_for_event("cycle");
        let exposition = get(address, "/metrics");
        if number(&exposition, metric) >= least {
            return exposition;
        }
    }
}

/// The values of a label, of whatever metric.
fn values<'e>(exposition: &'e str, label: &str) -> BTreeSet<&'e str> {
    let label = format!("{label}=\"");
    let parts = exposition.split(&label).skip(1);
    parts.filter_map(|rest| rest.split('"').next()).collect()
}

/// A helpdesk that has routed the demonstration and goes on, where it listens, and its numbers then.
fn routed(folder: &Folder) -> (Desk, SocketAddr, String) {
    write(folder, &listening("127.0.0.1:0"));
    let mut desk = Desk::start(folder, &["run", "--watch", "-c", FILE]);
    let address = address(folder);
    let exposition = until(&mut desk, address, "helpdesk_tickets_changed_total", 9.0);
    (desk, address, exposition)
}

fn end(desk: Desk) {
    desk.signal("-TERM");
    assert_eq!(desk.end().1.code(), Some(0));
}

#[test]
fn a_helpdesk_counts_what_it_does_by_kind_and_not_by_place() {
    let folder = Folder::new("metrics");
    let (desk, _, exposition) = routed(&folder);
    for (metric, expected) in [
        ("tickets_changed_total", 9.0),
        ("cycles_failed_total", 0.0),
        (
            r#"steps_total{component="tickets:UpdateTicketPipe",outcome="ok"}"#,
            9.0,
        ),
        (
            r#"steps_total{component="tickets:UpdateTicketPipe",outcome="failed"}"#,
            0.0,
        ),
        (
            r#"steps_total{component="tickets:ClassificationPipe",outcome="ok"}"#,
            18.0,
        ),
        (
            r#"step_seconds_count{component="tickets:UpdateTicketPipe"}"#,
            9.0,
        ),
        (r#"component_state{component="tickets",state="ok"}"#, 1.0),
        (r#"claims_total{outcome="done"}"#, 9.0),
        (r#"claims_total{outcome="lost"}"#, 0.0),
        ("dead_letters", 0.0),
    ] {
        let metric = format!("helpdesk_{metric}");
        assert_eq!(number(&exposition, &metric), expected, "{metric}");
    }
    assert!(number(&exposition, "helpdesk_cycles_total") >= 9.0);
    let components = values(&exposition, "component");
    assert!(
        components.iter().all(|name| !name.contains('/')),
        "{components:?}"
    );
    let outcomes = values(&exposition, "outcome");
    let of_steps = ["ok", "ended", "failed", "skipped"];
    let of_claims = ["given", "refused", "done", "failed", "released", "lost"];
    let known = of_steps.into_iter().chain(of_claims).collect();
    assert!(outcomes.is_subset(&known), "{outcomes:?}");
    end(desk);
}

#[test]
fn what_the_page_draws_is_counted() {
    let folder = Folder::new("metrics-page");
    let (desk, address, exposition) = routed(&folder);
    let page = get(address, "/");
    let is_counted = |metric: &&str| exposition.contains(&format!("# TYPE {metric} "));
    let (drawn, not_counted): (Vec<&str>, Vec<&str>) = values(&page, "data-metric")
        .into_iter()
        .partition(is_counted);
    assert_eq!(not_counted, Vec::<&str>::new());
    assert_eq!(drawn.len(), 8, "{drawn:?}");
    end(desk);
}

#[test]
fn a_reload_goes_on_counting() {
    let folder = Folder::new("metrics-reload");
    let (mut desk, first, exposition) = routed(&folder);
    let cycles = number(&exposition, "helpdesk_cycles_total");
    for configuration in [CONFIGURATION, &listening("127.0.0.1:0")] {
        write(&folder, configuration);
        desk.signal("-HUP");
        assert_eq!(desk.wait_for_event("reload")["ok"], true);
        assert!(TcpStream::connect(first).is_err(), "it is closed");
    }
    let second = address(&folder);
    let exposition = until(&mut desk, second, "helpdesk_cycles_total", cycles + 1.0);
    assert_eq!(number(&exposition, "helpdesk_tickets_changed_total"), 9.0);
    end(desk);
}

#[test]
fn an_address_that_is_taken_ends_the_start() {
    let folder = Folder::new("metrics-taken");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address");
    write(&folder, &listening(&address.to_string()));
    let output = folder.run(&["-c", FILE]);
    let talk = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{talk}");
    let words = format!(
        "cannot start `metrics:Endpoint` (plugin `metrics`): cannot listen on {address}: Address already in use"
    );
    assert!(talk.contains(&words), "{talk}");
}
