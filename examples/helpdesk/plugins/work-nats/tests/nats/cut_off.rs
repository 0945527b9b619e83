//! A helpdesk that is cut off from the server, while another one is not.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use helpdesk_work::{Work, WorkError, held};
use treenail::State;

use crate::app::{start_at, until};
use crate::proxy::Proxy;
use crate::server::{LEASE, PATIENCE, Server, open};

#[tokio::test]
async fn a_helpdesk_that_is_cut_off_stops_writing_before_another_begins() {
    const SHORT: Duration = Duration::from_secs(2);
    let Some(server) = Server::new("cut-off").await else {
        return;
    };
    let proxy = Proxy::to(&server).await;
    let app = start_at(&proxy.address()).await;
    let (work, other) = (app.get::<dyn Work>(), open(&server).await);
    let mut claim = work
        .claim("k", "", SHORT)
        .await
        .expect("met")
        .expect("free");
    // A ticket system that cannot tell a late writer by its fence.
    let written = Arc::new(Mutex::new(Vec::new()));
    let step = {
        let (written, fence) = (Arc::clone(&written), claim.fence());
        async move {
            loop {
                written.lock().expect("no panic").push(fence);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    };
    let cut = async {
        // The claim is extended a few times before.
        tokio::time::sleep(SHORT * 2).await;
        proxy.forward(false);
        let begun = Instant::now();
        let next = loop {
            let next = other.claim("k", "", LEASE).await.expect("met");
            if let Some(next) = next {
                break next;
            }
            assert!(begun.elapsed() < PATIENCE, "it stays claimed");
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        written.lock().expect("no panic").push(next.fence());
        tokio::time::sleep(SHORT).await;
        next
    };
    let held = held::<()>(work.as_ref(), &mut claim, SHORT, step);
    let (lost, next) = tokio::join!(held, cut);
    let error = lost.expect_err("it is cut off");
    assert!(error.is_transient(), "{error:?}");
    assert!(claim.remaining().is_zero());
    assert!(claim.fence() < next.fence());
    let written = written.lock().expect("no panic").clone();
    assert!(written.is_sorted() && written.ends_with(&[next.fence()]));
    until(&app, State::Recoverable, "").await;
    proxy.forward(true);
    let begun = Instant::now();
    loop {
        match work.extend(&mut claim, LEASE).await {
            Err(WorkError::Lost { .. }) => break,
            Err(error) if error.is_transient() && begun.elapsed() < PATIENCE => {}
            answer => panic!("{answer:?}"),
        }
    }
    until(&app, State::Ok, "").await;
    other.done(&next).await.expect("current");
    assert!(app.stop().await.is_clean());
}
