//! A server or an account that has no room left.

use helpdesk_work::{Claim, Work, WorkError};
use treenail::State;

use crate::app::{App, start_at, until};
use crate::server::{Folder, LEASE, Server, is_free, open};

/// Claims work until the store is full; what was claimed.
async fn filled(work: &dyn Work) -> Vec<Claim> {
    let mut claims = Vec::new();
    let error = loop {
        match work
            .claim(&format!("key {}", claims.len()), "", LEASE)
            .await
        {
            Ok(claim) => claims.push(claim.expect("free")),
            Err(error) => break error,
        }
        assert!(claims.len() < 1000, "it is not full");
    };
    assert!(matches!(error, WorkError::Full { .. }), "{error:?}");
    claims
}

/// That nothing is lost of a full store, that it is trouble, and that all goes on once there is room.
async fn holds(server: &Server, app: &App, with_room: &str) {
    let work = app.get::<dyn Work>();
    let claims = filled(work.as_ref()).await;
    let full = "cannot claim work: the store of work is full, make room in it";
    until(app, State::Recoverable, full).await;
    let other = open(server).await;
    for claim in &claims {
        assert!(!is_free(&other, claim.key()).await);
    }
    // Reading goes on, and is no sign of room.
    assert_eq!(work.dead().await.expect("met"), []);
    until(app, State::Recoverable, full).await;
    server.kill();
    server.configure(with_room);
    server.start().await;
    for mut claim in claims {
        while let Err(error) = work.extend(&mut claim, LEASE).await {
            assert!(error.is_transient(), "{error:?}");
        }
        work.done(&claim).await.expect("current");
    }
    until(app, State::Ok, "").await;
}

#[tokio::test]
async fn a_full_server_takes_nothing_and_loses_nothing() {
    let folder = Folder::new("full");
    let path = folder.path().display().to_string();
    let room = |bytes: u32| format!("jetstream {{ store_dir: '{path}', max_file_store: {bytes} }}");
    let Some(server) = Server::configured(folder, &room(8192)).await else {
        return;
    };
    let app = start_at(&server.address()).await;
    holds(&server, &app, &room(1_000_000)).await;
    assert!(app.stop().await.is_clean());
}

#[tokio::test]
async fn a_full_account_takes_nothing_and_loses_nothing() {
    let folder = Folder::new("full-account");
    let path = folder.path().display().to_string();
    let room = |bytes: u32| {
        format!(
            "jetstream {{ store_dir: '{path}' }}
             accounts {{ HELPDESK {{
                 jetstream {{ max_file: {bytes} }}
                 users [ {{ user: helpdesk, password: helpdesk }} ]
             }} }}
             no_auth_user: helpdesk"
        )
    };
    let Some(server) = Server::configured(folder, &room(8192)).await else {
        return;
    };
    let app = start_at(&server.address()).await;
    holds(&server, &app, &room(1_000_000)).await;
    assert!(app.stop().await.is_clean());
}
