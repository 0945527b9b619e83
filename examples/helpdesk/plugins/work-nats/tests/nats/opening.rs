//! Starts that cannot be: each says why.

use std::net::Ipv4Addr;

use helpdesk_work_nats::{NatsWork, NatsWorkConfig, OpenError};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use crate::server::{Folder, Server, at};

#[tokio::test]
async fn a_server_that_is_not_there_ends_the_start_with_words() {
    let Some(server) = Server::new("absent").await else {
        return;
    };
    server.kill();
    let error = NatsWork::open(at(server.address()))
        .await
        .err()
        .expect("none");
    let words = format!(
        "no NATS server answers at {}: check `servers`, and that one runs there",
        server.address()
    );
    assert_eq!(error.to_string(), words);
}

#[tokio::test]
async fn a_configuration_that_cannot_be_met_is_refused_before_anything_is_sent() {
    let Some(server) = Server::new("config").await else {
        return;
    };
    let right = at(server.address());
    for (config, words) in [
        (
            NatsWorkConfig {
                servers: Vec::new(),
                ..right.clone()
            },
            "`servers` is empty",
        ),
        (
            NatsWorkConfig {
                servers: vec!["nats://me:secret@127.0.0.1".to_owned()],
                ..right.clone()
            },
            "credentials in `servers`",
        ),
        (
            NatsWorkConfig {
                servers: vec!["nats://:not a server".to_owned()],
                ..right.clone()
            },
            "no address of a server",
        ),
        (
            NatsWorkConfig {
                credentials: Some("no such thing".into()),
                ..right.clone()
            },
            "not what a file of credentials has in it",
        ),
        (
            NatsWorkConfig {
                credentials: Some("one".into()),
                token: Some("two".into()),
                ..right.clone()
            },
            "both `credentials` and a `token`",
        ),
        (
            NatsWorkConfig {
                bucket: "no bucket".to_owned(),
                ..right.clone()
            },
            "the bucket `no bucket` cannot be used",
        ),
    ] {
        let error = NatsWork::open(config).await.err().expect("refused");
        assert!(error.to_string().contains(words), "{error}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_without_jetstream_ends_the_start() {
    let Some(server) = Server::configured(Folder::new("plain"), "").await else {
        return;
    };
    let error = NatsWork::open(at(server.address()))
        .await
        .err()
        .expect("none");
    assert!(matches!(error, OpenError::Bucket { .. }), "{error:?}");
}

/// Greets one client as a server of this version, and answers its ping.
async fn greet(listener: TcpListener, version: &str) {
    let (client, _) = listener.accept().await.expect("a client");
    let (from, mut to) = client.into_split();
    let info = format!(
        "INFO {{\"server_id\":\"x\",\"version\":\"{version}\",\"proto\":1,\"max_payload\":1048576}}\r\n"
    );
    to.write_all(info.as_bytes()).await.expect("sent");
    let mut lines = BufReader::new(from).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if line == "PING" {
            to.write_all(b"PONG\r\n").await.expect("sent");
        }
    }
}

#[tokio::test]
async fn a_server_that_is_too_old_ends_the_start_with_its_version() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(greet(listener, "2.8.4"));
    let address = format!("nats://127.0.0.1:{port}");
    let error = NatsWork::open(at(address.clone()))
        .await
        .err()
        .expect("too old");
    let words =
        format!("the NATS server at {address} has version 2.8.4: install 2.9 or a later one");
    assert_eq!(error.to_string(), words);
}
