//! The health endpoint of the real program, switched on by a variable.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::folder::{Folder, text};

const LISTEN: &str = "OPEN_TICKET_AI__COMPONENTS__HEALTH_ENDPOINT__LISTEN";

/// A helpdesk that watches, and where it answers probes.
fn watching(folder: &Folder) -> (Child, SocketAddr) {
    let mut process = folder
        .command(&["--watch"])
        .env(LISTEN, "127.0.0.1:0")
        .env("RUST_LOG", "helpdesk_health=info")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let talk = BufReader::new(process.stderr.take().expect("a pipe"));
    let mut lines = talk.lines().map_while(Result::ok);
    let address = lines.find_map(|line| {
        let address = line.split_once("answers probes address=")?.1;
        address.parse().ok()
    });
    // What else it says has to go somewhere.
    std::thread::spawn(move || lines.for_each(drop));
    (process, address.expect("an address"))
}

fn ask(address: SocketAddr, path: &str) -> (String, Value) {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nhost: here\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    let status = head.split(' ').nth(1).expect("a status").to_owned();
    (status, serde_json::from_str(body).expect("JSON"))
}

#[test]
fn a_helpdesk_answers_probes_and_refuses_to_start_where_the_port_is_taken() {
    let folder = Folder::new("health");
    let (mut process, address) = watching(&folder);
    while ask(address, "/ready").0 != "200" {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert_eq!(ask(address, "/live").0, "200");
    let (_, status) = ask(address, "/status");
    let components = status["components"].as_array().expect("components");
    let tickets = components.iter().find(|one| one["component"] == "tickets");
    assert_eq!(tickets.expect("the store")["plugin"], "sqlite", "{status}");

    let other = Folder::new("health-other");
    let second = other
        .command(&["run"])
        .env(LISTEN, address.to_string())
        .output()
        .expect("it runs");
    let talk = text(&second.stderr);
    assert_eq!(second.status.code(), Some(1), "{talk}");
    let words = format!("cannot listen on {address}: Address already in use");
    assert!(talk.contains(&words), "{talk}");

    let id = process.id().to_string();
    let mut kill = std::process::Command::new("kill");
    assert!(kill.args(["-TERM", &id]).status().expect("kill").success());
    assert_eq!(process.wait().expect("it ends").code(), Some(0));
    assert!(TcpStream::connect(address).is_err());
}
